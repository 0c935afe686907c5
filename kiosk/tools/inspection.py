"""The return desk: back, inspected, settled (004 annex 4 art. 5(二), (四): 交回时要及时检查后方可入库; T7).

out → back → inspected → settled, each tool of a rental on its own. Nothing goes back to stock uninspected, and the
money of a return moves in one transaction with the drawer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    HOLDS_TOOL,
    Deduction,
    DeductionKind,
    LineState,
    Rental,
    RentalLine,
    RentalState,
    Role,
    Tool,
    ToolModel,
    ToolState,
)
from kiosk.errors import CashRefused, InputInvalid, NotAllowed, NotFound, StepInvalid
from kiosk.identity.slip_code import CodeKind
from kiosk.staff.accounts import Authority
from kiosk.tools.book import MOST
from kiosk.tools.cards import DeductionCard, RentalCard
from kiosk.tools.counter import KEEPING, LENDING, Counter, get
from kiosk.tools.rental_cards import charge_now, derivation, rental_card
from kiosk.tools.stock import model_card, tool_by_tag


class Finding(StrEnum):
    """What became of an accessory."""

    OK = "ok"
    MISSING = "missing"
    DAMAGED = "damaged"


class ReturnDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store
        self._clock = counter.clock

    def find(self, text: str) -> RentalCard:
        """The rental of a scanned tag or receipt, or of a typed tag or rental number. Raises NotFound, CodeInvalid."""
        text = text.strip()
        with self._store.read() as session:
            rental = session.scalars(select(Rental).where(Rental.number == text)).first()
            if rental is None:
                rental = self._by_code(session, text)
            return rental_card(session, self._counter, rental)

    def take_back(
        self,
        by: Authority,
        rental_id: UUID,
        lines: Sequence[UUID],
        at: datetime | None = None,
        second: Authority | None = None,
    ) -> RentalCard:
        """These tools were handed in; the time for the rent stops. `at`: it was earlier and forgotten, which a
        second person must confirm.

        Raises StepInvalid, InputInvalid(field=at|lines), NotAllowed.
        """
        now = self._clock.now()
        with self._store.write() as session:
            rental = self._out(session, by, rental_id, LENDING)
            if not lines:
                raise InputInvalid(field="lines", reason="empty")
            if at is not None:
                self._counter.second(session, by, second)
                days = timedelta(days=self._counter.settings.rental.backdate_days)
                assert rental.out_at is not None
                if not max(rental.out_at, now - days) <= at <= now:
                    raise InputInvalid(field="at", reason="range")
            for line_id in lines:
                line = self._line(session, rental, line_id, LineState.OUT)
                line.state, line.returned_at = LineState.BACK, at or now
                self._tool(session, line).state = ToolState.TO_INSPECT
                line.backdated_with = second.staff_id if at and second else None
            details = {"backdated_with": str(second.staff_id)} if at and second else {}
            return self._done(session, by, rental, "tools_back", lines=len(lines), **details)

    def suggest(self, line_id: UUID, findings: Mapping[str, Finding]) -> tuple[DeductionCard, ...]:
        """What the catalogue asks for missing accessories; staff change it as they see fit."""
        with self._store.read() as session:
            line = get(session, RentalLine, line_id)
            model = model_card(session.get_one(ToolModel, line.model_id))
            return tuple(
                DeductionCard(
                    DeductionKind.MISSING,
                    f"{item.name} × {line.checklist[item.name]}",
                    item.price * line.checklist[item.name],
                )
                for item in model.accessories
                if findings.get(item.name) is Finding.MISSING and line.checklist.get(item.name) and item.price
            )

    def inspect(
        self,
        by: Authority,
        line_id: UUID,
        findings: Mapping[str, Finding],
        fit: bool,
        deductions: Sequence[DeductionCard] = (),
        photos: Sequence[str] = (),
        note: str = "",
        no_photo: str = "",
    ) -> RentalCard:
        """One tool, looked at: every accessory that went along has a finding. A fit tool goes back to stock, any
        other is set aside. The rent is fixed as of the time it was handed in. Where something is deducted for damage,
        or the tool is not fit, there is a photo of it (`PhotoShelf`) or `no_photo` says why there is none.

        Raises InputInvalid(field=accessories|deductions|photos), StepInvalid.
        """
        with self._store.write() as session:
            line = get(session, RentalLine, line_id)
            rental = self._out(session, by, line.rental_id, KEEPING)
            self._line(session, rental, line_id, LineState.BACK)
            asked = {name for name, pieces in line.checklist.items() if pieces}
            if set(findings) != asked:
                raise InputInvalid(field="accessories", reason="not_checked", line=str(line.id))
            damaged = any(deduction.kind is DeductionKind.DAMAGED for deduction in deductions)
            if (damaged or not fit) and not photos and not no_photo.strip():
                raise InputInvalid(field="photos", reason="no_evidence", line=str(line.id))
            self._fix(session, by, rental, line, deductions)
            line.findings = {name: finding.value for name, finding in findings.items()}
            line.photos, line.note = list(photos), note.strip()
            line.no_photo = "" if photos else no_photo.strip()
            self._tool(session, line).state = ToolState.IN_STOCK if fit else ToolState.SET_ASIDE
            return self._done(
                session, by, rental, "tool_inspected", line=str(line.id), fit=fit, deducted=line.deducted
            )

    def report_lost(
        self, by: Authority, line_id: UUID, note: str, deductions: Sequence[DeductionCard] | None = None
    ) -> RentalCard:
        """The tool will not come back; unless staff say otherwise its whole value is deducted."""
        with self._store.write() as session:
            line = get(session, RentalLine, line_id)
            rental = self._out(session, by, line.rental_id, KEEPING)
            self._line(session, rental, line_id, LineState.OUT)
            model = session.get_one(ToolModel, line.model_id)
            if deductions is None:
                whole = DeductionCard(DeductionKind.LOST, model.name, model.value)
                deductions = (whole,) if model.value else ()
            line.returned_at, line.lost, line.note = self._clock.now(), True, note.strip()
            line.state = LineState.BACK
            self._fix(session, by, rental, line, deductions)
            self._tool(session, line).state = ToolState.LOST
            return self._done(session, by, rental, "tool_lost", line=str(line.id), deducted=line.deducted)

    def waiting(self) -> tuple[RentalCard, ...]:
        """Rentals with a tool that is back and not inspected, or inspected and not settled; oldest first."""
        with self._store.read() as session:
            query = (
                select(Rental)
                .join(RentalLine, RentalLine.rental_id == Rental.id)
                .where(RentalLine.state.in_((LineState.BACK, LineState.INSPECTED)))
                .distinct()
                .order_by(Rental.out_at)
            )
            return tuple(rental_card(session, self._counter, rental) for rental in session.scalars(query))

    def not_lost(self, by: Authority, line_id: UUID) -> RentalCard:
        """It turned up before the money was settled: it is handed in now and waits for inspection like any other."""
        with self._store.write() as session:
            line = get(session, RentalLine, line_id)
            rental = self._out(session, by, line.rental_id, KEEPING)
            self._line(session, rental, line_id, LineState.INSPECTED)
            if not line.lost:
                raise StepInvalid(what="line", state=line.state.value)
            for deduction in session.scalars(select(Deduction).where(Deduction.line_id == line.id)):
                session.delete(deduction)
            line.lost, line.note, line.rent, line.deducted, line.derivation = False, "", 0, 0, []
            line.inspected_by = line.inspected_at = None
            line.state, line.returned_at = LineState.BACK, self._clock.now()
            self._tool(session, line).state = ToolState.TO_INSPECT
            return self._done(session, by, rental, "tool_not_lost", line=str(line.id))

    def _by_code(self, session: Session, text: str) -> Rental:
        if session.scalars(select(Tool.id).where((Tool.tag == text) | (Tool.label == text))).first() is None:
            code = self._counter.codes.read(text)
            if code.kind is CodeKind.RENTAL:
                found = session.scalars(select(Rental).where(Rental.number == code.slip_number)).first()
                if found is None:
                    raise NotFound(what="rental")
                return found
        tool = tool_by_tag(session, self._counter, text)
        found = session.scalars(
            select(Rental)
            .join(RentalLine, RentalLine.rental_id == Rental.id)
            .where(RentalLine.tool_id == tool.id, RentalLine.state.in_(HOLDS_TOOL))
        ).first()
        if found is None:
            raise NotFound(what="rental")
        return found

    def _out(self, session: Session, by: Authority, rental_id: UUID, roles: tuple[Role, ...]) -> Rental:
        self._counter.named(session, by, roles)
        rental = get(session, Rental, rental_id)
        if rental.state is not RentalState.OUT:
            raise StepInvalid(what="rental", state=rental.state.value)
        if rental.device_id != self._store.origin.device_id:
            raise NotAllowed(reason="other_device")
        return rental

    @staticmethod
    def _line(session: Session, rental: Rental, line_id: UUID, state: LineState) -> RentalLine:
        line = get(session, RentalLine, line_id)
        if line.rental_id != rental.id or line.state is not state:
            raise StepInvalid(what="line", state=line.state.value)
        return line

    def _tool(self, session: Session, line: RentalLine) -> Tool:
        assert line.tool_id is not None
        return self._counter.own(session.get_one(Tool, line.tool_id))

    def _fix(
        self,
        session: Session,
        by: Authority,
        rental: Rental,
        line: RentalLine,
        deductions: Sequence[DeductionCard],
    ) -> None:
        """Rent with its derivation, and the deductions, each with its reason."""
        found = charge_now(line, rental, self._counter, self._clock.now())
        for deduction in deductions:
            if not 0 < deduction.amount <= MOST:
                raise CashRefused(reason="amount")
            if not deduction.reason.strip():
                raise InputInvalid(field="deductions", reason="no_reason", line=str(line.id))
            session.add(
                Deduction(
                    line_id=line.id,
                    kind=deduction.kind,
                    reason=deduction.reason.strip(),
                    amount=deduction.amount,
                )
            )
        line.rent, line.derivation = found.amount, derivation(found)
        line.deducted = sum(deduction.amount for deduction in deductions)
        line.inspected_by, line.inspected_at = by.staff_id, self._clock.now()
        line.state = LineState.INSPECTED

    def _done(
        self, session: Session, by: Authority, rental: Rental, act: str, **details: object
    ) -> RentalCard:
        session.flush()
        self._counter.audit(session, by, act, rental.id, **details)
        return rental_card(session, self._counter, rental)
