"""The command line of county and device, as staff type it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from db.county.replay import discard, release
from db.models import Setting
from db.store import Store
from db.sync.schedule import turn
from tests.county.world import World, add_seeker, fresh_database
from tests.faults.middlebox import Middlebox, http
from ui.cli import app


def run(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result.output


def test_from_code_to_status(county_world: World, tmp_path: Path) -> None:
    where = ("--data", county_world.folder, "--dsn", county_world.dsn)
    home = tmp_path / "kiosk"
    said = run("county", "enrol-code", "1 号自助机", *where, "--name", "127.0.0.1", "--json")
    code = json.loads(said)["code"]
    run("enrol", "wrong", "--county", county_world.server.address, "--data", home, code=1)
    assert "device number 1" in run("enrol", code, "--county", county_world.server.address, "--data", home)
    store = Store.open(home)
    with store.write() as session:
        session.add(Setting(key="a", value=1))
    device = store.origin.device_id
    store.close()
    assert "1 rows up" in run("sync", "--once", "--data", home)
    assert "new keys" in run("sync", "--new-keys", "--data", home)
    stands = json.loads(run("sync", "--once", "--json", "--data", home))
    assert (stands["waiting"], stands["trouble"]) == (0, "")
    assert "1 devices" in run("county", "backed-up", *where)
    [found] = json.loads(run("county", "status", *where, "--json"))["devices"]
    assert (found["device"], found["state"], found["waiting"]) == (str(device), "active", 0)
    assert "0 people" in run("county", "upkeep", "--retain-days", 730, *where)
    assert run("county", "export", "--number", "11010519491231002X", *where, code=1) == "{}\n"
    stick = tmp_path / "stick"
    run("sync", "--to-usb", stick, "--data", home)
    run("county", "import", stick, *where)
    run("sync", "--from-usb", stick, "--data", home)
    assert "revoked" in run("county", "revoke", device, *where)
    assert "revoked" in run("sync", "--once", "--data", home, code=1)
    doctor = CliRunner().invoke(app, ["doctor", "--data", str(home)]).output
    assert "the county refuses this device: revoked" in doctor
    assert "slip key: the hall's, made on this device; no public address" in doctor


def test_who_talks_to_the_county_for_a_store_does_so_alone(county_world: World, tmp_path: Path) -> None:
    """Joining or changing keys under a round would write over what that round writes."""
    home, code = tmp_path / "kiosk", county_world.code()
    store = Store.open(home)
    with turn(store):
        for words in (("enrol", code, "--county", county_world.server.address), ("sync", "--new-keys")):
            assert "syncs at this moment" in run(*words, "--data", home, code=1)
    store.close()
    run("enrol", code, "--county", county_world.server.address, "--data", home)
    run("sync", "--new-keys", "--data", home)


def test_what_is_wrong_with_the_line_is_said_plainly(county_world: World, tmp_path: Path) -> None:
    def say(first: str, county: Callable[[], bytes]) -> bytes:
        return answers[0]

    answers = [b""]
    code = county_world.code()
    with Middlebox(county_world.tls, county_world.server.port, say) as box:
        for answer, said in (
            (http("200 OK", b"<html>"), "no county answers at this address"),
            (http("503 Busy", b"<html>"), "the county did not manage; try again later"),
        ):
            answers[0] = answer
            assert said in run("enrol", code, "--county", box.address, "--data", tmp_path, code=1)
    nowhere = ("--county", "https://127.0.0.1:1", "--data", tmp_path)
    assert "no answer from the county" in run("enrol", code, *nowhere, code=1)
    assert "an address is https://" in run(
        "enrol", code, "--county", "https://[x", "--data", tmp_path, code=1
    )


def test_a_public_address_that_no_slip_can_carry_is_refused_at_once(tmp_path: Path) -> None:
    said = run("county", "serve", "--public-address", "county.example", "--data", tmp_path / "county", code=1)
    assert "--public-address: an address begins with https://" in said
    assert not (tmp_path / "county").exists()


def test_no_database_is_said_in_one_line(tmp_path: Path, postgres: str) -> None:
    assert "database_missing" in run(
        "county", "status", "--data", tmp_path, "--dsn", "postgresql://nobody@127.0.0.1:1/x", code=1
    )
    with fresh_database(postgres) as dsn:
        said = run("county", "status", "--data", tmp_path, "--dsn", dsn)
        assert said == (
            "0 rows refused now, 0 waiting for an upgrade of the county (both in quarantine), 0 conflicts open\n"
        )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("status",), "no county in"),  # a mistyped folder is not a new county
        (("staff", "add", "李"), "no county in"),
        (("import", "nowhere"), "no such folder"),
        (("enrol-code", " "), "a device needs a name"),
        (("serve", "--timezone", "Mars/Olympus"), "no zone is called Mars/Olympus"),
        (("serve", "--retain-days", "7"), "--retain-days: at least 30, or 0"),
        (("serve", "--certificate", "no.pem", "--key", "no.key", "--dsn", "DSN"), "no.pem: No such file"),
        (("serve", "--certificate", "junk", "--key", "junk", "--dsn", "DSN"), "take PEM files"),
        (
            ("serve", "--certificate", "server.pem", "--key", "authority.key", "--dsn", "DSN"),
            "not the key of",
        ),
    ],
)
def test_wrong_use_is_said_in_one_line(
    county_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    shutil.copytree(county_world.folder / "tls", tmp_path, dirs_exist_ok=True)
    (tmp_path / "junk").write_text("junk")
    monkeypatch.chdir(tmp_path)
    given = [county_world.dsn if word == "DSN" else word for word in words]
    answer = run("county", *given, "--data", "mistyped", code=1)
    assert said in answer
    assert len(answer.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("county", "serve", "--certificate", "only.pem"),
        ("county", "serve", "--port", "70000"),
        ("sync", "--once", "--to-usb", "stick"),
    ],
)
def test_what_does_not_go_together_is_wrong_use(tmp_path: Path, words: tuple[str, ...]) -> None:
    run(*words, "--data", tmp_path / "none", code=2)
    assert not (tmp_path / "none").exists()


def test_what_was_refused_once_is_not_refused_for_ever(county_world: World) -> None:
    where = ("--data", county_world.folder, "--dsn", county_world.dsn)
    store = county_world.device("a")
    with county_world.county.transaction() as tx:
        tx.execute("ALTER TABLE seekers ADD CONSTRAINT odd CHECK (assurance <> 1)")
    for number in ("11010519491231002X", "110105194912310038", "110105194912310046"):
        add_seeker(store, number)
    county_world.sync(store)
    assert "· 3 refused now (3 ever) ·" in run("county", "status", *where)
    with county_world.county.transaction() as tx:
        tx.execute("ALTER TABLE seekers DROP CONSTRAINT odd")
        events = [event for (event,) in tx.execute("SELECT event_id FROM quarantine ORDER BY seq")]
    assert release(county_world.county, events[0])
    assert discard(county_world.county, events[1])
    said = run("county", "status", *where)
    assert "· 1 refused now (3 ever) ·" in said
    assert "1 rows refused now, 0 waiting" in said
    stands = json.loads(run("county", "status", *where, "--json"))
    assert (stands["refused"], stands["deferred"], stands["conflicts"]) == (1, 0, 0)
    [device] = stands["devices"]
    assert (device["refused"], device["deferred"], device["refused_ever"]) == (1, 0, 3)


def test_codes_and_acts_for_nobody_fail(county_world: World) -> None:
    where = ("--data", county_world.folder, "--dsn", county_world.dsn)
    nobody = UUID(int=9)
    assert "nothing enrolled is" in run("county", "enrol-code", "x", "--hall", nobody, *where, code=1)
    assert "nothing enrolled is" in run("county", "enrol-code", "x", "--replaces", nobody, *where, code=1)
    assert "no such device" in run("county", "forgive", nobody, *where, code=1)
    assert "no such device" in run("county", "revoke", nobody, *where, code=1)


def test_a_person_is_found_however_the_number_is_typed(county_world: World) -> None:
    store = county_world.device("a")
    add_seeker(store, "11010519491231002X")
    county_world.sync(store)
    where = ("--data", county_world.folder, "--dsn", county_world.dsn)
    assert "样本甲" in run("county", "export", "--number", "110105 19491231 002x", *where)


def test_a_stick_that_cannot_be_used_is_said_in_one_line(county_world: World, tmp_path: Path) -> None:
    home = county_world.folder / "a"
    county_world.device("a").close()
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    where = ("--data", county_world.folder, "--dsn", county_world.dsn)
    assert "file: File exists" in run("sync", "--to-usb", tmp_path / "file", "--data", home, code=1)
    assert "nothing there" in run("sync", "--from-usb", tmp_path / "empty", "--data", home, code=1)
    assert "no device wrote" in run("county", "import", tmp_path / "empty", *where, code=1)


def test_a_device_that_is_not_enrolled_is_told_so(tmp_path: Path) -> None:
    assert "sync_not_enrolled" in run("sync", "--once", "--data", tmp_path, code=1)
