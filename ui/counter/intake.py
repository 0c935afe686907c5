"""批量入库: a spreadsheet is chosen, checked line by line, and asked for as one; another person approves it (T8).

Nothing is stored before everything in it stands.
"""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from kiosk.errors import HallError, InputInvalid
from kiosk.tools.files import FoundFile, Where
from kiosk.tools.intake import (
    COLUMNS,
    HEADINGS,
    MOST_LINES,
    MOST_OF_ONE,
    MOST_TOOLS,
    Intake,
    IntakeError,
    Progress,
)
from kiosk.tools.words import money
from ui.counter.screen import CounterScreen
from ui.counter.session import Session
from ui.counter.why import Why
from ui.counter.words import moment_text

LOOK_MS = 120  # how often a long piece of work is looked at
MOST_SHOWN = 200
PLACES = {Where.STICK: "U 盘", Where.DOWNLOADS: "下载", Where.DATA: "本机资料夹"}
FILE_TROUBLES = {
    "missing": "文件不见了。U 盘是不是拔了？插好再找一次",
    "unreadable": "文件读不出来。U 盘是不是拔了？插好再找一次",
    "wrong_type": "这种文件不行。请在电脑上另存为 .xlsx 或 .csv",
    "old_format": "这是旧格式或加了密码的表。请另存为 .xlsx，不加密码",
    "torn": "文件不完整，可能没有拷贝完。请再拷贝一次",
    "not_a_sheet": "文件里不是表格。请用表格软件另存为 .xlsx",
    "empty": "表里没有内容。请填好再来",
    "too_large": "文件太大。一次最多 {lines} 行，请分成几个文件",
    "too_many": "工具太多。一次最多 {tools} 件，请分成几个文件",
    "columns": "表里没有这几列：{columns}。第一行要写列名，可以用模板",
    "nowhere": "没有地方写。请插上 U 盘再试",
}
LINE_TROUBLES = {
    "empty": "没有填",
    "unknown": "型号表里没有“{value}”",
    "not_a_number": "“{value}”不是数字",
    "not_a_date": "“{value}”不是日期，要写成 2026-11-20",
    "future": "“{value}”还没到",
    "range": "“{value}”太大或太小",
    "twice": "编号“{value}”在表里写了两次",
    "taken": "编号“{value}”已经有工具在用",
    "count": "编号有 {value} 个，和数量对不上",
}
REASONS = ("新购置", "上级配发", "社会捐赠", "补充库存")
NAMES = {field: heading for heading, field in reversed(HEADINGS.items()) if heading in COLUMNS}


class IntakeScreen(CounterScreen):
    page = "Intake"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._state = "files"  # files, reading, checked, why, sending
        self._files: tuple[FoundFile, ...] | None = None
        self._chosen: FoundFile | None = None
        self._intake: Intake | None = None
        self._trouble = ""
        self._progress = Progress()
        self._why = Why(self, REASONS, self.tr_)
        self._why.given.connect(self._send)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.changed)

    def enter(self) -> None:
        self.refresh()
        self.lookAgain()

    def leave(self) -> None:
        self._timer.stop()

    state = Property(str, lambda self: self._state, notify=changed)
    known = Property(bool, lambda self: self._files is not None, notify=changed)
    files = Property(list, lambda self: self._file_rows(), notify=changed)
    fileName = Property(str, lambda self: self._chosen.name if self._chosen else "", notify=changed)
    trouble = Property(str, lambda self: self._trouble, notify=changed)
    good = Property(bool, lambda self: self._good, notify=changed)
    summary = Property(str, lambda self: self._summary(), notify=changed)
    remark = Property(str, lambda self: self._remark(), notify=changed)
    rows = Property(list, lambda self: self._rows(), notify=changed)
    done = Property(float, lambda self: self._share(), notify=changed)
    progress = Property(str, lambda self: self._progress_text(), notify=changed)
    why = Property(QObject, lambda self: self._why, constant=True)

    @Slot()
    def lookAgain(self) -> None:
        """Sticks come and go."""
        self._to("files")
        self._chosen = self._intake = None
        self._trouble = ""
        self.session.ask(self.session.desks.intake.files, self._take_files, self._no_files)

    @Slot(int)
    def choose(self, at: int) -> None:
        if self._state != "files" or self._files is None:
            return
        chosen = self._chosen = self._files[at]
        self._trouble, progress = "", Progress()
        self._progress = progress
        self._to("reading")
        self.session.ask(
            lambda: self.session.desks.intake.read(chosen.path, progress), self._take, self._refused
        )

    @Slot()
    def writeTemplate(self) -> None:
        self.session.ask(self.session.desks.intake.write_template, self._written, self._refused)

    @Slot()
    def askWhy(self) -> None:
        if self._good:
            self._why.ask()
            self._to("why")

    @Slot()
    def goBack(self) -> None:
        """From the question back to the lines."""
        self._to("checked")

    def scanned(self, text: str) -> None:
        """Nothing is scanned here."""

    @property
    def _good(self) -> bool:
        return self._intake is not None and not self._intake.errors and bool(self._intake.rows)

    @Slot(str)
    def _send(self, reason: str) -> None:
        intake, desk = self._intake, self.session.desks.requests
        if intake is None or self._state != "why":
            return
        progress = self._progress = Progress(0, len(intake.rows))
        self._to("sending")

        def sent(_: object) -> None:
            self.session.back()
            self.session.say(self.tr_("{n} 件工具申请好了，等负责人或财务批", n=intake.tools))

        def failed(error: Exception) -> None:
            self._to("checked")
            self.session.fail(error)

        self.once(lambda by: desk.take_in(by, intake, reason, progress), sent, failed)

    def _to(self, state: str) -> None:
        self._state = state
        if state in ("reading", "sending"):
            self._timer.start()
        else:
            self._timer.stop()
        self.changed.emit()

    def _take_files(self, files: tuple[FoundFile, ...]) -> None:
        self._files = files
        self.changed.emit()

    def _no_files(self, error: Exception) -> None:
        self._files = ()
        self.session.fail(error)
        self.changed.emit()

    def _take(self, intake: Intake) -> None:
        self._intake = intake
        self._to("checked")

    def _refused(self, error: Exception) -> None:
        """What is wrong with the whole file is told where its lines would stand."""
        reason = str(error.context.get("reason")) if isinstance(error, HallError) else ""
        if isinstance(error, InputInvalid) and reason in FILE_TROUBLES:
            missing = str(error.context.get("missing", "")).split(",")
            columns = self.tr_("、").join(NAMES[one] for one in missing if one in NAMES)
            self._trouble = self.tr_(
                FILE_TROUBLES[reason], columns=columns, lines=MOST_LINES, tools=MOST_TOOLS
            )
        else:
            self.session.fail(error)
        self._to("files")

    def _written(self, file: FoundFile) -> None:
        where = self.tr_(PLACES[file.where])
        self.session.say(self.tr_("模板“{name}”写到{place}了", name=file.name, place=where))
        self.session.ask(self.session.desks.intake.files, self._take_files)

    def _file_rows(self) -> list[dict[str, object]]:
        clock, language = self.session.clock, self.session.language
        return [
            {
                "text": file.name,
                "detail": "　".join(
                    (
                        self.tr_(PLACES[file.where]),
                        file.folder,
                        moment_text(file.changed_at, clock, language),
                        f"{max(1, round(file.size / 1000)):,} KB",
                    )
                ),
                "glyph": "usb" if file.where is Where.STICK else "file-spreadsheet",
            }
            for file in self._files or ()
        ]

    def _summary(self) -> str:
        intake = self._intake
        if intake is None:
            return ""
        if intake.errors:
            lines = len({error.line for error in intake.errors})
            return self.tr_("有 {n} 行不对，改好再来。现在一行也没有存", n=lines)
        return self.tr_(
            "{lines} 行都对，一共 {tools} 件，{money}",
            lines=len(intake.rows),
            tools=intake.tools,
            money=money(intake.amount),
        )

    def _remark(self) -> str:
        intake = self._intake
        if intake is None or intake.errors or not intake.new_places:
            return ""
        return self.tr_("新的存放点：{names}", names=self.tr_("、").join(intake.new_places))

    def _rows(self) -> list[dict[str, object]]:
        intake = self._intake
        if intake is None:
            return []
        if intake.errors:
            rows = [self._error(error) for error in intake.errors[:MOST_SHOWN]]
            left = len(intake.errors) - len(rows)
        else:
            rows = [
                {
                    "line": self.tr_("第 {n} 行", n=row.line),
                    "text": f"{row.model_name} × {row.quantity}",
                    "detail": "　".join(
                        part
                        for part in (
                            self.tr_("、").join(row.labels),
                            row.place,
                            row.bought_on.isoformat() if row.bought_on else "",
                            row.note,
                        )
                        if part
                    ),
                    "side": money(row.price),
                    "bad": False,
                }
                for row in intake.rows[:MOST_SHOWN]
            ]
            left = len(intake.rows) - len(rows)
        if left:
            more = self.tr_("还有 {n} 条，没有列出来", n=left)
            rows.append({"line": "", "text": more, "detail": "", "side": "", "bad": bool(intake.errors)})
        return rows

    def _error(self, error: IntakeError) -> dict[str, object]:
        words = self.tr_(LINE_TROUBLES[error.reason], value=error.value[:20])
        if error.field == "quantity" and error.reason == "range":
            words = self.tr_("要在 1 到 {most} 之间", most=MOST_OF_ONE)
        return {
            "line": self.tr_("第 {n} 行", n=error.line),
            "text": words,
            "detail": "",
            "side": NAMES[error.field],  # as it stands in the file
            "bad": True,
        }

    def _share(self) -> float:
        progress = self._progress
        return progress.done / progress.total if progress.total else 0.0

    def _progress_text(self) -> str:
        if self._state == "sending":
            return self.tr_("正在登记，{n} / {total}", n=self._progress.done, total=self._progress.total)
        return self.tr_("正在检查，已经看了 {n} 行", n=self._progress.done)
