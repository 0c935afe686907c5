"""The store's file: encrypted, exclusive while written, never deleted."""

from __future__ import annotations

import os
import secrets
import signal
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm.exc import StaleDataError

from db.errors import StoreBusy, StoreDamaged, StoreError, StoreKeyWrong
from db.keys import HallKeys, load_keys, write_private
from db.models import OutboxRow, Setting
from db.store import FILE, Store, set_aside

AT = datetime(2026, 11, 20, tzinfo=UTC)


def test_nothing_readable_lies_on_the_disk(store: Store) -> None:
    with store.write() as session:
        session.add(Setting(key="readable-marker", value="readable-marker"))
    for file in store.path.parent.glob(FILE + "*"):
        content = file.read_bytes()
        assert b"readable-marker" not in content
        assert not content.startswith(b"SQLite format 3")


def test_pragmas_hold_on_every_connection(store: Store) -> None:
    for engine in (store._writer, store._reader):
        with engine.connect() as connection:
            values = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
            assert values == ["wal", 2, 1]


def test_the_key_file_is_private_and_found_again(tmp_path: Path) -> None:
    made = load_keys(tmp_path)
    assert made.origin == "made"
    assert stat.S_IMODE((tmp_path / "hall.key").stat().st_mode) == 0o600
    again = load_keys(tmp_path)
    assert (again.origin, again.secret) == ("file", made.secret)


def test_a_systemd_credential_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gighall-key").write_bytes(b"k" * 32)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert load_keys(tmp_path / "data").origin == "credential"


def test_who_starts_second_takes_the_key_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kiosk and counter, both for the first time, at the same moment."""

    def meanwhile(count: int) -> bytes:
        write_private(tmp_path / "hall.key", b"k" * count)
        return b"x" * count

    monkeypatch.setattr(secrets, "token_bytes", meanwhile)
    found = load_keys(tmp_path)
    assert (found.secret, found.origin) == (b"k" * 32, "file")


def test_a_line_that_is_too_long_is_a_busy_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.store.BUSY_SECONDS", 0.05)
    monkeypatch.setattr("db.store.READERS", 1)
    store = Store.open(tmp_path)
    with store.write(), pytest.raises(StoreBusy), store.write():
        pass
    with store.read() as session:
        session.execute(select(Setting))
        with pytest.raises(StoreBusy), store.read() as second:
            second.execute(select(Setting))
    store.close()


def test_a_wrong_key_is_told_and_the_file_left(store: Store) -> None:
    before = store.path.read_bytes()
    with pytest.raises(StoreKeyWrong):
        Store.open(store.path.parent, HallKeys(b"x" * 32, "test"))
    assert store.path.read_bytes() == before


@pytest.mark.parametrize("secret", [b"", b"short", b"y" * 33])
def test_a_key_of_wrong_length_is_refused(tmp_path: Path, secret: bytes) -> None:
    (tmp_path / "hall.key").write_bytes(secret)
    with pytest.raises(StoreKeyWrong):
        Store.open(tmp_path)


def test_a_damaged_store_is_refused_and_set_aside_whole(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with store.write() as session:
        session.add_all(Setting(key=str(at), value="x" * 500) for at in range(200))
    store.close()
    size = (tmp_path / FILE).stat().st_size
    with (tmp_path / FILE).open("r+b") as file:
        file.seek(size // 2)
        file.write(os.urandom(8192))
    with pytest.raises((StoreDamaged, StoreKeyWrong, StoreError)):
        Store.open(tmp_path)
    aside = set_aside(tmp_path, AT)
    assert (aside / FILE).stat().st_size == size
    fresh = Store.open(tmp_path)
    fresh.close()


def test_backup_opens_with_the_same_key(store: Store, tmp_path: Path) -> None:
    with store.write() as session:
        session.add(Setting(key="kept", value=1))
    folder = tmp_path / "copy"
    folder.mkdir()
    store.backup(folder / FILE)
    copy = Store.open(folder, store.keys)
    with copy.read() as session:
        assert session.scalars(select(Setting.key)).all() == ["kept"]
    copy.close()


def test_a_stale_copy_cannot_overwrite(store: Store) -> None:
    with store.write() as session:
        session.add(Setting(key="a", value=1))
    with store.read() as session:
        old = session.scalars(select(Setting)).one()
    with store.write() as session:
        session.scalars(select(Setting)).one().value = 2
    old.value = 3
    with pytest.raises(StaleDataError), store.write() as session:
        session.add(old)


def test_many_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    """Two stores on one file (kiosk and counter), four threads each, counting in one row."""
    stores = [Store.open(tmp_path), Store.open(tmp_path)]
    with stores[0].write() as session:
        session.add(Setting(key="count", value=0))

    def count(store: Store) -> None:
        for _ in range(10):
            with store.write() as session:
                setting = session.scalars(select(Setting)).one()
                setting.value += 1

    threads = [threading.Thread(target=count, args=(store,)) for store in stores for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with stores[0].read() as session:
        assert session.scalars(select(Setting.value)).one() == 80
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 81
    for store in stores:
        store.close()


WRITER = """
import sys
from pathlib import Path
from db.models import Setting
from db.store import Store
store = Store.open(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), 100000):
    with store.write() as session:
        session.add(Setting(key=f"{number}", value=number))
    print(number, flush=True)
"""


def test_kill_minus_nine_loses_no_acknowledged_write(tmp_path: Path) -> None:
    before = 0
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(before)],
            stdout=subprocess.PIPE,
            text=True,
        ) as writer:
            assert writer.stdout is not None
            acknowledged = [writer.stdout.readline() for _ in range(20)]
            writer.send_signal(signal.SIGKILL)
            acknowledged += writer.stdout.readlines()
        store = Store.open(tmp_path)
        with store.read() as session:
            kept = session.scalar(select(func.count()).select_from(Setting)) or 0
            outbox = session.scalar(select(func.count()).select_from(OutboxRow))
        store.close()
        assert kept - before >= len(acknowledged)
        assert kept == outbox
        before = kept
