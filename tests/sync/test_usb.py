"""A stick carries the same rows, in any mix with the line (issue §7)."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from db.county.enrol import revoke
from db.county.usb import import_stick
from db.models import Notice, Seeker, Setting
from db.store import Store
from db.sync import usb
from db.sync.state import standing
from tests.county.world import World, add_seeker, set_up
from tests.sync.test_push import settings, write

NUMBER = "11010519491231002X"


def carry(world: World, store: Store, stick: Path) -> None:
    usb.write_stick(store, stick)
    import_stick(world.county, stick)
    usb.read_stick(store, stick)


def test_a_stick_brings_rows_up_and_answers_down(county_world: World, tmp_path: Path) -> None:
    first = county_world.device("a")
    set_up(first)
    write(first, 20)
    seeker = add_seeker(first, NUMBER)
    second = county_world.device("b", hall=first.origin.hall_id)
    stick = tmp_path / "stick"
    report = usb.write_stick(first, stick)
    assert report.rows == 23
    for file in stick.iterdir():
        content = file.read_bytes()
        assert NUMBER.encode() not in content
        assert "样本甲".encode() not in content
    done = import_stick(county_world.county, stick)
    assert (done.rows, done.refused) == (23, [])
    assert len(settings(county_world)) == 20
    carry(county_world, second, stick)
    with second.read() as session:
        assert session.get_one(Seeker, seeker).name == "样本甲"
        assert session.scalar(select(func.count()).select_from(Setting)) == 20
    assert usb.read_stick(first, stick).files >= 1
    assert standing(first).waiting == 0


def test_stick_and_line_mix_in_any_order(county_world: World, tmp_path: Path) -> None:
    store = county_world.device("a")
    stick = tmp_path / "stick"
    write(store, 10)
    usb.write_stick(store, stick)
    write(store, 5, start=10)
    county_world.sync(store)  # overtakes the stick
    import_stick(county_world.county, stick)
    import_stick(county_world.county, stick)
    write(store, 5, start=15)
    usb.write_stick(store, stick)
    import_stick(county_world.county, stick)  # the older files again, and the new one
    usb.read_stick(store, stick)
    usb.read_stick(store, stick)
    write(store, 1, start=20)
    county_world.sync(store)
    assert settings(county_world) == sorted(f"k{at}" for at in range(21))
    assert county_world.one("SELECT count(*) FROM inbox") == 21
    assert county_world.one("SELECT max(epoch) FROM epochs") == store.origin.epoch


def test_forged_torn_and_foreign_files_are_left_alone(county_world: World, tmp_path: Path) -> None:
    store = county_world.device("a")
    other = county_world.device("b")
    stick = tmp_path / "stick"
    write(store, 3)
    usb.write_stick(store, stick)
    [batch] = stick.glob("*.up")
    whole = batch.read_bytes()
    batch.write_bytes(whole[: len(whole) // 2])
    assert import_stick(county_world.county, stick).refused == [(batch.name, "torn")]
    batch.write_bytes(whole[:-80] + bytes([whole[-80] ^ 1]) + whole[-79:])
    [(_, reason)] = import_stick(county_world.county, stick).refused
    assert reason in ("unknown_device", "torn")
    assert settings(county_world) == []
    batch.write_bytes(whole)
    import_stick(county_world.county, stick)
    assert len(settings(county_world)) == 3
    [answer] = stick.glob("*.down")
    assert usb.read_stick(other, stick).files == 0
    torn = answer.read_bytes()
    answer.write_bytes(torn[:-70] + bytes([torn[-70] ^ 1]) + torn[-69:])
    assert usb.read_stick(store, stick).files == 0
    answer.write_bytes(torn)
    assert usb.read_stick(store, stick).files == 1
    assert standing(store).waiting == 0


def test_more_than_one_file_holds_comes_in_several(county_world: World, tmp_path: Path) -> None:
    first = county_world.device("a")
    with first.write() as session:
        session.add_all(Notice(kind="notice", title=str(at), body="x" * 3_000_000) for at in range(7))
    county_world.sync(first)
    second = county_world.device("b", hall=first.origin.hall_id)
    carry(county_world, second, tmp_path)
    assert len(list(tmp_path.glob("*.down"))) > 1
    with second.read() as session:
        assert sorted(session.scalars(select(Notice.title))) == [str(at) for at in range(7)]
    assert county_world.sync(second).pulled == 0  # the stick brought them to where the line goes on


def test_files_that_are_none_keep_no_other_from_being_read(county_world: World, tmp_path: Path) -> None:
    store = county_world.device("a")
    write(store, 3)
    usb.write_stick(store, tmp_path)
    odd = {
        "letter": msgspec.msgpack.encode({"kind": "UP"}).replace(b"UP", b"\xff\xff"),
        "tower": b"\x81\xa1x" + b"\x91" * 100_000,
        "text": "样本".encode(),
        "empty": b"",
    }
    for name, content in odd.items():
        for kind in ("up", "ask", "down"):
            (tmp_path / f"gighall-0-{name}.{kind}").write_bytes(content)
    (tmp_path / "gighall-0-folder.up").mkdir()
    (tmp_path / "gighall-0-folder.down").mkdir()
    (tmp_path / "holiday.up").write_bytes(b"somebody else's")
    done = import_stick(county_world.county, tmp_path)
    assert (done.rows, done.answered) == (3, 1)
    assert {reason for _, reason in done.refused} == {"torn"}
    report = usb.read_stick(store, tmp_path)
    assert (report.files, report.skipped) == (1, len(odd) + 1)
    assert standing(store).waiting == 0


def test_names_in_capitals_are_read(county_world: World, tmp_path: Path) -> None:
    """As some systems write them onto a stick."""

    def capitals() -> None:
        for path in [*tmp_path.iterdir()]:
            path.rename(path.with_name(path.name.upper()))

    store = county_world.device("a")
    write(store, 3)
    usb.write_stick(store, tmp_path)
    capitals()
    assert import_stick(county_world.county, tmp_path).rows == 3
    capitals()
    assert usb.read_stick(store, tmp_path).files == 1
    assert standing(store).waiting == 0


def test_what_was_written_is_on_the_stick_name_and_all(
    county_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is told so pulls the stick out."""
    store, synced = county_world.device("a"), list[tuple[str, frozenset[str]]]()
    real, stick = os.fsync, tmp_path / "STICK" / "gighall"
    stick.parent.mkdir()

    def noted(descriptor: int) -> None:
        name = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append((name.name, frozenset(path.name for path in stick.parent.rglob("*"))))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    write(store, 3)
    usb.write_stick(store, stick)
    there = frozenset(path.name for path in stick.parent.rglob("*"))
    assert synced[0] == ("STICK", frozenset({"gighall"}))
    assert synced[-1] == ("gighall", there)
    assert not [name for name in there if name.endswith(".part")]


def test_no_half_of_a_file_stays_on_a_full_stick(
    county_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, folder = county_world.device("a"), tmp_path / "STICK"
    folder.mkdir()
    write(store, 3)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as stick:
        stick.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            usb.write_stick(store, folder)
    assert list(folder.iterdir()) == []
    carry(county_world, store, folder)
    assert len(settings(county_world)) == 3


def test_nothing_is_written_where_the_stick_was(county_world: World, tmp_path: Path) -> None:
    """Pulled out before it was written to: its folder in the tree of the machine is gone, and stays so."""
    store = county_world.device("a")
    write(store, 3)
    with pytest.raises(FileNotFoundError):
        usb.write_stick(store, tmp_path / "STICK" / "gighall")
    assert not (tmp_path / "STICK").exists()


def test_an_old_stick_takes_back_nothing_that_is_newer(county_world: World, tmp_path: Path) -> None:
    """It lay in a drawer while the county lost its rows and got them anew by line, and refused some."""
    store = county_world.device("a")
    write(store, 3)
    usb.write_stick(store, tmp_path)
    import_stick(county_world.county, tmp_path)
    county_world.sync(store)
    with county_world.county.transaction() as tx:
        for table in ("settings", "inbox", "epochs"):
            tx.execute(f"DELETE FROM {table}".encode())
        tx.execute("UPDATE enrolled SET epoch = 0, mark = 0, last_event_id = NULL, backed_up = 0")
        tx.execute("ALTER TABLE settings ADD CONSTRAINT odd CHECK (key <> 'k1')")
    county_world.sync(store)
    before = standing(store)
    assert (before.refused, before.waiting) == (1, 0)
    usb.read_stick(store, tmp_path)
    assert standing(store) == before
    assert county_world.sync(store).pushed == 0


def test_a_revoked_devices_stick_is_refused(county_world: World, tmp_path: Path) -> None:
    store = county_world.device("a")
    write(store, 3)
    usb.write_stick(store, tmp_path)
    revoke(county_world.county, store.origin.device_id)
    refused = {reason for _, reason in import_stick(county_world.county, tmp_path).refused}
    assert "revoked" in refused
    assert settings(county_world) == []


def test_a_half_written_file_is_not_there(county_world: World, tmp_path: Path) -> None:
    store = county_world.device("a")
    write(store, 3)
    (tmp_path / "gighall-x.part").write_bytes(b"half")
    usb.write_stick(store, tmp_path)
    assert import_stick(county_world.county, tmp_path).rows == 3


@pytest.mark.parametrize("times", [2])
def test_writing_twice_is_once(county_world: World, tmp_path: Path, times: int) -> None:
    store = county_world.device("a")
    write(store, 3)
    for _ in range(times):
        usb.write_stick(store, tmp_path)
    assert len(list(tmp_path.glob("*.up"))) == 1
    assert import_stick(county_world.county, tmp_path).rows == 3
