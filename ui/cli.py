"""The command line `gighall …`. Exit codes: 0 ok, 2 wrong use, 1 failed.

Every command's work stands in `ui/commands/`, imported when it is called: a scan need not load Qt.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kiosk.errors import HallError

app = typer.Typer(
    name="gighall",
    help="The gig hall kiosk (零工市场): touch screens, printing, the county link.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Data = Annotated[Path | None, typer.Option("--data", help="Folder of store and settings.")]


@app.command()
def kiosk(
    data: Data = None,
    windowed: Annotated[bool, typer.Option(help="A window instead of the full screen.")] = False,
    sample: Annotated[bool, typer.Option(help="Fill an empty store with the sample hall.")] = True,
    counter: Annotated[bool, typer.Option("--counter", help="The screens of staff at the counter.")] = False,
) -> None:
    """Start the touch app: for visitors, or with --counter for staff."""
    from ui.commands.kiosk import kiosk

    raise typer.Exit(kiosk(data, windowed=windowed, sample=sample, counter=counter))


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Where pictures, slips and the store go.")] = Path("out/demo"),
    as_json: Json = False,
) -> None:
    """Three visits by a robot on sample photos, no display needed: screenshots, slips, timings."""
    from ui.commands.demo import demo

    raise typer.Exit(demo(out, as_json=as_json))


@app.command("scan-id")
def scan_id(
    images: Annotated[list[Path], typer.Argument(help="Pictures of ID cards.")], as_json: Json = False
) -> None:
    """What the camera path reads from pictures: fields, confidence, problems. Shows what it read in full."""
    from ui.commands.scan_id import scan_id

    raise typer.Exit(scan_id(images, as_json))


@app.command("read-slip")
def read_slip(
    images: Annotated[list[Path], typer.Argument(help="Photos of slips.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """The code on photographed slips: valid, expired, used, tampered with, foreign; names are masked."""
    from ui.commands.read_slip import read_slip

    raise typer.Exit(read_slip(images, data, as_json))


@app.command("emulate-printer")
def emulate_printer(
    port: Annotated[int, typer.Option(help="TCP port on this machine; 0 picks a free one.")] = 9100,
    out: Annotated[Path, typer.Option(help="Where the pictures of the papers go.")] = Path("out/papers"),
    profile: Annotated[str, typer.Option(help="Which model it plays.")] = "generic-80",
    fault: Annotated[
        list[str] | None, typer.Option(help="A fault to show; may be given several times.")
    ] = None,
    as_json: Json = False,
) -> None:
    """A receipt printer in software: takes ESC/POS on TCP, writes each paper as a picture."""
    from ui.commands.emulate_printer import emulate_printer

    raise typer.Exit(emulate_printer(port, out, profile, fault or [], as_json))


@app.command()
def doctor(
    data: Data = None,
    audit: Annotated[bool, typer.Option("--audit", help="Only check the audit chain.")] = False,
    print_test: Annotated[
        bool, typer.Option("--print-test", help="Print a page to find the right profile by.")
    ] = False,
    printer: Annotated[
        str | None, typer.Option(help="With --print-test: try every profile on this address.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Look at store, key, clock, disk, printers, camera and settings, and say what is amiss."""
    from ui.commands.doctor import doctor

    raise typer.Exit(doctor(data, audit_only=audit, print_test=print_test, printer=printer, as_json=as_json))


def main() -> None:
    """Entry point. Errors of the hall are one line on stderr, never a traceback."""
    try:
        app()
    except HallError as error:
        typer.echo(f"gighall: {error}", err=True)
        raise SystemExit(1) from None
