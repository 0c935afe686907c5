"""What many tests need: a clock that stands still, a real store in a temporary folder, the sample hall in it."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings as hypothesis_settings

from db.county.embedded import EmbeddedPostgres
from db.store import Store
from kiosk.clock import Clock
from kiosk.sample_hall import fill
from kiosk.settings import Settings
from tests.county.world import World, quick, world
from tests.new_store import new_store
from ui.rubbish import Rubbish

# A busy machine is not a fault: time is measured in tests/bench, never asserted here.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")

MORNING = datetime(2026, 11, 19, 22, 0, tzinfo=UTC)  # 20 November 2026, 06:00 on the hall's wall


# longest files; `./test` hands files out in this order, so that none of them is begun last
FIRST = ("faults", "counter_ui", "commands", "bench", "county_console", "flows", "identity")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {Path(__file__).with_name(name): rank for rank, name in enumerate(FIRST)}
    items.sort(key=lambda item: ranks.get(item.path.parent, len(FIRST)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """What tests with windows leave is collected here and never by a county's thread: see `ui.rubbish`."""
    if "qtbot" in getattr(item, "fixturenames", ()):
        Rubbish.imports_stay()
        gc.disable()
    elif not gc.isenabled():
        gc.collect()
        gc.enable()


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def clock() -> Clock:
    return Clock(ZoneInfo("Asia/Shanghai"), lambda: MORNING)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = new_store(tmp_path / "store")
    yield store
    store.close()


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled store on disk, made once; tests work on copies."""
    folder = tmp_path_factory.mktemp("sample")
    store = Store.open(folder)
    fill(store, Clock(ZoneInfo("Asia/Shanghai"), lambda: MORNING))
    store.close()
    return folder


@pytest.fixture
def hall(sample_folder: Path, tmp_path: Path) -> Iterator[Store]:
    """The sample hall, fresh for this test."""
    shutil.copytree(sample_folder, tmp_path / "hall")
    store = Store.open(tmp_path / "hall")
    yield store
    store.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL from a wheel, started once; every test makes its own database in it.

    Not in pytest's own folder: another pytest closes that to everybody else, and PostgreSQL never runs as root.
    """
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder)) as server:
        quick(server.dsn)
        yield server.dsn


@pytest.fixture
def county_world(tmp_path: Path, postgres: str) -> Iterator[World]:
    """A served county with a database of its own."""
    with world(tmp_path / "world", postgres) as made:
        yield made
