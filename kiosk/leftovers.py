"""Files beside the store that no row names any more, and the nightly work that removes them.

A photo is written before the row that names it: whoever dies between the two leaves it behind. So do a model's picture
that was replaced, and people whose data was erased at another machine. Slips shown on a screen are kept for a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Dispute, RentalLine, ToolModel
from db.store import Store
from db.sync.state import standing
from kiosk.county.contacts import purge_contacts_due
from kiosk.county.rights import PHOTOS, SLIPS, RightsDesk
from kiosk.tools.counter import Counter

KEPT = timedelta(days=1)  # an act takes minutes, a shown slip is wanted for a day


class Upkeep:
    """What the night is for: data of people and contacts by age, and files nobody needs."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._rights = RightsDesk(counter)

    def nightly(self) -> None:
        self._rights.purge_due()
        purge_contacts_due(self._counter)
        sweep(self._counter.store, self._counter.clock.now())


def leftovers(store: Store, now: datetime) -> tuple[Path, ...]:
    """Files older than a day that nothing here needs.

    A store set back to an older image lacks rows that its photos belong to, until it has heard of the county: then
    none of them counts.
    """
    stands = standing(store)
    heard = stands.last_success_at is not None and timedelta() <= now - stands.last_success_at <= KEPT
    photos = _files(store, PHOTOS, "*", now) if heard or not stands.enrolled else ()
    with store.read() as session:
        named = _named(session) if photos else set()
    unnamed = [path for path in photos if path.name not in named]
    return (*unnamed, *_files(store, SLIPS, "*.png", now))


def sweep(store: Store, now: datetime) -> int:
    """Remove them; how many there were."""
    gone = leftovers(store, now)
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _files(store: Store, folder: str, pattern: str, now: datetime) -> Sequence[Path]:
    before = (now - KEPT).timestamp()
    return [path for path in store.path.with_name(folder).glob(pattern) if _older(path, before)]


def _older(path: Path, before: float) -> bool:
    """Whether it is there: another app on this folder has its night too."""
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False


def _named(session: Session) -> set[str]:
    lists = [*session.scalars(select(RentalLine.photos)), *session.scalars(select(Dispute.photos))]
    return {name for names in lists for name in names} | set(session.scalars(select(ToolModel.picture)))
