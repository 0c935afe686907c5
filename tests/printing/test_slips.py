from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from printing import bitmap, charset, slips
from printing.escpos import encode
from printing.layout import TOO_LONG, TextLine, lay_out
from printing.profile import Charset, Profile, profile, profiles
from printing.slip import Align, Code, Cut, Line, Slip
from printing.slips.copies import copy_mark, reprint
from printing.slips.day_close import DayClose, day_close
from printing.slips.deposit_slip import DepositSlip, deposit_slip
from printing.slips.locker_tag import LockerTag, locker_tag
from printing.slips.match_slip import MatchSlip, match_slip
from printing.slips.money_slip import MoneySlip, money_slip
from printing.slips.rental_receipt import RentalReceipt, rental_receipt
from printing.slips.return_receipt import Amount, ReturnReceipt, return_receipt
from printing.slips.test_page import test_page as page_for
from printing.slips.ticket import Ticket, ticket
from printing.slips.tool_tag import ToolTag, tool_tag
from tests.printing.samples import (
    ALL,
    COMPLAINT,
    DAY,
    DEPOSIT,
    LOCKER,
    MATCH,
    RARE,
    REFUND,
    RENTAL,
    RENTAL_OF_TWO,
    RETURN,
    TAG,
)


def texts(slip: Slip, model: Profile) -> list[str]:
    return ["".join(run.text for run in i.runs) for i in lay_out(slip, model) if isinstance(i, TextLine)]


def test_samples_hold_every_kind() -> None:
    """What runs over all samples runs over every slip there is."""
    makers = {path.stem for path in Path(slips.__path__[0]).glob("*.py")}
    shared = {"__init__", "sections", "copies", "ticket", "test_page"}
    assert makers - shared <= {slip.kind for slip in ALL.values()}


@pytest.mark.parametrize("name", ["generic-80", "generic-58"])
def test_everything_a_seeker_needs_is_on_the_match_slip(name: str) -> None:
    shown = "".join(line.replace(" ", "") for line in texts(match_slip(MATCH), profile(name)))
    for field in (
        MATCH.hall_name,
        MATCH.number,
        MATCH.seeker_name,
        MATCH.seeker_number_masked,
        MATCH.occupation,
        MATCH.pay_text,
        MATCH.settlement_text,
        MATCH.contact_phone,
        MATCH.valid_until_text,
        MATCH.hotline,
        MATCH.notes[0],
    ):
        assert field.replace(" ", "") in shown
    # Long ones wrap beside their label, so only their pieces stand there.
    assert MATCH.place[:8] in shown
    assert MATCH.employer[:8] in shown


@pytest.mark.parametrize("name", sorted(profiles()))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_large_lines_are_trade_pay_and_phone(name: str, language: str) -> None:
    slip = match_slip(replace(MATCH, language=language))  # type: ignore[arg-type]
    large = [item for item in lay_out(slip, profile(name)) if isinstance(item, TextLine) and item.size == 2]
    shown = ["".join(run.text for run in line.runs) for line in large]
    assert shown[1:] == [MATCH.occupation, MATCH.pay_text, MATCH.contact_phone]


@pytest.mark.parametrize("values", [MATCH, RARE])
@pytest.mark.parametrize("name", sorted(profiles()))
def test_the_code_reads_off_the_picture(values: MatchSlip, name: str) -> None:
    (page,) = bitmap.render(match_slip(values), profile(name))
    (found,) = zxingcpp.read_barcodes(np.where(page, 0, 255).astype(np.uint8))
    assert found.text == MATCH.code


def test_empty_fields_leave_no_label() -> None:
    bare = replace(
        MATCH, distance_text="", openings_note="", seeker_phone_masked="", hotline="", notes=(), station=""
    )
    shown = texts(match_slip(bare), profile("generic-80"))
    assert not any(line.startswith(("距离", "招用", "手机号", "服务与投诉")) for line in shown)
    assert shown[-1].startswith("─")


def test_reprint_mark() -> None:
    slip = match_slip(MATCH)
    again = reprint(slip, 3)
    assert again.parts[0] == Line("【补打 第3次】", Align.CENTER, size=2, bold=True)
    assert again.parts[1:] == slip.parts
    assert again == match_slip(replace(MATCH, copy_mark=copy_mark(3)))
    assert reprint(slip, 1, "en").parts[0] == Line("[REPRINT No. 1]", Align.CENTER, size=2, bold=True)
    with pytest.raises(ValueError, match="reprint"):
        reprint(slip, 0)


ANY = st.text(max_size=120)


@given(
    st.builds(
        MatchSlip,
        **{name: ANY for name in MatchSlip.__slots__ if name not in ("notes", "copy_mark", "language")},
    )
)
def test_any_values_make_a_slip_that_ends_with_a_cut(values: MatchSlip) -> None:
    slip = match_slip(values)
    assert isinstance(slip.parts[-1], Cut)
    for name in ("generic-80", "generic-58"):
        model = profile(name)
        assert all(charset.width(line) <= model.columns for line in texts(slip, model))


@pytest.mark.parametrize("font", list(Charset))
def test_test_page_shows_the_ruler_to_the_very_edge(font: Charset) -> None:
    for name in ("generic-80", "generic-58", "epson-tm-t88"):
        model = replace(profile(name), charset=font)
        lines = texts(page_for(model), model)
        assert sum(charset.width(line) == model.columns for line in lines) >= 6
        assert any("䶮" in line for line in lines)


BOTH = pytest.mark.parametrize("name", ["generic-80", "generic-58"])


@pytest.mark.parametrize("name", sorted(profiles()))
@pytest.mark.parametrize("kind", sorted(ALL))
def test_every_slip_fits_every_model_and_ends_with_a_cut(name: str, kind: str) -> None:
    slip, model = ALL[kind], profile(name)
    assert isinstance(slip.parts[-1], Cut)
    assert all(item.columns <= model.columns for item in lay_out(slip, model) if isinstance(item, TextLine))
    assert len(bitmap.render(slip, model)) == 1
    assert texts(slip, model)[-1] != TOO_LONG


@BOTH
def test_amounts_end_at_the_right_edge_whole(name: str) -> None:
    model = profile(name)
    for values in (
        RETURN,
        replace(RETURN, amounts=(Amount("侧手柄及深度尺缺失、外壳破损的扣款" * 3, "-￥1,234.50"),)),
    ):
        items = [item for item in lay_out(return_receipt(values), model) if isinstance(item, TextLine)]
        for amount in values.amounts:
            (line,) = [
                item for item in items if item.runs and item.runs[-1].text.endswith(amount.amount_text)
            ]
            assert line.columns == model.columns or line.align is Align.RIGHT


@BOTH
def test_return_receipt_gives_every_reason(name: str) -> None:
    shown = "".join(line.replace(" ", "") for line in texts(return_receipt(RETURN), profile(name)))
    for tool in RETURN.tools:
        assert tool.inspection_text in shown
        for amount in (*tool.amounts, *RETURN.amounts):
            assert amount.reason in shown
    assert RETURN.balance_text in shown


def test_a_signature_is_drawn_or_a_line_is_left_for_the_pen() -> None:
    signed, unsigned = rental_receipt(RENTAL), rental_receipt(replace(RENTAL, signature=None))
    assert RENTAL.signature in signed.parts
    assert not any(line.endswith("____") for line in texts(signed, profile("generic-80")))
    assert sum(line.endswith("____") for line in texts(unsigned, profile("generic-80"))) == 1


def test_safety_notes_hang_behind_their_mark() -> None:
    lines = texts(rental_receipt(RENTAL), profile("generic-58"))
    first = next(i for i, line in enumerate(lines) if line.startswith("·  戴好"))
    assert lines[first + 1].startswith("    ")


def test_several_tools_stand_one_below_the_other_and_their_deposits_add_up() -> None:
    lines = texts(rental_receipt(RENTAL_OF_TWO), profile("generic-80"))
    assert lines.index("电锤（26型）") < lines.index("榔头")
    assert any(line.startswith("押金合计") and line.endswith("￥220.00") for line in lines)
    assert "市场留存联" in lines


def test_the_code_of_a_tag_reads_off_the_picture() -> None:
    (page,) = bitmap.render(tool_tag(TAG), profile("generic-58"))
    (found,) = zxingcpp.read_barcodes(np.where(page, 0, 255).astype(np.uint8))
    assert found.text == TAG.code


def test_only_the_persons_half_of_a_locker_tag_opens_it() -> None:
    assert any(isinstance(part, Code) for part in locker_tag(LOCKER).parts)
    assert not any(isinstance(part, Code) for part in locker_tag(replace(LOCKER, code="")).parts)


def test_day_close_shows_each_account() -> None:
    lines = texts(day_close(DAY), profile("generic-80"))
    for account in DAY.accounts:
        assert account.title in lines
        for label, amount in account.lines:
            assert any(line.startswith(label) and line.endswith(amount) for line in lines)


def test_ticket_has_no_code_when_there_is_none() -> None:
    assert any(isinstance(part, Code) for part in ticket(COMPLAINT).parts)
    assert not any(isinstance(part, Code) for part in ticket(replace(COMPLAINT, code="")).parts)
    assert ticket(COMPLAINT).kind == "complaint"


@pytest.mark.parametrize(
    ("build", "values"),
    [
        (match_slip, MATCH),
        (rental_receipt, RENTAL),
        (return_receipt, RETURN),
        (deposit_slip, DEPOSIT),
        (money_slip, REFUND),
        (locker_tag, LOCKER),
        (day_close, DAY),
    ],
)
def test_english_labels(build: Callable[[Any], Slip], values: Any) -> None:
    chinese, english = (build(replace(values, language=language)) for language in ("zh", "en"))
    assert len(chinese.parts) == len(english.parts)
    titles = [texts(slip, profile("generic-80"))[1] for slip in (chinese, english)]
    assert [title.isascii() for title in titles] == [False, True]


@pytest.mark.parametrize("values", [MATCH, RENTAL, RETURN, DEPOSIT, REFUND, LOCKER, TAG, DAY, COMPLAINT])
def test_copy_mark_stands_at_the_top(values: Any) -> None:
    builders: dict[type, Callable[[Any], Slip]] = {
        MatchSlip: match_slip,
        RentalReceipt: rental_receipt,
        ReturnReceipt: return_receipt,
        DepositSlip: deposit_slip,
        MoneySlip: money_slip,
        LockerTag: locker_tag,
        ToolTag: tool_tag,
        DayClose: day_close,
        Ticket: ticket,
    }
    build = builders[type(values)]
    assert build(replace(values, copy_mark=copy_mark(2))) == reprint(build(values), 2)


def test_a_match_slip_is_a_fiftieth_of_its_picture() -> None:
    model = profile("generic-80")
    (page,) = bitmap.render(match_slip(MATCH), model)
    assert len(encode(match_slip(MATCH), model)) * 50 <= page.size // 8
