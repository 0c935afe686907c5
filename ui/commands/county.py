"""`gighall county …`: the county service and what its staff do with devices from a shell."""

from __future__ import annotations

import json
import logging
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from db.county import backup, enrol, usb
from db.county.base import County
from db.county.console import staff
from db.county.console.app import routes
from db.county.errors import CountyError
from db.county.purge import export_person
from db.county.server import NAMES, OpenCounty, Place, listen, server
from db.county.service import Service
from db.county.upkeep import upkeep
from db.errors import AddressInvalid, StoreError
from db.slip_token import public_address
from kiosk import settings as settings_file
from kiosk.settings import ADDRESS_WORDS

DEVICES = """
SELECT e.device_id, e.hall_id, coalesce(h.name, ''), e.number, e.name, e.state, e.last_push_at, e.waiting, e.refused,
  e.clock_offset_ms, e.schema_version FROM enrolled e LEFT JOIN halls h ON h.id = e.hall_id ORDER BY 3, 4
"""
DEVICE_FIELDS = (
    "device",
    "hall",
    "hall_name",
    "number",
    "name",
    "state",
    "last_push",
    "waiting",
    "refused",
    "clock_offset_ms",
    "schema",
)


def place(data: Path | None, dsn: str, certificate: Path | None, key: Path | None, names: list[str]) -> Place:
    folder = data or settings_file.data_folder() / "county"
    return Place(folder, dsn, certificate, key, tuple(dict.fromkeys([*names, *NAMES])))


def serve(where: Place, host: str, port: int, public: str, as_json: bool) -> int:
    """Serves until told to stop. `public`: the address that phones open, as the slips' codes carry it; empty: none."""
    try:
        public = public_address(public)
    except AddressInvalid as error:
        print(f"gighall county: --public-address: {ADDRESS_WORDS[error.reason]}")
        return 1
    logging.basicConfig(level=logging.INFO)

    def run(county: County) -> int:
        tls = where.tls()
        listener = listen(host, port)
        address = f"https://{host}:{listener.getsockname()[1]}"
        if as_json:
            print(json.dumps({"address": address, "pin": tls.fingerprint}), flush=True)
        else:
            print(f"county service at {address}, console at {address}/console; stop with Ctrl-C", flush=True)
        try:
            pages = routes(county, tls)
            server(Service(county, tls.authority, public_address=public), tls, pages).run(sockets=[listener])
        finally:
            listener.close()
        return 0

    # a plain `kill` ends like Ctrl-C also before uvicorn listens for it: the embedded database stops in order
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return _with_county(where, run)


def enrol_code(where: Place, name: str, hall: UUID | None, replaces: UUID | None, as_json: bool) -> int:
    def make(county: County) -> int:
        full = where.tls().full_code(enrol.make_code(county, name, hall, replaces))
        print(json.dumps({"code": full}) if as_json else full)
        return 0

    return _with_county(where, make)


def revoke(where: Place, device: UUID) -> int:
    def do(county: County) -> int:
        done = enrol.revoke(county, device)
        print("revoked" if done else "no such device, or revoked before")
        return 0 if done else 1

    return _with_county(where, do)


def forgive(where: Place, device: UUID) -> int:
    def do(county: County) -> int:
        enrol.forgive(county, device)
        print("may go on")
        return 0

    return _with_county(where, do)


def backed_up(where: Place) -> int:
    def do(county: County) -> int:
        print(f"{backup.confirm(county)} devices may clear what they sent")
        return 0

    return _with_county(where, do)


def keep_up(where: Place, retain_days: int | None) -> int:
    def do(county: County) -> int:
        done = upkeep(county, timedelta(days=retain_days) if retain_days else None)
        print(f"{done.feed_lines} old feed lines dropped, {done.people} people purged by age")
        return 0

    return _with_county(where, do)


def export(where: Place, number: str) -> int:
    """Everything kept of one person, as JSON; 1 where there is nothing."""

    def do(county: County) -> int:
        found = export_person(county, number)
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0 if found else 1

    return _with_county(where, do)


def staff_add(where: Place, name: str) -> int:
    def do(county: County) -> int:
        print(staff.add(county, name))
        print("for the first sign-in at /console only; it must be changed there", file=sys.stderr)
        return 0

    return _with_county(where, do)


def staff_renew(where: Place, name: str) -> int:
    def do(county: County) -> int:
        print(staff.renew(county, name))
        return 0

    return _with_county(where, do)


def staff_stop(where: Place, name: str) -> int:
    def do(county: County) -> int:
        done = staff.stop(county, name)
        print("stopped" if done else "nobody of that name, or stopped before")
        return 0 if done else 1

    return _with_county(where, do)


def staff_list(where: Place, as_json: bool) -> int:
    def do(county: County) -> int:
        found = staff.everybody(county)
        if as_json:
            fields = ("name", "since", "must_change", "stopped")
            people = [dict(zip(fields, line, strict=True)) for line in found]
            print(json.dumps(people, default=str, ensure_ascii=False, indent=1))
            return 0
        for name, since, must_change, stopped in found:
            state = "stopped" if stopped else "first password not changed" if must_change else "active"
            print(f"{name} · since {since:%Y-%m-%d} · {state}")
        return 0

    return _with_county(where, do)


def import_stick(where: Place, folder: Path) -> int:
    def do(county: County) -> int:
        done = usb.import_stick(county, folder)
        print(f"{done.batches} batches, {done.rows} new rows, {done.answered} answers")
        for name, reason in done.refused:
            print(f"refused: {name}: {reason}")
        return 1 if done.refused else 0

    return _with_county(where, do)


def status(where: Place, as_json: bool) -> int:
    def show(county: County) -> int:
        with county.transaction() as tx:
            devices = [dict(zip(DEVICE_FIELDS, line, strict=True)) for line in tx.execute(DEVICES.encode())]
            quarantined, conflicts = tx.execute(
                "SELECT (SELECT count(*) FROM quarantine WHERE state = 'refused'),"
                " (SELECT count(*) FROM conflicts WHERE state = 'open')"
            ).fetchone() or (0, 0)
        if as_json:
            found: dict[str, Any] = {"devices": devices, "quarantined": quarantined, "conflicts": conflicts}
            print(json.dumps(found, default=str, ensure_ascii=False, indent=1))
            return 0
        for device in devices:
            last = f"{device['last_push']:%Y-%m-%d %H:%M}" if device["last_push"] else "never"
            print(
                f"{device['hall_name'] or device['hall']} · {device['number']} {device['name']} · {device['state']}"
                f" · last {last} · {device['waiting']} waiting · {device['refused']} refused · {device['device']}"
            )
        print(f"{quarantined} rows in quarantine, {conflicts} conflicts open")
        return 0

    return _with_county(where, show)


def _with_county(where: Place, do: Callable[[County], int]) -> int:
    try:
        with OpenCounty(where) as county:
            return do(county)
    except (CountyError, StoreError) as error:
        print(f"gighall county: {error.code} {error.context}")
        return 1
    except OSError as error:
        print(f"gighall county: {error.strerror}")
        return 1
    except KeyboardInterrupt:
        return 0
