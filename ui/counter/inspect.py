"""One tool looked at before it goes back to stock: accessories, damage, photos, deductions (T7; art. 5(四))."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.staff.accounts import Authority
from kiosk.tools.cards import DeductionCard, DeductionKind, LineCard, RentalCard
from kiosk.tools.inspection import Finding
from kiosk.tools.papers import FINDINGS
from kiosk.tools.words import charge_text, money
from ui.counter.photo_taker import PhotoTaker
from ui.counter.screen import CounterScreen
from ui.counter.session import Session
from ui.counter.typist import Money
from ui.counter.why import Why

DAMAGES = ("摔坏了", "缺口或裂缝", "线断了", "电机不转", "太脏，要清洗", "生锈")
NO_PHOTO = ("没有摄像头", "照片上看不出来", "本人当面认了，不用拍")


class Inspect(CounterScreen):
    page = "Inspect"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._findings: dict[str, Finding] = {}
        self._damages: dict[str, int] = {}  # words → fen
        self._missing: tuple[DeductionCard, ...] = ()
        self._pricing: str | None = None
        self._fit = True
        self._no_photo = ""
        self._asking = ""  # damage, excuse: what the panel over the screen asks
        self._photos = PhotoTaker(session, self)
        self._photos.taken.connect(self.changed)
        self._why = Why(self, NO_PHOTO, self.tr_)
        self._why.given.connect(self._given)
        self._why.changed.connect(self._why_changed)
        self._money = Money(self)
        self._money.entered.connect(self._priced)

    def enter(self) -> None:
        self.refresh()

    def leave(self) -> None:
        self._photos.close()

    photos = Property(QObject, lambda self: self._photos, constant=True)
    why = Property(QObject, lambda self: self._why, constant=True)
    asking = Property(str, lambda self: self._asking, notify=changed)
    needsPhoto = Property(bool, lambda self: self._needs_photo(), notify=changed)
    noPhoto = Property(str, lambda self: self.tr_(self._no_photo) if self._no_photo else "", notify=changed)
    missing = Property(str, lambda self: self._missing_words(), notify=changed)
    name = Property(str, lambda self: self._name(), notify=changed)
    tag = Property(str, lambda self: self._line.tag, notify=changed)
    rent = Property(str, lambda self: self._rent(), notify=changed)
    accessories = Property(list, lambda self: self._accessories(), notify=changed)
    damages = Property(list, lambda self: self._damage_rows(), notify=changed)
    deductions = Property(list, lambda self: self._deduction_rows(), notify=changed)
    total = Property(str, lambda self: money(sum(one.amount for one in self._deductions())), notify=changed)
    fit = Property(bool, lambda self: self._fit, notify=changed)
    pricing = Property(str, lambda self: self._pricing_words(), notify=changed)
    pad = Property(QObject, lambda self: self._money, constant=True)
    amount = Property(str, lambda self: f"￥{self._money.typed}" if self._money.typed else "", notify=changed)
    ready = Property(bool, lambda self: self._ready(), notify=changed)

    @property
    def _line(self) -> LineCard:
        assert self.session.work.line is not None
        return self.session.work.line

    @Slot(str, str)
    def find(self, name: str, finding: str) -> None:
        """An accessory is there, missing or damaged; the catalogue says what a missing one costs."""
        self._findings[name] = Finding(finding)
        self.changed.emit()
        line, findings = self._line.id, dict(self._findings)

        def take(suggested: tuple[DeductionCard, ...]) -> None:
            self._missing = suggested
            self.changed.emit()

        self.session.ask(lambda: self.session.desks.returns.suggest(line, findings), take)

    @Slot()
    def allThere(self) -> None:
        """Every accessory at one tap."""
        self._findings = dict.fromkeys(self._asked(), Finding.OK)
        self._missing = ()
        self.changed.emit()

    @Slot(int)
    def damage(self, at: int) -> None:
        """Chosen: it is priced; chosen again: it was nothing after all."""
        words = self._kinds()[at]
        if words in self._damages:
            del self._damages[words]
            self._pricing = None
        else:
            self._damages[words] = 0
            self._pricing = words
        self._money.clear()

    @Slot()
    def otherDamage(self) -> None:
        """In one's own words."""
        self._why.ask(())
        self._why.type(True)
        self._asking = "damage"
        self.changed.emit()

    @Slot()
    def excuse(self) -> None:
        """Why there is no photo; once more: there will be one after all."""
        self._asking = "" if self._no_photo else "excuse"
        self._no_photo = ""
        self._why.ask(NO_PHOTO)
        self.changed.emit()

    @Slot()
    def stopAsking(self) -> None:
        self._asking = ""
        self.changed.emit()

    @Slot(str)
    def _given(self, words: str) -> None:
        asked, self._asking = self._asking, ""
        if asked == "excuse":
            self._no_photo = words
            self.changed.emit()
            return
        self._damages[words] = 0
        self._pricing = words
        self._money.clear()

    @Slot()
    def _why_changed(self) -> None:
        """Words were called off: there is nothing to choose from."""
        if self._asking == "damage" and not self._why.property("typing"):
            self.stopAsking()

    @Slot()
    def pricedNow(self) -> None:
        self._pricing = None
        self._money.clear()

    @Slot(bool)
    def judge(self, fit: bool) -> None:
        self._fit = fit
        self.changed.emit()

    @Slot()
    def done(self) -> None:
        if not self._ready():
            return
        line, findings, fit = self._line.id, dict(self._findings), self._fit
        deductions, note = self._deductions(), self._note()
        desk, shelf = self.session.desks.returns, self.session.desks.photos
        pictures, excuse = self._photos.pictures, self._no_photo

        def take(card: RentalCard) -> None:
            self.session.work.rental = card
            self.session.back()
            self.session.say(self.tr_("验收好了，可以入库" if fit else "验收好了，先放一边，别入库"))

        def inspect(by: Authority) -> RentalCard:
            with shelf.kept(pictures) as names:
                return desk.inspect(by, line, findings, fit, deductions, names, note, excuse)

        self.once(inspect, take)

    def _asked(self) -> list[str]:
        return [name for name, pieces in self._line.checklist.items() if pieces]

    def _deductions(self) -> list[DeductionCard]:
        damaged = [
            DeductionCard(DeductionKind.DAMAGED, words, fen) for words, fen in self._damages.items() if fen
        ]
        return [*self._missing, *damaged]

    def _note(self) -> str:
        damaged = [name for name, finding in self._findings.items() if finding is Finding.DAMAGED]
        return "，".join(
            [
                *self._damages,
                *(FINDINGS[Finding.DAMAGED].format(name=name) for name in damaged),
            ]
        )

    def _needs_photo(self) -> bool:
        """The desk asks for a photo where something is deducted for damage, or the tool is set aside."""
        return not self._fit or any(self._damages.values())

    def _ready(self) -> bool:
        return not self._missing_words() and self._pricing is None

    def _missing_words(self) -> str:
        """What is still to be done, on the button itself."""
        if set(self._findings) != set(self._asked()):
            return self.tr_("请先点清配件")
        if not self._fit and not self._note():
            return self.tr_("请选哪里坏了")
        if self._needs_photo() and not self._photos.pictures and not self._no_photo:
            return self.tr_("请拍照，或者点“不拍照”")
        return ""

    def _kinds(self) -> list[str]:
        return [*DAMAGES, *(words for words in self._damages if words not in DAMAGES)]

    @Slot()
    def _priced(self) -> None:
        if self._pricing is not None and self._money.fen is not None:
            self._damages[self._pricing] = self._money.fen
        self.changed.emit()

    def _name(self) -> str:
        return self.session.language.pick(self._line.model.name, self._line.model.name_en)

    def _rent(self) -> str:
        words = charge_text(self._line.charge, self.session.language)
        return self.tr_(
            "租金 {money}（{derivation}）", money=money(self._line.charge.amount), derivation=words
        )

    def _pricing_words(self) -> str:
        if self._pricing is None:
            return ""
        return self.tr_("{what}：扣多少？不扣就直接点“好了”", what=self.tr_(self._pricing))

    def _accessories(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = []
        for name in self._asked():
            finding = self._findings.get(name)
            pieces = self._line.checklist[name]
            found.append({"name": name, "pieces": pieces, "finding": finding.value if finding else ""})
        return found

    def _damage_rows(self) -> list[dict[str, object]]:
        return [{"text": self.tr_(words), "chosen": words in self._damages} for words in self._kinds()]

    def _deduction_rows(self) -> list[dict[str, str]]:
        return [{"text": self.tr_(one.reason), "amount": money(one.amount)} for one in self._deductions()]
