"""The served pages over a county of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.county.world import Server, World
from tests.county_console.desk import Browser, clerk, pages


@pytest.fixture
def served(county_world: World) -> Iterator[Server]:
    with pages(county_world) as server:
        yield server


@pytest.fixture
def stranger(county_world: World, served: Server) -> Browser:
    """A browser that has never been here."""
    return Browser(county_world, served.port)


@pytest.fixture
def browser(county_world: World, served: Server) -> Browser:
    """A member of staff, signed in."""
    return clerk(county_world, served.port)
