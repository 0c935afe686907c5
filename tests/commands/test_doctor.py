"""`gighall doctor` on real stores, real sockets, and things that are broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from db.models import AuditEntry
from db.store import FILE, Store
from printing.delivery import Deadlines
from printing.emulator import Fault, FaultKind, PrinterEmulator
from printing.errors import Reason
from printing.profile import Completion, profile, profiles
from ui.commands.doctor import doctor


def look(
    folder: Path, capsys: pytest.CaptureFixture[str], **asked: Any
) -> tuple[int, dict[str, dict[str, str]]]:
    wishes: dict[str, Any] = {"audit_only": False, "print_test": False, "printer": None, **asked}
    code = doctor(folder, as_json=True, **wishes)
    return code, {finding["what"]: finding for finding in json.loads(capsys.readouterr().out)}


def test_a_whole_hall_is_well(hall: Store, capsys: pytest.CaptureFixture[str]) -> None:
    (hall.path.parent / "kiosk.toml").write_text('[camera]\nsource = ""\n')
    code, found = look(hall.path.parent, capsys)
    assert code == 0
    assert {found[what]["health"] for what in ("key", "audit", "cash and tools", "rows", "clock")} == {"ok"}
    assert found["slip key"] == {
        "what": "slip key",
        "health": "ok",
        "words": "this device's own, until it joins a hall",
    }


def test_no_store_yet_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = look(tmp_path / "nothing", capsys)
    assert code == 0
    assert found["store"]["health"] == "look"
    assert not (tmp_path / "nothing").exists()


def test_a_store_that_does_not_open_is_bad_and_left(hall: Store, capsys: pytest.CaptureFixture[str]) -> None:
    folder = hall.path.parent
    hall.close()
    (folder / FILE).write_bytes(b"torn" * 2000)
    before = (folder / FILE).read_bytes()
    code, found = look(folder, capsys)
    assert code == 1
    assert found["store"]["health"] == "bad"
    assert (folder / FILE).read_bytes() == before


def test_settings_that_cannot_be_used_name_their_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kiosk.toml").write_text("language = 'zh'\n\n[idle]\nwarn_after = 'soon'\n")
    code, found = look(tmp_path, capsys)
    assert code == 1
    assert "kiosk.toml:4" in found["settings"]["words"]


def test_a_changed_audit_line_is_found(hall: Store, capsys: pytest.CaptureFixture[str]) -> None:
    with hall._writer.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {AuditEntry.__tablename__} SET act = 'nothing' WHERE number = 1")
    code, found = look(hall.path.parent, capsys, audit_only=True)
    assert code == 1
    assert list(found) == ["audit"]
    assert "line 1" in found["audit"]["words"]


@pytest.mark.parametrize(
    ("fault", "health"), [(None, "ok"), (FaultKind.PAPER_OUT, "bad"), (FaultKind.NEAR_END, "look")]
)
def test_a_printer_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: FaultKind | None, health: str
) -> None:
    with PrinterEmulator(profile("epson-tm-t82"), faults=(Fault(fault),) if fault else ()) as printer:
        (tmp_path / "kiosk.toml").write_text(f'[[printers]]\naddress = "{printer.address}"\n')
        _, found = look(tmp_path, capsys)
    assert found[f"printer {printer.address}"]["health"] == health


def test_the_test_page_comes_out_for_every_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    times = Deadlines(report=2.0, answer=0.5)  # this printer knows neither Epson's report nor its clearing
    with PrinterEmulator(profile("generic-80")) as printer:
        _, found = look(tmp_path, capsys, print_test=True, printer=printer.address, deadlines=times)
        papers = printer.papers
    assert len(found) == len(profiles())
    epson = {name for name, model in profiles().items() if model.completion is Completion.PROCESS_ID}
    unheard = {what.split()[2] for what, finding in found.items() if finding["words"] == Reason.NO_REPORT}
    assert len(epson) > 1
    assert epson <= unheard  # the first was waited for, the others print without the question
    assert len(papers) == sum(bool(model.cut) for model in profiles().values())  # the others hang together


def test_the_test_page_comes_out_of_a_printer_that_answers_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with PrinterEmulator(profile("generic-80"), faults=(Fault(FaultKind.MUTE),)) as printer:
        (tmp_path / "kiosk.toml").write_text(f'[[printers]]\naddress = "{printer.address}"\n')
        _, found = look(tmp_path, capsys, print_test=True)
        papers = printer.papers
    assert [finding["health"] for finding in found.values()] == ["look"]
    assert len(papers) == 1


def test_help_and_wrong_use_from_the_shell() -> None:
    gighall = Path(sys.executable).with_name("gighall")
    assert subprocess.run([gighall, "doctor", "--help"], capture_output=True, check=False).returncode == 0
    assert subprocess.run([gighall, "doctor", "--nonsense"], capture_output=True, check=False).returncode == 2


def test_files_that_no_row_names_are_counted(hall: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert look(hall.path.parent, capsys)[1]["files"]["health"] == "ok"
    slip = hall.path.with_name("slips") / "01-000001.png"
    slip.parent.mkdir()
    slip.touch()
    os.utime(slip, (0, 0))
    found = look(hall.path.parent, capsys)[1]["files"]
    assert found["health"] == "look"
    assert found["words"].startswith("1 ")
