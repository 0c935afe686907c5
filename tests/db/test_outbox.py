"""Every synced write has its outbox row in the same transaction, with no help from whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.errors import UntrackedWrite
from db.models import (
    AuditEntry,
    Ban,
    BanReason,
    Base,
    Conflict,
    ConflictKind,
    DailyCount,
    Device,
    Employer,
    EmployerKind,
    Erasure,
    ErasureReason,
    GuidanceWage,
    Hall,
    Notice,
    Occupation,
    OutboxRow,
    PayUnit,
    Posting,
    PostingCount,
    PrintJob,
    Record,
    Referral,
    Seeker,
    SeekerTrade,
    Setting,
    Settlement,
    now,
)
from db.outbox import columns_of, payload_of, shapes, values_of
from db.store import Store
from db.sync.batch import decode
from db.sync.outgoing import next_batch
from tests.db import tool_rows
from tests.outbox_rows import rewrite, values_at

OCCUPATION = {
    "name": "瓦工",
    "name_en": "Bricklayer",
    "code": "6-29-01-01",
    "group": "建筑",
    "group_en": "Building",
    "group_icon": "wall",
    "icon": "wall",
}


def _employer(session: Session) -> Employer:
    employer = Employer(kind=EmployerKind.PERSON, name="李老板")
    session.add_all([employer, Occupation(key="bricklayer", **OCCUPATION)])
    session.flush()
    return employer


def _posting(session: Session) -> Posting:
    posting = Posting(
        employer_id=_employer(session).id,
        occupation_id="bricklayer",
        title="砌墙",
        description="",
        openings=2,
        place="城关镇",
        starts_on=date(2026, 11, 20),
        ends_on=date(2026, 11, 20),
        opens_minute=450,
        closes_minute=1080,
        pay=18000,
        pay_unit=PayUnit.DAY,
        settlement=Settlement.DAILY,
        contact_name="李老板",
        contact_phone="13900000001",
    )
    session.add(posting)
    session.flush()
    return posting


def _seeker(session: Session) -> Seeker:
    seeker = Seeker(
        number_sealed=b"sealed",
        number_index=b"index",
        name="样本",
        sex="male",
        birth=date(1970, 1, 1),
        assurance=1,
        consent_version="1",
        consent_at=now(),
        last_seen_at=now(),
    )
    session.add(seeker)
    session.flush()
    return seeker


def _trade(session: Session) -> SeekerTrade:
    seeker = _seeker(session)
    _employer(session)
    return SeekerTrade(seeker_id=seeker.id, occupation_id="bricklayer")


def _referral(session: Session) -> Referral:
    return Referral(
        seeker_id=_seeker(session).id,
        posting_id=_posting(session).id,
        slip_number="01-000001",
        slip_serial=1,
        issued_at=now(),
        valid_until=now(),
    )


def _wage(session: Session) -> GuidanceWage:
    _employer(session)
    return GuidanceWage(occupation_id="bricklayer", unit=PayUnit.DAY, low=1, middle=2, high=3)


def _hall(session: Session) -> Hall:
    return Hall(
        name="样本零工市场",
        region="样本县",
        address="样本路 1 号",
        hours="05:30-18:00",
        hotline="0000",
        complaint_line="0000",
        legal_aid_line="0000",
        latitude=0,
        longitude=0,
    )


MAKERS: dict[type[Record], Callable[[Session], Record]] = {
    Hall: _hall,
    Device: lambda session: Device(number=7, name="7 号"),
    Setting: lambda session: Setting(key="a", value={"b": 1}),
    DailyCount: lambda session: DailyCount(day="2026-11-20", kind="under_16", amount=1),
    Conflict: lambda session: Conflict(kind=ConflictKind.FIELDS, table="seekers", row_id=uuid7()),
    Notice: lambda session: Notice(kind="notice", title="通知", body="正文"),
    Occupation: lambda session: Occupation(key="x", **OCCUPATION),
    Employer: _employer,
    Posting: _posting,
    Seeker: _seeker,
    SeekerTrade: _trade,
    Referral: _referral,
    GuidanceWage: _wage,
    AuditEntry: lambda session: AuditEntry(
        number=1, actor="kiosk", act="a", subject="b", previous_hash=b"", hash=b"h"
    ),
    Erasure: lambda session: Erasure(
        seeker_id=_seeker(session).id, reason=ErasureReason.REQUEST, requested_at=now()
    ),
    Ban: lambda session: Ban(
        employer_id=_employer(session).id,
        reason=BanReason.ABUSE,
        starts_on=date(2026, 11, 20),
        until=date(2026, 12, 20),
        decided_by="样本",
    ),
    PostingCount: lambda session: PostingCount(by_hall={"a": 1}),
    **tool_rows.MAKERS,
}


def _rows(store: Store) -> list[OutboxRow]:
    with store.read() as session:
        return list(session.scalars(select(OutboxRow).order_by(OutboxRow.seq)))


def test_every_synced_table_is_tried() -> None:
    synced = {mapper.class_ for mapper in Base.registry.mappers if getattr(mapper.class_, "synced", False)}
    assert synced == set(MAKERS)


@pytest.mark.parametrize("kind", MAKERS, ids=lambda kind: kind.__tablename__)
def test_insert_update_delete_each_leave_a_row(store: Store, kind: type[Record]) -> None:
    with store.write() as session:
        record = MAKERS[kind](session)
        session.add(record)
        session.flush()
        record_id = record.id
    with store.write() as session:
        session.get_one(kind, record_id).device_id = store.origin.hall_id  # any change of any column
    with store.write() as session:
        session.delete(session.get_one(kind, record_id))
    rows = [row for row in _rows(store) if row.row_id == record_id]
    assert [row.op for row in rows] == ["I", "U", "D"]
    assert {row.table for row in rows} == {kind.__tablename__}
    assert {row.epoch for row in rows} == {store.origin.epoch}
    with store.read() as session:
        payload = values_at(session.connection(), rows[1].seq)
    assert payload["device_id"] == str(store.origin.hall_id)
    assert payload["version"] == 2
    assert set(payload) == {column.key for column in Base.metadata.tables[kind.__tablename__].columns}


def test_a_rolled_back_write_leaves_nothing(store: Store) -> None:
    def write_and_fail() -> None:
        with store.write() as session:
            session.add(_hall(session))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert _rows(store) == []


def test_an_unchanged_row_is_not_sent_again(store: Store) -> None:
    with store.write() as session:
        session.add(Setting(key="a", value=1))
    with store.write() as session:
        session.scalars(select(Setting)).one().value = 1
    assert len(_rows(store)) == 1


def test_local_tables_stay_here(store: Store) -> None:
    with store.write() as session:
        session.add(PrintJob(document="d", kind="k", slip=b"{}", expires_at=now()))
    assert _rows(store) == []


@pytest.mark.parametrize("statement", [update(Setting).values(value=2), delete(Setting)])
def test_bulk_statements_are_refused(store: Store, statement: object) -> None:
    with pytest.raises(UntrackedWrite), store.write() as session:
        session.execute(statement)  # type: ignore[call-overload]


def test_the_database_checks_states(store: Store) -> None:
    with store.write() as session:
        posting = _posting(session)
        key = posting.id.hex
    with pytest.raises(IntegrityError), store._writer.begin() as connection:
        connection.exec_driver_sql("UPDATE postings SET state = 'sold' WHERE id = ?", (key,))


def test_columns_are_named_once_for_all_rows(store: Store) -> None:
    """Opened again, by the same program, nothing is added; rows say their shape."""
    with store.write() as session:
        session.add_all(Setting(key=f"k{at}", value=at) for at in range(3))
    with store.read() as session:
        before = shapes(session.connection())
    again = Store.open(store.path.parent)
    with again.write() as session:
        session.add(Setting(key="k3", value=3))
    with again.read() as session:
        assert shapes(session.connection()) == before
        shape = session.scalars(select(OutboxRow.shape).distinct()).one()
    again.close()
    assert shape is not None
    assert (before[shape].table, before[shape].columns) == ("settings", columns_of(Setting))


def test_values_come_out_as_they_went_in(store: Store) -> None:
    value = {"a": ["\x1f", "长\n", None, 1.5, True], "b": {}}
    with store.write() as session:
        session.add(Setting(key='"\x1f,', value=value))
    with store.read() as session:
        found = values_at(session.connection(), 1)
    assert (found["key"], found["value"]) == ('"\x1f,', value)
    assert values_of(payload_of(found, (*found,)), (*found,)) == found


def test_rows_of_an_older_program_are_read(store: Store) -> None:
    """As JSON objects, with the columns that they name, beside those with a shape."""
    with store.write() as session:
        session.add_all(Setting(key=f"k{at}", value=at) for at in range(4))
    with store._writer.begin() as connection:
        rewrite(connection, 2, values_at(connection, 2))
        rewrite(connection, 3, {"id": "x", "key": "few"})
        connection.execute(update(OutboxRow).where(OutboxRow.seq == 4).values(payload=b"{torn", shape=None))
    batch = next_batch(store, 0, None, None, protocol=2)
    assert batch is not None
    rows = decode(batch.body, 1, 4)[0].rows(1)
    assert [row.op for row in rows] == ["I", "I", "I", "X"]
    assert [row.values.get("key") for row in rows] == ["k0", "k1", "few", None]
    assert set(rows[0].values) == set(rows[1].values) == set(columns_of(Setting))
    assert set(rows[2].values) == {"id", "key"}


def test_a_row_that_is_not_what_its_shape_says_travels_without_values(store: Store) -> None:
    with store.write() as session:
        session.add_all(Setting(key=f"k{at}", value=at) for at in range(3))
    with store._writer.begin() as connection:
        connection.execute(update(OutboxRow).where(OutboxRow.seq == 2).values(payload=b"1\x1f2"))
    batch = next_batch(store, 0, None, None, protocol=2)
    assert batch is not None
    rows = decode(batch.body, 1, 3)[0].rows(1)
    assert [(row.op, row.values.get("key")) for row in rows] == [("I", "k0"), ("X", None), ("I", "k2")]
