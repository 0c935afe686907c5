"""`gighall demo`: three visits by a robot on the sample hall, on real parts and without a display.

Photos go through the card reader, slips over a socket into the emulated printer, rows into a real store. What it
leaves in the folder: `screens/`, `slips/`, `store/`, `summary.json`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PIL import Image
from sqlalchemy import func, select

from db.models import AuditEntry, DailyCount, OutboxRow, PrintJob, Record, Referral, Seeker
from db.store import Store
from kiosk.clock import Clock
from kiosk.sample_hall import fill
from kiosk.settings import Camera, Printer, Settings
from printing.emulator import PrinterEmulator
from printing.emulator_paper import Dots
from printing.profile import profile

if TYPE_CHECKING:
    from ui.demo_show import Timing

PROFILE = "generic-80"
MARK = "summary.json"


def demo(out: Path, *, as_json: bool) -> int:
    """Run it; 0 done, 1 the robot got stuck, 2 `out` holds something that is not a demo's."""
    if out.exists() and any(out.iterdir()) and not (out / MARK).is_file():
        print(f"{out} is not empty and not an earlier demo; name another folder with --out", file=sys.stderr)
        return 2
    shutil.rmtree(out, ignore_errors=True)
    for part in ("screens", "slips"):
        (out / part).mkdir(parents=True)
    (out / MARK).write_text("{}")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

    from ui.demo_show import RobotStuck

    try:
        timings, rows = _play(out)
    except RobotStuck as stuck:
        print(f"the robot got stuck: {stuck}", file=sys.stderr)
        return 1
    slips = sorted((out / "slips").iterdir())
    summary = {
        "visits": [asdict(timing) for timing in timings],
        "rows": rows,
        "screens": str(out / "screens"),
        "slips": [str(slip) for slip in slips],
    }
    (out / MARK).write_text(json.dumps(summary, ensure_ascii=False, indent=1))
    if as_json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        _print_summary(out, timings, rows, slips)
    return 0


def _play(out: Path) -> tuple[list[Timing], dict[str, int]]:
    from ui.demo_show import Show

    slips = 0

    def keep(paper: Dots) -> None:
        nonlocal slips
        slips += 1
        Image.fromarray(~paper).save(out / "slips" / f"slip-{slips:02d}.png")

    store = Store.open(out / "store")
    try:
        with PrinterEmulator(profile(PROFILE), on_paper=keep) as printer:
            settings = Settings(printers=(Printer(printer.address, PROFILE),), camera=Camera(source=""))
            clock = Clock(ZoneInfo(settings.timezone))
            fill(store, clock)
            show = Show(out / "screens", store, settings, clock)
            show.play()
        return show.timings, _rows(store)
    finally:
        store.close()


def _rows(store: Store) -> dict[str, int]:
    """What was written, by table, and how many under 16 were turned away."""
    tables: tuple[type[Record], ...] = (Seeker, Referral, PrintJob, AuditEntry)
    with store.read() as session:
        rows = {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        }
        rows["outbox"] = session.scalar(select(func.count()).select_from(OutboxRow)) or 0
        rows["under_16_refused"] = session.scalar(select(func.sum(DailyCount.amount))) or 0
    return rows


def _print_summary(out: Path, timings: list[Timing], rows: dict[str, int], slips: list[Path]) -> None:
    print(f"{'visit':<14}{'step':<26}{'ms':>6}")
    for timing in timings:
        print(f"{timing.visit:<14}{timing.step:<26}{timing.ms:>6}")
    print("rows:     " + ", ".join(f"{count} {table}" for table, count in rows.items()))
    print(f"screens:  {out / 'screens'} ({len(list((out / 'screens').iterdir()))} pictures)")
    print(f"slips:    {', '.join(map(str, slips))}")
    print(f"store:    {out / 'store'}")
