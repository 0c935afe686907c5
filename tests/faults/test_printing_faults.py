"""A short run of the bench: the full one is `python -m tests.bench.slip_faults`."""

from __future__ import annotations

import pytest

from tests.bench import slip_faults


# python-escpos, the peer, drops its socket unclosed when it cannot connect
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_no_slip_is_lost_or_doubled_whatever_fails() -> None:
    result = slip_faults.run(40, seed=38)
    assert result["faults"] >= 15
    assert result["kills"] >= 3
    assert (result["lost"], result["doubled"]) == (0, 0)
    # the same script does harm to who does not ask the printer, so the faults are real
    assert result["forget_lost"] > 0
    assert result["retry_lost"] + result["retry_doubled"] > 0
