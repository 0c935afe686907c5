"""A hall's work as rows, for the benches of the county link: written through the store's own sessions, so that
outbox, versions and payloads are the product's. Persons, numbers and phones are invented.

One visit writes about a dozen rows: a seeker and trades, referrals and what became of them, now and then an
employer, a posting, a rental with its cash, and the audit lines of all that. Every sixth row is an update of
one written before. (ours) The shares are an assumption; no hall has published its own.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import (
    Account,
    AuditEntry,
    CashKind,
    CashPosting,
    Drawer,
    Employer,
    EmployerKind,
    Hall,
    LineState,
    Occupation,
    OutboxRow,
    PayUnit,
    Posting,
    PostingState,
    Record,
    Referral,
    ReferralState,
    Rental,
    RentalLine,
    RentalState,
    ReviewState,
    Seeker,
    SeekerTrade,
    Settlement,
    SkillLevel,
    Staff,
    Tool,
    ToolModel,
    ToolState,
    now,
)
from db.store import Store
from kiosk.staff.audit import START, line_hash

VISITS_A_TRANSACTION = 100
FIRST_POSTINGS = 10
TRADES = ("bricklayer", "carpenter", "cleaner", "loader", "painter", "cook")
PLACES = ("城关镇东街", "河西工地", "新区二期", "南关市场", "北山农场")
STROKES = [[[x * 7 % 200, x * 13 % 90] for x in range(24)] for _ in range(3)]
MORNING = datetime(2026, 11, 19, 22, 0, tzinfo=UTC)


@dataclass
class HallWork:
    """Writes visits into a store. `device` keeps the invented people of several devices apart."""

    store: Store
    device: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.device)
        self._serial = 0
        self._audits = 0
        self._hash = START
        self._postings: list[UUID] = []
        self._employers: list[UUID] = []

    def open_hall(self) -> None:
        """What stands before the first visitor: hall, trades, staff, a drawer, a tool model."""
        with self.store.write() as session:
            session.add(
                Hall(
                    id=session.info["origin"].hall_id,
                    name="样本零工市场",
                    region="样本县",
                    address="样本路 1 号",
                    hours="05:30-18:00",
                    hotline="0000",
                    complaint_line="0000",
                    legal_aid_line="0000",
                    latitude=0,
                    longitude=0,
                )
            )
            session.add_all(
                Occupation(
                    key=key,
                    name=key,
                    name_en=key,
                    code="6-29-01-01",
                    group="建筑",
                    group_en="",
                    group_icon="",
                    icon="",
                )
                for key in TRADES
            )
            self._staff = Staff(id=uuid7(), name="样本员工", roles="clerk")
            session.add(self._staff)
            session.flush()
            self._drawer = Drawer(
                id=uuid7(), number="D1", staff_id=self._staff.id, opened_at=MORNING, opening_float=20_000
            )
            self._model = ToolModel(id=uuid7(), key="rotary_hammer", name="电锤", price=500, deposit=20_000)
            session.add_all([self._drawer, self._model])

    def visits(self, rows: int) -> int:
        """Visits until the outbox grew by at least so many rows; how many it really were."""
        before = self._written()
        while (done := self._written() - before) < rows:
            with self.store.write() as session:
                for _ in range(max(1, min(VISITS_A_TRANSACTION, (rows - done) // 13))):
                    self._visit(session)
        return done

    def _written(self) -> int:
        with self.store.read() as session:
            return session.scalar(select(func.max(OutboxRow.seq))) or 0

    def _visit(self, session: Session) -> None:
        chance, self._serial = self._chance, self._serial + 1
        while len(self._postings) < FIRST_POSTINGS or chance.random() < 0.12:
            self._post(session)
        seeker = self._seeker(session)
        referral = self._refer(session, seeker)
        if chance.random() < 0.5:
            self._refer(session, seeker)
        if chance.random() < 0.4:
            referral.state = ReferralState.HIRED
            self._note(session, "referral.hired", referral)
        session.flush()
        if chance.random() < 0.18:
            self._rent(session, seeker)

    def _seeker(self, session: Session) -> UUID:
        chance, key = self._chance, uuid7()
        number = f"{self.device % 1_000_000:06}{self._serial:012}"
        seeker = Seeker(
            id=key,
            number_sealed=self.store.keys.seal(number, key.bytes),
            number_index=self.store.keys.index(number),
            name="样本" + chance.choice("甲乙丙丁戊己庚辛"),
            sex=chance.choice(("male", "female")),
            birth=date(1960 + chance.randrange(40), 1 + chance.randrange(12), 1 + chance.randrange(28)),
            ethnicity="汉",
            address="样本县样本路" + str(chance.randrange(900)) + "号",
            phone=f"1390000{chance.randrange(10_000):04}",
            assurance=chance.randint(1, 3),
            hardship=chance.choice(("", "", "", "low_income")),
            consent_version="1",
            consent_at=now(),
            last_seen_at=now(),
        )
        session.add(seeker)
        session.flush()
        for position, trade in enumerate(chance.sample(TRADES, chance.randint(1, 3))):
            session.add(
                SeekerTrade(
                    seeker_id=key,
                    occupation_id=trade,
                    level=chance.choice(list(SkillLevel)),
                    position=position,
                )
            )
        self._note(session, "seeker.registered", seeker)
        return key

    def _refer(self, session: Session, seeker: UUID) -> Referral:
        self._serial += 1
        referral = Referral(
            id=uuid7(),
            seeker_id=seeker,
            posting_id=self._chance.choice(self._postings[-40:]),
            slip_number=f"01-{self._serial:06}",
            slip_serial=self._serial,
            state=ReferralState.ISSUED,
            issued_at=now(),
            valid_until=now() + timedelta(days=1),
        )
        session.add(referral)
        self._note(session, "referral.issued", referral)
        session.flush()
        return referral

    def _post(self, session: Session) -> None:
        chance = self._chance
        if not self._employers or chance.random() < 0.3:
            employer = Employer(
                id=uuid7(), kind=EmployerKind.PERSON, name="样本老板", state=ReviewState.APPROVED
            )
            session.add(employer)
            session.flush()
            self._employers.append(employer.id)
        posting = Posting(
            id=uuid7(),
            employer_id=chance.choice(self._employers),
            occupation_id=chance.choice(TRADES),
            title="工地用工",
            description="自带安全帽, 中午包饭, 雨天顺延。",
            openings=200,
            place=chance.choice(PLACES) + f"{chance.randrange(99)}号",
            latitude=30 + chance.random(),
            longitude=100 + chance.random(),
            starts_on=date(2026, 11, 20),
            ends_on=date(2026, 12, 1 + chance.randrange(28)),
            opens_minute=450,
            closes_minute=1080,
            pay=chance.randrange(15_000, 30_000, 500),
            pay_unit=PayUnit.DAY,
            settlement=Settlement.DAILY,
            contact_name="样本老板",
            contact_phone="13900000002",
            benefits="包午饭",
        )
        session.add(posting)
        session.flush()
        posting.state = PostingState.PUBLISHED
        self._note(session, "posting.published", posting)
        session.flush()
        self._postings.append(posting.id)

    def _rent(self, session: Session, seeker: UUID) -> None:
        """Asked, approved, signed, deposit paid, handed out."""
        self._serial += 1
        rental = Rental(
            id=uuid7(),
            seeker_id=seeker,
            number=f"R{self._serial:06}",
            serial=self._serial,
            asked_at_kiosk=True,
            requested_at=now(),
            valid_until=now() + timedelta(hours=2),
        )
        tool = Tool(
            id=uuid7(),
            model_id=self._model.id,
            tag=f"01-{self._serial:05}",
            tag_serial=self._serial,
            acquired_at=MORNING,
        )
        session.add_all([rental, tool])
        session.flush()
        line = RentalLine(rental_id=rental.id, model_id=self._model.id, deposit=20_000, terms={"price": 500})
        session.add(line)
        session.flush()
        rental.state, rental.approved_by, rental.approved_at = RentalState.APPROVED, self._staff.id, now()
        self._note(session, "rental.approved", rental)
        session.flush()
        rental.signature_strokes, rental.signature_width, rental.signed_at = STROKES, 400, now()
        rental.state, rental.out_at, rental.handed_out_by = RentalState.OUT, now(), self._staff.id
        line.tool_id, line.state, line.deposit_held = tool.id, LineState.OUT, 20_000
        tool.state = ToolState.OUT
        session.add(
            CashPosting(
                posted_at=now(),
                kind=CashKind.DEPOSIT,
                debit=Account.DRAWER,
                credit=Account.DEPOSIT_LIABILITY,
                amount=20_000,
                drawer_id=self._drawer.id,
                staff_id=self._staff.id,
                rental_id=rental.id,
            )
        )
        self._note(session, "rental.handed_out", rental)
        session.flush()

    def _note(self, session: Session, act: str, row: Record) -> None:
        """One audit line, chained as `kiosk.staff.audit.record` does, which reads the last one back each time."""
        self._audits += 1
        at = now()
        entry = AuditEntry(
            number=self._audits,
            actor="kiosk",
            act=act,
            subject=str(row.id),
            details={"table": row.__tablename__},
            previous_hash=self._hash,
            created_at=at,
            updated_at=at,
        )
        entry.hash = self._hash = line_hash(entry)
        session.add(entry)
