"""Models, tools, four eyes, spreadsheets, counts (T5, T6, T8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

import assets
from db.errors import StoreError
from db.models import (
    Account,
    AuditEntry,
    DeductionKind,
    PrintJob,
    StockRequest,
    StockRequestState,
    Tool,
    ToolState,
)
from kiosk.errors import (
    CodeInvalid,
    InputInvalid,
    NotAllowed,
    NotFound,
    StepInvalid,
    ToolUnavailable,
)
from kiosk.identity.slip_code import CodeKind, SlipCode
from kiosk.tools import book, papers
from kiosk.tools.cards import DeductionCard, ToolCard
from kiosk.tools.intake import IntakeError, Progress, check, fen, read_intake
from kiosk.tools.sample_tools import entries
from printing import slip_json
from printing.slip import Code
from tests.tools.shop import Shop, all_well


def hammer(shop: Shop) -> ToolCard:
    return shop.stock.tools(shop.model("hammer"))[0]


class TestCatalogue:
    def test_the_samples_are_a_hall_one_could_open(self, shop: Shop) -> None:
        models = shop.stock.models(offered_only=True)
        assert len(models) >= 25
        names = {model.name: model for model in models}
        for name in ("榔头", "铁锹", "抹灰刀"):  # 004 annex 4 art. 5(三)
            assert names[name].simple
            assert names[name].deposit > 0
        for name in ("电锤", "角磨机", "手推车", "人字梯"):
            assert not names[name].simple
            assert names[name].safety
        assert all(model.free == model.total > 0 for model in models)
        assert all((assets.ROOT / "icons" / f"{model.icon}.svg").is_file() for model in models)
        assert [entry.tariff for entry in entries()] == [model.tariff for model in models]

    def test_a_model_is_written_and_changed(self, shop: Shop) -> None:
        model = replace(shop.stock.models()[0], id=uuid4(), key="new", name="新型号", free=0, total=0)
        assert shop.stock.save_model(shop.clerk, model) == model
        dearer = replace(model, tariff=replace(model.tariff, price=900), offered=False)
        assert shop.stock.save_model(shop.boss, replace(dearer, id=uuid4())) == dearer
        assert "new" not in {card.key for card in shop.stock.models(offered_only=True)}

    def test_a_new_model_gets_its_key_and_the_last_place(self, shop: Shop) -> None:
        first, *_ = shop.stock.models()
        made = shop.stock.add_model(shop.clerk, replace(first, id=uuid4(), key="", name="砂光机"))
        assert shop.stock.models()[-1].id == made.id
        assert made.key not in {"", first.key}
        assert shop.stock.model(made.id).name == "砂光机"
        for write in (shop.stock.add_model, shop.stock.save_model):
            with pytest.raises(InputInvalid) as refused:
                write(shop.clerk, replace(made, id=uuid4(), key="other", name=first.name))
            assert refused.value.context["reason"] == "twice"

    @pytest.mark.parametrize("change", [{"key": " "}, {"name": ""}, {"deposit": -1}])
    def test_a_model_that_cannot_stand(self, shop: Shop, change: dict[str, object]) -> None:
        with pytest.raises(InputInvalid):
            shop.stock.save_model(shop.clerk, replace(shop.stock.models()[0], **change))  # type: ignore[arg-type]


class TestTags:
    def test_a_tag_is_printed_and_finds_its_tool(self, shop: Shop) -> None:
        tool = hammer(shop)
        job = shop.stock.print_tag(shop.clerk, tool.id)
        with shop.store.read() as session:
            slip = slip_json.decode(session.get_one(PrintJob, job).slip)
        (code,) = [part.text for part in slip.parts if isinstance(part, Code)]
        assert shop.stock.by_tag(code).id == tool.id
        assert shop.stock.by_tag(f" {tool.tag} ").id == tool.id
        shop.time.forward(seconds=1)
        assert shop.stock.print_tag(shop.clerk, tool.id) != job  # another sticker is another paper

    def test_foreign_and_unknown_tags(self, shop: Shop) -> None:
        codes = shop.counter.codes
        with pytest.raises(CodeInvalid):
            shop.stock.by_tag(codes.make(SlipCode(CodeKind.RENTAL, 1, 1)))
        with pytest.raises(NotFound):
            shop.stock.by_tag(codes.make(SlipCode(CodeKind.TOOL, 1, 9_999_999)))
        with pytest.raises(CodeInvalid):
            shop.stock.by_tag("")

    def test_a_tool_is_put_somewhere_else(self, shop: Shop) -> None:
        assert shop.stock.put(shop.clerk, hammer(shop).id, "新架子").place == "新架子"
        assert "新架子" in shop.stock.places()


class TestFourEyes:
    """004 annex 4 art. 5(一)."""

    def test_new_tools_come_with_the_second_name(self, shop: Shop) -> None:
        model = shop.model("hammer")
        request = shop.requests.acquire(shop.clerk, model, 3, 2_600, "不够用", "A 架")
        before = len(shop.stock.tools(model))
        with pytest.raises(NotAllowed):
            shop.requests.decide(shop.clerk, request.id, approve=True)  # no role
        done = shop.requests.decide(shop.boss, request.id, approve=True, note="同意")
        assert done.state is StockRequestState.DONE
        tools = shop.stock.tools(model)
        assert len(tools) == before + 3
        assert (tools[-1].place, tools[-1].cost) == ("A 架", 2_600)
        with shop.store.read() as session:
            assert book.balance(session, Account.ACQUISITION_COST) == 7_800
        with pytest.raises(StepInvalid):
            shop.requests.decide(shop.boss, request.id, approve=True)

    def test_nobody_decides_their_own(self, shop: Shop) -> None:
        shop.accounts.change_roles(
            shop.boss, shop.boss.staff_id, list(shop.boss.roles) + list(shop.clerk.roles)
        )
        request = shop.requests.write_off(shop.boss, hammer(shop).id, "断了")
        with pytest.raises(NotAllowed) as refused:
            shop.requests.decide(shop.boss, request.id, approve=True)
        assert refused.value.context["reason"] == "same_person"
        with pytest.raises(StoreError) as kept, shop.store.write() as session:  # nor past the desk
            session.get_one(StockRequest, request.id).decided_by = shop.boss.staff_id
        assert isinstance(kept.value.__cause__, IntegrityError)
        shop.requests.decide(shop.finance, request.id, approve=True)
        assert shop.state(hammer(shop).id) is ToolState.WRITTEN_OFF

    def test_repair_from_request_to_shelf(self, shop: Shop) -> None:
        tool = hammer(shop)
        request = shop.requests.repair(shop.clerk, tool.id, 1_000, "柄松")
        assert shop.state(tool.id) is ToolState.SET_ASIDE  # out of the way at once
        with pytest.raises(StepInvalid):
            shop.requests.repair(shop.clerk, tool.id, 1_000, "柄松")
        with pytest.raises(StepInvalid):
            shop.stock.release(shop.clerk, tool.id, "还是好的")
        shop.requests.decide(shop.boss, request.id, approve=True)
        assert shop.state(tool.id) is ToolState.REPAIR
        done = shop.requests.finish_repair(shop.clerk, request.id, 1_200, fit=True)
        assert done.state is StockRequestState.DONE
        assert shop.state(tool.id) is ToolState.IN_STOCK
        with shop.store.read() as session:
            assert book.balance(session, Account.REPAIR_COST) == 1_200

    def test_refused_waits_for_the_keeper(self, shop: Shop) -> None:
        tool = hammer(shop)
        request = shop.requests.write_off(shop.clerk, tool.id, "旧了")
        shop.requests.decide(shop.boss, request.id, approve=False, note="还能用")
        assert shop.state(tool.id) is ToolState.SET_ASIDE
        assert shop.stock.release(shop.clerk, tool.id, "擦干净了").state is ToolState.IN_STOCK

    def test_a_tool_that_is_out_is_not_written_off(self, shop: Shop) -> None:
        shop.open_drawer(0)
        out = shop.lend(shop.seeker(), "hammer")
        tool = out.lines[0].tool_id
        assert tool is not None
        for ask in (shop.requests.write_off, lambda by, one, why: shop.requests.repair(by, one, 0, why)):
            with pytest.raises(StepInvalid):
                ask(shop.clerk, tool, "坏")

    def test_a_reason_is_given(self, shop: Shop) -> None:
        with pytest.raises(InputInvalid):
            shop.requests.write_off(shop.clerk, hammer(shop).id, "  ")

    def test_another_devices_tool(self, shop: Shop) -> None:
        tool = hammer(shop)
        with shop.store.write() as session:
            session.get_one(Tool, tool.id).device_id = shop.store.origin.hall_id
        with pytest.raises(ToolUnavailable):
            shop.requests.write_off(shop.clerk, tool.id, "断了")


class TestSpreadsheet:
    HEAD = ("型号", "数量", "单价（元）", "编号", "存放位置", "备注")

    def workbook(self, path: Path, *rows: tuple[str | float | None, ...]) -> Path:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for row in (self.HEAD, *rows):
            sheet.append(row)
        book.save(path)
        return path

    def test_a_workbook_becomes_tools_with_the_second_name(self, shop: Shop, tmp_path: Path) -> None:
        path = self.workbook(
            tmp_path / "新工具.xlsx",
            ("榔头", 2, 25.5, "LT-1、LT-2", "E 架", None),
            (None, None, None, None, None, None),
            ("rotary_hammer", "1", "￥1,520.00", "", "C 柜", "样本电动"),
        )
        intake = read_intake(shop.counter, path)
        assert (intake.errors, intake.tools) == ((), 3)
        assert [row.line for row in intake.rows] == [2, 4]
        batch = shop.requests.take_in(shop.clerk, intake, "年初购置")
        assert shop.requests.decide_batch(shop.boss, batch, approve=True) == 2
        labelled = shop.stock.by_tag("LT-2")
        assert (labelled.place, labelled.cost, labelled.model_name) == ("E 架", 2_550, "榔头")
        with pytest.raises(NotFound):
            shop.requests.decide_batch(shop.boss, batch, approve=True)

    def test_a_spreadsheet_is_one_decision_with_one_tag_each(self, shop: Shop, tmp_path: Path) -> None:
        path = self.workbook(
            tmp_path / "新.xlsx", ("榔头", 3, 20, "", "E 架"), ("铁锹", 2, 30, "", "A 架"), ("镐头", 1, 0, "")
        )
        done = Progress()
        intake = read_intake(shop.counter, path, done)
        assert (done.done, intake.new_places, intake.amount) == (3, ("E 架",), 12_000)
        one = shop.requests.acquire(shop.clerk, shop.model("hammer"), 1, 2_000, "补一把")
        batch = shop.requests.take_in(shop.clerk, intake, "年初购置", done)
        assert (done.done, done.total) == (3, 3)
        assert shop.requests.to_decide() == 2
        assert [card.id for card in shop.requests.single()] == [one.id]
        (card,) = shop.requests.batches()
        assert (card.id, card.lines, card.tools, card.amount, card.reason) == (
            batch,
            3,
            6,
            12_000,
            "年初购置",
        )
        assert [line.model_name for line in shop.requests.batch(batch)] == ["榔头", "铁锹", "镐头"]
        with pytest.raises(NotAllowed):
            shop.requests.decide_batch(shop.clerk, batch, approve=True)
        shop.requests.decide_batch(shop.boss, batch, approve=True, progress=done)
        with shop.store.read() as session:
            tags = session.scalars(select(PrintJob).where(PrintJob.kind == "tool_tag")).all()
            acts = [row.act for row in session.scalars(select(AuditEntry).order_by(AuditEntry.number))]
        assert len(tags) == 6
        assert {tag.expires_at for tag in tags} == {shop.time() + papers.TAGS_KEEP}
        assert acts[-1] == "intake_approved"
        assert shop.requests.batches() == ()

    def test_a_number_is_given_once_whoever_asked_first(self, shop: Shop, tmp_path: Path) -> None:
        path = self.workbook(tmp_path / "新.xlsx", ("榔头", 1, 20, "LT-9"))
        twice = read_intake(shop.counter, path)
        first = shop.requests.take_in(shop.clerk, twice, "一")
        assert [error.reason for error in read_intake(shop.counter, path).errors] == ["taken"]
        second = shop.requests.take_in(shop.clerk, twice, "二")  # checked before the first was asked for
        shop.requests.decide_batch(shop.boss, first, approve=True)
        before = len(shop.stock.tools())
        with pytest.raises(InputInvalid) as refused:
            shop.requests.decide_batch(shop.boss, second, approve=True)
        assert refused.value.context["reason"] == "label_taken"
        assert len(shop.stock.tools()) == before
        assert shop.requests.decide_batch(shop.boss, second, approve=False) == 1

    def test_a_refused_spreadsheet_makes_nothing(self, shop: Shop, tmp_path: Path) -> None:
        before = len(shop.stock.tools())
        intake = read_intake(shop.counter, self.workbook(tmp_path / "新.xlsx", ("榔头", 3, 20)))
        batch = shop.requests.take_in(shop.clerk, intake, "年初购置")
        assert shop.requests.decide_batch(shop.boss, batch, approve=False, note="太贵") == 1
        assert [line.decision_note for line in shop.requests.batch(batch)] == ["太贵"]
        assert len(shop.stock.tools()) == before

    def test_the_day_it_was_bought(self, shop: Shop) -> None:
        today = shop.counter.clock.today()
        ask = shop.requests.acquire
        with pytest.raises(InputInvalid):
            ask(shop.clerk, shop.model("hammer"), 1, 1, "新", "", today + timedelta(days=1))
        for days in (0, 9):
            request = ask(shop.clerk, shop.model("hammer"), 1, 1, "新", "", today - timedelta(days=days))
            shop.requests.decide(shop.boss, request.id, approve=True)
            made = shop.stock.tools(shop.model("hammer"))[-1]
            assert shop.counter.clock.local(made.acquired_at).date() == today - timedelta(days=days)

    def test_every_wrong_line_is_named_and_nothing_is_taken(self, shop: Shop, tmp_path: Path) -> None:
        path = self.workbook(
            tmp_path / "错.xlsx",
            ("不存在", 1, 1),
            ("榔头", 0, 1),
            ("榔头", "两", "1.005"),
            ("榔头", 2, 1, "X1"),
            ("榔头", 2, 1, "X1,X1"),
            ("榔头", None, -1),
        )
        intake = read_intake(shop.counter, path)
        assert [(error.line, error.field, error.reason) for error in intake.errors] == [
            (2, "model", "unknown"),
            (3, "quantity", "range"),
            (4, "quantity", "not_a_number"),
            (4, "price", "not_a_number"),
            (5, "labels", "count"),
            (6, "labels", "twice"),
            (6, "labels", "twice"),
            (7, "quantity", "empty"),
            (7, "price", "range"),
        ]
        with pytest.raises(InputInvalid):
            shop.requests.take_in(shop.clerk, intake, "x")
        assert shop.requests.waiting() == []

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_comma_separated_as_offices_save_it(self, shop: Shop, tmp_path: Path, encoding: str) -> None:
        path = tmp_path / "工具.csv"
        path.write_text("型号,数量,单价\n榔头,2,25\n", encoding=encoding)
        assert read_intake(shop.counter, path).tools == 2

    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("a.xlsx", b"PK\x03\x04 torn", "torn"),
            ("a.xlsx", b"hello", "not_a_sheet"),
            ("a.csv", b"\xff\xfe\xff", "not_a_sheet"),
            ("a.csv", b"\x81", "not_a_sheet"),
            ("a.csv", "名字,数量\n".encode(), "columns"),
            ("a.csv", b"", "empty"),
            ("a.ods", b"x", "wrong_type"),
            ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_format"),
        ],
    )
    def test_what_is_no_sheet(
        self, shop: Shop, tmp_path: Path, name: str, content: bytes, reason: str
    ) -> None:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputInvalid) as refused:
            read_intake(shop.counter, tmp_path / name)
        assert refused.value.context["reason"] == reason

    def test_a_number_that_is_taken(self) -> None:
        line = {"model": "榔头", "quantity": "1", "price": "1", "labels": "A1"}
        found = check([(2, line)], {"榔头": (UUID(int=1), "榔头")}, frozenset({"A1"}))
        assert found.errors == (IntakeError(2, "labels", "taken", "A1"),)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("12", (1_200, "")),
            ("12.5", (1_250, "")),
            ("￥1,200.00 元", (120_000, "")),
            ("0", (0, "")),
            ("1.001", (0, "not_a_number")),
            ("nan", (0, "not_a_number")),
            ("1e99", (0, "range")),
            ("-5", (0, "range")),
            ("", (0, "empty")),
        ],
    )
    def test_yuan_become_fen(self, text: str, expected: tuple[int, str]) -> None:
        assert fen(text) == expected


class TestPlaces:
    def test_a_place_from_the_first_name_to_the_last_tool(self, shop: Shop) -> None:
        made = shop.places.add(shop.clerk, " E 架 ")
        assert (made.name, made.active, made.tools) == ("E 架", True, 0)
        tools = [tool.id for tool in shop.stock.tools(shop.model("hammer"))]
        assert shop.places.move(shop.clerk, tools, made.id) == 6
        assert {tool.id for tool in shop.places.tools(made.id)} == set(tools)
        with pytest.raises(StepInvalid) as full:
            shop.places.use(shop.clerk, made.id, active=False)
        assert full.value.context["reason"] == "not_empty"
        assert shop.places.rename(shop.clerk, made.id, "E 柜").name == "E 柜"
        assert hammer(shop).place == "E 柜"
        other = next(place for place in shop.places.places() if place.id != made.id)
        shop.places.move(shop.clerk, tools, other.id)
        assert not shop.places.use(shop.clerk, made.id, active=False).active
        assert "E 柜" not in shop.stock.places()
        assert shop.places.places()[-1].id == made.id
        with pytest.raises(StepInvalid):
            shop.places.move(shop.clerk, tools, made.id)
        assert shop.places.use(shop.clerk, made.id, active=True).active

    @pytest.mark.parametrize("name", ["", "  ", "A 架", "很" * 21])
    def test_names_that_do_not_stand(self, shop: Shop, name: str) -> None:
        with pytest.raises(InputInvalid):
            shop.places.add(shop.clerk, name)
        with pytest.raises(InputInvalid):
            shop.places.rename(shop.clerk, shop.places.places()[1].id, name)

    def test_only_keepers(self, shop: Shop) -> None:
        with pytest.raises(NotAllowed):
            shop.places.add(shop.boss, "E 架")

    def test_a_retired_place_that_is_named_again_is_used_again(self, shop: Shop) -> None:
        made = shop.places.add(shop.clerk, "E 架")
        shop.places.use(shop.clerk, made.id, active=False)
        shop.stock.put(shop.clerk, hammer(shop).id, "E 架")
        assert "E 架" in shop.stock.places()


class TestCount:
    def test_wrong_places_and_what_should_be_nowhere_are_told_apart(self, shop: Shop) -> None:
        ladder = shop.stock.by_tag(shop.tag("ladder"))
        gone = hammer(shop)
        shop.counts.report_missing(shop.clerk, shop.boss, gone.id, "找不到")
        count = shop.counts.start(shop.clerk, "A 架")
        for tool in (ladder, gone):
            shop.counts.see(count, tool.code)
        (card,) = shop.counts.counts()
        assert (card.id, card.place, card.seen, card.finished_at) == (count, "A 架", 2, None)
        found = shop.counts.finish(shop.clerk, count)
        assert [tool.id for tool in found.misplaced] == [ladder.id]
        assert [tool.id for tool in found.surplus] == [gone.id]
        assert len(found.missing) == found.expected
        (card,) = shop.counts.counts()
        assert (card.missing, card.unexpected, card.finished_at) == (found.expected, 2, shop.time())

    def test_missing_and_unexpected(self, shop: Shop) -> None:
        shop.open_drawer(0)
        out = shop.lend(shop.seeker(), "trowel")
        count = shop.counts.start(shop.clerk, "A 架")
        shelf = [
            tool for tool in shop.stock.tools() if tool.place == "A 架" and tool.state is ToolState.IN_STOCK
        ]
        for tool in shelf[1:]:
            shop.counts.see(count, tool.code)
        shop.counts.see(count, shelf[1].tag)  # twice counts once
        shop.counts.see(count, out.lines[0].tag)  # is out, says the store
        done = shop.counts.finish(shop.clerk, count)
        assert done.finished
        assert [tool.id for tool in done.missing] == [shelf[0].id]
        assert [tool.id for tool in done.unexpected] == [out.lines[0].tool_id]
        assert done.seen == len(shelf)
        with pytest.raises(StepInvalid):
            shop.counts.see(count, shelf[0].code)

    def test_lost_only_by_two(self, shop: Shop) -> None:
        tool = hammer(shop)
        for second in (None, shop.clerk, shop.second):
            with pytest.raises(NotAllowed):
                shop.counts.report_missing(shop.clerk, second, tool.id, "找不到")
        assert shop.counts.report_missing(shop.clerk, shop.boss, tool.id, "找不到").state is ToolState.LOST


def test_one_page_of_one_tool(shop: Shop) -> None:
    """单个核算: income, cost, utilisation and life (004 annex 4 art. 4, 5(三))."""
    shop.open_drawer(0)
    tag = shop.tag("rotary_hammer")
    tool = shop.stock.by_tag(tag)
    out = shop.lend(shop.seeker(), "rotary_hammer")
    assert out.lines[0].tool_id == tool.id
    shop.time.forward(hours=4)
    line = shop.returns.take_back(shop.clerk, out.id, [out.lines[0].id]).lines[0]
    crack = DeductionCard(DeductionKind.DAMAGED, "壳裂", 3_000)
    shop.returns.inspect(shop.clerk, line.id, all_well(line), False, [crack], ["photo-1"])
    shop.money.settle(shop.clerk, out.id)
    request = shop.requests.repair(shop.clerk, tool.id, 2_000, "换壳")
    shop.requests.decide(shop.boss, request.id, approve=True)
    shop.time.forward(hours=4)
    shop.requests.finish_repair(shop.clerk, request.id, 1_800, fit=True)
    account = shop.stock.account(tool.id)
    assert (account.rent, account.deductions, account.repairs, account.cost) == (2_000, 3_000, 1_800, 52_000)
    assert account.result == 2_000 + 3_000 - 1_800 - 52_000
    assert (account.times_out, account.minutes_out) == (1, 240)
    assert account.utilisation == pytest.approx(
        4 / 9
    )  # the hall was filled an hour before the counter opened
    assert [event.what for event in account.life] == [
        "acquired",
        "out",
        "back",
        "repair_requested",
        "repair_approved",
        "repaired",
    ]
    assert sum(event.amount for event in account.life) == account.result
