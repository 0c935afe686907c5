"""A push's rows on the line: both protocols, odd values, and bodies that nobody honest sends."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec import Raw

from db.county import ingest
from db.models import Notice, Setting
from db.sync import batch, outgoing
from db.sync.batch import Batch, Group, Row, decode, encode, group_of
from db.sync.errors import BatchInvalid, CountyFailed
from db.sync.push import Pusher
from db.sync.round import carry_on
from db.sync.wire import Mark, pack
from tests.county.world import World, add_posting, add_referral, add_seeker, set_up
from tests.outbox_rows import rewrite, values_at

NUMBER = "11010519491231002X"
IDS = [uuid4().hex for _ in range(3)]


def a_batch(protocol: int = 2, **columns: Any) -> Batch:
    """Three settings; `columns` besides their ids."""
    columns = {"id": [str(UUID(row_id)) for row_id in IDS], "version": [1, 1, 1], **columns}
    group = group_of("settings", "1", "I", [0, 1, 2], IDS, [""] * 3, texts(columns))
    return Batch(protocol, None, IDS, [group])


def texts(columns: dict[str, list[Any]]) -> dict[str, list[bytes]]:
    return {name: [*map(msgspec.json.encode, values)] for name, values in columns.items()}


def read(made: Batch) -> list[Row]:
    return decode(encode(made), 1, 3)[0].rows(1)


@pytest.mark.parametrize("protocol", [1, 2])
def test_rows_come_out_as_they_went_in(protocol: int) -> None:
    value = [{"a": [1]}, {"a": [True]}, None]
    rows = read(a_batch(protocol, key=["k", "k", "k\t\\N\n"], value=value, flag=[1, True, 1.5]))
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.row_id.hex for row in rows] == IDS
    assert [row.values["id"] for row in rows] == [str(row.row_id) for row in rows]
    assert [row.values["key"] for row in rows] == ["k", "k", "k\t\\N\n"]
    assert [row.values["value"] for row in rows] == value
    assert [repr(row.values["flag"]) for row in rows] == ["1", "True", "1.5"]
    assert {row.values["version"] for row in rows} == {1}


def test_a_shared_value_stands_once() -> None:
    made = a_batch(key=["a", "b", "c"], hall=["h"] * 3)
    assert dict(zip(made.groups[0].columns, made.groups[0].cells, strict=True)) == {
        "version": Raw(b"[1]"),
        "key": Raw(b'["a","b","c"]'),
        "hall": Raw(b'["h"]'),
    }


def test_a_row_that_says_another_id_keeps_saying_it() -> None:
    other = str(uuid4())
    columns: dict[str, list[Any]] = {
        "id": [str(UUID(IDS[0])), other, str(UUID(IDS[2]))],
        "version": [1, 1, 1],
    }
    group = group_of("settings", "1", "I", [0, 1, 2], IDS, [""] * 3, texts(columns))
    rows = read(Batch(2, None, IDS, [group]))
    assert [row.values["id"] for row in rows] == columns["id"]


def test_order_is_by_place_not_by_group() -> None:
    groups = [
        group_of("settings", "1", "I", [2], IDS[2:], [""], texts({"version": [1]})),
        group_of("notices", "1", "U", [0, 1], IDS[:2], ["title", ""], texts({"version": [2, 3]})),
    ]
    rows = read(Batch(2, None, IDS, groups))
    assert [(row.table, row.op, row.changed, row.seq) for row in rows] == [
        ("notices", "U", ("title",), 1),
        ("notices", "U", (), 2),
        ("settings", "I", (), 3),
    ]


def group(**instead: Any) -> dict[str, Any]:
    good = Group("settings", "1", "I", [0, 1, 2], IDS, [], ("version",), [Raw(b"[1]")])
    return {
        "protocol": 2,
        "prev": None,
        "events": IDS,
        "groups": [msgspec.structs.replace(good, **instead)],
    }


NOT_BATCHES = {
    "another protocol": group() | {"protocol": 3},
    "too few places": group(at=[0, 1]),
    "one place twice": group(at=[0, 1, 1]),
    "a place outside": group(at=[0, 1, 3]),
    "too few ids": group(row_ids=IDS[:2]),
    "an id with a line break": group(row_ids=[*IDS[:2], IDS[2][:31] + "\n"]),
    "an id that is none": group(row_ids=[*IDS[:2], "x" * 32]),
    "an event with spaces": group() | {"events": [*IDS[:2], IDS[2][:30] + "  "]},
    "too few changes": group(changed=["a", "b"]),
    "no rows": group() | {"events": [], "groups": []},
    "no groups": group() | {"groups": 7},
}


@pytest.mark.parametrize("name", NOT_BATCHES)
def test_what_is_no_batch_is_refused_whole(name: str) -> None:
    with pytest.raises(BatchInvalid):
        decode(pack(NOT_BATCHES[name]), 1, 3)


@pytest.mark.parametrize(
    "cells", [[Raw(b"[1,2]")], [Raw(b"[]")], [Raw(b"7")], [Raw(b'{"a":1}')], [Raw(b"[1]"), Raw(b"[1]")]]
)
def test_cells_that_do_not_fit_are_rows_without_values(cells: list[Raw]) -> None:
    rows = decode(pack(group(cells=cells)), 1, 3)[0].rows(1)
    assert [(row.op, row.values) for row in rows] == [("X", {})] * 3


ODD = [
    "tab\there",
    "line\nbreak",
    "\\N",
    "\\",
    "\\.",
    "a\\tb",
    'quo"te',
    "\r\n",
    "\u2028\x7f",
    "",
    "null",
    "字\t字",
]


@pytest.mark.parametrize("protocol", [1, 2])
def test_odd_text_arrives_as_written(county_world: World, protocol: int) -> None:
    store = county_world.device("a")
    with store.write() as session:
        session.add_all(Notice(kind="notice", title=odd, body=odd) for odd in ODD)
        session.add_all(Setting(key=f"k{at}", value={"t": odd}) for at, odd in enumerate(ODD))
    push_as(county_world, store, protocol)
    assert sorted(county_world.rows("SELECT title, body FROM notices")) == sorted((odd, odd) for odd in ODD)
    found = {str(row[0]): row[1] for row in county_world.rows("SELECT key, value FROM settings")}
    assert found == {f"k{at}": {"t": odd} for at, odd in enumerate(ODD)}
    assert county_world.one("SELECT count(*) FROM quarantine") == 0


def test_a_zero_character_is_put_aside_alone(county_world: World) -> None:
    store = county_world.device("a")
    with store.write() as session:
        session.add_all(Notice(kind="notice", title=title, body="") for title in ("a", "b\0b", "c"))
    county_world.sync(store)
    assert sorted(county_world.rows("SELECT title FROM notices")) == [("a",), ("c",)]
    assert county_world.rows("SELECT seq, state FROM quarantine") == [(2, "refused")]


def test_every_kind_of_value_is_the_same_by_either_protocol(county_world: World) -> None:
    """Numbers, times, JSON, bytes, sealed and missing values: what one protocol writes the other writes too."""
    shown: list[list[tuple[object, ...]]] = []
    for protocol in (1, 2):
        store = county_world.device(f"d{protocol}")
        set_up(store)
        seeker, posting = add_seeker(store, NUMBER), add_posting(store)
        add_referral(store, seeker, posting, 1)
        push_as(county_world, store, protocol)
        keys = county_world.county.keys
        [(key, sealed, index, phone, address, birth)] = county_world.rows(
            "SELECT id, number_sealed, number_index, phone, address, birth FROM seekers WHERE device_id = %s",
            store.origin.device_id,
        )
        assert isinstance(key, UUID)
        assert isinstance(sealed, bytes)
        assert isinstance(phone, bytes)
        assert isinstance(birth, bytes)
        assert keys.open(sealed, key.bytes) == NUMBER
        assert index == keys.index(NUMBER)
        rest = county_world.rows(
            "SELECT title, pay, latitude, urgent, starts_on, benefits, version, state FROM postings"
            " WHERE device_id = %s",
            store.origin.device_id,
        )
        shown.append([(keys.open(phone, key.bytes), address, keys.open(birth, key.bytes)), *rest])
    assert shown[0] == shown[1]
    assert county_world.one("SELECT count(*) FROM quarantine") == 0


def test_rows_of_one_batch_are_taken_as_their_last_write_leaves_them(county_world: World) -> None:
    store = county_world.device("a")
    with store.write() as session:
        kept, gone = Setting(key="kept", value=0), Setting(key="gone", value=0)
        session.add_all([kept, gone])
        session.flush()
        for value in (1, 2):
            kept.value = value
            session.flush()
        session.delete(gone)
    push_as(county_world, store, 2)
    assert county_world.rows("SELECT key, value, version FROM settings") == [("kept", 2, 3)]
    assert county_world.one("SELECT count(*) FROM inbox") == 5
    assert county_world.one("SELECT count(*) FROM tombstones") == 1
    with store.write() as session:
        session.get_one(Setting, kept.id).value = 3
        session.add(Setting(key="new", value=0))
    push_as(county_world, store, 2)
    assert sorted(county_world.rows("SELECT key, value, version FROM settings")) == [
        ("kept", 3, 4),
        ("new", 0, 1),
    ]


def test_no_line_of_another_hall_slips_in(county_world: World) -> None:
    """Line breaks between and inside JSON values must never become rows of their own."""
    store = county_world.device("a")
    origin, stranger = store.origin, uuid4()
    at = "2026-11-20T00:00:00+00:00"
    smuggled = f"{uuid4()}\t{stranger}\tx"
    columns = {
        "hall_id": Raw(msgspec.json.encode([str(origin.hall_id)])),
        "device_id": Raw(msgspec.json.encode([str(origin.device_id)])),
        "created_at": Raw(msgspec.json.encode([at])),
        "updated_at": Raw(msgspec.json.encode([at])),
        "version": Raw(b"[1,\n1,\t1]"),
        "key": Raw(msgspec.json.encode(["a", f"b\n{smuggled}", "c"])),
        "value": Raw(b'[{"a":\n1}, "\\n' + smuggled.replace("\t", "\\t").encode() + b'" ,\t"x"]'),
    }
    made = Group("settings", "0001", "I", [0, 1, 2], IDS, [], (*columns,), [*columns.values()])
    with county_world.client(store) as client:
        client.push(1, 1, 3, encode(Batch(2, None, IDS, [made])))
    found = county_world.rows("SELECT hall_id, key FROM settings ORDER BY key")
    assert found == [(origin.hall_id, "a"), (origin.hall_id, f"b\n{smuggled}"), (origin.hall_id, "c")]


def test_words_are_no_times(county_world: World) -> None:
    store = county_world.device("a")
    with store.write() as session:
        session.add_all(Setting(key=f"k{at}", value=at) for at in range(3))
    with store._writer.begin() as connection:
        rewrite(connection, 2, values_at(connection, 2) | {"created_at": "infinity"})
    push_as(county_world, store, 2)
    assert county_world.rows("SELECT seq, reason FROM quarantine") == [(2, "value:created_at")]
    assert county_world.one("SELECT count(*) FROM settings") == 2


def push_as(world: World, store: Any, protocol: int) -> Pusher:
    """As to a county that reads no more than this protocol."""
    with world.client(store) as client:
        real = client.mark
        client.mark = lambda: msgspec.structs.replace(real(), protocol=protocol)  # type: ignore[method-assign]
        pusher = Pusher(store, client, carry_on)
        pusher.run()
    return pusher


def test_a_new_device_speaks_as_an_old_county_reads(
    county_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older county says nothing of protocols in its mark, and refuses what it cannot read."""
    store = county_world.device("a")
    real = ingest._mark

    def old_mark(*about: Any) -> Mark:
        return msgspec.structs.replace(real(*about), protocol=1)

    def old_decode(body: bytes, lo: int, hi: int) -> tuple[Batch, bool]:
        made, special = decode(body, lo, hi)
        if made.protocol != 1:
            raise BatchInvalid(reason="protocol")
        return made, special

    monkeypatch.setattr(ingest, "_mark", old_mark)
    monkeypatch.setattr(ingest, "decode", old_decode)
    with store.write() as session:
        session.add_all(Setting(key=f"k{at}", value=at) for at in range(12))
    new = outgoing.next_batch(store, 0, None, None, protocol=2)
    assert new is not None
    with county_world.client(store) as client, pytest.raises(CountyFailed):
        client.push(new.epoch, new.lo, new.hi, new.body)
    assert county_world.sync(store).pushed == 12
    assert msgspec.json.decode(b'{"epoch":1,"seq":2,"last":null}', type=Mark).protocol == 1


def test_most_rows_depend_on_the_protocol(county_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    store = county_world.device("a")
    with store.write() as session:
        session.add_all(Setting(key=f"k{at}", value=at) for at in range(12))
    monkeypatch.setitem(batch.MOST_ROWS_OF, 1, 5)
    sizes = [outgoing.next_batch(store, 0, None, None, protocol=protocol) for protocol in (1, 2)]
    assert [size.rows for size in sizes if size is not None] == [5, 12]
