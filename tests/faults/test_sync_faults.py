"""A short run of the bench: the full one, 330 faults over 10,000 writes, is `python -m tests.bench.sync_faults`."""

from __future__ import annotations

from tests.bench import sync_faults

DEAR = ("kill_service", "stop_postgres")  # seconds each: `test_sync_kill` has them


def test_every_write_reaches_the_county_once_whatever_fails() -> None:
    result = sync_faults.run(10, seed=38, strategies=("", "queue_"), but=DEAR)
    assert result["writes"] > 200
    assert all(
        result[f"fault_{name}"] for name in sync_faults.FAULTS if name not in (*DEAR, "cut_up", "cut_down")
    )
    assert [result[name] for name in ("lost", "doubled", "reordered")] == [0, 0, 0]
    # the same script does harm to who counts on answers, so the faults are real
    assert result["queue_doubled"] > 0
