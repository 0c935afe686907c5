"""What a person may ask of the hall about their own data: to see it, to take it along, to have it erased (spec §6).

Erasing takes two of the staff, and goes through only once nothing is open between the person and the hall. What is left
is a row without anybody in it (`db.privacy`) and a proof that names nobody; both go up to the county and from there to
every hall.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import (
    Base,
    Erasure,
    Role,
    Seeker,
    Staff,
)
from db.models import ErasureReason as ErasureReason  # the screens' names for them
from db.models import ErasureState as ErasureState
from db.models.base import BLIND_INDEX, SEALED
from db.numbers import NUMBERED
from db.outbox import plain
from db.privacy import PURGED, purge_here
from db.sync.errors import StickInvalid
from kiosk.county.holds import Hold, free, holds, kept_since
from kiosk.errors import NotAllowed, Refused, StepInvalid
from kiosk.identity import number as id_number
from kiosk.staff.accounts import Authority
from kiosk.tools.counter import Counter, get

SUPERVISOR = (Role.SUPERVISOR,)
DECIDING = (Role.SUPERVISOR, Role.FINANCE)
PHOTOS, SLIPS = "photos", "slips"  # folders beside the store
AT_ONCE = 50  # people emptied in one transaction
MOST_FOUND = 20


@dataclass(frozen=True)
class PersonCard:
    """Masked. `kept`: table → rows."""

    id: UUID
    name: str
    masked_number: str
    last_seen_at: datetime
    kept: tuple[tuple[str, int], ...]
    holds: tuple[Hold, ...]
    asked: bool  # an erasure waits for the second person

    def __repr__(self) -> str:  # never a name in a log
        return f"PersonCard({self.id})"


@dataclass(frozen=True)
class ErasureCard:
    id: UUID
    person: str  # masked; empty once it is done
    state: ErasureState
    reason: ErasureReason
    requested_by: str
    requested_by_id: UUID | None
    requested_at: datetime
    decided_by: str
    decided_at: datetime | None
    rows: int
    contacts: bool = False  # nobody's: of postings that ended long ago


class RightsDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store

    def find(self, by: Authority, text: str) -> tuple[PersonCard, ...]:
        """By whole ID number, whole phone or its end (four digits and more). Supervisors only."""
        text = text.strip()
        ways = [Seeker.number_index == self._store.keys.index(id_number.normalise(text))]
        if text.isascii() and text.isdigit() and 4 <= len(text) <= 11:
            ways.append(Seeker.phone.endswith(text))
        with self._store.read() as session:
            self._counter.named(session, by, SUPERVISOR)
            found = session.scalars(
                select(Seeker).where(or_(*ways)).order_by(Seeker.last_seen_at.desc()).limit(MOST_FOUND)
            )
            return tuple(self._card(session, seeker) for seeker in found)

    def card(self, by: Authority, seeker_id: UUID) -> PersonCard:
        with self._store.read() as session:
            self._counter.named(session, by, SUPERVISOR)
            return self._card(session, get(session, Seeker, seeker_id))

    def export(self, by: Authority, seeker_id: UUID, folder: Path) -> Path:
        """Everything kept of the person here, as JSON and as a spreadsheet beside it; the JSON's path.

        Raises NotAllowed, NotFound, StickInvalid where it cannot be written.
        """
        with self._store.read() as session:
            self._counter.named(session, by, SUPERVISOR)
            get(session, Seeker, seeker_id)
            tables = {
                table: [self._plain(table, row) for row in rows]
                for table, rows in _rows_of(session, seeker_id).items()
            }
        target = folder / f"person-{seeker_id}.json"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(tables, ensure_ascii=False, indent=1), encoding="utf-8")
            _workbook(tables).save(target.with_suffix(".xlsx"))
        except OSError as error:
            raise StickInvalid(file=folder.name, reason="not_written") from error
        with self._store.write() as session:
            self._counter.audit(session, by, "person_exported", seeker_id, tables=len(tables))
        return target

    def ask_erase(self, by: Authority, seeker_id: UUID) -> ErasureCard:
        """On the person's request; somebody else decides. Raises Refused(reason: a Hold), StepInvalid."""
        with self._store.write() as session:
            self._counter.named(session, by, SUPERVISOR)
            seeker = get(session, Seeker, seeker_id)
            _refuse(holds(session, seeker))
            if _asked(session, seeker_id) is not None:
                raise StepInvalid(what="erasure", state=ErasureState.REQUESTED.value)
            erasure = Erasure(
                id=uuid7(),
                seeker_id=seeker_id,
                reason=ErasureReason.REQUEST,
                state=ErasureState.REQUESTED,
                requested_by=by.staff_id,
                requested_at=self._counter.clock.now(),
                rows={},
            )
            session.add(erasure)
            session.flush()
            self._counter.audit(session, by, "erasure_requested", erasure.id)
            return self._erasure(session, erasure)

    def waiting(self) -> int:
        """Erasures that wait for a second person."""
        with self._store.read() as session:
            waits = select(func.count()).where(Erasure.state == ErasureState.REQUESTED)
            return session.scalar(waits) or 0

    def erasures(self, most: int = 50) -> tuple[ErasureCard, ...]:
        """Those that wait first, then the latest."""
        with self._store.read() as session:
            found = session.scalars(
                select(Erasure)
                .order_by(Erasure.state != ErasureState.REQUESTED, Erasure.requested_at.desc(), Erasure.id)
                .limit(most)
            )
            return tuple(self._erasure(session, erasure) for erasure in found)

    def decide(self, by: Authority, erasure_id: UUID, approve: bool) -> ErasureCard:
        """Never one's own. Approved, the person is gone from here at once.

        Raises NotAllowed(reason=same_person|role), Refused(reason: a Hold), StepInvalid.
        """
        files: list[Path] = []
        with self._store.write() as session:
            self._counter.named(session, by, DECIDING)
            erasure = get(session, Erasure, erasure_id)
            if erasure.state is not ErasureState.REQUESTED:
                raise StepInvalid(what="erasure", state=erasure.state.value)
            if erasure.requested_by == by.staff_id:
                raise NotAllowed(reason="same_person")
            erasure.decided_by, erasure.decided_at = by.staff_id, self._counter.clock.now()
            erasure.state = ErasureState.REFUSED
            if approve and erasure.seeker_id is not None:
                _refuse(holds(session, session.get_one(Seeker, erasure.seeker_id)))
                erasure.state = ErasureState.DONE
                files = self._files(session, erasure.seeker_id)
                erasure.rows = purge_here(session, self._store.keys, erasure.seeker_id)
            session.flush()
            self._counter.audit(session, by, f"erasure_{erasure.state.value}", erasure.id)
            card = self._erasure(session, erasure)
        _remove(files)
        return card

    def purge_due(self) -> int:
        """Empty people of this hall who were not seen for as long as data is kept; how many. For the night."""
        before, purged = kept_since(self._counter), 0
        while before is not None and (some := self._purge_some(before, self._counter.clock.now())):
            purged += some
        return purged

    def _purge_some(self, before: datetime, now: datetime) -> int:
        files: list[Path] = []
        with self._store.write() as session:
            old = free(before, self._store.origin.hall_id).limit(AT_ONCE)
            seekers = session.scalars(old).all()
            for seeker in seekers:
                files += self._files(session, seeker.id)
                proof = _asked(session, seeker.id)
                if proof is None:
                    proof = Erasure(
                        id=uuid7(), seeker_id=seeker.id, reason=ErasureReason.AGE, requested_at=now
                    )
                    session.add(proof)
                proof.state, proof.decided_at = ErasureState.DONE, now
                proof.rows = purge_here(session, self._store.keys, seeker.id)
            session.flush()
            if seekers:
                self._counter.audit(session, None, "purged_by_age", seekers[0].id, people=len(seekers))
        _remove(files)
        return len(seekers)

    def _files(self, session: Session, seeker_id: UUID) -> list[Path]:
        """Photos and shown slips of this person on this machine; others' nightly work finds theirs."""
        found: list[Path] = []
        for table, rows in _rows_of(session, seeker_id).items():
            number = NUMBERED.get(table, ("", None))[0]
            for row in rows:
                found += [self._store.path.with_name(PHOTOS) / name for name in getattr(row, "photos", ())]
                if number:
                    found.append(self._store.path.with_name(SLIPS) / f"{getattr(row, number)}.png")
        return found

    def _plain(self, table: str, row: Base) -> dict[str, Any]:
        """A row as the person may read it: what is sealed opened, without the index."""
        said = {}
        for column in Base.metadata.tables[table].columns:
            value = getattr(row, column.key)
            if column.info == BLIND_INDEX:
                continue
            if column.info == SEALED:
                value = self._store.keys.open(value, row.id.bytes)  # type: ignore[attr-defined]
            said[str(column.key)] = plain(value)
        return said

    def _card(self, session: Session, seeker: Seeker) -> PersonCard:
        number = self._store.keys.open(seeker.number_sealed, seeker.id.bytes)
        kept = _rows_of(session, seeker.id)
        return PersonCard(
            id=seeker.id,
            name=id_number.mask_name(seeker.name),
            masked_number=id_number.mask(number),
            last_seen_at=seeker.last_seen_at,
            kept=tuple((table, len(rows)) for table, rows in kept.items()),
            holds=holds(session, seeker),
            asked=_asked(session, seeker.id) is not None,
        )

    def _erasure(self, session: Session, erasure: Erasure) -> ErasureCard:
        def name(staff_id: UUID | None) -> str:
            staff = session.get(Staff, staff_id) if staff_id else None
            return staff.name if staff else ""

        person = ""
        seeker = session.get(Seeker, erasure.seeker_id) if erasure.seeker_id else None
        if seeker is not None and seeker.consent_version != PURGED:
            number = self._store.keys.open(seeker.number_sealed, seeker.id.bytes)
            person = f"{id_number.mask_name(seeker.name)}　{id_number.mask(number)}"
        return ErasureCard(
            id=erasure.id,
            person=person,
            state=erasure.state,
            reason=erasure.reason,
            requested_by=name(erasure.requested_by),
            requested_by_id=erasure.requested_by,
            requested_at=erasure.requested_at,
            decided_by=name(erasure.decided_by),
            decided_at=erasure.decided_at,
            rows=sum(erasure.rows.values()),
            contacts=erasure.seeker_id is None,
        )


def _remove(files: Iterable[Path]) -> None:
    """After the commit; what a sudden end leaves, the night removes."""
    for path in files:
        path.unlink(missing_ok=True)


def _refuse(found: tuple[Hold, ...]) -> None:
    if found:
        raise Refused(reason=found[0].value)


def _asked(session: Session, seeker_id: UUID) -> Erasure | None:
    """What waits for a second person."""
    return session.scalars(
        select(Erasure).where(Erasure.seeker_id == seeker_id, Erasure.state == ErasureState.REQUESTED)
    ).first()


def _rows_of(session: Session, seeker_id: UUID) -> dict[str, list[Any]]:
    """Every row that leads to this person, over any number of steps, by table: theirs, their rentals' lines …"""
    kinds = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]
    ids: dict[str, set[UUID]] = {"seekers": {seeker_id}}
    found: dict[str, list[Any]] = {"seekers": [session.get_one(Seeker, seeker_id)]}
    for table in Base.metadata.sorted_tables:
        ways = [
            column.in_(ids[key.column.table.name])
            for column in table.columns
            for key in column.foreign_keys
            if key.column.name == "id" and key.column.table.name in ids and table.name != "seekers"
        ]
        if ways and (rows := session.scalars(select(kinds[table.name]).where(or_(*ways))).all()):
            found[table.name] = list(rows)
            ids[table.name] = {row.id for row in rows}
    return found


def _workbook(tables: dict[str, list[dict[str, Any]]]) -> Workbook:
    """One sheet a table, columns by name."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for table, rows in tables.items():
        sheet = book.create_sheet(table[:31])
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append([_cell(value) for value in row.values()])
    return book


def _cell(value: Any) -> Any:
    """Text never begins a formula, and holds nothing that a spreadsheet does not know."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
        return f"'{value}" if value.startswith(("=", "+", "-", "@")) else value
    return value
