"""Every error a desk or the store may raise has words; a bug tells nothing about a person."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from db.errors import StoreError
from kiosk.errors import CodeInvalid, ForbiddenWork, HallError, PostingFull, Refused
from kiosk.jobs.work_law import work_law
from ui.errors_text import BUG, Next, Who, describe, explain


def family(root: type[Exception]) -> Iterator[type[Exception]]:
    yield root
    for child in root.__subclasses__():
        yield from family(child)


@pytest.mark.parametrize("kind", [*family(HallError), *family(StoreError)], ids=lambda kind: kind.__name__)
def test_no_known_error_is_taken_for_a_bug(kind: type[Exception]) -> None:
    trouble = explain(kind())
    assert trouble is not BUG
    assert trouble.sentence
    assert trouble.advice
    assert trouble.button


@pytest.mark.parametrize("error", [KeyError("x"), ValueError(), OSError(28, "no space"), RuntimeError()])
def test_everything_else_is_our_bug_and_starts_over(error: Exception) -> None:
    assert explain(error) is BUG
    assert BUG.next is Next.START


@pytest.mark.parametrize(
    ("error", "code", "who", "to"),
    [
        (PostingFull(), "posting_full", Who.VISITOR, Next.JOBS),
        (Refused(reason="too_many_open", most=5), "too_many_open", Who.VISITOR, Next.JOBS),
        (Refused(reason="something new"), "refused", Who.VISITOR, Next.JOBS),
        (CodeInvalid(reason="tampered"), "code_invalid", Who.VISITOR, Next.IDENTIFY),
    ],
)
def test_reason_before_code_before_family(error: HallError, code: str, who: Who, to: Next) -> None:
    trouble = explain(error)
    assert (trouble.code, trouble.who, trouble.next) == (code, who, to)


def test_a_refusal_names_its_rule() -> None:
    rule = work_law().rules[-1].key
    assert explain(ForbiddenWork(rule=rule)).rule == rule


def test_description_for_the_log_holds_no_words_of_the_error() -> None:
    try:
        try:
            raise KeyError("110101198503040011")
        except KeyError as cause:
            raise ValueError("王伟") from cause
    except ValueError as error:
        said = describe(error)
    assert "ValueError caused by KeyError" in said
    assert "test_errors_text.py" in said
    assert "110101" not in said
    assert "王伟" not in said
