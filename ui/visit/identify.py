"""The camera looks at the card by itself; typing and looking around stand beside it (S1)."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot
from PySide6.QtGui import QImage

from kiosk.errors import HallError, InputInvalid
from kiosk.identity.document import Problem, Reading
from kiosk.seekers.registration import Admission
from ui.visit.eyes import Watch
from ui.visit.problems import sentence
from ui.visit.screen import Screen
from ui.visit.session import IDENTITY_LANE, Session


class Identify(Screen):
    page = "Identify"
    changed = Signal()
    framed_ = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._watch: Watch | None = None
        self._state = "starting"  # starting, watching, reading, blind
        self._problem: Problem | None = None
        self._refused = ""
        self._frame = 0

    def enter(self) -> None:
        self._state, self._problem, self._refused = "starting", None, ""
        self.refresh()
        self._look()

    def leave(self) -> None:
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        self.session.pictures.camera.clear()

    state = Property(str, lambda self: self._state, notify=changed)
    hint = Property(str, lambda self: self._hint(), notify=changed)
    problem = Property(bool, lambda self: bool(self._problem or self._refused), notify=changed)
    frame = Property(int, lambda self: self._frame, notify=framed_)

    @Slot()
    def typeNumber(self) -> None:
        self.session.visit.type_number()
        self.session.go()

    @Slot()
    def lookAround(self) -> None:
        self.session.visit.look_around()
        self.session.go()

    def _look(self) -> None:
        watch = self.session.desks.eyes.watch(self)
        watch.framed.connect(self._show)
        watch.hinted.connect(self._hinted)
        watch.read.connect(self._take)
        watch.code_read.connect(self._code)
        watch.blind.connect(self._blind)
        self._watch = watch
        watch.start()

    @Slot(QImage)
    def _show(self, image: QImage) -> None:
        if self._watch is None:
            return  # left meanwhile
        self.session.pictures.camera.put(image)
        self._frame += 1
        self.framed_.emit()
        if self._state in {"starting", "blind"}:
            self._state = "watching"
            self.changed.emit()

    @Slot(object)
    def _take(self, reading: Reading) -> None:
        if self._watch is None:
            return
        if not reading.usable or reading.document is None:
            self._tell(reading.problems[0] if reading.problems else None)
            self._watch.start_again()
            return
        document, problems, desk = reading.document, reading.problems, self.session.desks.registration
        self._state, self._problem, self._refused = "reading", None, ""
        self.changed.emit()
        self.session.background.run(
            lambda: desk.admit(document, problems),
            lambda admission: self.session.admitted(admission, document),
            self._not_admitted,
            lane=IDENTITY_LANE,
        )

    @Slot(object)
    def _hinted(self, problem: Problem | None) -> None:
        if self._watch is not None and self._state != "reading":
            self._tell(problem)

    @Slot(str)
    def _code(self, text: str) -> None:
        if self._watch is None or self._state == "reading":
            return
        self._state = "reading"
        self.changed.emit()
        desk = self.session.desks.registration

        def known(admission: Admission) -> None:
            self.session.admitted(admission, None)

        self.session.background.run(lambda: desk.admit_by_code(text), known, self._not_admitted)

    def _not_admitted(self, error: Exception) -> None:
        """A card or a slip that cannot stand is told here, and the looking goes on."""
        if not isinstance(error, HallError):
            self.session.fail(error)
            return
        self._state = "watching"
        if self._watch is not None:
            self._watch.start_again()
        if isinstance(error, InputInvalid):
            self._tell(Problem(str(error.context.get("reason", Problem.NUMBER_UNREAD))))
        else:
            self._refused = self.tr_("这张单子的码用不了，请放上身份证")
            self.changed.emit()

    def _tell(self, problem: Problem | None) -> None:
        if (problem, "") != (self._problem, self._refused) or self._state != "watching":
            self._state = "watching"
            self._problem, self._refused = problem, ""
            self.changed.emit()

    @Slot()
    def _blind(self) -> None:
        if self._watch is not None:
            self._state = "blind"
            self.changed.emit()

    def _hint(self) -> str:
        if self._state == "blind":
            return self.tr_("摄像头现在用不了，请输入号码")
        if self._state == "reading":
            return self.tr_("看清了，正在核对…")
        if self._refused:
            return self._refused
        if self._problem is not None:
            return self.tr_(sentence(self._problem))
        if self._state == "starting":
            return self.tr_("正在打开摄像头…")
        return self.tr_("把身份证有照片的一面放进框里，别动")
