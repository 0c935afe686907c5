"""`gighall county staff` and the console of `gighall county serve`, as typed on the server."""

from __future__ import annotations

import http.client
import itertools
import json
import ssl
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit

from typer.testing import CliRunner

from db.county.console.staff import check
from db.models import Seeker, now
from db.sync.line import trusting
from tests.county.world import World, add_seeker, set_up
from ui.cli import app

NUMBER, OTHER = "11010519491231002X", "110105194912310038"


def run(world: World, *words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["county", *words, "--data", str(world.folder), "--dsn", world.dsn])
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.stderr


def test_staff_come_and_go(county_world: World) -> None:
    password = run(county_world, "staff", "add", "李").split()[0]
    assert check(county_world.county, "李", password, "").must_change
    assert "taken" in run(county_world, "staff", "add", "李", code=1)
    assert "first password not changed" in run(county_world, "staff", "list")
    again = run(county_world, "staff", "renew", "李").strip()
    assert check(county_world.county, "李", again, "").name == "李"
    assert "unknown" in run(county_world, "staff", "renew", "王", code=1)
    assert run(county_world, "staff", "stop", "李") == "stopped\n"
    run(county_world, "staff", "stop", "李", code=1)
    [line] = json.loads(run(county_world, "staff", "list", "--json"))
    assert (line["name"], line["stopped"] is None) == ("李", False)


SOON = "import datetime, db.county.nightly as n; n.FIRST, n.LOOK_SECONDS = datetime.timedelta(), 0.05"


def test_the_service_drops_by_itself_what_is_too_old(county_world: World) -> None:
    """No timer is set up anywhere: a person not seen for three years is gone soon after the start."""
    store = county_world.device("a")
    set_up(store)
    old, _ = add_seeker(store, NUMBER), add_seeker(store, OTHER)
    with store.write() as session:
        session.get_one(Seeker, old).last_seen_at = now() - timedelta(days=1100)
    county_world.sync(store)
    words = ["county", "serve", "--port", "0", "--json", "--data", str(county_world.folder)]
    serving = subprocess.Popen(
        [sys.executable, "-c", f"{SOON}; from ui.cli import main; main()", *words, "--dsn", county_world.dsn],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert serving.stderr is not None
        [said] = itertools.islice((line for line in serving.stderr if "nightly" in line), 1)
    finally:
        serving.terminate()
        serving.communicate(timeout=60)
    assert serving.returncode == 0
    assert "1 people" in said
    gone = county_world.rows("SELECT id FROM seekers WHERE consent_version = 'purged'")
    assert gone == [(old,)]


def test_the_service_carries_the_console(county_world: World) -> None:
    words = ["county", "serve", "--port", "0", "--json", "--data", str(county_world.folder)]
    serving = subprocess.Popen(
        [sys.executable, "-c", "from ui.cli import main; main()", *words, "--dsn", county_world.dsn],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert serving.stdout is not None
        address = urlsplit(json.loads(serving.stdout.readline())["address"])
        context: ssl.SSLContext = trusting(county_world.tls.authority)
        line = http.client.HTTPSConnection("127.0.0.1", address.port, timeout=20, context=context)
        for path, status in (("/console/sign-in", 200), ("/console", 303), ("/health", 200), ("/x", 404)):
            line.request("GET", path)
            answer = line.getresponse()
            answer.read()
            assert answer.status == status, path
        line.close()
    finally:
        serving.terminate()
        assert serving.stdout is not None
        serving.stdout.close()
        serving.wait(20)
