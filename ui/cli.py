"""The command line `gighall …`. Exit codes: 0 ok, 2 wrong use, 1 failed.

Every command's work stands in `ui/commands/`, imported when it is called: a scan need not load Qt.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from kiosk.errors import HallError
from kiosk.settings import Retention

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


@app.command()
def enrol(
    code: Annotated[str, typer.Argument(help="The one-time code from the county.")],
    county: Annotated[str, typer.Option(help="The county service's address, https://host:port.")],
    data: Data = None,
) -> None:
    """Let this device join its county: once, with a code from there."""
    from ui.commands.sync import enrol

    raise typer.Exit(enrol(data, code, county))


@app.command()
def sync(
    data: Data = None,
    once: Annotated[bool, typer.Option("--once", help="One round, then end.")] = False,
    to_usb: Annotated[Path | None, typer.Option(help="Write what waits to this folder of a stick.")] = None,
    from_usb: Annotated[Path | None, typer.Option(help="Read the county's answers from a stick.")] = None,
    new_keys: Annotated[bool, typer.Option("--new-keys", help="Change this device's keys.")] = False,
    as_json: Json = False,
) -> None:
    """Bring the hall's rows to the county and fetch what is new there."""
    from ui.commands.sync import sync

    if sum((once, to_usb is not None, from_usb is not None, new_keys)) > 1:
        raise typer.BadParameter("one of --once, --to-usb, --from-usb, --new-keys at a time")
    code = sync(data, once=once, to_usb=to_usb, from_usb=from_usb, new_keys=new_keys, as_json=as_json)
    raise typer.Exit(code)


county_app = typer.Typer(name="county", help="The county service and its devices.", no_args_is_help=True)
app.add_typer(county_app)

Dsn = Annotated[
    str, typer.Option(envvar="GIGHALL_DSN", help="PostgreSQL; empty: the embedded one, in --data.")
]
CountyData = Annotated[Path | None, typer.Option("--data", help="Folder of keys, certificates, database.")]
Host = Annotated[list[str] | None, typer.Option("--name", help="A host name or address of the service.")]
Certificate = Annotated[Path | None, typer.Option(help="PEM chain; else a local authority is made.")]
CertificateKey = Annotated[Path | None, typer.Option("--key", help="The certificate's key.")]
PublicAddress = Annotated[
    str, typer.Option(help="Where phones reach this service: the codes on slips become links below it.")
]


@county_app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="TCP port; 0 picks a free one.", min=0, max=65535)] = 8443,
    data: CountyData = None,
    dsn: Dsn = "",
    name: Host = None,
    certificate: Certificate = None,
    key: CertificateKey = None,
    public_address: PublicAddress = "",
    timezone: Annotated[str, typer.Option(help="Of the console's times and months.")] = "Asia/Shanghai",
    retain_days: Annotated[
        int,
        typer.Option(
            min=0, help="Purge people not seen, and contacts of postings ended, for so long; 0: nobody."
        ),
    ] = Retention().seeker_days,  # as a hall keeps them
    as_json: Json = False,
) -> None:
    """Serve the county link over HTTPS, and the console of the county's staff, until Ctrl-C or a plain `kill`.

    The embedded PostgreSQL stops with the last `county` command that uses it. Killed hard (-9), it goes on; the next
    command takes it over.
    """
    from ui.commands import county

    where = county.place(data, dsn, certificate, key, name or [])
    raise typer.Exit(county.serve(where, host, port, public_address, timezone, retain_days, as_json))


@county_app.command("enrol-code")
def enrol_code(
    device_name: Annotated[str, typer.Argument(help="What people call the device.")],
    hall: Annotated[UUID | None, typer.Option(help="The hall it joins; empty: it brings a new hall.")] = None,
    replaces: Annotated[UUID | None, typer.Option(help="A known device that is enrolled again.")] = None,
    data: CountyData = None,
    dsn: Dsn = "",
    name: Host = None,
    certificate: Certificate = None,
    key: CertificateKey = None,
    as_json: Json = False,
) -> None:
    """Make a one-time code, good for two days, for one device."""
    from ui.commands import county

    where = county.place(data, dsn, certificate, key, name or [])
    raise typer.Exit(county.enrol_code(where, device_name, hall, replaces, as_json))


@county_app.command()
def revoke(device: UUID, data: CountyData = None, dsn: Dsn = "") -> None:
    """Refuse a lost device from now on."""
    from ui.commands import county

    raise typer.Exit(county.revoke(county.place(data, dsn, None, None, []), device))


@county_app.command()
def forgive(device: UUID, data: CountyData = None, dsn: Dsn = "") -> None:
    """Let a device that was taken for a clone go on."""
    from ui.commands import county

    raise typer.Exit(county.forgive(county.place(data, dsn, None, None, []), device))


staff_app = typer.Typer(name="staff", help="Who may sign in to the county console.", no_args_is_help=True)
county_app.add_typer(staff_app)
StaffName = Annotated[str, typer.Argument(help="As this person types it to sign in.")]


@staff_app.command("add")
def staff_add(name: StaffName, data: CountyData = None, dsn: Dsn = "") -> None:
    """Let somebody sign in; prints a password that is good for the first time only."""
    from ui.commands import county

    raise typer.Exit(county.staff_add(county.place(data, dsn, None, None, []), name))


@staff_app.command("renew")
def staff_renew(name: StaffName, data: CountyData = None, dsn: Dsn = "") -> None:
    """Another first password, for somebody who forgot theirs."""
    from ui.commands import county

    raise typer.Exit(county.staff_renew(county.place(data, dsn, None, None, []), name))


@staff_app.command("stop")
def staff_stop(name: StaffName, data: CountyData = None, dsn: Dsn = "") -> None:
    """Let somebody in no longer, and sign them out."""
    from ui.commands import county

    raise typer.Exit(county.staff_stop(county.place(data, dsn, None, None, []), name))


@staff_app.command("list")
def staff_list(data: CountyData = None, dsn: Dsn = "", as_json: Json = False) -> None:
    """Everybody who may or might sign in."""
    from ui.commands import county

    raise typer.Exit(county.staff_list(county.place(data, dsn, None, None, []), as_json))


@county_app.command("backed-up")
def backed_up(data: CountyData = None, dsn: Dsn = "") -> None:
    """Tell devices that what the county has is backed up, so that they may clear it."""
    from ui.commands import county

    raise typer.Exit(county.backed_up(county.place(data, dsn, None, None, [])))


@county_app.command("import")
def import_stick(
    folder: Annotated[Path, typer.Argument(help="The stick's folder.")],
    data: CountyData = None,
    dsn: Dsn = "",
) -> None:
    """Take what devices wrote to a stick, and write the answers beside it."""
    from ui.commands import county

    raise typer.Exit(county.import_stick(county.place(data, dsn, None, None, []), folder))


@county_app.command()
def upkeep(
    retain_days: Annotated[
        int | None,
        typer.Option(min=30, help="Purge people not seen, and contacts of postings ended, for so long."),
    ] = None,
    data: CountyData = None,
    dsn: Dsn = "",
) -> None:
    """Drop what has grown old now; `serve` does it every night."""
    from ui.commands import county

    raise typer.Exit(county.keep_up(county.place(data, dsn, None, None, []), retain_days))


@county_app.command()
def export(
    number: Annotated[
        str, typer.Option(prompt="ID number", hide_input=True, help="Asked for when left out.")
    ],
    data: CountyData = None,
    dsn: Dsn = "",
) -> None:
    """Everything the county keeps of one person, as JSON."""
    from ui.commands import county

    raise typer.Exit(county.export(county.place(data, dsn, None, None, []), number))


@county_app.command()
def status(data: CountyData = None, dsn: Dsn = "", as_json: Json = False) -> None:
    """Halls and devices with last sync, backlog and refusals."""
    from ui.commands import county

    raise typer.Exit(county.status(county.place(data, dsn, None, None, []), as_json))


def main() -> None:
    """Entry point. Errors of the hall are one line on stderr, never a traceback."""
    try:
        app()
    except HallError as error:
        typer.echo(f"gighall: {error}", err=True)
        raise SystemExit(1) from None
