"""Kiosks as a process of their own, for the benches: told what to bring up, they say how long it took.

    python -m tests.bench.kiosks        reads one JSON object a line, answers one a line

Every kiosk is a real store and a real client on a thread of its own; what is timed is the way up: the county's mark,
reading, encoding, signing, TLS, and the county's durable answer to the last batch.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from db.store import Store
from db.sync.client import CountyClient
from db.sync.push import Pusher
from db.sync.state import link

PATIENCE_SECONDS = 300.0


class Kiosks:
    """A process of kiosks, seen from the bench."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.kiosks"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def open(self, folders: Sequence[Path], address: str) -> None:
        self._tell({"folders": [*map(str, folders)], "address": address})
        self.answer()

    def go(self) -> None:
        self._tell({})

    def answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the kiosks' process ended")
        said: dict[str, Any] = json.loads(line)
        return said

    def push(self, folders: Sequence[Path], address: str) -> dict[str, Any]:
        self.open(folders, address)
        self.go()
        return self.answer()

    def close(self) -> None:
        self._process.communicate()

    def __enter__(self) -> Kiosks:
        return self

    def __exit__(self, *about: object) -> None:
        self.close()

    def _tell(self, what: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()


class _Counting(CountyClient):
    """Counts the bytes of the batches it sends."""

    sent = 0

    def pushing(self, epoch: int, lo: int, hi: int, body: bytes) -> Any:
        self.sent += len(body)
        return super().pushing(epoch, lo, hi, body)


def _client(store: Store, address: str) -> _Counting:
    known = link(store)
    return _Counting(address, known.authority, known.identity, PATIENCE_SECONDS)


def _push(store: Store, client: _Counting, steps: list[tuple[int, float, int]]) -> int:
    """Notes (rows, at, memory) before each batch."""
    process = psutil.Process()

    def note() -> None:
        steps.append((pusher.rows, time.time(), process.memory_info().rss))

    pusher = Pusher(store, client, note)
    pusher.run()
    note()
    return pusher.rows


def _serve() -> None:
    for line in sys.stdin:
        wanted = json.loads(line)
        stores = [Store.open(Path(folder)) for folder in wanted["folders"]]
        clients = [_client(store, wanted["address"]) for store in stores]
        print("{}", flush=True)
        sys.stdin.readline()
        steps: list[list[tuple[int, float, int]]] = [[] for _ in stores]
        gate = threading.Barrier(len(stores))

        def run(at: int) -> int:
            gate.wait()  # noqa: B023
            return _push(stores[at], clients[at], steps[at])  # noqa: B023

        with ThreadPoolExecutor(len(stores)) as pool:
            began, busy = time.time(), time.process_time()
            rows = sum(pool.map(run, range(len(stores))))
            ended, busy = time.time(), time.process_time() - busy
        for store, client in zip(stores, clients, strict=True):
            client.close()
            store.close()
        sent = sum(client.sent for client in clients)
        said = {"rows": rows, "began": began, "ended": ended, "busy": busy, "sent": sent, "steps": steps}
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    _serve()
