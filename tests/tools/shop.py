"""A counter with everything on it, for tests: movable clock, three members of staff, two borrowers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from sqlalchemy import select
from uuid_utils.compat import uuid7

from db.models import Role, Seeker, Tool, ToolModel, ToolState
from db.store import Store
from kiosk.clock import Clock
from kiosk.identity.document import Assurance
from kiosk.identity.slip_code import SlipCodes
from kiosk.settings import Settings
from kiosk.staff.accounts import AccountsDesk, Authority
from kiosk.tools.borrowers import BorrowerDesk
from kiosk.tools.cards import LineCard, RentalCard, ReturnCard
from kiosk.tools.cash import CashDesk
from kiosk.tools.counter import Counter
from kiosk.tools.disputes import DisputeDesk
from kiosk.tools.found import FoundDesk
from kiosk.tools.inspection import Finding, ReturnDesk
from kiosk.tools.lockers import LockerDesk
from kiosk.tools.places import PlaceDesk
from kiosk.tools.register import RegisterDesk
from kiosk.tools.rental import RentalDesk
from kiosk.tools.requests import RequestDesk
from kiosk.tools.settlement import SettlementDesk
from kiosk.tools.stock import StockDesk
from kiosk.tools.stock_count import CountDesk

START = datetime(2026, 11, 19, 23, 0, tzinfo=UTC)  # 20 November 2026, 07:00 in the hall
ZONE = ZoneInfo("Asia/Shanghai")
PIN = "314159"
STROKES = (((0, 0), (40, 60), (80, 10)), ((20, 50), (120, 55)))
QUICK = PasswordHasher(
    time_cost=1, memory_cost=8, parallelism=1
)  # the real cost is the product's, not the tests'


@dataclass
class MovingTime:
    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **kinds: float) -> None:
        self.at += timedelta(**kinds)


class Shop:
    """`clerk` lends and keeps tools, `boss` decides, `finance` has the safe. Authorities are fresh at every use."""

    def __init__(
        self, store: Store, settings: Settings | None = None, time: MovingTime | None = None
    ) -> None:
        self.store = store
        self.time = time or MovingTime()
        self.settings = settings or Settings()
        clock = Clock(ZONE, self.time)
        codes = SlipCodes(store.keys.own_slip_key)
        self.counter = Counter(store, self.settings, clock, codes)
        self.accounts = AccountsDesk(store, self.settings, clock, codes, QUICK)
        self.stock = StockDesk(self.counter)
        self.requests = RequestDesk(self.counter)
        self.counts = CountDesk(self.counter)
        self.rental = RentalDesk(self.counter)
        self.returns = ReturnDesk(self.counter)
        self.money = SettlementDesk(self.counter)
        self.disputes = DisputeDesk(self.counter)
        self.losses = FoundDesk(self.counter)
        self.cash = CashDesk(self.counter)
        self.register = RegisterDesk(self.counter)
        self.lockers = LockerDesk(self.counter)
        self.places = PlaceDesk(self.counter)
        self.borrowers = BorrowerDesk(self.counter)
        self.badges: dict[str, str] = {}

    def hire(self) -> None:
        """A supervisor, a clerk who keeps tools, and finance, each with a badge."""
        boss = self.accounts.set_up("钱*主任", PIN)
        people = {
            "clerk": (Role.CLERK, Role.TOOL_KEEPER),
            "second": (Role.CLERK, Role.TOOL_KEEPER),
            "finance": (Role.FINANCE,),
        }
        self.badges["boss"] = self.accounts.issue_badge(boss, boss.staff_id)
        for name, roles in people.items():
            card = self.accounts.hire(boss, name, roles, PIN)
            self.badges[name] = self.accounts.issue_badge(boss, card.id)

    def by(self, name: str) -> Authority:
        return self.accounts.sign_in_by_badge(self.badges[name])

    @property
    def clerk(self) -> Authority:
        return self.by("clerk")

    @property
    def second(self) -> Authority:
        return self.by("second")

    @property
    def boss(self) -> Authority:
        return self.by("boss")

    @property
    def finance(self) -> Authority:
        return self.by("finance")

    def seeker(
        self, name: str = "张样本", birth: date = date(1975, 5, 1), assurance: Assurance = Assurance.CHIP
    ) -> UUID:
        """Somebody invented; the number is no real one."""
        with self.store.write() as session:
            seeker_id = uuid7()
            number = f"99{seeker_id.int % 10**16:016d}"
            session.add(
                Seeker(
                    id=seeker_id,
                    number_sealed=self.store.keys.seal(number, seeker_id.bytes),
                    number_index=self.store.keys.index(number),
                    name=name,
                    sex="male",
                    birth=birth,
                    phone="13900000011",
                    assurance=int(assurance),
                    consent_version="1",
                    consent_at=self.time(),
                    last_seen_at=self.time(),
                )
            )
            return seeker_id

    def model(self, key: str) -> UUID:
        with self.store.read() as session:
            return session.scalars(select(ToolModel.id).where(ToolModel.key == key)).one()

    def tag(self, key: str) -> str:
        """The code on a tool of this model that lies in stock."""
        (first, *_) = self.stock.tools(self.model(key), (ToolState.IN_STOCK,))
        return first.code

    def state(self, tool_id: UUID | None) -> ToolState:
        assert tool_id is not None
        with self.store.read() as session:
            return session.get_one(Tool, tool_id).state

    def open_drawer(self, amount: int = 50_000, name: str = "clerk") -> None:
        self.cash.fund(self.finance, amount, "备用金")
        self.cash.open_drawer(self.by(name), amount)

    def approved(self, seeker: UUID, *keys: str) -> RentalCard:
        """An approved rental with a tool put aside for each key."""
        card = self.rental.request(seeker, (), self.clerk)
        card = self.rental.approve(self.clerk, card.id)
        for key in keys:
            card = self.rental.scan(self.clerk, card.id, self.tag(key))
        return card

    def signed(self, seeker: UUID, *keys: str) -> RentalCard:
        card = self.approved(seeker, *keys)
        card = self.rental.brief(self.clerk, card.id, {line.model.id for line in card.lines}, full(card))
        return self.rental.sign(card.id, STROKES)

    def lend(self, seeker: UUID, *keys: str) -> RentalCard:
        card = self.signed(seeker, *keys)
        self.rental.take_deposit(self.clerk, card.id)
        return self.rental.hand_out(self.clerk, card.id)

    def inspect(self, line: LineCard) -> RentalCard:
        return self.returns.inspect(self.clerk, line.id, all_well(line), fit=True)

    def settle_owing(self, rental_id: UUID, paid: int = 0) -> ReturnCard:
        """What the deposit does not cover and is not paid is claimed, by two people."""
        claim = self.money.quote(rental_id).missing - paid
        return self.money.settle(self.clerk, rental_id, paid, claim=claim, second=self.boss)


def full(card: RentalCard) -> dict[UUID, dict[str, int]]:
    """Every accessory goes along."""
    return {line.id: {item.name: item.quantity for item in line.model.accessories} for line in card.lines}


def all_well(line: LineCard) -> Mapping[str, Finding]:
    return {name: Finding.OK for name, pieces in line.checklist.items() if pieces}
