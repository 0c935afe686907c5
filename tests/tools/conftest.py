"""The book must hold after every test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.store import Store
from kiosk.staff import audit
from kiosk.tools import book
from tests.tools.shop import Shop

Staffed = tuple[Path, dict[str, str]]


@pytest.fixture(scope="session")
def staffed(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Staffed:
    """The sample hall with staff, made once; and their badges."""
    folder = tmp_path_factory.mktemp("staffed") / "hall"
    shutil.copytree(sample_folder, folder)
    store = Store.open(folder)
    shop = Shop(store)
    shop.hire()
    store.close()
    return folder, shop.badges


@pytest.fixture
def shop(staffed: Staffed, tmp_path: Path) -> Iterator[Shop]:
    """A counter of this test's own. Whatever the test does with it, the book and the audit hold (issue 6)."""
    folder, badges = staffed
    shutil.copytree(folder, tmp_path / "shop")
    store = Store.open(tmp_path / "shop")
    shop = Shop(store)
    shop.badges = dict(badges)
    yield shop
    with store.read() as session:
        broken, torn = book.broken(session), audit.first_broken(session)
    store.close()
    assert broken == ()
    assert torn is None


@pytest.fixture(autouse=True)
def the_book_holds(request: pytest.FixtureRequest) -> Iterator[None]:
    """The same for tests that take the plain hall."""
    store: Store | None = request.getfixturevalue("hall") if "hall" in request.fixturenames else None
    yield
    if store is not None:
        with store.read() as session:
            assert book.broken(session) == ()
