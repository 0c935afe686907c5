"""The command line of county and device, as staff type it."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from db.models import Setting
from db.store import Store
from tests.county.world import World, fresh_database
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


def test_a_public_address_that_no_slip_can_carry_is_refused_at_once(tmp_path: Path) -> None:
    said = run("county", "serve", "--public-address", "county.example", "--data", tmp_path / "county", code=1)
    assert "--public-address: an address begins with https://" in said
    assert not (tmp_path / "county").exists()


def test_no_database_is_said_in_one_line(tmp_path: Path, postgres: str) -> None:
    assert "database_missing" in run(
        "county", "status", "--data", tmp_path, "--dsn", "postgresql://nobody@127.0.0.1:1/x", code=1
    )
    with fresh_database(postgres) as dsn:
        assert "0 rows in quarantine" in run("county", "status", "--data", tmp_path, "--dsn", dsn)


def test_a_device_that_is_not_enrolled_is_told_so(tmp_path: Path) -> None:
    assert "sync_not_enrolled" in run("sync", "--once", "--data", tmp_path, code=1)
