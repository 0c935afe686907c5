"""Every code about a paper that reaches the counter has its words."""

from __future__ import annotations

import pytest

from db.print_journal import INTERRUPTED
from kiosk.language import Language
from printing.errors import Reason
from ui.counter.words import REASONS, reason_text

GENERAL = "something_new"
CODES = sorted({*Reason, INTERRUPTED} - {Reason.WITHDRAWN})


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_reason_has_a_sentence_of_its_own(code: str, language: str) -> None:
    words = reason_text(code, Language(language))
    assert words not in ("", reason_text(GENERAL, Language(language)))


def test_no_sentence_is_left_over() -> None:
    assert set(REASONS) == set(CODES)


def test_no_trouble_needs_no_words() -> None:
    assert reason_text(None, Language("zh")) == ""
