"""The embedded PostgreSQL after every kind of end: the next start simply works, and the last to close stops it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import psycopg
import pytest
from typer.testing import CliRunner

from db.county.embedded import EmbeddedPostgres, driver_dsn
from db.county.errors import DatabaseMissing
from tests.faults.ends import Served, kill_database, wait_for_end
from ui.cli import app

PATIENCE_SECONDS = 120.0
USE = (
    "import sys; from pathlib import Path; from db.county.embedded import EmbeddedPostgres;"
    " server = EmbeddedPostgres(Path(sys.argv[1])); print(server.dsn, flush=True); sys.stdin.read()"
)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One cluster for all of these; each leaves it stopped. Not in pytest's own folder: see `postgres`."""
    with tempfile.TemporaryDirectory() as folder:
        with EmbeddedPostgres(Path(folder)) as server:
            rows(server.dsn, "CREATE TABLE kept AS SELECT 1 AS id")
        yield Path(folder)


def rows(dsn: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(driver_dsn(dsn), autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def pid_file(home: Path) -> Path:
    return home / "postgres" / "postmaster.pid"


def master(home: Path) -> psutil.Process:
    return psutil.Process(int(pid_file(home).read_text().split("\n")[0]))


@contextmanager
def user(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses it, until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", USE, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def works_and_ends(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        assert rows(server.dsn, "SELECT id FROM kept") == [(1,)]
        server_process = master(home)
    wait_for_end(server_process)
    assert not pid_file(home).exists()


def test_who_was_killed_leaves_it_running_and_the_next_one_ends_it(home: Path) -> None:
    for _ in range(2):
        with user(home) as process:
            assert ready(process)
            process.kill()
            process.wait()
        assert master(home).is_running()
    works_and_ends(home)


def test_both_killed_twice(home: Path) -> None:
    for _ in range(2):
        with EmbeddedPostgres(home) as server:
            kill_database(server)
        assert pid_file(home).exists()
    works_and_ends(home)


def test_the_last_to_close_stops_it(home: Path) -> None:
    with EmbeddedPostgres(home) as first:
        with EmbeddedPostgres(home) as second:
            assert second.dsn == first.dsn
        assert rows(first.dsn, "SELECT id FROM kept") == [(1,)]
        with user(home) as process:
            assert ready(process) == first.dsn
            assert process.stdin is not None
            process.stdin.close()
            process.wait(PATIENCE_SECONDS)
        assert rows(first.dsn, "SELECT id FROM kept") == [(1,)]
    works_and_ends(home)


@pytest.mark.parametrize("lines", [8, 5, 0])
def test_a_pid_that_is_somebody_elses_by_now(home: Path, lines: int) -> None:
    """As after a power cut: the machine gives the same numbers again. What was being written may be torn."""
    with EmbeddedPostgres(home) as server:
        said = pid_file(home).read_text().splitlines()
        locks = [path / ".s.PGSQL.5432.lock" for path in {server.folder, Path(said[4])}]
        sockets = {path: path.read_text() for path in locks if path.exists()}
        kill_database(server)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        pid_file(home).write_text("\n".join([str(other.pid), *said[1:]][:lines]))
        for path, text in sockets.items():
            path.write_text("\n".join([str(other.pid), *text.splitlines()[1:]]) + "\n")
        works_and_ends(home)
        assert other.poll() is None
        other.communicate(b"\n")


def test_killed_while_it_is_made(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with user(home) as process:
            give_up = time.monotonic() + PATIENCE_SECONDS
            while not any(home.glob("*/PG_VERSION")) and not any(home.glob(".*/PG_VERSION")):
                assert time.monotonic() < give_up
                assert process.poll() is None
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        with EmbeddedPostgres(home) as server:
            rows(server.dsn, "CREATE TABLE kept AS SELECT 1 AS id")
        works_and_ends(home)
        assert not [path.name for path in home.iterdir() if path.name.startswith(".postgres")]


def test_what_does_not_start_is_said_in_one_line() -> None:
    with tempfile.TemporaryDirectory() as folder:
        broken = Path(folder) / "postgres"
        broken.mkdir()
        (broken / "PG_VERSION").write_text("18\n")
        with pytest.raises(DatabaseMissing):
            EmbeddedPostgres(Path(folder))
        answer = CliRunner().invoke(app, ["county", "status", "--data", folder])
        assert answer.exit_code == 1
        assert "the embedded PostgreSQL does not start" in answer.output


def test_serve_goes_on_after_every_hard_end() -> None:
    """`gighall county serve` as people run it: itself killed, both killed, then told to stop."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        pins = []
        for both in (False, True):
            served = Served(home, "")
            pins.append(served.pin)
            postgres = master(home)
            served.kill()
            if both:
                workers = postgres.children(recursive=True)
                postgres.kill()
                wait_for_end(postgres, *workers)
        served = Served(home, "")
        postgres = master(home)
        assert served.stop() == 0
        wait_for_end(postgres)
        assert {served.pin, *pins} == {served.pin}
