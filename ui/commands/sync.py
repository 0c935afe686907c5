"""`gighall enrol` and `gighall sync`: this device's link to its county."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from db.errors import StoreError
from db.file_lock import FileLock
from db.store import Store
from db.sync import usb
from db.sync.enrol import enrol as enrol_device
from db.sync.errors import SyncError
from db.sync.round import client_for, rotate, sync_once
from db.sync.schedule import Plan, SyncLoop, turn
from db.sync.state import Standing, link, standing
from kiosk import settings as settings_file
from kiosk.settings import Settings

# What an operator reads beside the code.
SENTENCES: dict[tuple[str, object], str] = {
    ("enrol_refused", "length"): "a code has eight groups of four",
    ("enrol_refused", "unknown"): "the county knows no such code",
    ("enrol_refused", "used"): "the code was used by another device: ask for a new one",
    ("enrol_refused", "over"): "the code is older than two days: ask for a new one",
    ("enrol_refused", "hall_known"): "the county knows this hall: the code must be made for it (--hall)",
    (
        "enrol_refused",
        "device_known",
    ): "the county knows this device: the code must be made to replace it (--replaces)",
    ("county_not_trusted", "fingerprint"): "mistyped code, or somebody else answers at this address",
    ("county_not_trusted", "authority"): "no county answers at this address",
    ("county_not_trusted", None): "somebody else answers at the county's address",
    ("county_unreachable", "address"): "an address is https://host or https://host:port",
    ("county_unreachable", None): "no answer from the county: look at the network and the address",
    ("county_refused", None): "the county refuses this device: ask there",
    ("county_busy", None): "the county is busy; try again later",
    ("county_failed", None): "the county did not manage; try again later",
    ("sync_not_enrolled", None): "this device has not joined a county; `gighall enrol`",
    ("link_in_use", None): "a running kiosk or counter syncs at this moment; try again",
}


def enrol(data: Path | None, code: str, county: str) -> int:
    def do(store: Store) -> int:
        with turn(store):
            reply = enrol_device(store, county, code)
        print(f"enrolled: hall {reply.hall_id}, device number {reply.device_number}")
        print("a running kiosk or counter begins to sync within a minute")
        return 0

    return _with_store(data, do)


def sync(
    data: Path | None,
    *,
    once: bool,
    to_usb: Path | None,
    from_usb: Path | None,
    new_keys: bool,
    as_json: bool,
) -> int:
    """0 done, 1 failed; without --once it goes on until stopped."""
    if to_usb is not None:
        return _with_store(data, lambda store: _stick(store, usb.write_stick, to_usb))
    if from_usb is not None:
        return _with_store(data, lambda store: _stick(store, usb.read_stick, from_usb))
    if new_keys:
        return _with_store(data, _rotate)
    if once:
        return _with_store(data, lambda store: _once(store, settings_file.load(_folder(data)), as_json))
    return _with_store(data, lambda store: _loop(store, settings_file.load(_folder(data)), as_json))


def _once(store: Store, settings: Settings, as_json: bool) -> int:
    try:
        with turn(store), client_for(link(store), settings.county.timeout) as client:
            report = sync_once(store, client)
    finally:
        _say(standing(store), as_json)
    if not as_json:
        print(f"{report.pushed} rows up, {report.pulled} down")
    return 0


def _loop(store: Store, settings: Settings, as_json: bool) -> int:
    ended = threading.Event()
    loop = SyncLoop(
        store,
        plan(settings),
        busy=FileLock(store.path.with_name("visit.lock")).held,  # a kiosk on this store serves somebody
        told=lambda stands: _say(stands, as_json),
        timeout=settings.county.timeout,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    loop.start()
    ended.wait()
    return 0 if loop.stop() else 1


def plan(settings: Settings) -> Plan:
    """kiosk.toml [county] as the loop takes it."""
    county = settings.county
    return Plan(
        time.fromisoformat(county.nightly),
        ZoneInfo(settings.timezone),
        timedelta(minutes=county.spread_minutes),
        timedelta(minutes=county.every_minutes),
    )


def _rotate(store: Store) -> int:
    with turn(store):
        rotate(store)
    print("this device has new keys")
    return 0


def _stick(store: Store, carry: Callable[[Store, Path], usb.StickReport], folder: Path) -> int:
    with turn(store):
        return _say_stick(carry(store, folder))


def _say_stick(report: usb.StickReport) -> int:
    if not report.files:
        return _failed("nothing there for this device")
    print(f"{report.files} files, {report.rows} rows; {report.skipped} files not for us or taken before")
    return 0


def _say(stands: Standing, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(stands), default=str), flush=True)
        return
    last = f"{stands.last_success_at:%Y-%m-%d %H:%M} UTC" if stands.last_success_at else "never"
    trouble = f"; trouble: {stands.trouble}" if stands.trouble else ""
    print(f"last sync {last}; {stands.waiting} rows wait, {stands.refused} refused{trouble}", flush=True)


def _folder(data: Path | None) -> Path:
    return data or settings_file.data_folder()


def _with_store(data: Path | None, do: Callable[[Store], int]) -> int:
    try:
        store = Store.open(_folder(data))
    except StoreError as error:
        return _failed(error.code)
    try:
        return do(store)
    except (SyncError, StoreError) as error:
        said = SENTENCES.get((error.code, error.context.get("reason")), SENTENCES.get((error.code, None)))
        return _failed(f"{said} ({error})" if said else str(error))
    except OSError as error:  # a stick that is full, read only or gone
        return _failed(": ".join(filter(None, (error.filename, error.strerror or str(error)))))
    finally:
        store.close()


def _failed(why: str) -> int:
    print(f"gighall: {why}", file=sys.stderr)
    return 1
