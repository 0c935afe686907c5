"""The county link beside a visit: it syncs while the app runs, steps aside for a visitor, and tells staff quietly."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from db.county import enrol
from db.file_lock import FileLock
from db.models import SyncState, now
from db.store import Store
from db.sync.enrol import enrol as enrol_device
from db.sync.state import standing
from kiosk.settings import Camera, Settings
from kiosk.visit import Step
from tests.county.world import World
from tests.ui.conftest import MakeRobot
from tests.ui.robot import Robot
from tests.ui.test_screens import Look, faults
from ui.app import KioskApp
from ui.commands.kiosk import assemble
from ui.counter_app import CounterApp
from ui.shell import LANDSCAPE, PORTRAIT, Shell

SETTINGS = Settings(camera=Camera(source=""))


@pytest.fixture
def enrolled(sample_folder: Path, tmp_path: Path, county_world: World) -> Path:
    """A machine's data folder, enrolled, never synced."""
    folder = tmp_path / "machine"
    shutil.copytree(sample_folder, folder)
    store = Store.open(folder)
    enrol_device(store, county_world.server.address, county_world.code())
    store.close()
    return folder


@pytest.mark.parametrize("counter", [False, True], ids=["kiosk", "counter"])
def test_it_syncs_while_the_app_runs(
    enrolled: Path, county_world: World, qtbot: QtBot, counter: bool
) -> None:
    app, stop = assemble(enrolled, SETTINGS, Shell(LANDSCAPE), sample=False, counter=counter)
    assert isinstance(app, CounterApp if counter else KioskApp)
    try:
        store = Store.open(enrolled)
        qtbot.waitUntil(lambda: standing(store).last_success_at is not None, timeout=20_000)
        assert county_world.one("SELECT count(*) FROM postings") == 87
        store.close()
    finally:
        app.close()
        stop()


def test_a_visit_comes_first_whoever_syncs(enrolled: Path, qtbot: QtBot) -> None:
    """Kiosk and counter share a machine; while somebody is served neither of them syncs."""
    kiosk, stop_kiosk = assemble(enrolled, SETTINGS, Shell(PORTRAIT), sample=False)
    try:
        assert isinstance(kiosk, KioskApp)
        robot = Robot(kiosk, qtbot)
        kiosk.window.show()
        robot.settle()
        visit = FileLock(enrolled / "visit.lock")
        assert not visit.held()
        robot.tap("start").at(Step.CONSENT)
        assert visit.held()
        kiosk.wipe()
        robot.at(Step.ATTRACT)
        assert not visit.held()
    finally:
        kiosk.close()
        stop_kiosk()


def test_a_revoked_machine_goes_on_serving_and_tells_staff(
    enrolled: Path, county_world: World, qtbot: QtBot, tmp_path: Path
) -> None:
    store = Store.open(enrolled)
    enrol.revoke(county_world.county, store.origin.device_id)
    store.close()
    kiosk, stop = assemble(enrolled, SETTINGS, Shell(PORTRAIT), sample=False)
    try:
        assert isinstance(kiosk, KioskApp)
        robot = Robot(kiosk, qtbot)
        kiosk.window.show()
        robot.until(lambda: robot.see("sign"))
        assert robot.see("sign") == "工作人员：县里已停用这台机器"
        robot.settle()
        robot.tap("start").at(Step.CONSENT)
    finally:
        kiosk.close()
        stop()


@pytest.mark.parametrize("trouble", ["cloned", ""])
@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_the_sign_for_staff_has_its_place(
    make_robot: MakeRobot, hall: Store, tmp_path: Path, size: QSize, trouble: str
) -> None:
    at = now() - timedelta(days=400)
    with hall.write() as session:
        session.add(
            SyncState(
                id=1,
                county_address="https://county.example",
                authority="",
                county_sign_key=b"",
                county_box_key=b"",
                device_key_sealed=b"",
                index_key_sealed=hall.keys.seal_bytes(hall.keys.derive("index"), hall.origin.device_id.bytes),
                enrolled_at=at,
                last_success_at=at,
                trouble=trouble,
                failures=int(bool(trouble)),
            )
        )
    robot = make_robot(size=size)
    robot.until(lambda: robot.see("sign"))
    for language in ("zh", "en"):
        robot.settle()
        if language == "en":
            robot.tap("language").settle()
        assert faults(Look(robot)) == []
        robot.picture(tmp_path / f"attract_{trouble}_{language}.png")
        robot.tap("help").at(Step.HELP)
        robot.settle()
        assert robot.see("sign").startswith("工作人员" if language == "zh" else "Staff")
        assert faults(Look(robot)) == []
        robot.picture(tmp_path / f"help_{trouble}_{language}.png")
        robot.app.wipe()
        robot.at(Step.ATTRACT)
