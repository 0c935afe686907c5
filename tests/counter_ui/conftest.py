"""The real counter on a real store, on a window nobody sees."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from db.store import Store
from kiosk.settings import Settings
from kiosk.staff import audit
from kiosk.tools import book
from tests.counter_ui.clerk import Clerk
from tests.tools.conftest import staffed
from tests.tools.shop import QUICK, Shop
from tests.ui.conftest import Seconds, qapp_cls, seconds
from ui.counter.paper import Paper
from ui.counter.screens import SCREENS
from ui.counter.typist import Digits, Money, Typist
from ui.counter.why import Why
from ui.counter.witness import Witness
from ui.counter_app import build_counter
from ui.shell import LANDSCAPE

__all__ = ["qapp_cls", "seconds", "staffed"]

MakeClerk = Callable[..., Clerk]


@pytest.fixture(scope="session", autouse=True)
def methods_made() -> dict[type[QObject], int]:
    """How many methods the meta object of each view model has; see tests/ui/test_screens.py.

    Counted once and first: PySide gives up a class's meta object with its first instance.
    """
    kinds: list[type[QObject]] = [*SCREENS.values(), Digits, Money, Typist, Why, Witness, Paper]
    return {kind: vars(kind)["staticMetaObject"].methodCount() for kind in kinds}


@pytest.fixture
def shop(staffed: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Shop]:
    """The hall's desks with staff; whatever the test taps, the book and the audit hold."""
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


@pytest.fixture
def make_clerk(qtbot: QtBot, seconds: Seconds) -> Iterator[MakeClerk]:
    """make_clerk(store, clock, settings=…, size=…, spooler=…) → somebody before a fresh counter."""
    made: list[Clerk] = []

    def make(
        store: Store, clock: Any, settings: Settings | None = None, size: QSize = LANDSCAPE, **more: Any
    ) -> Clerk:
        app = build_counter(
            settings or Settings(), store, clock=clock, size=size, seconds=seconds, hasher=QUICK, **more
        )
        clerk = Clerk(app, qtbot)
        made.append(clerk)
        app.window.show()
        clerk.until(lambda: app.show_step() is not None)
        clerk.settle()
        return clerk

    yield make
    for clerk in made:
        clerk.app.close()
    QGuiApplication.processEvents()


@pytest.fixture
def counter(make_clerk: MakeClerk, shop: Shop) -> Clerk:
    """Before the counter of the shop; nobody is signed in."""
    return make_clerk(shop.store, shop.counter.clock)
