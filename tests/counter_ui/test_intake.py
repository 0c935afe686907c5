"""批量入库 by tapping: a spreadsheet from a stick, its errors line by line, asked for by one, approved by another."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

import assets
from db.models import PrintJob, StockRequest, Tool
from kiosk.errors import InputInvalid
from kiosk.tools import files
from kiosk.tools.files import Folder, Where
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk
from tests.tools.shop import Shop
from ui.counter.session import Place
from ui.shell import LANDSCAPE, PORTRAIT

BOSS, CLERK, SECOND, FINANCE = range(4)
SAMPLE = assets.ROOT / "samples" / "tools" / "intake.xlsx"


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick that is plugged in, and nothing else anywhere."""
    folder = tmp_path / "KINGSTON"
    folder.mkdir()
    monkeypatch.setattr("ui.counter_app.usual_folders", lambda data: (Folder(Where.STICK, folder),))
    return folder


def sheet(path: Path, *rows: tuple[str | float | datetime, ...]) -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def tools(shop: Shop) -> int:
    with shop.store.read() as session:
        return session.scalar(select(func.count()).select_from(Tool)) or 0


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
def test_a_spreadsheet_from_the_stick_to_the_shelf(
    make_clerk: MakeClerk, shop: Shop, size: object, stick: Path, tmp_path: Path
) -> None:
    (stick / "新工具.xlsx").write_bytes(SAMPLE.read_bytes())
    before = tools(shop)
    clerk = make_clerk(shop.store, shop.counter.clock, size=size).sign_in(CLERK)
    clerk.tapped("tile_stock", "takeIn").stands(Place.INTAKE)
    clerk.picture(tmp_path / "files.png")
    clerk.tapped("file0")
    assert clerk.see("good")
    clerk.picture(tmp_path / "checked.png")
    wanted = clerk.counter.session.desks.intake.read(stick / "新工具.xlsx")
    clerk.tapped("sendIntake")
    clerk.picture(tmp_path / "why.png")
    clerk.tapped("why0").stands(Place.STOCK)
    assert tools(shop) == before
    assert clerk.message.startswith(f"{wanted.tools} 件工具申请好了")
    clerk.tapped("home", "tile_requests")
    assert clerk.see("requests")[0]["batch"]
    clerk.tapped("look0")
    assert clerk.named("approveBatch") == []  # a keeper does not decide
    clerk.tapped("lock").sign_in(FINANCE)
    assert {tile["place"]: tile["badge"] for tile in clerk.see("tiles")}["requests"] == "1"
    clerk.tapped("tile_requests")
    clerk.picture(tmp_path / "waiting.png")
    clerk.tapped("look0")
    assert len(clerk.see("lines")) == len(wanted.rows)
    clerk.picture(tmp_path / "lines.png")
    clerk.tapped("approveBatch")
    assert clerk.see("requests") == []
    assert tools(shop) == before + wanted.tools
    with shop.store.read() as session:
        tags = session.scalar(select(func.count()).select_from(PrintJob).where(PrintJob.kind == "tool_tag"))
    assert tags == wanted.tools


def test_every_wrong_line_is_told_and_nothing_stored(
    counter_at: Clerk, shop: Shop, stick: Path, tmp_path: Path
) -> None:
    sheet(
        stick / "错的.xlsx",
        ("二〇二六年新购工具",),
        ("型号", "数量", "单价（元）", "编号", "存放位置", "购买日期"),
        ("榔头", 2, 25.5, "LT-1、LT-2", "A 架", "2026-11-01"),
        ("不存在的", 1, 10, "", "", ""),
        ("榔头", "两把", "", "", "", ""),
        ("榔头", 900, 10, "", "", "2027-01-01"),
        ("榔头", 2, 10, "LT-1", "", "昨天"),
    )
    counter_at.tapped("file0")
    assert not counter_at.see("good")
    told = [(row["line"], row["side"], row["text"]) for row in counter_at.see("rows")]
    assert told == [
        ("第 4 行", "型号", "型号表里没有“不存在的”"),
        ("第 5 行", "数量", "“两把”不是数字"),
        ("第 5 行", "单价（元）", "没有填"),
        ("第 6 行", "数量", "要在 1 到 500 之间"),
        ("第 6 行", "购买日期", "“2027-01-01”还没到"),
        ("第 7 行", "购买日期", "“昨天”不是日期，要写成 2026-11-20"),
        ("第 7 行", "编号", "编号有 1 个，和数量对不上"),
        ("第 7 行", "编号", "编号“LT-1”在表里写了两次"),
    ]
    counter_at.picture(tmp_path / "errors.png")
    assert counter_at.named("sendIntake") == []
    counter_at.tapped("otherFile")
    assert counter_at.see("state") == "files"
    with shop.store.read() as session:
        assert session.scalar(select(func.count()).select_from(StockRequest)) == 0


@pytest.fixture
def counter_at(make_clerk: MakeClerk, shop: Shop, stick: Path) -> Clerk:
    """The keeper stands before the empty list of files."""
    clerk = make_clerk(shop.store, shop.counter.clock).sign_in(CLERK).tapped("tile_stock", "takeIn")
    clerk.stands(Place.INTAKE)

    class Late(Clerk):
        """Files laid on the stick are seen by looking again."""

        def tapped(self, *names: str) -> Clerk:
            if names == ("file0",):
                super().tapped("lookAgain")
            return super().tapped(*names)

    return Late(clerk.counter, clerk._qtbot)


def torn(path: Path) -> None:
    path.write_bytes(SAMPLE.read_bytes()[:3000])


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a", "w") as part:
        for _ in range(210):
            part.write(bytes(1_000_000))


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty.xlsx": (lambda path: path.write_bytes(b""), "表里没有内容"),
    "heading_only.csv": (lambda path: path.write_text("型号,数量,单价\n", "utf-8"), "表里没有内容"),
    "blank.xlsx": (lambda path: sheet(path), "表里没有内容"),
    "torn.xlsx": (torn, "文件不完整"),
    "photo.xlsx": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000)), "文件里不是表格"),
    "old.xlsx": (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), "旧格式"),
    "binary.csv": (lambda path: path.write_bytes(b"\xff\xfe\xff\xd8\x00"), "文件里不是表格"),
    "huge.csv": (lambda path: path.write_bytes(b"x" * 5_000_001), "文件太大"),
    "bomb.xlsx": (bomb, "文件太大"),
    "long.csv": (lambda path: path.write_text("型号,数量,单价\n" + "榔头,1,1\n" * 501, "utf-8"), "文件太大"),
    "many.csv": (lambda path: path.write_text("型号,数量,单价\n" + "榔头,500,1\n" * 2, "utf-8"), "工具太多"),
    "columns.csv": (lambda path: path.write_text("名称,数量\n榔头,1\n", "utf-8"), "单价（元）"),
}


def test_every_bad_file_has_its_own_words(counter_at: Clerk, stick: Path, tmp_path: Path) -> None:
    for name, (make, words) in BAD.items():
        for old in stick.iterdir():
            old.unlink()
        make(stick / name)
        counter_at.tapped("file0")
        assert words in counter_at.see("trouble"), name
        assert counter_at.see("state") == "files"
        if name == "columns.csv":
            counter_at.picture(tmp_path / "bad.png")


def test_a_stick_that_was_pulled_out(counter_at: Clerk, stick: Path) -> None:
    (stick / "新工具.xlsx").write_bytes(SAMPLE.read_bytes())
    Clerk.tapped(counter_at, "lookAgain")
    (stick / "新工具.xlsx").unlink()
    Clerk.tapped(counter_at, "file0")
    assert "文件不见了" in counter_at.see("trouble")


def test_nothing_found_and_the_template(counter_at: Clerk, stick: Path, tmp_path: Path) -> None:
    assert counter_at.see("files") == []
    counter_at.picture(tmp_path / "nothing.png")
    counter_at.tapped("writeTemplate")
    assert counter_at.message == "模板“工具入库模板.xlsx”写到U 盘了"
    assert len(counter_at.see("files")) == 1
    counter_at.tapped("file0")
    assert "表里没有内容" in counter_at.see("trouble")  # a template is to be filled in first
    counter_at.tapped("writeTemplate")
    assert (stick / "工具入库模板 2.xlsx").is_file()


def test_sticks_are_read_from_the_mounts(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw 0 0\n"
        "/dev/sdb1 /media/hall/我的\\040U盘 vfat rw 0 0\n"
        "/dev/sdc1 /run/media/hall/B exfat rw 0 0\n",
        "utf-8",
    )
    assert files.sticks(mounts) == (Path("/media/hall/我的 U盘"), Path("/run/media/hall/B"))
    assert files.sticks(tmp_path / "no such file") == ()


def test_files_are_looked_for_two_levels_deep(tmp_path: Path) -> None:
    for at, name in enumerate(
        ("a.xlsx", "below/b.CSV", "below/deep/c.xlsx", ".hidden/d.xlsx", "~$a.xlsx", "e.txt")
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        os.utime(path, (1_000_000 + at, 1_000_000 + at))
    finder = files.FileFinder(lambda: (Folder(Where.STICK, tmp_path),))
    assert [file.name for file in finder.find(files.SHEETS)] == ["b.CSV", "a.xlsx"]
    beside = files.FileFinder(lambda: (Folder(Where.DATA, tmp_path),))
    assert [file.name for file in beside.find(files.SHEETS)] == ["a.xlsx"]


def test_a_template_goes_where_there_is_room(tmp_path: Path) -> None:
    gone, here = Folder(Where.STICK, tmp_path / "pulled out"), Folder(Where.DOWNLOADS, tmp_path)
    written = files.FileFinder(lambda: (gone, here)).write("模板.xlsx", b"x")
    assert (written.where, written.path) == (Where.DOWNLOADS, tmp_path / "模板.xlsx")
    with pytest.raises(InputInvalid) as refused:
        files.FileFinder(lambda: (gone,)).write("模板.xlsx", b"x")
    odd = Folder(Where.STICK, written.path)  # neither written to nor cleaned up, like a write-protected stick
    assert files.FileFinder(lambda: (odd, here)).write("模板.xlsx", b"x").path == tmp_path / "模板 2.xlsx"
    assert refused.value.context["reason"] == "nowhere"
