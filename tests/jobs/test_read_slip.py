"""`gighall read-slip`: photos in, one JSON array out."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import cv2
import numpy as np
import pytest

from db.models import Referral, ReferralState, SkillLevel
from db.store import FILE, Store
from kiosk.clock import Clock
from kiosk.identity.document import Assurance, IdentityDocument, Sex
from kiosk.identity.slip_code import CodeKind, SlipCode, SlipCodes
from kiosk.jobs.board import JobBoard
from kiosk.jobs.cards import Handover, JobQuery
from kiosk.jobs.referrals import ReferralDesk
from kiosk.sample_hall import fill
from kiosk.seekers.registration import RegistrationDesk
from kiosk.settings import Settings
from printing import glyphs
from ui.commands.read_slip import read_slip

PERSON = IdentityDocument(
    Assurance.CHIP, "张样三", Sex.MALE, "汉", date(1988, 1, 1), "样本路 1 号", "130534198801010011"
)


@pytest.fixture(scope="module")
def handed_over(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Handover]:
    """A hall of today (the command looks at the real clock) that gave out one slip."""
    folder = tmp_path_factory.mktemp("hall")
    clock, settings = Clock(ZoneInfo("Asia/Shanghai")), Settings()
    store = Store.open(folder)
    fill(store, clock)
    codes = SlipCodes(store.keys.own_slip_key)
    board = JobBoard(store, settings, clock)
    seeker = RegistrationDesk(store, settings, clock, codes).register(
        PERSON, datetime.now(UTC), "13900000000", frozenset(), {"bricklayer": SkillLevel.NONE}
    )
    posting = board.find(JobQuery(), seeker).ids[0]
    slip = ReferralDesk(store, settings, clock, codes, board).refer(seeker, posting)
    store.close()
    return folder, slip


@pytest.fixture
def slip_picture(handed_over: tuple[Path, Handover], tmp_path: Path) -> Path:
    """The slip as printed, turned a little on a grey table."""
    paper = cv2.imdecode(np.frombuffer(handed_over[1].preview, np.uint8), cv2.IMREAD_COLOR)
    assert paper is not None
    rows, columns = paper.shape[:2]
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), 8, 0.9)
    path = tmp_path / "slip.jpg"
    cv2.imwrite(str(path), cv2.warpAffine(paper, turn, (columns, rows), borderValue=(120, 120, 120)))
    return path


def drawn(path: Path, text: str) -> Path:
    dots = np.pad(glyphs.enlarge(glyphs.qr_matrix(text), 8), 60)
    cv2.imwrite(str(path), np.where(dots, 0, 255).astype(np.uint8))
    return path


def told(capsys: pytest.CaptureFixture[str], images: list[Path], data: Path) -> list[dict[str, Any]]:
    assert read_slip(images, data, as_json=True) == 0
    entries: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert [entry["file"] for entry in entries] == [str(path) for path in images]
    return entries


def test_one_object_a_picture_each_told_apart(
    handed_over: tuple[Path, Handover],
    slip_picture: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder, slip = handed_over
    valid = told(capsys, [slip_picture], folder)[0]
    assert valid["problem"] is None
    code = valid["codes"][0]
    assert (code["standing"], code["slip_number"], code["repeated"]) == ("valid", slip.slip_number, False)
    assert (code["seeker"], code["job"]) == ("张*三", slip.job.title)
    assert datetime.fromisoformat(code["valid_until"]) == slip.valid_until.replace(second=0, microsecond=0)

    text = code["text"]
    swapped = text[:9] + ("B" if text[9] != "B" else "C") + text[10:]
    tampered = drawn(tmp_path / "tampered.png", swapped)
    foreign = drawn(tmp_path / "foreign.png", SlipCodes(bytes(32)).make(SlipCode(CodeKind.MATCH_SLIP, 1, 1)))
    link = drawn(tmp_path / "link.png", "https://example.org/menu")
    empty = tmp_path / "empty.png"
    cv2.imwrite(str(empty), np.full((400, 400), 200, np.uint8))
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    pictures = [slip_picture, tampered, foreign, link, empty, broken, tmp_path / "missing.png", slip_picture]
    entries = told(capsys, pictures, folder)
    standings = [entry["codes"][0]["standing"] if entry["codes"] else None for entry in entries]
    assert standings == ["valid", "tampered", "foreign", "foreign", None, None, None, "valid"]
    assert [entry["problem"] for entry in entries] == [
        *[None] * 4,
        "no_code",
        "not_a_picture",
        "not_a_picture",
        None,
    ]
    assert [entry["codes"][0]["repeated"] for entry in (entries[0], entries[-1])] == [False, True]


def test_a_slip_whose_result_is_confirmed_is_used(
    handed_over: tuple[Path, Handover], slip_picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, slip = handed_over
    for state, standing in ((ReferralState.FINISHED, "used"), (ReferralState.ISSUED, "valid")):
        store = Store.open(folder)
        with store.write() as session:
            session.get_one(Referral, slip.referral).state = state
        store.close()
        code = told(capsys, [slip_picture], folder)[0]["codes"][0]
        assert (code["standing"], code["state"]) == (standing, state.value)


def test_people_get_one_line_a_code(
    handed_over: tuple[Path, Handover], slip_picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, slip = handed_over
    assert read_slip([slip_picture], folder, as_json=False) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == str(slip_picture)
    assert lines[1].split()[:2] == ["有效", slip.slip_number]


def test_without_a_store_codes_are_read_but_not_judged_and_none_is_made(
    slip_picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "nothing"
    code = told(capsys, [slip_picture], empty)[0]["codes"][0]
    assert code["standing"] is None
    assert len(code["text"]) == 21
    assert not empty.exists()


def test_a_store_that_does_not_open_is_told(
    slip_picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / FILE).write_bytes(b"x" * 4096)
    assert read_slip([slip_picture], tmp_path, as_json=True) == 1
    assert "store_" in capsys.readouterr().err
