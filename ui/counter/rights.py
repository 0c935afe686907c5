"""个人信息: what is kept of a person, a copy for them, and its erasure by two of the staff (spec §6)."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from kiosk.county.rights import ErasureCard, ErasureReason, ErasureState, PersonCard
from kiosk.county.sticks import Stick
from kiosk.seekers.registration import Admission
from kiosk.staff.accounts import Role
from ui.counter.link import TABLES
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.troubles import SENTENCES
from ui.counter.typist import Digits
from ui.counter.words import moment_text

LONGEST = 18
LEAST_DIGITS = 4
PAUSE_MS = 250
LANE = "county"  # a stick is slow
STATES = {
    ErasureState.REQUESTED: "等另一个人批",
    ErasureState.DONE: "已删除",
    ErasureState.REFUSED: "没有同意",
}
REASONS = {ErasureReason.AGE: "到期自动删除", ErasureReason.REQUEST: "本人要求删除"}
CONTACTS = "旧岗位的联系人，到期自动删除"


class Rights(CounterScreen):
    page = "Rights"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._digits = Digits(self, LONGEST)
        self._found: tuple[PersonCard, ...] = ()
        self._person: PersonCard | None = None
        self._erasures: tuple[ErasureCard, ...] | None = None
        self._asked_for = ""
        self._sure = False
        self._working = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.find)
        self._digits.entered.connect(self._typed)

    def enter(self) -> None:
        self.refresh()
        self.session.ask(self.session.desks.rights.erasures, self._take_erasures)

    supervisor = Property(bool, lambda self: self._may(Role.SUPERVISOR), notify=changed)
    digits = Property(QObject, lambda self: self._digits, constant=True)
    typed = Property(str, lambda self: self._digits.typed, notify=changed)
    looked = Property(bool, lambda self: bool(self._asked_for), notify=changed)
    people = Property(list, lambda self: self._people(), notify=changed)
    person = Property(str, lambda self: self._person.name if self._person else "", notify=changed)
    number = Property(str, lambda self: self._person.masked_number if self._person else "", notify=changed)
    seen = Property(str, lambda self: self._seen(), notify=changed)
    kept = Property(list, lambda self: self._kept(), notify=changed)
    hold = Property(str, lambda self: self._hold(), notify=changed)
    sure = Property(bool, lambda self: self._sure, notify=changed)
    working = Property(bool, lambda self: self._working, notify=changed)
    known = Property(bool, lambda self: self._erasures is not None, notify=changed)
    erasures = Property(list, lambda self: self._list(), notify=changed)

    @Slot()
    def find(self) -> None:
        text = self._digits.typed
        if len(text) >= LEAST_DIGITS:
            self._asked_for = text
            self.session.act(lambda by: self.session.desks.rights.find(by, text), self._take)

    @Slot(int)
    def choose(self, at: int) -> None:
        self._person, self._sure = self._found[at], False
        self.changed.emit()

    @Slot()
    def putAway(self) -> None:
        """The person's card goes from the screen."""
        self._person, self._found, self._asked_for, self._sure = None, (), "", False
        self._digits.clear()

    @Slot()
    def openBans(self) -> None:
        self.session.open(Place.BANS)

    @Slot()
    def export(self) -> None:
        """Onto the stick that is plugged in."""
        person, rights, link = self._person, self.session.desks.rights, self.session.desks.link
        if person is None or self._working:
            return
        self._works(True)

        def write(sticks: tuple[Stick, ...]) -> None:
            if not sticks:
                self._works(False)
                self.session.say(self.tr_("请插上 U 盘，再点一次"), "info")
                return
            folder = sticks[0].folder
            self.once(lambda by: rights.export(by, person.id, folder), self._written, self._failed, lane=LANE)

        self.session.ask(link.sticks, write, self._failed)

    @Slot()
    def erase(self) -> None:
        """The first tap asks, the second one asks the other person."""
        person, desk = self._person, self.session.desks.rights
        if person is None:
            return
        if not self._sure:
            self._sure = True
            self.changed.emit()
            return

        def asked(_: ErasureCard) -> None:
            self.putAway()
            self.session.say(self.tr_("已申请，请另一位负责人或财务来批"))
            self.enter()

        self.once(lambda by: desk.ask_erase(by, person.id), asked)

    @Slot(str, bool)
    def decide(self, erasure: str, approve: bool) -> None:
        desk = self.session.desks.rights

        def decided(card: ErasureCard) -> None:
            self.enter()
            done = card.state is ErasureState.DONE
            self.session.say(self.tr_("删除了，会传到县里" if done else "没有删除，记下了"))

        self.once(lambda by: desk.decide(by, UUID(erasure), approve), decided)

    def scanned(self, text: str) -> None:
        """The slip of whoever stands there."""
        desks, by = self.session.desks, self.authority
        if by is None:
            return

        def look() -> PersonCard | None:
            admission: Admission = desks.seekers.admit_by_code(text)
            return desks.rights.card(by, admission.seeker.id) if admission.seeker else None

        def take(card: PersonCard | None) -> None:
            self._person, self._sure = card, False
            self.changed.emit()

        self.session.ask(look, take)

    @Slot()
    def _typed(self) -> None:
        self._found, self._person, self._asked_for = (), None, ""
        if len(self._digits.typed) >= LEAST_DIGITS:
            self._pause.start()
        self.changed.emit()

    def _take(self, found: tuple[PersonCard, ...]) -> None:
        self._found = found
        self._person = found[0] if len(found) == 1 else None
        self._sure = False
        self.changed.emit()

    def _take_erasures(self, found: tuple[ErasureCard, ...]) -> None:
        self._erasures = found
        self.changed.emit()

    def _written(self, path: Path) -> None:
        self._works(False)
        self.session.say(self.tr_("写到 U 盘了：{name}", name=path.name))

    def _failed(self, error: Exception) -> None:
        self._works(False)
        self.session.fail(error)

    def _works(self, on: bool) -> None:
        self._working = on
        self.changed.emit()

    def _may(self, role: Role) -> bool:
        return self.authority is not None and role in self.authority.roles

    def _people(self) -> list[dict[str, str]]:
        clock, language = self.session.clock, self.session.language
        return [
            {
                "text": card.name,
                "detail": card.masked_number,
                "side": moment_text(card.last_seen_at, clock, language),
            }
            for card in self._found
        ]

    def _seen(self) -> str:
        person = self._person
        if person is None:
            return ""
        return moment_text(person.last_seen_at, self.session.clock, self.session.language)

    def _kept(self) -> list[dict[str, str]]:
        """Rows of tables that a person knows by name; the others together."""
        counts: dict[str, int] = {}
        for table, count in self._person.kept if self._person else ():
            name = TABLES.get(table, "其他记录")
            counts[name] = counts.get(name, 0) + count
        return [
            {"text": self.tr_(name), "side": self.tr_("{count} 条", count=count)}
            for name, count in counts.items()
        ]

    def _hold(self) -> str:
        person = self._person
        if person is None:
            return ""
        if person.asked:
            return self.tr_("已经申请删除，等另一个人批")
        return self.tr_(SENTENCES[person.holds[0].value]) if person.holds else ""

    def _list(self) -> list[dict[str, object]]:
        clock, language = self.session.clock, self.session.language
        by = self.authority
        deciding = self._may(Role.SUPERVISOR) or self._may(Role.FINANCE)
        found: list[dict[str, object]] = []
        for card in self._erasures or ():
            waits = card.state is ErasureState.REQUESTED
            people = [name for name in (card.requested_by, card.decided_by) if name]
            said = CONTACTS if card.contacts else REASONS[card.reason]
            found.append(
                {
                    "id": str(card.id),
                    "text": card.person or self.tr_(said),
                    "detail": "　".join([moment_text(card.requested_at, clock, language), *people]),
                    "side": self.tr_(STATES[card.state]),
                    "waits": waits,
                    "mayDecide": waits
                    and deciding
                    and by is not None
                    and card.requested_by_id != by.staff_id,
                }
            )
        return found
