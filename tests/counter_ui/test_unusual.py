"""What goes not as usual, by tapping: photos, disputes, entered late, lost and found, words of one's own (T7, T9)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from db.models import AuditEntry, CallNote, CashKind, CashPosting, Dispute, LineState, Rental, ToolState
from kiosk.identity.camera import PictureFile
from kiosk.settings import Camera, Settings
from kiosk.tools.photos import PhotoShelf
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk
from tests.counter_ui.scenes import damaged_tool
from tests.tools.shop import PIN, Shop, all_well
from ui.counter.session import Place

CLERK = 1


def drawer(shop: Shop) -> int:
    card = shop.cash.drawer(shop.clerk.staff_id)
    assert card is not None
    return card.expected


def live(clerk: Clerk) -> Clerk:
    clerk.until(lambda: clerk.camera_state == "live")
    return clerk


def shoot(clerk: Clerk) -> Clerk:
    live(clerk).tap("photoShoot")
    clerk.until(lambda: clerk.camera_state == "still")
    clerk.settle()
    return clerk


def words(clerk: Clerk, *syllables: str) -> Clerk:
    """Typed with the pinyin pad, the first character of each."""
    clerk.tapped("whyOther")
    for syllable in syllables:
        clerk.letters(syllable)
        clerk.tapped("candidate0")
    return clerk.tapped("whyDone")


class TestPhotos:
    @pytest.fixture
    def at_inspection(self, make_clerk: MakeClerk, shop: Shop, tmp_path: Path) -> Clerk:
        """A ladder with a damage, before a counter with a camera."""
        shop.open_drawer()
        rental = shop.lend(shop.seeker(), "ladder")
        shop.returns.take_back(shop.clerk, rental.id, [rental.lines[0].id])
        scene = damaged_tool(tmp_path / "scene.jpg")
        clerk = make_clerk(shop.store, shop.counter.clock, open_frames=lambda: PictureFile(scene))
        clerk.sign_in(CLERK).tapped("tile_return", "out0", "inspect0").stands(Place.INSPECT)
        return clerk.tapped("damage1").money("12").tapped("priced")

    def test_taken_taken_again_and_several(self, at_inspection: Clerk, shop: Shop, tmp_path: Path) -> None:
        clerk = at_inspection
        assert clerk.see("missing") == "请拍照，或者点“不拍照”"
        clerk.tapped("photo")
        live(clerk).picture(tmp_path / "live.png")
        shoot(clerk).picture(tmp_path / "still.png")
        clerk.tapped("photoAgain")  # no good: the first one is gone
        assert clerk.see("photos").property("photos") == []
        shoot(clerk).tapped("photoMore")
        shoot(clerk).tapped("photoDone")
        assert len(clerk.see("photos").property("photos")) == 2
        clerk.tapped("done").stands(Place.BACK)
        (line,) = shop.returns.waiting()[0].lines
        assert len(line.photos) == 2
        assert line.no_photo == ""
        # seen again on the return
        clerk.tapped("photos0").stands(Place.PHOTOS)
        clerk.until(lambda: len(clerk.see("photos")) == 2)
        clerk.tapped("photoThumb1")
        assert clerk.see("large") == clerk.see("photos")[1]

    def test_removed_again_it_is_asked_for(self, at_inspection: Clerk) -> None:
        clerk = at_inspection.tapped("photo")
        shoot(clerk).tapped("photoDrop0", "photoDone")
        assert not clerk.see("ready")

    def test_no_photo_wants_a_reason(self, at_inspection: Clerk, shop: Shop) -> None:
        clerk = at_inspection.tapped("noPhoto", "why1")
        assert clerk.see("ready")
        clerk.tapped("noPhoto")  # there will be one after all
        assert not clerk.see("ready")
        words(clerk.tapped("noPhoto"), "tai", "da").tapped("done").stands(Place.BACK)
        (line,) = shop.returns.waiting()[0].lines
        assert line.photos == ()
        assert len(line.no_photo) == 2

    def test_a_damage_in_ones_own_words(self, at_inspection: Clerk, shop: Shop) -> None:
        clerk = at_inspection.tapped("damageOther")
        for syllable in ("ti", "zi"):
            clerk.letters(syllable)
            clerk.tapped("candidate0")
        clerk.tapped("whyDone").money("3").tapped("priced", "noPhoto", "why2", "done").stands(Place.BACK)
        (line,) = shop.returns.waiting()[0].lines
        assert [one.amount for one in line.deductions] == [1_200, 300]
        assert len(line.deductions[1].reason) == 2

    def test_nothing_of_it_stays_on_the_disk_when_the_act_fails(
        self, at_inspection: Clerk, shop: Shop
    ) -> None:
        clerk = at_inspection.tapped("photo")
        shoot(clerk).tapped("photoDone")
        (card,) = shop.returns.waiting()
        shop.inspect(card.lines[0])  # somebody else was quicker
        clerk.tapped("done")
        assert clerk.message
        assert list((shop.store.path.parent / "photos").iterdir()) == []


def test_pictures_on_the_machine_stand_in_for_a_camera(
    make_clerk: MakeClerk, shop: Shop, tmp_path: Path
) -> None:
    shop.open_drawer()
    rental = shop.lend(shop.seeker(), "hammer")
    shop.returns.take_back(shop.clerk, rental.id, [rental.lines[0].id])
    folder = tmp_path / "pictures"
    folder.mkdir()
    for seed in range(2):
        damaged_tool(folder / f"scene{seed}.jpg", seed)
    (folder / "broken.jpg").write_bytes(b"no picture")
    clerk = make_clerk(shop.store, shop.counter.clock, Settings(camera=Camera(pictures=str(folder))))
    clerk.sign_in(CLERK).tapped("tile_return", "out0", "inspect0", "damage0", "priced", "unfit", "photo")
    assert clerk.camera_state == "blind"
    clerk.tapped("photoFromFile")
    clerk.until(lambda: clerk.see("photos").property("looked"))
    assert len(clerk.see("photos").property("files")) == 2
    clerk.tapped("photoFile0", "photoFile1", "photoFile0", "photoDone", "done").stands(Place.BACK)
    (name,) = shop.returns.waiting()[0].lines[0].photos
    assert PhotoShelf(shop.store).get(name).startswith(b"\xff\xd8")


def test_what_left_yesterday_is_entered_by_two(counter: Clerk, shop: Shop, tmp_path: Path) -> None:
    shop.time.forward(days=3)
    shop.open_drawer()
    shop.seeker()
    counter.sign_in(CLERK).tapped("tile_borrower").type("0011")
    counter.until(lambda: counter.see("people"))
    counter.tapped("found0", "backdate").stands(Place.BACKDATE)
    counter.tapped("later", "hour20")
    assert counter.see("wrong") == "这个时间还没有到"
    counter.tapped("earlier", "hour8", "quarter30", "confirm")
    counter.scan(shop.badges["clerk"])  # the same person
    assert shop.rental.waiting() == ()
    counter.tapped("witness1").type(PIN[:-1] + "0").type(PIN).stands(Place.LEND)
    assert "补记" in counter.see("earlier")
    counter.scan(shop.tag("hammer")).tapped("next", "told0", "next").draw().tapped("signed")
    counter.stands(Place.PAY).picture(tmp_path / "pay_late.png")
    counter.tapped("handOut").stands(Place.LENT)
    (card,) = shop.register.out()
    assert card.out_at == shop.time() - timedelta(hours=22, minutes=30)
    assert card.backdated_with == "second"
    assert not card.overdue
    with shop.store.read() as session:
        rental = session.get_one(Rental, card.id)
        assert rental.backdated_with == shop.second.staff_id
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "rental_handed_out")).one()
        assert entry.details["backdated_with"] == str(shop.second.staff_id)
    # the ledger says so
    counter.tapped("home", "tile_ledger")
    assert counter.see("rentals")[0]["side"] == "在外面，补记"
    counter.tapped("rental0").stands(Place.RENTAL)
    assert any("second 也证明" in fact["text"] for fact in counter.see("facts"))


def test_another_borrower_leaves_now(counter: Clerk, shop: Shop) -> None:
    """What was said of one rental is not kept for the next."""
    shop.seeker()
    counter.sign_in(CLERK).tapped("tile_borrower").type("0011")
    counter.until(lambda: counter.see("people"))
    counter.tapped("found0", "backdate", "hour8", "confirm").scan(shop.badges["boss"]).stands(Place.LEND)
    counter.tapped("back").stands(Place.BORROWER).tapped("found0").stands(Place.LEND)
    assert counter.see("earlier") == ""


def test_what_came_back_yesterday_is_entered_by_two(counter: Clerk, shop: Shop) -> None:
    shop.open_drawer()
    rental = shop.lend(shop.seeker(), "rotary_hammer")
    shop.time.forward(hours=26)  # the next day, 09:00
    counter.sign_in(CLERK).tapped("tile_return", "out0", "backdate").stands(Place.BACKDATE)
    counter.tapped("hour10", "confirm").scan(shop.badges["finance"]).stands(Place.BACK)
    (line,) = shop.rental.rental(rental.id).lines
    assert (line.state, line.backdated_with) == (LineState.BACK, "finance")
    assert line.returned_at == shop.time() - timedelta(hours=23)
    assert line.charge.amount == 3 * 500  # of three hours
    assert "补记" in counter.see("lines")[0]["notes"][0]["text"]


def test_a_dispute_is_noted_answered_and_seen(counter: Clerk, shop: Shop) -> None:
    shop.open_drawer()
    seeker = shop.seeker()
    rental = shop.lend(seeker, "rotary_hammer")
    (line,) = shop.returns.take_back(shop.clerk, rental.id, [rental.lines[0].id]).lines
    counter.sign_in(CLERK).tapped("tile_return", "out0", "inspect0", "allThere", "damage0").money("60")
    counter.tapped("priced", "noPhoto", "why0", "done", "settle", "settled").stands(Place.RETURNED)
    # from the ledger, later
    counter.tapped("home", "tile_ledger", "rental0", "dispute0").stands(Place.DISPUTE)
    words(counter, "bu", "shi").tapped("done").stands(Place.RENTAL)
    (noted,) = shop.disputes.open()
    assert (noted.dispute.raised_by, len(noted.dispute.words), noted.dispute.line_id) == ("clerk", 2, line.id)
    assert counter.named("dispute") == []  # one at a time
    counter.tapped("back").stands(Place.LEDGER)
    assert counter.see("rentals")[0]["side"] == "已还清，有争议"
    # the person comes again
    counter.tapped("home").stands(Place.HOME)
    counter.until(lambda: {tile["place"]: tile["badge"] for tile in counter.see("tiles")}["ledger"] == "1")
    counter.tapped("tile_borrower").type("0011")
    counter.until(lambda: counter.see("people"))
    counter.tapped("found0").stands(Place.LEND)
    counter.until(lambda: counter.see("disputes") == 1)
    counter.tapped("answerDisputes").stands(Place.DISPUTES).tapped("reply", "why1").money("61")
    assert not counter.see("ready")
    before = drawer(shop)
    counter.tapped("keyErase", "keyErase").money("25").tapped("done")
    counter.scan(shop.badges["second"])  # may not decide
    assert shop.disputes.open()
    counter.scan(shop.badges["finance"])
    assert counter.message == "答复好了，退还 ￥25.00"
    assert drawer(shop) == before - 2_500
    with shop.store.read() as session:
        row = session.scalars(select(Dispute)).one()
        assert (row.answer, row.given_back) == ("退一部分", 2_500)
        assert row.confirmed_by == shop.finance.staff_id
    counter.tapped("home", "tile_ledger", "rental0")
    assert any("答复：退一部分（finance）" in note["text"] for note in counter.see("lines")[0]["notes"])


def test_lost_and_found_before_the_money(counter: Clerk, shop: Shop) -> None:
    shop.open_drawer()
    rental = shop.lend(shop.seeker(), "hammer")
    counter.sign_in(CLERK).tapped("tile_return", "out0", "lose0")
    words(counter, "hai", "li")
    assert shop.state(rental.lines[0].tool_id) is ToolState.LOST
    counter.tapped("notLost0", "inspect0", "done", "settle", "settled").stands(Place.RETURNED)
    (settled,) = shop.money.returns(rental.id)
    assert settled.refunded == settled.deposit
    assert shop.state(rental.lines[0].tool_id) is ToolState.IN_STOCK


def test_a_lost_tool_that_turns_up_is_scanned_and_refunded(counter: Clerk, shop: Shop) -> None:
    shop.open_drawer()
    rental = shop.lend(shop.seeker(), "rotary_hammer")
    code = shop.stock.by_tag(rental.lines[0].tag).code
    counter.sign_in(CLERK).tapped("tile_return", "out0", "lose0", "why0", "settle", "settled", "witness0")
    counter.type(PIN).stands(Place.RETURNED)
    (settled,) = shop.money.returns(rental.id)
    before = drawer(shop)
    counter.tapped("home").scan(code).stands(Place.FOUND)
    counter.tapped("why2")
    assert counter.see("amount") == f"￥{settled.deducted // 100}"
    counter.tapped("done", "witness2").type(PIN).stands(Place.RETURN)
    assert shop.state(rental.lines[0].tool_id) is ToolState.IN_STOCK
    assert drawer(shop) == before - settled.deducted
    with shop.store.read() as session:
        given = session.scalars(select(CashPosting).where(CashPosting.kind == CashKind.GIVEN_BACK)).all()
        assert sum(row.amount for row in given) == settled.deducted
        assert {row.note for row in given} == {"在工地上找到的"}
    # from now on it is a tool like any other
    counter.tapped("home").scan(code).stands(Place.RETURN)
    assert counter.message == "没有找到，请再扫一次或核对编号"


def test_a_call_noted_in_ones_own_words(counter: Clerk, shop: Shop) -> None:
    shop.open_drawer()
    shop.lend(shop.seeker(), "hammer")
    shop.time.forward(days=2)
    words(counter.sign_in(CLERK).tapped("tile_overdue"), "hui", "lai")
    with shop.store.read() as session:
        assert len(session.scalars(select(CallNote)).one().note) == 2


def test_fewer_accessories_want_a_reason(counter: Clerk, shop: Shop) -> None:
    shop.open_drawer()
    shop.approved(shop.seeker(), "rotary_hammer")
    counter.sign_in(CLERK).tapped("tile_borrower", "waiting0", "next", "told0").stands(Place.BRIEF)
    counter.tapped("less1")
    assert counter.see("missing") == "配件没给全，请选原因"
    counter.tapped("fewer0", "stopAsking", "more1")
    assert counter.see("missing") == ""
    words(counter.tapped("less1", "fewer0"), "mo", "sun").tapped("next").stands(Place.SIGN)
    (card,) = shop.rental.waiting()
    assert (card.lines[0].checklist["钻头"], len(card.lines[0].out_note)) == (2, 2)


def test_a_tools_page_shows_its_photos_and_what_was_lost_is_found_from_there(
    make_clerk: MakeClerk, shop: Shop, tmp_path: Path
) -> None:
    shop.open_drawer()
    shelf = PhotoShelf(shop.store)
    scene = damaged_tool(tmp_path / "scene.jpg").read_bytes()
    rental = shop.lend(shop.seeker(), "rotary_hammer")
    (line,) = shop.returns.take_back(shop.clerk, rental.id, [rental.lines[0].id]).lines
    shop.returns.inspect(shop.clerk, line.id, all_well(line), True, photos=[shelf.keep(scene)], note="摔坏了")
    shop.settle_owing(rental.id)
    assert line.tool_id is not None
    shop.counts.report_missing(shop.clerk, shop.boss, line.tool_id, "找不到")
    clerk = make_clerk(shop.store, shop.counter.clock).sign_in(CLERK).tapped("tile_stock")
    clerk.scan(shop.stock.by_tag(line.tag).code).stands(Place.TOOL)
    at = next(number for number, event in enumerate(clerk.see("life")) if event["photos"])
    clerk.picture(tmp_path / "tool.png")
    clerk.tapped(f"photos{at}").stands(Place.PHOTOS)
    clerk.until(lambda: clerk.see("large"))
    clerk.tapped("back", "found").stands(Place.FOUND)
    assert not clerk.see("refundable")  # nobody paid for it
    clerk.tapped("why3").picture(tmp_path / "found_nobody.png")
    clerk.tapped("unfit", "done", "witness0").type(PIN).stands(Place.TOOL)
    assert clerk.see("state") == "放一边"
    assert shop.state(line.tool_id) is ToolState.SET_ASIDE
