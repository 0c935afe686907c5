"""What remains of a person when their data is purged: rows without anybody in them, so that counts stay right.

A person's rows are those that lead to theirs over any number of references. What is marked PERSONAL in them goes, sums
of money and states stay. Purged at a hall, the person's own row goes up like any change, and the county empties all the
others, for every device (`db.county.purge`); here they are emptied at once, and so is what only this device has:
papers, what waits in the outbox, rows that could not be placed. Whom to call about a posting, and the name of an
employer who is a person, go by themselves, with no seeker (`empty_contacts`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from db.keys import HallKeys
from db.models import (
    Ban,
    Base,
    Conflict,
    Employer,
    OutboxRow,
    Posting,
    PrintJob,
    Referral,
    Seeker,
    WaitingRow,
    now,
)
from db.models.base import PERSONAL
from db.outbox import payload_of, plain, shapes, values_of

PURGED = "purged"
GONE = "—"  # where words stood: a reason that had to be given stays given
NOBODY = (GONE, "")  # what an emptied contact says
CONTACTS = ("postings", "employers")
LAST = "\x7f"  # behind every character of a name
# how the print journal calls papers (kind:id, with something behind for a copy), by what they are about
PAPERS = {
    "rentals": ("rental", "deposit", "cancel"),
    "tool_returns": ("return", "due"),
    "rental_lines": ("refund",),
    "referrals": ("referral",),
    "locker_uses": ("locker",),
}
Ids = dict[str, set[UUID]]


def emptied(seeker: UUID, birth: date) -> dict[str, Any]:
    """A seeker's columns after the purge; the number is one that nobody has, the birth only a year."""
    return {
        "name": "",
        "ethnicity": None,
        "address": None,
        "phone": None,
        "hardship": "",
        "birth": date(birth.year, 1, 1),
        "consent_version": PURGED,
        "number": f"{PURGED}:{seeker}",
    }


def personal(table: str) -> list[str]:
    return [str(column.key) for column in Base.metadata.tables[table].columns if column.info == PERSONAL]


def without_person(table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """A row's personal columns, emptied."""
    return {name: _nothing(table, name, values[name]) for name in personal(table) if name in values}


def _nothing(table: str, name: str, value: Any) -> Any:
    if value is None or Base.metadata.tables[table].columns[name].nullable:
        return None
    if isinstance(value, list | dict):
        return type(value)()
    return GONE if value else value


def nobody_in(table: str, values: Mapping[str, Any]) -> bool:
    """Whether a row, as the wire carries it, is a purged person's or an emptied contact's."""
    if table == "seekers":
        return bool(values.get("consent_version") == PURGED)
    said = {values.get(name) for name in personal(table)} if table in CONTACTS else set()
    return GONE in said and said <= {*NOBODY}


def rows_of(seekers: Collection[UUID], find: Callable[[Table, str, set[UUID]], Iterable[UUID]]) -> Ids:
    """Every row that leads to these people, by table. `find` gives the ids of rows whose column names one of a set."""
    found: Ids = {"seekers": set(seekers)}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                parents = found.get(key.column.table.name, set())
                if parents and key.column.name == "id" and table.name != "seekers":
                    ids = set(find(table, str(column.key), parents))
                    if ids:
                        found.setdefault(str(table.name), set()).update(ids)
    return found


def purge_here(session: Session, keys: HallKeys, seeker_id: UUID) -> dict[str, int]:
    """Empty a person's rows in the caller's transaction: table → rows; nothing: there is no such person.

    The request was checked by whoever calls. What lies of them in the outbox is emptied there.
    """
    seeker = session.get(Seeker, seeker_id)
    if seeker is None:
        return {}
    for ban in session.scalars(select(Ban).where(Ban.person == seeker.number_index)):
        if ban.ended_at is not None or ban.until < now().date():
            session.delete(ban)  # one that still holds is kept until it ends; its index tells nobody who
    values = emptied(seeker_id, seeker.birth)
    number = values.pop("number")
    for name, value in values.items():
        setattr(seeker, name, value)
    seeker.number_sealed = keys.seal(number, seeker_id.bytes)
    seeker.number_index = keys.index(number)
    counts: Counter[str] = Counter(seekers=1)
    for trade in list(seeker.trades):
        session.delete(trade)
        counts["seeker_trades"] += 1
    session.flush()
    counts.update(forget(session, [seeker_id]))
    return dict(counts)


def forget(session: Session, seekers: Collection[UUID]) -> dict[str, int]:
    """Everything but the people's own rows: table → rows. Past the outbox, for the county does it by itself."""
    session.flush()
    connection = session.connection()

    def find(table: Table, column: str, parents: set[UUID]) -> Iterable[UUID]:
        return connection.scalars(select(table.c.id).where(table.c[column].in_(parents)))

    counts: Counter[str] = Counter()
    ids = rows_of(seekers, find)
    for name, rows in ids.items():
        columns = personal(name)
        if name == "seekers" or not columns:
            continue
        table = Base.metadata.tables[name]
        wanted = select(table.c.id, *(table.c[column] for column in columns)).where(table.c.id.in_(rows))
        for row in connection.execute(wanted).mappings().all():
            left = without_person(name, dict(row))
            if any(left[column] != row[column] for column in columns):
                connection.execute(update(table).where(table.c.id == row["id"]).values(left))
            counts[name] += 1
    ids["conflicts"] = _conflicts(connection, set().union(*ids.values()))
    counts["conflicts"] += len(ids["conflicts"])
    counts["print_jobs"] += _papers(connection, ids)
    _waiting(connection, ids)
    _outbox(connection, ids)
    session.expire_all()
    return {name: count for name, count in counts.items() if count}


def empty_contacts(
    session: Session, postings: Collection[Posting], employers: Collection[Employer]
) -> dict[str, int]:
    """Empty whom to call about these postings, and these people's names, in the caller's transaction: table → rows.

    That they are old and nothing is open was checked by whoever calls.
    """
    ids: Ids = {"postings": {row.id for row in postings}, "employers": {row.id for row in employers}}
    for row in (*postings, *employers):
        names = personal(row.__tablename__)
        said = {name: getattr(row, name) for name in names}
        for name, value in without_person(row.__tablename__, said).items():
            setattr(row, name, value)
    counts = Counter({name: len(rows) for name, rows in ids.items()})
    counts.update(forget_contacts(session, ids))
    return {name: count for name, count in counts.items() if count}


def forget_contacts(session: Session, ids: Ids) -> dict[str, int]:
    """Everything but the rows of `CONTACTS` themselves: table → rows. Past the outbox, as in `forget`."""
    session.flush()
    connection = session.connection()
    listed = _conflicts(connection, set().union(*ids.values()))
    papers = _papers(connection, {"referrals": _referred(connection, ids)})
    waits = _table(WaitingRow)
    for name, rows in ids.items():
        here = (waits.c.table == name, waits.c.row_id.in_(rows), waits.c.op == "P")
        for row_id, payload in connection.execute(select(waits.c.row_id, waits.c.payload).where(*here)).all():
            values = msgspec.json.decode(payload)
            left = msgspec.json.encode({**values, **without_person(name, values)})
            its = (waits.c.table == name, waits.c.row_id == row_id)
            connection.execute(update(waits).where(*its).values(payload=left))
    _outbox(connection, {**ids, "conflicts": listed})
    session.expire_all()
    return {"conflicts": len(listed), "print_jobs": papers}


def _referred(connection: Connection, ids: Ids) -> set[UUID]:
    """Referrals to these postings, or to any of these employers: their slips name both."""
    postings = select(Posting.id).where(
        or_(Posting.id.in_(ids.get("postings", ())), Posting.employer_id.in_(ids.get("employers", ())))
    )
    return set(connection.scalars(select(Referral.id).where(Referral.posting_id.in_(postings))))


def _conflicts(connection: Connection, rows: set[UUID]) -> set[UUID]:
    table = _table(Conflict)
    found = set(connection.scalars(select(table.c.id).where(table.c.row_id.in_(rows))))
    connection.execute(update(table).where(table.c.id.in_(found)).values(details={}))
    return found


def _papers(connection: Connection, ids: Ids) -> int:
    """What the print journal holds about them: slips say names."""
    table, gone = _table(PrintJob), 0
    for name, kinds in PAPERS.items():
        for begins in (f"{kind}:{row}" for row in ids.get(name, ()) for kind in kinds):
            about = (table.c.document >= begins, table.c.document < begins + LAST)
            gone += connection.execute(delete(table).where(*about)).rowcount
    return gone


def _outbox(connection: Connection, ids: Ids) -> None:
    """What was written of them and lies there still: not sent yet, or not backed up. Its place in the line stays."""
    box, known = _table(OutboxRow), shapes(connection)
    for name, rows in ids.items():
        if not personal(name):
            continue
        lies = select(box.c.seq, box.c.row_id, box.c.payload, box.c.shape)
        for seq, row_id, payload, shape in connection.execute(
            lies.where(box.c.table == name, box.c.row_id.in_(rows))
        ).all():
            columns = known[shape].columns if shape is not None else ()
            values = values_of(payload, columns)
            left = _person_now(connection, row_id) if name == "seekers" else without_person(name, values)
            if left and values:
                changed = payload_of({**values, **left}, columns)
                connection.execute(update(box).where(box.c.seq == seq).values(payload=changed))


def _waiting(connection: Connection, ids: Ids) -> None:
    """Rows that could not be placed; what the county sends of them next takes their place."""
    waits, every = _table(WaitingRow), {str(row) for rows in ids.values() for row in rows}
    for name, row_id, payload in connection.execute(
        select(waits.c.table, waits.c.row_id, waits.c.payload).where(waits.c.op == "P")
    ).all():
        values = msgspec.json.decode(payload)
        if name in Base.metadata.tables and not every.isdisjoint(map(str, values.values())):
            here = (waits.c.table == name, waits.c.row_id == row_id)
            if name == "seekers" and values.get("consent_version") != PURGED:
                connection.execute(delete(waits).where(*here))  # older than what stands
            elif name != "seekers":
                left = msgspec.json.encode({**values, **without_person(name, values)})
                connection.execute(update(waits).where(*here).values(payload=left))


def _person_now(connection: Connection, seeker: UUID) -> dict[str, Any]:
    """What says who somebody is, as it stands: emptied."""
    table = _table(Seeker)
    names = (*personal("seekers"), "number_sealed", "number_index", "consent_version")
    row = connection.execute(select(*(table.c[name] for name in names)).where(table.c.id == seeker)).one()
    return {name: plain(value) for name, value in zip(names, row, strict=True)}


def _table(kind: type[Base]) -> Table:
    return Base.metadata.tables[kind.__tablename__]
