"""Both ends of the link as things that die: the service as a process, and PostgreSQL under it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from db.county.embedded import EmbeddedPostgres

PATIENCE_SECONDS = 60.0


class Served:
    """`gighall county serve` as a process of its own."""

    def __init__(self, folder: Path, dsn: str, port: int = 0) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from ui.cli import main; main()",
                "county",
                "serve",
                "--port",
                str(port),
                "--data",
                str(folder),
                "--dsn",
                dsn,
                "--json",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        said = json.loads(self._process.stdout.readline())
        self.address: str = said["address"]
        self.pin: str = said["pin"]

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        self._process.send_signal(how)
        code = self._process.wait(20)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code


def kill_database(database: EmbeddedPostgres) -> None:
    """kill -9 of the postmaster and all its processes."""
    pid = int((database.folder / "postmaster.pid").read_text().split("\n")[0])
    master = psutil.Process(pid)
    workers = master.children(recursive=True)
    master.kill()
    for worker in workers:
        if worker.is_running():
            worker.kill()
    wait_for_end(master, *workers)


def wait_for_end(*processes: psutil.Process) -> None:
    """Until they are gone, or wait for a parent to ask after them: not every container's first process does."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while left := [process for process in processes if not _ended(process)]:
        assert time.monotonic() < give_up, left
        psutil.wait_procs(left, timeout=0.05)


def _ended(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
