"""是您本人吗？ — what was read, masked, with every contradiction shown (S2)."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from kiosk.identity import number
from kiosk.identity.document import Assurance, Sex
from ui.visit.problems import sentence
from ui.visit.screen import Screen

_SOURCES = {
    Assurance.TYPED: "在屏幕上输入的",
    Assurance.SLIP: "从以前的单子认出的",
    Assurance.CAMERA: "从身份证上看到的",
    Assurance.STAFF: "工作人员看过证件",
    Assurance.CHIP: "从身份证芯片读到的",
}
_SEXES = {Sex.MALE: "男", Sex.FEMALE: "女"}


class Confirm(Screen):
    page = "Confirm"
    changed = Signal()

    def enter(self) -> None:
        self.refresh()

    name = Property(str, lambda self: self._name(), notify=changed)
    sex = Property(str, lambda self: self._sex(), notify=changed)
    born = Property(str, lambda self: self._born(), notify=changed)
    number = Property(str, lambda self: self._number(), notify=changed)
    source = Property(str, lambda self: self._source(), notify=changed)
    known = Property(bool, lambda self: self.session.visit.seeker is not None, notify=changed)
    questions = Property(list, lambda self: self._questions(), notify=changed)

    @Slot()
    def yes(self) -> None:
        self.session.visit.confirm()
        self.session.go()

    @Slot()
    def no(self) -> None:
        self.session.not_me()

    def _name(self) -> str:
        visit = self.session.visit
        if visit.document is not None and visit.document.name:
            return number.mask_name(visit.document.name)
        return visit.seeker.masked_name if visit.seeker else ""

    def _sex(self) -> str:
        visit = self.session.visit
        found = visit.seeker.sex if visit.seeker else visit.document.sex if visit.document else None
        if found is None and visit.document and visit.document.number:
            found = number.sex(visit.document.number)
        return self.tr_(_SEXES[found]) if found else ""

    def _born(self) -> str:
        visit = self.session.visit
        birth = visit.seeker.birth if visit.seeker else None
        if birth is None and visit.document:
            birth = number.birth(visit.document.number or "") or visit.document.birth
        return self.tr_("{year} 年出生", year=birth.year) if birth else ""

    def _number(self) -> str:
        visit = self.session.visit
        masked = visit.seeker.masked_number if visit.seeker else ""
        if visit.document and visit.document.number:
            masked = number.mask(visit.document.number)
        return " ".join(part for part in (masked[:6], masked[6:14], masked[14:]) if part)

    def _source(self) -> str:
        document = self.session.visit.document
        return self.tr_(_SOURCES[document.assurance if document else Assurance.SLIP])

    def _questions(self) -> list[str]:
        return [self.tr_(sentence(problem)) for problem in dict.fromkeys(self.session.questions)]
