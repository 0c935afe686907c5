"""How tariffs and charges read, in both languages."""

from __future__ import annotations

import string
from datetime import timedelta

import pytest
from sqlalchemy import select

from db.models import PrintJob, TariffUnit
from kiosk.language import CHINESE, ENGLISH, Language, english
from kiosk.tools import papers, words
from kiosk.tools.tariff import Charge, ChargeLine, Item, Tariff
from printing import slip_json
from printing.slip import Line, Pair, Row
from tests.tools.shop import Shop

TABLES = (words.PER, words.LINES, words.DEDUCTIONS, words.CASH, papers.FINDINGS)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_table_is_whole_and_has_english() -> None:
    assert set(words.LINES) == set(Item)
    assert set(words.PER) == set(TariffUnit)
    for table in TABLES:
        for text in table.values():
            assert english()[text]
            assert places(english()[text]) <= places(text)


@pytest.mark.parametrize(
    ("tariff", "chinese"),
    [
        (Tariff(TariffUnit.HOUR, 0), "简单工具，免租金"),
        (Tariff(TariffUnit.HOUR, 0, late_price=100), "简单工具，免租金，超时每小时 1 元"),
        (
            Tariff(TariffUnit.HOUR, 500, 30, 600, 3000, 850),
            "5 元/小时，前 30 分钟免费，最少 6 元，每天最多 30 元，超时每小时 8.50 元",
        ),
        (Tariff(TariffUnit.DAY, 1000, daily_cap=1000, late_price=1000), "10 元/天，超时每天 10 元"),
        (Tariff(TariffUnit.PIECE, 5000), "50 元/次"),
    ],
)
def test_a_tariff(tariff: Tariff, chinese: str) -> None:
    assert words.tariff_text(tariff, Language(CHINESE)) == chinese
    assert words.tariff_text(tariff, Language(ENGLISH)).isprintable()


def test_a_derivation_reads_like_a_sum() -> None:
    found = Charge(
        (ChargeLine(Item.FREE, 30, 0), ChargeLine(Item.HOURS, 10, 500), ChargeLine(Item.CAP, 1, -2000))
    )
    assert (
        words.charge_text(found, Language()) == "前 30 分钟免费，10 小时 × 5 元，1 天到封顶价，每天减 20 元"
    )
    assert words.charge_text(found, Language(ENGLISH)) == (
        "first 30 min free, 10 h × ¥5, daily cap on 1 d, less ¥20 each"
    )


@pytest.mark.parametrize(("fen", "text"), [(0, "￥0.00"), (123_450, "￥1,234.50"), (-5, "-￥0.05")])
def test_money(fen: int, text: str) -> None:
    assert words.money(fen) == text


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(minutes=75), "1 小时 15 分"),
        (timedelta(days=2, hours=3), "2 天 3 小时"),
        (timedelta(seconds=-5), "0 小时 0 分"),
    ],
)
def test_duration(length: timedelta, text: str) -> None:
    assert words.duration_text(length, Language()) == text


def test_papers_in_english_are_english(shop: Shop) -> None:
    """All but names, tags and what the catalogue says only in Chinese."""
    shop.open_drawer(0)
    language = Language(ENGLISH)
    card = shop.signed(shop.seeker(), "rotary_hammer")
    shop.rental.take_deposit(shop.clerk, card.id, language)
    shop.rental.hand_out(shop.clerk, card.id, language=language)
    shop.time.forward(hours=3)
    back = shop.returns.take_back(shop.clerk, card.id, [card.lines[0].id])
    shop.inspect(back.lines[0])
    shop.money.settle(shop.clerk, card.id, language=language)
    shop.cash.close_drawer(shop.clerk, 1_500, language=language)
    with shop.store.read() as session:
        slips = [slip_json.decode(job.slip) for job in session.scalars(select(PrintJob))]
    said = set()
    for slip in slips:
        for part in slip.parts:
            match part:
                case Line(text=text):
                    said.add(text)
                case Pair(left=left, right=right):
                    said.update((left, right))
                case Row(cells=cells):
                    said.update(cell.text for cell in cells)
    chinese = {text for text in said if any("\u4e00" <= letter <= "\u9fff" for letter in text)}
    line = card.lines[0].model
    known = (*line.safety, "张*本", "零工市场", *(item.name for item in line.accessories))
    assert [text for text in chinese if not any(word in text for word in known)] == []
    assert "Rotary hammer" in said
    assert "first 30 min free, 3 h × ¥5" in said
