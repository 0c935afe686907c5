"""One visitor's session: the visit, what was read and asked so far, and the way to the desks.

A new visitor gets a new session; wiping is dropping this object (design §6). It holds no rule: `kiosk.visit` decides
what comes next, the desks decide what is allowed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from uuid import UUID

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

import assets
from kiosk.clock import Clock
from kiosk.county.link import LinkDesk, LinkTrouble
from kiosk.hall import HallCard, HallDesk, NoticeCard
from kiosk.identity import number
from kiosk.identity.document import IdentityDocument, Problem
from kiosk.jobs.board import JobBoard
from kiosk.jobs.cards import BoardSummary, Handover, JobQuery
from kiosk.jobs.referrals import ReferralDesk
from kiosk.jobs.taken import TakenSlips
from kiosk.language import CHINESE, ENGLISH, Language
from kiosk.printing_desk import PrintDesk
from kiosk.seekers.card import SeekerCard
from kiosk.seekers.registration import Admission, AdmissionKind, RegistrationDesk
from kiosk.settings import Settings
from kiosk.tools.borrowers import BorrowerDesk
from kiosk.tools.cards import RentalCard
from kiosk.tools.photos import PhotoShelf
from kiosk.tools.rental import RentalDesk
from kiosk.tools.stock import StockDesk
from kiosk.visit import Step, Visit
from ui.background import Background
from ui.errors_text import Next, Trouble, Who, describe, explain
from ui.images import LastPicture
from ui.pictures import KeptPhotos
from ui.visit.eyes import Eyes
from ui.visit.link_words import TROUBLES

log = logging.getLogger("gighall.ui")
NOBODY = UUID(int=0)
IDENTITY_LANE = "identity"  # the county may be asked: nothing else waits for that


@dataclass(frozen=True)
class Desks:
    """Everything a visit asks the hall for."""

    registration: RegistrationDesk
    board: JobBoard
    referrals: ReferralDesk
    printing: PrintDesk
    hall: HallDesk
    stock: StockDesk
    rental: RentalDesk
    borrowers: BorrowerDesk
    photos: PhotoShelf
    taken: TakenSlips
    link: LinkDesk
    eyes: Eyes


@dataclass(frozen=True)
class Pictures:
    camera: LastPicture
    slip: LastPicture
    photos: KeptPhotos  # of tools


class Session(QObject):
    """`moved`: the visit may stand at another step. `ended`: wipe everything and welcome the next."""

    moved = Signal()
    ended = Signal()
    spoken = Signal()  # the language changed
    hall_known = Signal()
    handed = Signal()  # the slip asked for is there
    forgotten = Signal()  # the person, not the visit
    staff_called = Signal()

    def __init__(
        self,
        desks: Desks,
        settings: Settings,
        clock: Clock,
        background: Background,
        pictures: Pictures,
        seconds_left: Callable[[], int],
    ) -> None:
        """`seconds_left`: until the last screen goes by itself."""
        super().__init__()
        self.desks = desks
        self.settings = settings
        self.clock = clock
        self.background = background
        self.pictures = pictures
        self.seconds_left = seconds_left
        self.language = Language(settings.language)
        self.visit = Visit()
        self.questions: tuple[Problem, ...] = ()
        self.typed_number = ""
        self.query = JobQuery()
        self.handover: Handover | None = None
        self.wish: RentalCard | None = None  # the tools asked for
        self.topic = ""
        self.notice: NoticeCard | None = None
        self.trouble: Trouble | None = None
        self._noted: UUID | None = None  # the known seeker whose coming was written down
        self.has_staff_door = False
        self.hall: HallCard | None = None
        self.summary: BoardSummary | None = None
        self.link_sign: tuple[str, str] | None = (
            None  # for staff who pass by: what is amiss, what to do; msgids
        )

    # --- the way ------------------------------------------------------------------------------------

    @property
    def started(self) -> bool:
        """Whether there is anything to wipe."""
        return self.visit.step not in {Step.ATTRACT, Step.HOME} or self.visit.consent_at is not None

    @property
    def hall_name(self) -> str:
        return self.hall.name if self.hall else ""

    def go(self) -> None:
        self.moved.emit()

    def end(self) -> None:
        self.ended.emit()

    def help(self) -> None:
        self.visit.aside(Step.HELP)
        self.go()

    def explain_topic(self, topic: str) -> None:
        self.topic, self.notice = topic, None
        self.visit.aside(Step.NOTICE)
        self.go()

    def read_notice(self, notice: NoticeCard) -> None:
        self.topic, self.notice = "", notice
        self.visit.aside(Step.NOTICE)
        self.go()

    def switch_language(self) -> None:
        self.language.set(ENGLISH if self.language.code == CHINESE else CHINESE)
        self.spoken.emit()

    # --- the desks ----------------------------------------------------------------------------------

    def refresh_hall(self) -> None:
        """The hall's name and today's figures; without them the welcome screen still stands."""

        def take(found: tuple[HallCard, BoardSummary, LinkTrouble | None]) -> None:
            self.hall, self.summary, sign = found
            self.link_sign = TROUBLES[sign] if sign is not None else None
            self.hall_known.emit()

        def neither(error: Exception) -> None:
            log.error("hall unknown: %s", describe(error))

        desks = self.desks

        def look() -> tuple[HallCard, BoardSummary, LinkTrouble | None]:
            desks.referrals.lapse_due()  # openings nobody came for are free again
            return desks.hall.hall(), desks.board.summary(), desks.link.state().sign

        self.background.run(look, take, neither)

    def admit(self, document: IdentityDocument, questions: tuple[Problem, ...] = ()) -> None:
        """A source read somebody: ask the desk who that is."""
        desk = self.desks.registration
        self.background.run(
            lambda: desk.admit(document, questions),
            lambda admission: self.admitted(admission, document),
            lane=IDENTITY_LANE,
        )

    def admitted(self, admission: Admission, document: IdentityDocument | None) -> None:
        self.questions = admission.questions
        if admission.kind is AdmissionKind.UNDER_AGE:
            self.forget_reading()
            self.visit.refused()
        else:
            self.visit.identified(document, admission.seeker, admission.certain)
        self.go()

    def not_me(self) -> None:
        """Somebody else stands there: nothing of the first person stays, the consent does."""
        self.forget_reading()
        self.visit.not_me()
        self.query, self.handover, self.wish = JobQuery(), None, None
        self.pictures.slip.clear()
        self.forgotten.emit()
        self.go()

    def forget_reading(self) -> None:
        self.questions, self.typed_number = (), ""
        self.pictures.camera.clear()

    def save_person(self, then: Callable[[], object]) -> None:
        """Write down what the hall may know by now; a visitor who only looks around is not written down."""
        visit = self.visit
        document, consent_at, seeker = visit.document, visit.consent_at, visit.seeker
        phone, hardship, trades = visit.phone, visit.hardship, visit.trades
        desk = self.desks.registration
        if seeker is not None and visit.confirmed and self._noted != seeker.id:
            # the screen need not wait for this: somebody known is here again and has agreed anew
            self._noted = seeker.id
            self.background.run(partial(desk.update, seeker.id, consent_at=consent_at), lane="notes")
        if (
            phone is None
            or hardship is None
            or trades is None
            or not visit.confirmed
            or self._known_as(seeker)
        ):
            then()
            return
        if seeker is not None:
            save = partial(desk.update, seeker.id, phone, hardship, trades)
        elif document is not None and consent_at is not None:
            save = partial(desk.register, document, consent_at, phone, hardship, trades)
        else:
            then()
            return

        def saved(card: SeekerCard) -> None:
            self._noted = card.id
            visit.registered(card)
            visit.hardship = card.hardship
            then()

        self.background.run(save, saved)

    def save_borrower(
        self, then: Callable[[SeekerCard], object], or_else: Callable[[Exception], object]
    ) -> None:
        """Write down whoever asks for a tool: identity and phone; work is another matter."""
        visit, desk = self.visit, self.desks.registration
        document, consent_at, seeker, phone = visit.document, visit.consent_at, visit.seeker, visit.phone
        if seeker is not None:
            save = partial(desk.update, seeker.id, phone, consent_at=consent_at)
        elif document is not None and consent_at is not None and phone is not None:
            hardship, trades = visit.hardship or frozenset(), visit.trades or {}
            save = partial(desk.register, document, consent_at, phone, hardship, trades)
        else:
            return

        def saved(card: SeekerCard) -> None:
            self._noted = card.id
            visit.registered(card)
            then(card)

        self.background.run(save, saved, or_else)

    def person(self) -> SeekerCard | None:
        """Whom law and ranking look at: the seeker, also one not yet written down; None: one who looks around."""
        visit, document = self.visit, self.visit.document
        if visit.seeker is not None:
            return visit.seeker if visit.confirmed else None
        if not visit.confirmed or document is None or document.number is None:
            return None
        born, sex = number.birth(document.number), number.sex(document.number)
        if born is None or sex is None:
            return None
        return SeekerCard(
            id=NOBODY,
            name="",
            masked_name="",
            masked_number="",
            sex=sex,
            birth=born,
            age=number.age_on(born, self.clock.today()),
            phone="",
            hardship=visit.hardship or frozenset(),
            trades=visit.trades or {},
        )

    def person_name(self) -> str:
        """Masked; empty for one who looks around."""
        visit = self.visit
        if not visit.confirmed:
            return ""
        if visit.seeker is not None:
            return visit.seeker.masked_name
        return number.mask_name(visit.document.name or "") if visit.document else ""

    def take_handover(self, handover: Handover) -> None:
        self.handover = handover
        self.pictures.slip.put(QImage.fromData(handover.preview))
        if self.printerless:
            keep = partial(self.desks.printing.keep, handover.slip_number, handover.preview)
            self.background.run(keep, lane="print")
        self.handed.emit()

    @property
    def printerless(self) -> bool:
        """No printer belongs to this machine: slips are shown on the screen only."""
        return not any(printer.address for printer in self.settings.printers)

    def benefit(self, name: str) -> str:
        """A posting's tag in the visitor's language."""
        return self.language.pick(name, benefits().get(name, ""))

    def _known_as(self, seeker: SeekerCard | None) -> bool:
        """Whether the desk has this phone, these ticks and these trades already."""
        visit = self.visit
        return seeker is not None and (
            (visit.phone, visit.hardship, dict(visit.trades or {}))
            == (seeker.phone, seeker.hardship, dict(seeker.trades))
        )

    # --- trouble ------------------------------------------------------------------------------------

    def fail(self, error: Exception) -> None:
        """Tell the visitor in plain words; a bug of ours is logged without personal data."""
        self.trouble = explain(error)
        if self.trouble.who is Who.BUG:
            log.error("bug: %s", describe(error))
        elif self.trouble.who is not Who.VISITOR:
            log.warning("trouble: %s", self.trouble.code)
        self.visit.aside(Step.ERROR)
        self.go()

    def after_trouble(self) -> None:
        """The button of the error screen."""
        trouble, self.trouble = self.trouble, None
        match trouble.next if trouble else Next.START:
            case Next.START:
                self.end()
            case Next.JOBS:
                self.visit.jobs()
                self.go()
            case Next.IDENTIFY:
                self.not_me()
            case Next.BACK:
                self.visit.back()
                self.go()


class _Benefit(msgspec.Struct, frozen=True):
    name: str
    name_en: str


class _Benefits(msgspec.Struct, frozen=True):
    benefits: tuple[_Benefit, ...]


@cache
def benefits() -> dict[str, str]:
    """Tag → English."""
    path = assets.ROOT / "catalogue" / "benefits.toml"
    file = msgspec.toml.decode(path.read_bytes(), type=_Benefits)
    return {benefit.name: benefit.name_en for benefit in file.benefits}
