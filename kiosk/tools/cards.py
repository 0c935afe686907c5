"""Tools and rentals as the floors above see them: plain values, never rows. Money in fen, times in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from db.models import (
    Account as Account,  # the screens' names for them
)
from db.models import CashKind as CashKind
from db.models import DeductionKind as DeductionKind
from db.models import LineState as LineState
from db.models import RentalState as RentalState
from db.models import StockRequestKind as StockRequestKind
from db.models import StockRequestState as StockRequestState
from db.models import TariffUnit as TariffUnit
from db.models import ToolState as ToolState
from kiosk.tools.tariff import Charge, Tariff


@dataclass(frozen=True)
class Accessory:
    """`price`: for one that is missing."""

    name: str
    quantity: int = 1
    price: int = 0


@dataclass(frozen=True)
class ModelCard:
    """A tool model of the catalogue. `free` and `total` count this hall's tools of it that are not gone for good."""

    id: UUID
    key: str
    name: str
    name_en: str
    category: str
    icon: str
    picture: str
    tariff: Tariff
    deposit: int
    value: int
    safety: tuple[str, ...]
    accessories: tuple[Accessory, ...]
    adults_only: bool
    offered: bool
    free: int = 0
    total: int = 0

    @property
    def simple(self) -> bool:
        """No rent, deposit only (004 annex 4 art. 5(三))."""
        return self.tariff.price == 0


@dataclass(frozen=True)
class ToolCard:
    id: UUID
    model_id: UUID
    model_name: str
    model_name_en: str
    icon: str
    tag: str
    code: str  # the text of its QR
    label: str
    place: str
    state: ToolState
    cost: int
    acquired_at: datetime
    note: str
    ours: bool  # belongs to this device


@dataclass(frozen=True)
class LifeEvent:
    """Something that happened to a tool; `amount` is income, or a cost below 0."""

    at: datetime
    what: str  # acquired, out, back, lost, found, given_back, repair_requested, repaired, written_off, counted …
    amount: int = 0
    note: str = ""
    rental_number: str = ""
    photos: tuple[str, ...] = ()  # names on the `PhotoShelf`


@dataclass(frozen=True)
class ToolAccount:
    """单个核算: one tool on one page. `utilisation` is time lent ÷ time owned, 0…1."""

    tool: ToolCard
    rent: int
    deductions: int
    repairs: int
    cost: int
    times_out: int
    minutes_out: int
    utilisation: float
    life: tuple[LifeEvent, ...]

    @property
    def result(self) -> int:
        return self.rent + self.deductions - self.repairs - self.cost


@dataclass(frozen=True)
class StockRequestCard:
    id: UUID
    kind: StockRequestKind
    state: StockRequestState
    model_name: str
    model_name_en: str
    place: str  # where new tools are to lie
    bought_on: date | None
    tool_tag: str
    quantity: int
    amount: int
    reason: str
    batch: UUID | None
    requested_by: str
    requested_at: datetime
    decided_by: str
    decision_note: str


@dataclass(frozen=True)
class BatchCard:
    """A spreadsheet of acquisitions that is decided as one: `lines` of it, `tools` in all, `amount` in all."""

    id: UUID
    lines: int
    tools: int
    amount: int
    reason: str
    requested_by: str
    requested_at: datetime


@dataclass(frozen=True)
class PlaceCard:
    """A storage place of this device and how many tools lie there."""

    id: UUID
    name: str
    active: bool
    tools: int


@dataclass(frozen=True)
class CountCard:
    """A stock count; `place` is empty for one of everything. `missing` and `unexpected` count once it is finished."""

    id: UUID
    place: str
    started_by: str
    started_at: datetime
    finished_at: datetime | None
    seen: int
    missing: int
    unexpected: int


@dataclass(frozen=True)
class CountResult:
    """`missing` should lie there and was not seen; `misplaced` lies elsewhere, says the store; `surplus` lies
    nowhere, says the store: it is out, lost, in repair or written off."""

    id: UUID
    place: str
    seen: int
    expected: int
    missing: tuple[ToolCard, ...]
    misplaced: tuple[ToolCard, ...]
    surplus: tuple[ToolCard, ...]
    finished: bool

    @property
    def unexpected(self) -> tuple[ToolCard, ...]:
        return (*self.misplaced, *self.surplus)


@dataclass(frozen=True)
class DeductionCard:
    kind: DeductionKind
    reason: str
    amount: int


@dataclass(frozen=True)
class DisputeCard:
    """What the borrower does not agree with; `answer` is empty while it is open. `raised_by` wrote it down."""

    id: UUID
    line_id: UUID
    words: str
    photos: tuple[str, ...]
    raised_by: str
    raised_at: datetime
    answer: str
    answered_by: str
    confirmed_by: str
    answered_at: datetime | None
    given_back: int

    @property
    def open(self) -> bool:
        return self.answered_at is None


@dataclass(frozen=True)
class LineCard:
    """One tool of a rental, under the `tariff` that was agreed. `charge`: the rent as of now, or as it was settled.

    `backdated_with`: the second person, where it had come back before that was entered; else empty.
    """

    id: UUID
    model: ModelCard
    tariff: Tariff
    tool_id: UUID | None
    tag: str
    state: LineState
    deposit: int
    deposit_held: int
    checklist: dict[str, int]
    out_note: str
    returned_at: datetime | None
    backdated_with: str
    findings: dict[str, str]
    photos: tuple[str, ...]
    no_photo: str
    note: str
    lost: bool
    found_at: datetime | None
    charge: Charge
    deductions: tuple[DeductionCard, ...]
    return_id: UUID | None
    given_back: int
    disputes: tuple[DisputeCard, ...]

    @property
    def deducted(self) -> int:
        return sum(deduction.amount for deduction in self.deductions)

    @property
    def charged(self) -> int:
        return self.charge.amount + self.deducted


@dataclass(frozen=True)
class RentalCard:
    id: UUID
    number: str
    code: str
    seeker_id: UUID
    seeker_name: str
    seeker_phone: str
    state: RentalState
    asked_at_kiosk: bool
    ours: bool  # of this device, which alone takes it further
    requested_at: datetime
    valid_until: datetime
    out_at: datetime | None
    backdated_with: str  # the second person, where it had left before it was entered; else empty
    due_at: datetime | None
    overdue: bool
    reason: str
    lines: tuple[LineCard, ...]

    @property
    def deposit(self) -> int:
        """To be taken before it goes out."""
        return sum(line.deposit for line in self.lines if line.state is not LineState.DROPPED)

    @property
    def deposit_held(self) -> int:
        return sum(line.deposit_held for line in self.lines)

    def __repr__(self) -> str:  # never a name in a log
        return f"RentalCard({self.number}, {self.state})"


@dataclass(frozen=True)
class ReturnCard:
    """The money side of tools that came back together: deposit + paid + owed = rent + deducted + refunded."""

    id: UUID
    number: str
    rental_id: UUID
    rental_number: str
    settled_at: datetime
    deposit: int
    rent: int
    deducted: int
    refunded: int
    paid: int
    owed: int
    owed_paid: int
    given_back: int

    @property
    def still_owed(self) -> int:
        return self.owed - self.owed_paid


@dataclass(frozen=True)
class DrawerCard:
    """`expected` is what must lie in it now, or lay in it when it was closed. Fen."""

    id: UUID
    number: str
    staff_id: UUID
    staff_name: str
    opened_at: datetime
    opening_float: int
    expected: int
    closed_at: datetime | None
    counted: int | None
    reason: str

    @property
    def difference(self) -> int | None:
        return None if self.counted is None else self.counted - self.expected
