"""Every screen in every size and both languages: nothing hangs over, everything can be touched and is named.

One walk visits all screens; the same rules are held against each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from PySide6.QtCore import QMetaObject, QObject, QPointF, QRectF, QSize
from PySide6.QtQuick import QQuickItem

from db.models import SkillLevel
from kiosk.errors import ForbiddenWork, PostingFull
from kiosk.jobs.work_law import work_law
from kiosk.seekers.registration import RegistrationDesk
from kiosk.visit import Step
from tests.seekers.people import CONSENT, PHONE, document, number
from tests.tools.conftest import shop, staffed  # noqa: F401
from tests.tools.shop import Shop
from tests.ui.conftest import MakeRobot
from tests.ui.robot import Robot, accessible, is_control
from ui.shell import LANDSCAPE, PORTRAIT

LEAST_TARGET = 86  # chips; everything else is larger (design §6)
LEAST_TEXT = 32
NARROW_KEYS = 60  # ten letters side by side: 16 mm on a 17-inch 5:4 desk screen, more elsewhere
SIZES = {
    "portrait": PORTRAIT,
    "landscape": LANDSCAPE,
    "portrait-4k": QSize(2160, 3840),
    "landscape-4k": QSize(3840, 2160),
    "desk-5:4": QSize(1280, 1024),
    "small": QSize(540, 960),
}
LONG_WORDS = ("portrait", "landscape", "desk-5:4")  # 4K and small are the same layout, scaled
GROUNDS = {"idleGround", "levelGround"}


def walk(robot: Robot) -> Iterator[str]:
    """Every screen there is, one after the other, in the states that look different."""
    yield "attract"
    robot.tap("more").at(Step.HOME)
    yield "home"
    for topic in ("training", "rights", "recruit"):
        robot.tap(f"home_{topic}").at(Step.NOTICE)
        yield f"topic {topic}"
        robot.tap("ok").at(Step.HOME)
    robot.tap("home_tools").at(Step.TOOLS)
    robot.until(lambda: robot.named("tool"))
    yield "tools"
    robot.tap("tool0").at(Step.TOOL)
    robot.until(lambda: robot.see("loaded"))
    yield "tool, simple"
    robot.app.visit.open_tool(longest_tool(robot))
    robot.model.enter()
    robot.until(lambda: robot.see("loaded"))
    yield "tool, priced"
    robot.tap("back").at(Step.TOOLS).tap("back").at(Step.HOME)
    robot.tap("help").at(Step.HELP)
    robot.settle()
    yield "help"
    robot.tap("notice0").at(Step.NOTICE)
    yield "notice"
    robot.tap("back").at(Step.HELP).tap("back").at(Step.HOME)
    robot.tap("home_work").at(Step.CONSENT)
    yield "consent"
    robot.tap("agree").at(Step.IDENTIFY)
    yield "identify"
    robot.tap("typeNumber").at(Step.TYPE_NUMBER)
    yield "number, empty"
    robot.digits("11010119851")
    robot.digits("3")
    yield "number, wrong"
    robot.tap("keyErase", "keyErase").digits(number(date(1985, 3, 4))[10:])
    yield "number, right"
    robot.tap("next").at(Step.TYPE_NAME)
    robot.letters("wang")
    yield "name"
    robot.tap("candidate0").letters("xiu").tap("candidate0")
    robot.tap("next").at(Step.CONFIRM)
    yield "confirm"
    robot.tap("yes").at(Step.PHONE)
    robot.digits("139000")
    yield "phone"
    robot.digits("01234").at(Step.HARDSHIP)
    robot.tap("hardship_disabled")
    yield "hardship"
    robot.tap("next").at(Step.TRADES)
    robot.until(lambda: robot.named("trade_"))
    yield "trades"
    robot.tap("group2")
    robot.settle()
    for trade in robot.named("trade_")[:3]:
        robot.tap(trade)
    yield "trades, chosen"
    robot.tap("levels")
    yield "levels"
    robot.tap("levelsDone", "next").at(Step.JOBS)
    robot.until(lambda: robot.named("job"))
    yield "jobs"
    robot.tap("search").at(Step.SEARCH).letters("bj")
    robot.settle()
    yield "search"
    robot.tap("back").at(Step.JOBS).tap("filters").at(Step.FILTERS)
    robot.tap("filter_pay1", "filter_shift0")
    robot.settle()
    yield "filters"
    robot.tap("apply").at(Step.JOBS)
    robot.settle()
    yield "jobs, narrowed"
    robot.tap("job0").at(Step.JOB)
    robot.until(lambda: robot.see("ready"))
    yield "job"
    robot.tap("apply").at(Step.SLIP)
    yield "slip"
    robot.tap("done").at(Step.DONE)
    yield "done"
    robot.app.visit.home()
    robot.app.session.go()
    robot.tap("home_tools").at(Step.TOOLS).tap("tool0").at(Step.TOOL)
    robot.until(lambda: robot.see("loaded"))
    robot.tap("want").at(Step.TOOL_ASKED)
    yield "tool asked"
    robot.tap("more").at(Step.HOME).tap("home_records").at(Step.RECORDS)
    robot.until(lambda: robot.named("stop"))
    yield "records, a wish"
    robot.tap("stop0")
    robot.until(lambda: robot.see("slips") and not robot.see("rentals"))
    yield "records, a slip"
    robot.app.shell.stage.warn(24)
    yield "idle warning"
    robot.app.shell.stage.warn(-1)
    for error in (RuntimeError(), PostingFull(), ForbiddenWork(rule=work_law().rules[-1].key)):
        robot.app.session.fail(error)
        robot.at(Step.ERROR)
        yield f"error {type(error).__name__}"
        robot.app.visit.back()
        robot.app.session.go()
    robot.app.visit.refused()
    robot.app.session.go()
    yield "refused"


def longest_tool(robot: Robot) -> UUID:
    """The model with the most to read."""
    models = robot.app._desks.stock.models(offered_only=True)
    return max(models, key=lambda card: (len(card.accessories), sum(map(len, card.safety)))).id


class Look:
    """What is on the screen now, in logical pixels."""

    def __init__(self, robot: Robot) -> None:
        window = robot.app.window
        self.factor = min(window.width(), window.height()) / 1080
        self.width, self.height = window.width() / self.factor, window.height() / self.factor
        self.portrait = self.height > self.width
        self.robot = robot
        robot.app.window.grabWindow()

    def where(self, item: QQuickItem) -> QRectF:
        corner = item.mapToScene(QPointF(0, 0)) / self.factor
        other = item.mapToScene(QPointF(item.width(), item.height())) / self.factor
        return QRectF(corner, other)

    def visible_part(self, item: QQuickItem) -> QRectF:
        """What the clipping parents leave of it."""
        part = self.where(item)
        for parent in above(item):
            if parent.clip():
                part = part.intersected(self.where(parent))
        return part

    def controls(self) -> list[QQuickItem]:
        """Those one can touch now: a sheet or the warning hides what lies under it."""
        controls = [item for item in self.robot.controls() if not self.visible_part(item).isEmpty()]
        grounds = [item for item in controls if item.objectName() in GROUNDS]
        if not grounds:
            return controls
        sheet = grounds[-1].parentItem()
        return [item for item in controls if _within(item, sheet) and item is not grounds[-1]]


def above(item: QQuickItem) -> Iterator[QQuickItem]:
    """Its parents, the nearest first."""
    parent: QQuickItem | None = item.parentItem()
    while parent is not None:
        yield parent
        parent = parent.parentItem()


def _within(item: QQuickItem, root: QQuickItem) -> bool:
    return item is root or any(parent is root for parent in above(item))


def faults(look: Look) -> list[str]:
    screen = QRectF(0, 0, look.width, look.height).adjusted(-0.5, -0.5, 0.5, 0.5)
    found = []
    names: set[str] = set()
    for item in look.controls():
        name, place = item.objectName(), look.visible_part(item)
        if not name:
            found.append(f"a control without a name at {place}")
        if name in names:
            found.append(f"{name} twice")
        names.add(name)
        if not accessible(item, "name"):
            found.append(f"{name}: no accessible name")
        if not screen.contains(place):
            found.append(f"{name}: outside the screen {place}")
        whole = look.where(item)
        least = NARROW_KEYS if name.startswith("letter") else LEAST_TARGET
        if min(whole.width(), whole.height()) < least - 0.5:
            found.append(f"{name}: {whole.width():.0f} × {whole.height():.0f} is too small to touch")
        scrolls = place.height() < whole.height() - 0.5
        if look.portrait and place.top() < look.height / 3 - 1 and not _reachable(item) and not scrolls:
            found.append(f"{name}: at {place.top():.0f}, above everybody's reach")
    found += list(_overlaps(look))
    for item in look.robot.items():
        if item.metaObject().className().startswith("QQuickText") and not isinstance(
            item.property("text"), int
        ):
            found += _text_faults(look, item, screen)
    return found


def _reachable(item: QQuickItem) -> bool:
    """In a list that can be drawn down, or on a screen whose list needs the upper third (search results)."""
    return any(parent.metaObject().className().startswith("QQuickGridView") for parent in above(item))


def _overlaps(look: Look) -> Iterator[str]:
    places = [(item, look.visible_part(item)) for item in look.controls()]
    for at, (one, its) in enumerate(places):
        for other, theirs in places[at + 1 :]:
            common = its.intersected(theirs)
            if (
                min(common.width(), common.height()) > 1
                and not _within(one, other)
                and not _within(other, one)
            ):
                yield f"{one.objectName()} overlaps {other.objectName()}"


def _text_faults(look: Look, item: QQuickItem, screen: QRectF) -> Iterator[str]:
    text = str(item.property("text"))
    if not text.strip():
        return
    place = look.visible_part(item)
    if place.isEmpty():
        return
    short = text[:20]
    if item.property("font").pixelSize() < LEAST_TEXT:
        yield f"“{short}”: {item.property('font').pixelSize()} px is too small to read"
    if place.left() < screen.left() or place.right() > screen.right() or place.top() < screen.top():
        yield f"“{short}”: outside the screen"
    wide = float(item.property("contentWidth"))
    if wide > item.width() + 2:
        yield f"“{short}”: {wide:.0f} px in {item.width():.0f}"


@pytest.mark.parametrize(
    ("size", "language"), [*((size, "zh") for size in SIZES), *((size, "en") for size in LONG_WORDS)]
)
def test_every_screen(make_robot: MakeRobot, size: str, language: str) -> None:
    robot = make_robot(size=SIZES[size])
    if language == "en":
        robot.tap("language")
    wrong: dict[str, list[str]] = {}
    for name in walk(robot):
        robot.settle()
        if found := faults(Look(robot)):
            wrong[name] = found
    assert wrong == {}


@pytest.mark.parametrize(
    ("size", "language"), [(size, language) for size in LONG_WORDS for language in ("zh", "en")]
)
def test_screens_of_somebody_overdue(make_robot: MakeRobot, shop: Shop, size: str, language: str) -> None:  # noqa: F811
    """The reminder on the jobs, the records with two rentals, one of them late."""
    shop.open_drawer()
    desk = RegistrationDesk(shop.store, shop.settings, shop.counter.clock, shop.counter.codes)
    known = desk.register(document(), CONSENT, PHONE, frozenset(), {})
    shop.lend(known.id, "ladder", "hammer", "wheelbarrow")
    shop.time.forward(hours=2)
    shop.lend(known.id, "rotary_hammer")
    shop.time.forward(hours=12)
    robot = make_robot(size=SIZES[size], store=shop.store, clock=shop.counter.clock)
    if language == "en":
        robot.tap("language")
    visit = robot.app.visit
    visit.consent(CONSENT)
    visit.identified(document(), known, certain=True)
    visit.give_hardship(frozenset())
    visit.give_trades({robot.app._desks.board.trades()[0].trades[0].key: SkillLevel.NONE})
    robot.app.session.go()
    robot.at(Step.JOBS)
    wrong = {}
    robot.until(lambda: robot.see("reminder"))
    robot.settle()
    wrong["jobs"] = faults(Look(robot))
    robot.app.visit.records()
    robot.app.session.go()
    robot.at(Step.RECORDS)
    robot.until(lambda: len(robot.see("rentals")) == 2)
    robot.settle()
    wrong["records"] = faults(Look(robot))
    visit.identified(document(order=7), None, certain=False)
    visit.records()
    visit.confirm()
    robot.app.screen(Step.RECORDS).enter()
    robot.until(lambda: robot.see("empty"))
    robot.settle()
    wrong["records, none"] = faults(Look(robot))
    assert wrong == {"jobs": [], "records": [], "records, none": []}


def test_no_view_model_changes_its_meta_object(make_robot: MakeRobot) -> None:
    """A signal connected to a plain method would; QML then reads through a dangling one (ui/visit/screen.py)."""
    robot = make_robot()
    grown: set[str] = set()
    for _ in walk(robot):
        models: list[QObject] = [*robot.app._screens.values(), robot.app.shell.stage]
        grown |= {type(model).__name__ for model in models if _grew(model)}
    assert grown == set()


def _grew(model: QObject) -> bool:
    made: QMetaObject = vars(type(model))["staticMetaObject"]
    return model.metaObject().methodCount() != made.methodCount()


def test_help_is_reachable_from_every_screen(make_robot: MakeRobot) -> None:
    robot = make_robot()
    without = [
        name
        for name in walk(robot)
        if name not in {"help", "levels", "idle warning"} and robot.app.find("help") is None
    ]
    assert without == []


def test_a_control_is_known_when_seen(robot: Robot) -> None:
    start = robot.app.find("start")
    assert start is not None
    assert is_control(start)
    assert not is_control(robot.app.window.contentItem())
    assert accessible(start, "name") == "找活干"
