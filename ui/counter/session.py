"""Who works at the counter right now, which screens lie on each other, and the way to the desks.

An act runs with the authority of whoever signed in. When that has grown old the screen asks for the PIN, and the act
goes on by itself once the same person has given it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from kiosk.clock import Clock
from kiosk.county.bans import BanDesk
from kiosk.county.conflicts import ConflictDesk
from kiosk.county.link import LinkDesk
from kiosk.county.rights import RightsDesk
from kiosk.errors import CodeInvalid, NotAllowed
from kiosk.hall import HallDesk
from kiosk.identity.slip_code import CodeKind, SlipCodes
from kiosk.jobs.slip_check import SlipDesk
from kiosk.language import CHINESE, ENGLISH, Language
from kiosk.printing_desk import PrintDesk
from kiosk.seekers.registration import RegistrationDesk
from kiosk.settings import Settings
from kiosk.staff.accounts import AccountsDesk, Authority
from kiosk.tools.borrowers import BorrowerCard, BorrowerDesk
from kiosk.tools.cards import DrawerCard, LineCard, ModelCard, RentalCard, ReturnCard, ToolCard
from kiosk.tools.cash import CashDesk
from kiosk.tools.counter import Counter
from kiosk.tools.disputes import DisputeDesk
from kiosk.tools.found import FoundDesk
from kiosk.tools.inspection import ReturnDesk
from kiosk.tools.intake import IntakeDesk
from kiosk.tools.lockers import LockerCard, LockerDesk
from kiosk.tools.photos import PhotoShelf
from kiosk.tools.places import PlaceDesk
from kiosk.tools.register import RegisterDesk
from kiosk.tools.rental import RentalDesk
from kiosk.tools.requests import RequestDesk
from kiosk.tools.settlement import SettlementDesk
from kiosk.tools.stock import StockDesk
from kiosk.tools.stock_count import CountDesk
from ui.background import Background
from ui.counter.lens import Lens
from ui.counter.troubles import BUG, sentence
from ui.errors_text import describe
from ui.images import LastPicture

log = logging.getLogger("gighall.ui")
T = TypeVar("T")
GLAD_MS = 5000  # how long good news stays on the screen


class Place(StrEnum):
    """The screens of the counter."""

    SET_UP = "set_up"
    SIGN_IN = "sign_in"
    HOME = "home"
    PEOPLE = "people"
    HIRE = "hire"
    NEW_PIN = "new_pin"
    PRINTS = "prints"
    CHECK = "check"
    BORROWER = "borrower"
    LEND = "lend"
    BRIEF = "brief"
    SIGN = "sign"
    PAY = "pay"
    LENT = "lent"
    RETURN = "return"
    BACK = "back"
    INSPECT = "inspect"
    SETTLE = "settle"
    RETURNED = "returned"
    DRAWER = "drawer"
    CLOSED = "closed"
    DAY = "day"
    LEDGER = "ledger"
    OVERDUE = "overdue"
    BACKDATE = "backdate"
    RENTAL = "rental"
    PHOTOS = "photos"
    DISPUTE = "dispute"
    DISPUTES = "disputes"
    FOUND = "found"
    STOCK = "stock"
    TOOL = "tool"
    INTAKE = "intake"
    ACQUIRE = "acquire"
    MODEL = "model"
    PLACES = "places"
    COUNT = "count"
    COUNTING = "counting"
    REQUESTS = "requests"
    LOCKERS = "lockers"
    LOCKER_OWNER = "locker_owner"
    LOCKER_IN = "locker_in"
    PERSON = "person"
    ROLES = "roles"
    COME_BACK = "come_back"
    LINK = "link"
    ENROL = "enrol"
    STICK = "stick"
    CONFLICTS = "conflicts"
    RIGHTS = "rights"
    BANS = "bans"


@dataclass(frozen=True)
class Desks:
    """Everything the counter asks the hall for."""

    accounts: AccountsDesk
    printing: PrintDesk
    slips: SlipDesk
    codes: SlipCodes
    hall: HallDesk
    counter: Counter
    seekers: RegistrationDesk
    borrowers: BorrowerDesk
    rental: RentalDesk
    returns: ReturnDesk
    money: SettlementDesk
    cash: CashDesk
    register: RegisterDesk
    stock: StockDesk
    requests: RequestDesk
    intake: IntakeDesk
    places: PlaceDesk
    counts: CountDesk
    lockers: LockerDesk
    photos: PhotoShelf
    disputes: DisputeDesk
    losses: FoundDesk
    link: LinkDesk
    conflicts: ConflictDesk
    rights: RightsDesk
    bans: BanDesk


@dataclass(frozen=True)
class Earlier:
    """Something happened before it was entered; `second` says so too."""

    at: datetime
    second: Authority


@dataclass
class Work:
    """What the person at the counter has before them; another person starts with nothing."""

    scanned: str = ""  # handed to the screen that opens next
    borrower: BorrowerCard | None = None
    rental: RentalCard | None = None
    earlier: Earlier | None = None  # when what is being lent really left
    returning: tuple[UUID, ...] = ()  # tools whose forgotten return is being entered
    photos: tuple[str, ...] = ()  # names, to be looked at
    line: LineCard | None = None
    settled: ReturnCard | None = None
    closed: DrawerCard | None = None
    tool: ToolCard | None = None
    model: ModelCard | None = None
    count: UUID | None = None
    locker: LockerCard | None = None
    owner: BorrowerCard | None = None  # of what lies in a locker, or is to
    staff: UUID | None = None


class Session(QObject):
    """`moved`: another screen is on top. `said`: the message changed. `named`: somebody signed in or out."""

    moved = Signal()
    said = Signal()
    named = Signal()
    spoken = Signal()
    left = Signal()  # on a kiosk: back to the visitors

    def __init__(
        self,
        desks: Desks,
        settings: Settings,
        clock: Clock,
        background: Background,
        paper: LastPicture,
        lens: Lens,
        seconds: Callable[[], float],
    ) -> None:
        """`paper`: where a slip's picture is shown; `lens`: the camera; `seconds`: a clock that only goes forward."""
        super().__init__()
        self.desks = desks
        self.settings = settings
        self.clock = clock
        self.background = background
        self.paper = paper
        self.lens = lens
        self.seconds = seconds
        self.language = Language(settings.language)
        self.way: list[Place] = []
        self.authority: Authority | None = None
        self.locked = True
        self.guest = False  # on a kiosk
        self.needs_set_up = False
        self.work = Work()
        self.message, self.tone = "", "info"
        self.hall_name = ""
        self._again: Callable[[], object] | None = None
        self._fade = QTimer(self, singleShot=True, interval=GLAD_MS)
        self._fade.timeout.connect(lambda: self.say(""))

    # --- the way ------------------------------------------------------------------------------------

    @property
    def place(self) -> Place:
        if self.needs_set_up:
            return Place.SET_UP
        if self.locked or not self.way:
            return Place.SIGN_IN
        return self.way[-1]

    def open(self, place: Place) -> None:
        """Put a screen on top."""
        self.way.append(place)
        self._go()

    def replace(self, place: Place) -> None:
        """The next step of the same task: the way back leads past the one before."""
        self.way[-1:] = [place]
        self._go()

    def back(self) -> None:
        if len(self.way) > 1:
            self.way.pop()
        self._go()

    def home(self) -> None:
        self.way, self.work = [Place.HOME], Work()
        self.paper.clear()
        self.lens.album.clear()
        self._go()

    def _go(self) -> None:
        self.say("")
        self.moved.emit()

    # --- who ----------------------------------------------------------------------------------------

    def lock(self) -> None:
        """Whoever comes next shows who they are; the same person goes on where they were."""
        if not self.needs_set_up:
            self.locked = True
            self._again = None
            self._go()

    def signed_in(self, authority: Authority) -> None:
        before, self.authority = self.authority, authority
        again, self._again = self._again, None
        self.locked = self.needs_set_up = False
        self.named.emit()
        if before is None or before.staff_id != authority.staff_id or not self.way:
            self.background.forget()
            self.home()
            return
        self._go()
        if again is not None:
            again()

    # --- the desks ----------------------------------------------------------------------------------

    def ask(
        self,
        operation: Callable[[], T],
        then: Callable[[T], object],
        or_else: Callable[[Exception], object] | None = None,
        lane: str = "desk",
    ) -> None:
        """A question that needs nobody's name. `lane`: another one for what waits on a line or a stick."""
        self.background.run(operation, then, or_else, lane)

    def act(
        self,
        operation: Callable[[Authority], T],
        then: Callable[[T], object],
        or_else: Callable[[Exception], object] | None = None,
        lane: str = "desk",
    ) -> None:
        """Something that is done in the name of whoever is signed in."""
        by = self.authority
        if by is None:
            self.lock()
            return
        if self.tone == "error":  # what was wrong is being mended
            self.say("")

        def failed(error: Exception) -> None:
            if isinstance(error, NotAllowed) and error.context.get("reason") == "stale":
                self.lock()
                self._again = lambda: self.act(operation, then, or_else, lane)
                self.say(self.text("请再确认一次是您本人，然后接着办"), "info")
            else:
                (or_else or self.fail)(error)

        def do() -> T:
            done = operation(by)
            self.desks.printing.wake()  # it may have queued a paper
            return done

        self.background.run(do, then, failed, lane)

    def open_code(self, text: str) -> None:
        """A code was scanned where no screen waits for one: it opens the screen it belongs to."""
        try:
            kind = self.desks.codes.read(text).kind
        except CodeInvalid:
            kind = CodeKind.MATCH_SLIP  # that screen tells what is wrong with it
        self.work.scanned = text
        places = {
            CodeKind.RENTAL: Place.RETURN,
            CodeKind.TOOL: Place.RETURN,
            CodeKind.LOCKER: Place.LOCKERS,
        }
        self.open(places.get(kind, Place.CHECK))

    # --- words --------------------------------------------------------------------------------------

    def text(self, msgid: str, **values: object) -> str:
        return self.language.text(msgid, **values)

    def switch_language(self) -> None:
        self.language.set(ENGLISH if self.language.code == CHINESE else CHINESE)
        self.spoken.emit()

    def say(self, message: str, tone: str = "ok") -> None:
        self.message, self.tone = message, tone
        if message and tone == "ok":
            self._fade.start()
        else:
            self._fade.stop()
        self.said.emit()

    def fail(self, error: Exception) -> None:
        """Tell staff in plain words; a bug of ours is logged without personal data."""
        words = sentence(error)
        if words == BUG:
            log.error("bug: %s", describe(error))
        self.say(self.text(words), "error")
