"""What one match slip costs: bytes on the line and host time, ours beside every other way, in one run.

    python -m tests.bench.slips [--json] [--runs 300]

`bytes_vs_raster` and `bytes_vs_receiptline` are ours divided by theirs; `host_p95_ms` is values → slip → layout →
bytes with a code not seen before. receiptline runs where node and npm are; otherwise its keys are null and
`receiptline_note` says why.

The fault run (`lost`, `doubled`) is in `tests.bench.slip_faults`; `main` adds its keys when it is there.
"""

import argparse
import importlib
import importlib.util
import io
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from escpos.printer import Dummy
from PIL import Image

from printing import bitmap, escpos
from printing.layout import TextLine, lay_out
from printing.profile import Profile, profile
from printing.slip import Align, Code, Cut, Feed, Line, Pair, Row, Rule, Slip
from printing.slips.match_slip import match_slip
from tests.printing.samples import MATCH

MODEL = "generic-80"
BAUD = 19200
BITS = 10  # a byte on a serial line, with its start and stop bit


def timed(work: Callable[[int], object], runs: int) -> dict[str, float]:
    """Milliseconds of `work(number of the run)`: median and 95th percentile."""
    took = []
    for run in range(runs):
        begin = time.perf_counter()
        work(run)
        took.append((time.perf_counter() - begin) * 1000)
    return {
        "p50_ms": round(float(np.percentile(took, 50)), 3),
        "p95_ms": round(float(np.percentile(took, 95)), 3),
    }


def ours(model: Profile, runs: int) -> dict[str, Any]:
    begin = time.perf_counter()
    data = escpos.encode(match_slip(MATCH), model)
    first = (time.perf_counter() - begin) * 1000

    def fresh(run: int) -> bytes:
        return escpos.encode(match_slip(replace(MATCH, code=f"GH1-4XQ7K2M9ZT3VB8NR{run:05d}")), model)

    drawn = replace(model, native_qr=False)

    def fresh_drawn(run: int) -> bytes:
        return escpos.encode(match_slip(replace(MATCH, code=f"GH1-5XQ7K2M9ZT3VB8NR{run:05d}")), drawn)

    def fresh_preview(run: int) -> bytes:
        return bitmap.preview(match_slip(replace(MATCH, code=f"GH1-6XQ7K2M9ZT3VB8NR{run:05d}")), model)

    return {
        "bytes": len(data),
        "host_first_ms": round(first, 1),
        "host_p95_ms": timed(fresh, runs)["p95_ms"],
        "host_drawn_qr_p95_ms": timed(fresh_drawn, runs)["p95_ms"],
        "bytes_drawn_qr": len(escpos.encode(match_slip(MATCH), drawn)),
        "preview_first_ms": round(timed(fresh_preview, 1)["p50_ms"], 1),
        "preview_warm_ms": timed(fresh_preview, runs)["p50_ms"],
        "wire_19200_s": round(len(data) * BITS / BAUD, 2),
    }


def raster(slip: Slip, model: Profile) -> bytes:
    """The whole picture as GS v 0, the way POS boxes print: no smaller encoding of it exists in ESC/POS."""
    (page,) = bitmap.render(slip, model)
    rows = np.packbits(page, axis=1)
    size = rows.shape[1].to_bytes(2, "little") + rows.shape[0].to_bytes(2, "little")
    return b"".join((b"\x1b@\x1dv0\x00", size, rows.tobytes(), model.cut))


def escpos_image(slip: Slip, model: Profile) -> bytes:
    """python-escpos `image()` of the picture."""
    printer = Dummy(profile="TM-T20II")  # 576 dots, as ours
    printer.image(Image.open(io.BytesIO(bitmap.preview(slip, model))))
    printer.cut()
    return bytes(printer.output)


def escpos_text(slip: Slip, model: Profile) -> bytes:
    """python-escpos text mode, the same lines and the native code."""
    printer = Dummy()
    for item in lay_out(slip, model):
        if isinstance(item, TextLine):
            bold = any(run.bold for run in item.runs)
            printer.set(
                align=item.align.value, bold=bold, double_width=item.size == 2, double_height=item.size == 2
            )
            printer.text("".join(run.text for run in item.runs) + "\n")
    printer.qr(MATCH.code, native=True, size=6, ec=1)
    printer.cut()
    return bytes(printer.output)


def receiptline_document(slip: Slip) -> str:
    """The same slip in receiptline's markdown."""
    lines: list[str] = []
    for part in slip.parts:
        match part:
            case Line(text, align, size, bold):
                marked = _marked(text, size, bold)
                lines += [f"|{marked}" if align is Align.LEFT else marked]
            case Pair(left, right):
                lines += [f"{_marked(left)} | {_marked(right)}"]
            case Row(cells):
                texts = " |".join(_marked(cell.text, 1, cell.bold) for cell in cells)
                lines += [f"{{w:{cells[0].width},*}}", f"|{texts} |", "{w:auto}"]
            case Rule():
                lines += ["---"]
            case Code(text):
                lines += [f"{{c:{text};o:qrcode,6,m}}"]
            case Feed():
                lines += [""]
            case Cut():
                lines += ["="]
    return "\n".join(lines)


def _marked(text: str, size: int = 1, bold: bool = False) -> str:
    escaped = "".join(f"\\{ch}" if ch in '\\|{}~_"`^' else ch for ch in text)
    return "^^^" * (size == 2) + (f'"{escaped}"' if bold else escaped)


_NODE = """
const {transform} = require('receiptline');
const doc = require('fs').readFileSync(0, 'utf8');
const printer = {cpl: 48, encoding: 'gb18030', command: 'escpos', spacing: true};
const took = [];
let out;
for (let i = 0; i < 200; i++) {
  const begin = process.hrtime.bigint();
  out = transform(doc, printer);
  took.push(Number(process.hrtime.bigint() - begin) / 1e6);
}
took.sort((a, b) => a - b);
console.log(JSON.stringify({bytes: Buffer.from(out, 'binary').length, p95_ms: took[190]}));
"""


def receiptline(slip: Slip) -> dict[str, Any]:
    """Bytes and time of receiptline, installed into a folder that goes away; or why not."""
    absent: dict[str, Any] = {"receiptline_bytes": None, "receiptline_p95_ms": None}
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return {**absent, "receiptline_note": "no node or npm on this machine"}
    with tempfile.TemporaryDirectory() as folder:
        install = [
            npm,
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
            folder,
            "receiptline",
        ]
        try:
            subprocess.run(install, check=True, capture_output=True, timeout=120)
            script = Path(folder, "bench.js")
            script.write_text(_NODE, encoding="utf-8")
            told = subprocess.run(
                [node, str(script)],
                input=receiptline_document(slip).encode(),
                check=True,
                capture_output=True,
                timeout=60,
            )
        except (subprocess.SubprocessError, OSError) as error:
            return {**absent, "receiptline_note": type(error).__name__}
    found = json.loads(told.stdout)
    return {
        "receiptline_bytes": found["bytes"],
        "receiptline_p95_ms": round(found["p95_ms"], 3),
        "receiptline_note": "",
    }


def measure(runs: int) -> dict[str, Any]:
    """Every figure of the bench, one flat object."""
    model = profile(MODEL)
    result = ours(model, runs)
    slip = match_slip(MATCH)
    few = max(3, runs // 20)
    for name, way in (("raster", raster), ("escpos_image", escpos_image), ("escpos_text", escpos_text)):
        result[f"{name}_bytes"] = len(way(slip, model))
        result[f"{name}_p95_ms"] = timed(lambda _, way=way: way(slip, model), few)["p95_ms"]  # type: ignore[misc]
    result["escpos_text_lost_characters"] = escpos_text(slip, model).count(b"?")
    result |= receiptline(slip)
    result["bytes_vs_raster"] = round(result["bytes"] / result["raster_bytes"], 5)
    theirs = result["receiptline_bytes"]
    result["bytes_vs_receiptline"] = round(result["bytes"] / theirs, 4) if theirs else None
    result["raster_wire_19200_s"] = round(result["raster_bytes"] * BITS / BAUD, 2)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--runs", type=int, default=300)
    wanted = parser.parse_args()
    result = measure(wanted.runs)
    if importlib.util.find_spec("tests.bench.slip_faults"):
        faults: Any = importlib.import_module("tests.bench.slip_faults")
        result |= faults.run(1000)
    if wanted.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for key, value in result.items():
        print(f"{key:32} {value}")


if __name__ == "__main__":
    main()
