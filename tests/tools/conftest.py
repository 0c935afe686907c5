"""The book must hold after every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from db.store import Store
from kiosk.staff import audit
from kiosk.tools import book
from tests.tools.shop import Shop


@pytest.fixture
def shop(hall: Store) -> Shop:
    shop = Shop(hall)
    shop.hire()
    return shop


@pytest.fixture(autouse=True)
def the_book_holds(request: pytest.FixtureRequest) -> Iterator[None]:
    """Deposits, drawers, tools and audit, whatever the test did (issue 6)."""
    store: Store | None = request.getfixturevalue("hall") if "hall" in request.fixturenames else None
    yield
    if store is not None:
        with store.read() as session:
            assert book.broken(session) == ()
            assert audit.first_broken(session) is None
