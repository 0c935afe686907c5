"""`gighall emulate-printer`: a receipt printer in software; every paper becomes a PNG."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path

from PIL import Image

from printing.emulator import Fault, FaultKind, PrinterEmulator
from printing.emulator_paper import Dots
from printing.profile import profiles


def emulate_printer(port: int, out: Path, profile: str, faults: list[str], as_json: bool) -> int:
    """Serve until interrupted. One line a paper: its path, or a JSON object. 2: wrong use, 1: port taken."""
    model = profiles().get(profile)
    if model is None:
        print(f"no such profile: {profile}; there are {', '.join(sorted(profiles()))}", file=sys.stderr)
        return 2
    try:
        wanted = tuple(map(Fault.parse, faults))
    except ValueError as error:
        known = ", ".join(FaultKind)
        print(f"no such fault: {error}; KIND[@BYTES][~SECONDS], KIND one of {known}", file=sys.stderr)
        return 2
    out.mkdir(parents=True, exist_ok=True)
    count = 0

    def on_paper(paper: Dots) -> None:
        nonlocal count
        count += 1
        path = out / f"slip-{count:04d}.png"
        Image.fromarray(~paper).save(path)
        rows, width = paper.shape
        line = {"event": "paper", "path": str(path), "width": width, "height": rows}
        print(json.dumps(line) if as_json else path, flush=True)

    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in _SIGNALS}
    try:
        with PrinterEmulator(model, port=port, faults=wanted, on_paper=on_paper) as emulator:
            ready = {"event": "ready", "address": emulator.address, "profile": profile}
            print(json.dumps(ready) if as_json else f"# {emulator.address}", flush=True)
            stop.wait()
            for unknown in emulator.log:
                print(f"# unknown command at {unknown}", file=sys.stderr)
    except OSError as error:
        print(f"cannot listen on 127.0.0.1:{port}: {error.strerror}", file=sys.stderr)
        return 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


_SIGNALS = (signal.SIGINT, signal.SIGTERM)
