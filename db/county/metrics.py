"""What an operator watches: counters of this process, and the state of halls and devices, as Prometheus text."""

from __future__ import annotations

import threading
from collections import Counter

from db.county.base import County

STATES = """
SELECT 'gighall_devices{state="' || state || '"}', count(*) FROM enrolled GROUP BY state
UNION ALL SELECT 'gighall_rows_waiting', coalesce(sum(waiting), 0) FROM enrolled WHERE state = 'active'
UNION ALL SELECT 'gighall_oldest_push_seconds', coalesce(max(extract(epoch FROM now() - last_push_at)), 0)::bigint
  FROM enrolled WHERE state = 'active'
UNION ALL SELECT 'gighall_quarantine{state="' || state || '"}', count(*) FROM quarantine GROUP BY state
UNION ALL SELECT 'gighall_conflicts_open', count(*) FROM conflicts WHERE state = 'open'
"""


class Metrics:
    """Requests by path and status, rows and bytes taken, seconds spent."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def add(self, name: str, amount: float = 1.0) -> None:
        with self._lock:
            self._counts[name] += amount  # type: ignore[assignment]

    def request(self, path: str, status: int, seconds: float) -> None:
        self.add(f'gighall_requests_total{{path="{path}",status="{status}"}}')
        self.add(f'gighall_request_seconds_total{{path="{path}"}}', seconds)

    def text(self, county: County) -> str:
        with county.transaction() as tx:
            states = tx.execute(STATES).fetchall()
        with self._lock:
            counts = sorted(self._counts.items())
        lines = [f"{name} {value}" for name, value in [*states, *counts]]
        return "\n".join(lines) + "\n"
