import pytest
from pathlib import Path
from tests.ui.test_screens import *
from tests.ui.test_screens import walk as _walk
from tests.tools.conftest import shop, staffed
from tests.ui.conftest import *
OUT=Path("/tmp/pics")
@pytest.mark.parametrize("size,lang",[("portrait","zh"),("landscape","zh"),("portrait","en"),("desk-5:4","en")])
def test_pics(make_robot, shop, size, lang):
    shop.open_drawer()
    desk = RegistrationDesk(shop.store, shop.settings, shop.counter.clock, shop.counter.codes)
    known = desk.register(document(), CONSENT, PHONE, frozenset(), {})
    shop.lend(known.id, "ladder", "hammer", "wheelbarrow")
    shop.time.forward(hours=2)
    shop.lend(known.id, "rotary_hammer")
    robot = make_robot(size=SIZES[size], store=shop.store, clock=shop.counter.clock)
    tag=f"{size.replace(':','')}-{lang}"
    def pic(n): robot.settle(); robot.picture(OUT/f"{tag}-{n}.png")
    if lang=="en": robot.tap("language")
    robot.tap("more").at(Step.HOME); pic("home")
    robot.tap("home_tools").at(Step.TOOLS); robot.until(lambda: robot.named("tool")); pic("tools")
    l=robot.app.find("toolList"); l.setProperty("contentY", l.property("cellHeight")*6); pic("home")
    robot.tap("tool1").at(Step.TOOL); robot.until(lambda: robot.see("loaded")); pic("tool_simple")
    robot.app.visit.open_tool(longest_tool(robot)); robot.model.enter(); robot.until(lambda: robot.see("loaded")); pic("tool_priced")
    visit=robot.app.visit
    visit.consent(CONSENT); visit.identified(document(), known, certain=True)
    visit.give_hardship(frozenset()); visit.give_trades({robot.app._desks.board.trades()[0].trades[0].key: SkillLevel.NONE})
    visit.records(); robot.app.session.go(); robot.at(Step.RECORDS); pic("records_due")
    visit.open_tool(shop.model("trowel")); robot.app.session.go(); robot.at(Step.TOOL); robot.until(lambda: robot.see("loaded"))
    robot.tap("want").at(Step.TOOL_ASKED); pic("asked")
    visit.records(); robot.app.session.go(); robot.at(Step.RECORDS); robot.until(lambda: robot.see("known")); pic("records_wish")
    visit.jobs(); robot.app.session.go(); robot.at(Step.JOBS).tap("job0").at(Step.JOB).tap("apply").at(Step.SLIP); robot.until(lambda: robot.see("ready")); visit.records(); robot.app.session.go(); robot.at(Step.RECORDS); robot.until(lambda: robot.see("slips")); robot.tap("stop2"); robot.until(lambda: len(robot.see("rentals"))==2)
    sc=robot.app.find("recordList"); sc.setProperty("contentY", max(0, sc.property("contentHeight")-sc.height())); pic("records_wish")
    shop.time.forward(hours=12)
    visit.jobs(); robot.app.session.go(); robot.at(Step.JOBS); robot.until(lambda: robot.see("reminder")); pic("jobs")
    visit.records(); robot.app.session.go(); robot.at(Step.RECORDS); robot.until(lambda: robot.see("overdue")); pic("records_late")
    visit.open_tool(shop.model("trowel")); robot.app.session.go(); robot.at(Step.TOOL); robot.until(lambda: robot.see("loaded"))
    robot.tap("want").at(Step.ERROR); pic("blocked")
