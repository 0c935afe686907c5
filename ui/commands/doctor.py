"""`gighall doctor`: looks at everything the kiosk leans on and says in plain words what is amiss."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, select

from db.errors import StoreError
from db.keys import load_keys
from db.models import Hall, OutboxRow, PrintJob, PrintJobState, Referral, Seeker
from db.store import FILE, Store
from db.sync.state import standing
from kiosk import settings as settings_file
from kiosk.errors import SettingsInvalid
from kiosk.leftovers import leftovers
from kiosk.settings import Printer, Settings
from kiosk.staff import audit
from kiosk.tools import book
from printing import escpos
from printing.delivery import Deadlines, Result, deliver
from printing.errors import PrintingError, Reason
from printing.profile import Completion, profile, profiles
from printing.slips.test_page import test_page
from printing.status import MUTE, Answers, PaperLevel, ask
from printing.transport import open_printer

LOW_DISK_MB = 1024
LATE_SYNC = timedelta(days=2)


class Health(StrEnum):
    OK = "ok"
    LOOK = "look"  # works, but somebody should look
    BAD = "bad"


MARKS = {Health.OK: "✓", Health.LOOK: "!", Health.BAD: "✗"}


@dataclass(frozen=True)
class Finding:
    what: str
    health: Health
    words: str


def doctor(
    folder: Path | None,
    *,
    audit_only: bool,
    print_test: bool,
    printer: str | None,
    as_json: bool,
    deadlines: Deadlines | None = None,
) -> int:
    """Exit code 0 where nothing is bad, else 1. `deadlines`: of each test page."""
    folder = folder or settings_file.data_folder()
    if print_test:
        findings = list(_print_test(folder, printer, deadlines))
    elif audit_only:
        findings = list(_with_store(folder, _audit))
    else:
        findings = [finding for check in CHECKS for finding in check(folder)]
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(f"{MARKS[finding.health]} {finding.what}: {finding.words}")
    return 1 if any(finding.health is Health.BAD for finding in findings) else 0


def _settings(folder: Path) -> Iterator[Finding]:
    try:
        settings_file.load(folder)
    except SettingsInvalid as error:
        yield Finding("settings", Health.BAD, f"{error.context['where']}: {error.context['reason']}")
        return
    there = (folder / settings_file.FILE).is_file()
    yield Finding("settings", Health.OK, str(folder / settings_file.FILE) if there else "built-in defaults")


def _disk(folder: Path) -> Iterator[Finding]:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free // 2**20
    health = Health.OK if free >= LOW_DISK_MB else Health.BAD
    yield Finding("disk", health, f"{free} MB free at {there}")


def _store(folder: Path) -> Iterator[Finding]:
    if not (folder / FILE).is_file():
        yield Finding("store", Health.LOOK, f"none yet in {folder}; the first start makes it")
        return
    yield Finding("key", Health.OK, f"from {load_keys(folder).origin}")
    yield from _with_store(folder, _store_contents)
    yield from _with_store(folder, _audit)
    yield from _with_store(folder, _cash)
    yield from _with_store(folder, _leftovers)


def _with_store(folder: Path, look: Callable[[Store], Iterator[Finding]]) -> Iterator[Finding]:
    if not (folder / FILE).is_file():
        yield Finding("store", Health.BAD, f"there is none in {folder}")
        return
    try:
        store = Store.open(folder)
    except StoreError as error:
        yield Finding("store", Health.BAD, f"does not open: {error.code}")
        return
    try:
        yield from look(store)
    finally:
        store.close()


def _store_contents(store: Store) -> Iterator[Finding]:
    with store.read() as session:
        hall = session.scalars(select(Hall.name)).first()
        seekers, referrals, waiting = (
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Seeker, Referral, OutboxRow)
        )
        unsure = session.scalar(
            select(func.count()).select_from(PrintJob).where(PrintJob.state == PrintJobState.UNCERTAIN)
        )
    size = store.path.stat().st_size // 1024
    yield Finding(
        "store", Health.OK, f"whole, {size} kB, schema {store.schema_version}, hall {hall or 'not set up'}"
    )
    yield Finding("rows", Health.OK, f"{seekers} seekers, {referrals} referrals, {waiting} in the outbox")
    yield _slip_key(store)
    if unsure:
        yield Finding("slips", Health.LOOK, f"{unsure} slips nobody knows to be printed")


def _slip_key(store: Store) -> Finding:
    """Which key signs the codes on slips, and what else is read."""
    what = "slip key"
    if store.keys.index_key is None:
        return Finding(what, Health.OK, "this device's own, until it joins a hall")
    if store.keys.slip_key is None:
        words = "this device's own, for the county gave none for the hall; enrol it again"
        return Finding(what, Health.LOOK, words)
    own = "made on this device"
    if len(store.keys.slip_keys) > 1:
        own = "what this device printed before it joined is read too"
    return Finding(what, Health.OK, f"the hall's, {own}; {store.public_address or 'no public address'}")


def _audit(store: Store) -> Iterator[Finding]:
    with store.read() as session:
        broken = audit.first_broken(session)
    if broken is None:
        yield Finding("audit", Health.OK, "the chain of hashes holds")
    else:
        yield Finding("audit", Health.BAD, f"line {broken} was changed, removed or moved")


def _cash(store: Store) -> Iterator[Finding]:
    """Deposits held equal open rentals, and every tool is in one place."""
    with store.read() as session:
        broken = book.broken(session, store.origin.device_id)
    for fault in broken:
        yield Finding("cash and tools", Health.BAD, str(fault))
    if not broken:
        yield Finding("cash and tools", Health.OK, "deposits, drawers and tools agree")


def _leftovers(store: Store) -> Iterator[Finding]:
    """The night removes them: many are a sign that it has no night."""
    found = len(leftovers(store, datetime.now(UTC)))
    words = (
        f"{found} photos or slips that no row names; the night removes them" if found else "none left behind"
    )
    yield Finding("files", Health.LOOK if found else Health.OK, words)


def _printers(folder: Path) -> Iterator[Finding]:
    printers = _read_settings(folder).printers
    if not printers:
        yield Finding("printer", Health.LOOK, "none set; slips show on the screen")
    for printer in printers:
        yield _printer(printer)


def _printer(printer: Printer) -> Finding:
    what = f"printer {printer.address}"
    if printer.profile not in profiles():
        return Finding(what, Health.BAD, f"no profile {printer.profile}; there are: {', '.join(profiles())}")
    try:
        line = open_printer(printer.address)
    except PrintingError as error:
        return Finding(what, Health.BAD, error.code)
    try:
        status = ask(line, Answers(line), 1.0) if profile(printer.profile).live_status else MUTE
    except PrintingError as error:
        return Finding(what, Health.BAD, error.code)
    finally:
        line.close()
    if status.mute:
        return Finding(what, Health.LOOK, "opens, but answers no status questions")
    if status.trouble:
        return Finding(what, Health.BAD, status.trouble)
    near_end = status.paper is PaperLevel.NEAR_END
    return Finding(what, Health.LOOK if near_end else Health.OK, "paper nearly out" if near_end else "ready")


def _print_test(folder: Path, address: str | None, deadlines: Deadlines | None) -> Iterator[Finding]:
    """A page for each profile of the given printer (all of them), or for each printer of the settings.

    A printer that answers no questions gets its pages all the same: whoever stands before it sees them. A report that
    it did not give for one profile is not waited for again with the next.
    """
    if address:
        wanted = [(address, name) for name in profiles()]
    else:
        wanted = [(printer.address, printer.profile) for printer in _read_settings(folder).printers]
    if not wanted:
        yield Finding("test page", Health.BAD, "no printer is set; name one with --printer tcp://…")
    unheard: set[tuple[str, Completion]] = set()
    for place, name in wanted:
        model = profile(name)
        page = escpos.encode(test_page(model), model)
        silent = (place, model.completion) in unheard
        asked = replace(model, completion=Completion.NONE) if silent else model
        outcome = deliver(place, asked, page, deadlines=deadlines)
        if mute := outcome.reason is Reason.MUTE:
            unasked = replace(model, live_status=False, completion=Completion.NONE, clears_buffer=False)
            outcome = deliver(place, unasked, page, deadlines=deadlines)
        if outcome.reason is Reason.NO_REPORT:
            silent = True
            unheard.add((place, model.completion))
        what = f"test page {name} on {place}"
        if outcome.result is Result.PRINTED and silent:
            yield Finding(what, Health.BAD, Reason.NO_REPORT)
        elif outcome.result is not Result.PRINTED:
            yield Finding(what, Health.BAD, outcome.reason or outcome.result)
        elif mute:
            yield Finding(what, Health.LOOK, "sent, but the printer answers no questions")
        else:
            yield Finding(what, Health.OK, outcome.result)
        if outcome.result is Result.FAILED:
            return


def _camera(folder: Path) -> Iterator[Finding]:
    source = _read_settings(folder).camera.source
    if not source:
        yield Finding("camera", Health.LOOK, "none set; people type their number")
    elif source.isdigit():
        device = Path(f"/dev/video{source}")
        health = Health.OK if device.exists() else Health.LOOK
        yield Finding("camera", health, f"{device}" if device.exists() else f"{device} is not there")
    else:
        there = Path(source).exists()
        yield Finding(
            "camera", Health.OK if there else Health.BAD, source if there else f"{source} is not there"
        )


def _clock(folder: Path) -> Iterator[Finding]:
    """A clock set before the newest row was written is wrong."""
    if not (folder / FILE).is_file():
        return
    yield from _with_store(folder, _clock_against_rows)


def _clock_against_rows(store: Store) -> Iterator[Finding]:
    with store.read() as session:
        newest = session.scalar(select(func.max(OutboxRow.written_at)))
    now = datetime.now(UTC)
    if newest is not None and newest > now:
        yield Finding("clock", Health.BAD, f"{now:%Y-%m-%d %H:%M} is before the newest row; set the clock")
    else:
        yield Finding("clock", Health.OK, f"{now:%Y-%m-%d %H:%M} UTC")


def _county(folder: Path) -> Iterator[Finding]:
    if (folder / FILE).is_file():
        yield from _with_store(folder, _county_link)


def _county_link(store: Store) -> Iterator[Finding]:
    stands = standing(store)
    if not stands.enrolled:
        yield Finding("county", Health.OK, "not enrolled; the hall works by itself")
        return
    last = f"{stands.last_success_at:%Y-%m-%d %H:%M} UTC" if stands.last_success_at else "never"
    words = f"last sync {last}, {stands.waiting} rows wait, {stands.refused} refused"
    late = stands.last_success_at is None or datetime.now(UTC) - stands.last_success_at > LATE_SYNC
    if stands.trouble in ("revoked", "cloned", "unknown_device"):
        yield Finding("county", Health.BAD, f"the county refuses this device: {stands.trouble}; {words}")
    elif late or stands.trouble or stands.refused or stands.unplaced:
        trouble = f"; trouble: {stands.trouble}" if stands.trouble else ""
        yield Finding("county", Health.LOOK, f"{words}, {stands.unplaced} from there wait here{trouble}")
    else:
        yield Finding("county", Health.OK, words)


def _read_settings(folder: Path) -> Settings:
    try:
        return settings_file.load(folder)
    except SettingsInvalid:
        return Settings()


CHECKS: tuple[Callable[[Path], Iterator[Finding]], ...] = (
    _settings,
    _disk,
    _store,
    _clock,
    _printers,
    _camera,
    _county,
)
