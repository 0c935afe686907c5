"""Both ends of the link as things that die: the service as a process, and PostgreSQL under it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from db.county.embedded import EmbeddedPostgres


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
    psutil.wait_procs([master, *workers], timeout=10)
