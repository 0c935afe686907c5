"""New stores for tests: migrated once a process and copied, each with a secret and an identity of its own."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher

from db.keys import HallKeys, load_keys
from db.models import Origin
from db.store import FILE, Store


def new_store(folder: Path) -> Store:
    """What `Store.open` makes in a folder without one, without going through all migrations again."""
    template = _template()
    keys = load_keys(folder)
    shutil.copyfile(template / FILE, folder / FILE)
    connection = sqlcipher.connect(str(folder / FILE), isolation_level=None)
    connection.execute(f"PRAGMA key = {_raw(load_keys(template))}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA rekey = {_raw(keys)}")
    connection.close()
    return Store.open(folder, keys)


@cache
def _template() -> Path:
    """Nobody's store yet: the first to open a copy gives it hall and device."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = Store.open(folder)
    with store.write() as session:
        session.delete(session.get_one(Origin, 1))
    store.close()
    return folder


def _raw(keys: HallKeys) -> str:
    return f"\"x'{keys.derive('store').hex()}'\""
