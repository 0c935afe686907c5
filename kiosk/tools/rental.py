"""The rental desk: from the wish to the tool in the hand (004 annex 4 art. 4: 安全使用、先批后租、使用签字; T1–T4).

requested → approved → briefed → signed → deposited → out. Each step is one transaction and starts only from the state
before it, so a step that is done twice or resumed after a crash changes nothing twice; whatever was begun can be
continued, or cancelled with its money back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import (
    Account,
    CashKind,
    LineState,
    Rental,
    RentalLine,
    RentalState,
    Seeker,
    Tool,
    ToolModel,
    ToolState,
)
from kiosk.errors import InputInvalid, NotAllowed, Refused, StepInvalid, ToolUnavailable
from kiosk.language import Language
from kiosk.staff.accounts import Authority
from kiosk.tools import papers, signature
from kiosk.tools.book import About, needed_drawer, post
from kiosk.tools.cards import RentalCard
from kiosk.tools.counter import LENDING, Counter, get
from kiosk.tools.lending import check_borrower, check_earlier, check_free, default_due, drop, end, lapse
from kiosk.tools.rental_cards import lines_of, new_line, rental_card, terms
from kiosk.tools.signature import Stroke
from kiosk.tools.stock import model_card, tool_by_tag

REQUESTED, APPROVED, BRIEFED = RentalState.REQUESTED, RentalState.APPROVED, RentalState.BRIEFED
SIGNED, DEPOSITED, OUT = RentalState.SIGNED, RentalState.DEPOSITED, RentalState.OUT
BEFORE_OUT = (REQUESTED, APPROVED, BRIEFED, SIGNED, DEPOSITED)


class RentalDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store
        self._clock = counter.clock
        self._rules = counter.settings.rental

    def rental(self, rental_id: UUID) -> RentalCard:
        with self._store.read() as session:
            return rental_card(session, self._counter, get(session, Rental, rental_id))

    def waiting(self) -> tuple[RentalCard, ...]:
        """Everything begun and not handed out, oldest first: to approve, to go on with after a crash, to cancel."""
        with self._store.read() as session:
            query = select(Rental).where(Rental.state.in_(BEFORE_OUT)).order_by(Rental.requested_at)
            return tuple(rental_card(session, self._counter, rental) for rental in session.scalars(query))

    def request(self, seeker_id: UUID, models: Sequence[UUID], by: Authority | None = None) -> RentalCard:
        """Ask for tools by model, one entry for each: by the seeker at the kiosk, or `by` staff at the counter,
        who may leave `models` empty and scan. A wish that came from another device (`RentalCard.ours` is False) is
        taken over by asking for its models here; over there it lapses.

        Raises RentalBlocked, ToolUnavailable(reason=none_free), Refused(reason=request_open).
        """
        now = self._clock.now()
        with self._store.write() as session:
            lapse(session, self._counter, now)
            if by is not None:
                self._counter.named(session, by, LENDING)
            elif not models:
                raise InputInvalid(field="models", reason="empty")
            seeker = get(session, Seeker, seeker_id)
            wanted = [get(session, ToolModel, model) for model in models]
            check_borrower(session, self._counter, seeker, wanted, known=by is not None)
            check_free(session, self._counter, wanted, ours_only=by is not None)
            held = session.scalars(
                select(Rental).where(
                    Rental.seeker_id == seeker.id,
                    Rental.state.in_(BEFORE_OUT),
                    Rental.device_id == self._store.origin.device_id,
                )
            ).first()
            if held is not None:
                raise Refused(reason="request_open", rental=str(held.id))
            number, serial = self._counter.next_number(session)
            rental = Rental(
                id=uuid7(),
                seeker_id=seeker.id,
                number=number,
                serial=serial,
                state=REQUESTED,
                asked_at_kiosk=by is None,
                requested_at=now,
                valid_until=now + timedelta(hours=self._rules.request_hours),
                reason="",
            )
            session.add(rental)
            session.flush()
            for position, model in enumerate(wanted):
                session.add(new_line(rental, model, position))
            session.flush()
            self._counter.audit(session, by, "rental_requested", rental.id, tools=len(wanted))
            return rental_card(session, self._counter, rental)

    def approve(self, by: Authority, rental_id: UUID) -> RentalCard:
        """先批后租: a named person says yes. Raises RentalBlocked, also for somebody nobody has identified."""
        with self._store.write() as session:
            rental = self._step(session, by, rental_id, REQUESTED)
            models = [session.get_one(ToolModel, line.model_id) for line in lines_of(session, rental)]
            seeker = session.get_one(Seeker, rental.seeker_id)
            check_borrower(session, self._counter, seeker, models, rental=rental)
            rental.state, rental.approved_by, rental.approved_at = APPROVED, by.staff_id, self._clock.now()
            return self._done(session, by, rental, "rental_approved")

    def refuse(self, by: Authority, rental_id: UUID, reason: str) -> RentalCard:
        if not reason.strip():
            raise InputInvalid(field="reason", reason="empty")
        with self._store.write() as session:
            rental = self._step(session, by, rental_id, REQUESTED)
            end(session, self._counter, rental, RentalState.REFUSED, reason.strip())
            return self._done(session, by, rental, "rental_refused")

    def scan(self, by: Authority, rental_id: UUID, text: str) -> RentalCard:
        """Put a tool aside for an approved rental: into the first wish for its model, or as one more.

        Terms and deposit are fixed now. Raises ToolUnavailable(reason=state|other_device), RentalBlocked.
        """
        with self._store.write() as session:
            rental = self._step(session, by, rental_id, APPROVED)
            tool = self._counter.own(tool_by_tag(session, self._counter, text))
            if tool.state is not ToolState.IN_STOCK:
                raise ToolUnavailable(reason=tool.state.value, tool=str(tool.id))
            model = session.get_one(ToolModel, tool.model_id)
            lines = lines_of(session, rental)
            line = next(
                (one for one in lines if one.state is LineState.WANTED and one.model_id == model.id), None
            )
            if line is None:
                line = new_line(rental, model, len(lines))
                session.add(line)
            seeker = session.get_one(Seeker, rental.seeker_id)
            count = sum(one.state is not LineState.DROPPED for one in lines_of(session, rental))
            check_borrower(session, self._counter, seeker, [model], rental=rental, wanted=count)
            line.tool_id, line.state = tool.id, LineState.HELD
            line.terms, line.deposit = terms(model_card(model).tariff), model.deposit
            tool.state = ToolState.HELD
            return self._done(session, by, rental, "rental_tool_added", tool=str(tool.id))

    def drop(self, by: Authority, rental_id: UUID, line_id: UUID) -> RentalCard:
        """This tool or wish is not wanted after all."""
        with self._store.write() as session:
            rental = self._step(session, by, rental_id, APPROVED)
            line = _own_line(session, rental, line_id)
            if line.state not in (LineState.WANTED, LineState.HELD):
                raise StepInvalid(what="line", state=line.state.value)
            drop(session, line)
            return self._done(session, by, rental, "rental_tool_dropped", line=str(line.id))

    def brief(
        self,
        by: Authority,
        rental_id: UUID,
        read: Iterable[UUID],
        checklist: Mapping[UUID, Mapping[str, int]],
        notes: Mapping[UUID, str] | None = None,
    ) -> RentalCard:
        """安全使用: `read` are the models whose notice was shown and ticked; `checklist` maps each line to the pieces
        of every accessory that really go along. Fewer than listed is recorded, and not asked for on return; `notes`
        says why, for each such line.

        Raises InputInvalid(field=safety|accessories), StepInvalid while a wish has no tool.
        """
        why = notes or {}
        ticked = set(read)
        with self._store.write() as session:
            rental = self._step(session, by, rental_id, APPROVED)
            lines = [line for line in lines_of(session, rental) if line.state is not LineState.DROPPED]
            if not lines or any(line.state is LineState.WANTED for line in lines):
                raise StepInvalid(what="line", state="wanted" if lines else "none")
            for line in lines:
                card = model_card(session.get_one(ToolModel, line.model_id))
                if card.safety and card.id not in ticked:
                    raise InputInvalid(field="safety", reason="not_ticked", model=str(card.id))
                seen = dict(checklist.get(line.id, {}))
                listed = {item.name: item.quantity for item in card.accessories}
                if seen.keys() != listed.keys() or any(
                    not 0 <= pieces <= listed[name] for name, pieces in seen.items()
                ):
                    raise InputInvalid(field="accessories", reason="not_checked", line=str(line.id))
                line.checklist, line.out_note = seen, why.get(line.id, "").strip()
                if seen != listed and not line.out_note:
                    raise InputInvalid(field="accessories", reason="fewer", line=str(line.id))
            rental.state, rental.briefed_at = BRIEFED, self._clock.now()
            return self._done(session, by, rental, "rental_briefed")

    def sign(self, rental_id: UUID, strokes: Sequence[Stroke]) -> RentalCard:
        """使用签字: by the borrower's finger. Raises InputInvalid(field=signature)."""
        picture = signature.draw(strokes)
        with self._store.write() as session:
            rental = self._step(session, None, rental_id, BRIEFED)
            rental.signature_strokes = [[list(point) for point in stroke] for stroke in strokes]
            rental.signature_width, rental.signature_bits = picture.width, b"".join(picture.rows)
            rental.state, rental.signed_at = SIGNED, self._clock.now()
            return self._done(session, None, rental, "rental_signed")

    def reopen(self, by: Authority, rental_id: UUID) -> RentalCard:
        """Back to choosing tools; notice, checklist and signature are to be given anew."""
        with self._store.write() as session:
            rental = self._step(session, by, rental_id, BRIEFED, SIGNED)
            rental.state, rental.briefed_at, rental.signed_at = APPROVED, None, None
            rental.signature_strokes = rental.signature_width = rental.signature_bits = None
            return self._done(session, by, rental, "rental_reopened")

    def take_deposit(self, by: Authority, rental_id: UUID, language: Language | None = None) -> RentalCard:
        """The deposit of every tool goes into the drawer of whoever takes it. Raises CashRefused(reason=no_drawer)."""
        now = self._clock.now()
        with self._store.write() as session:
            rental = self._step(session, by, rental_id, SIGNED)
            held = [line for line in lines_of(session, rental) if line.state is LineState.HELD]
            total = sum(line.deposit for line in held)
            drawer = needed_drawer(session, by.staff_id) if total else None
            for line in held:
                line.deposit_held = line.deposit
                about = About(by.staff_id, rental.id, tool_id=line.tool_id)
                accounts = (Account.DRAWER, Account.DEPOSIT_LIABILITY)
                post(
                    session,
                    now,
                    CashKind.DEPOSIT,
                    accounts,
                    line.deposit,
                    about,
                    drawer if line.deposit else None,
                )
            rental.state, rental.deposited_at = DEPOSITED, now
            card = self._done(session, by, rental, "deposit_taken", amount=total)
            if total:
                papers.deposit_slip(session, self._counter, card, by, language or Language())
            return card

    def hand_out(
        self,
        by: Authority,
        rental_id: UUID,
        due_at: datetime | None = None,
        at: datetime | None = None,
        second: Authority | None = None,
        language: Language | None = None,
    ) -> RentalCard:
        """The tools leave, the receipt is printed. `at`: they left earlier and it was forgotten, which a second
        person must confirm.

        Raises RentalBlocked, InputInvalid(field=due_at|at), NotAllowed(reason=second_person|same_person).
        """
        now = self._clock.now()
        with self._store.write() as session:
            rental = self._step(session, by, rental_id, DEPOSITED)
            seeker = session.get_one(Seeker, rental.seeker_id)
            lines = [line for line in lines_of(session, rental) if line.state is LineState.HELD]
            models = [session.get_one(ToolModel, line.model_id) for line in lines]
            if at is None:
                check_borrower(session, self._counter, seeker, models, rental=rental)
            else:
                confirms = check_earlier(session, self._counter, by, second, at, lines)
                rental.backdated_with = confirms.id
            out_at = at or now
            rental.due_at = due_at or self.default_due(out_at)
            if rental.due_at <= out_at:
                raise InputInvalid(field="due_at", reason="past")
            rental.state, rental.out_at, rental.handed_out_by = OUT, out_at, by.staff_id
            for line in lines:
                assert line.tool_id is not None
                tool = self._counter.own(session.get_one(Tool, line.tool_id))
                if tool.state is not ToolState.HELD:
                    raise ToolUnavailable(reason=tool.state.value, tool=str(tool.id))
                line.state, tool.state = LineState.OUT, ToolState.OUT
            details = {"backdated_with": str(second.staff_id)} if at and second else {}
            card = self._done(session, by, rental, "rental_handed_out", **details)
            papers.rental_receipt(session, self._counter, rental, card, by, language or Language())
            return card

    def cancel(
        self, by: Authority | None, rental_id: UUID, reason: str, language: Language | None = None
    ) -> RentalCard:
        """Not to be after all; a deposit that was taken goes back out of the drawer of `by`, with a paper for both.

        The seeker (`by` None) can take back a wish that nobody has approved. Raises StepInvalid, CashRefused.
        """
        now = self._clock.now()
        with self._store.write() as session:
            rental = self._step(session, by, rental_id, *(BEFORE_OUT if by else (REQUESTED,)))
            refunded = 0
            for line in lines_of(session, rental):
                if line.deposit_held and by is not None:
                    drawer = needed_drawer(session, by.staff_id)
                    accounts = (Account.DEPOSIT_LIABILITY, Account.DRAWER)
                    about = About(by.staff_id, rental.id, tool_id=line.tool_id, note=reason)
                    post(session, now, CashKind.DEPOSIT_REFUND, accounts, line.deposit_held, about, drawer)
                    refunded += line.deposit_held
                    line.deposit_held = 0
            end(session, self._counter, rental, RentalState.CANCELLED, reason)
            if refunded and by is not None:
                name = papers.document("cancel", rental.id)
                papers.money_slip(
                    session, self._counter, name, rental, by, -refunded, reason=reason, language=language
                )
            return self._done(session, by, rental, "rental_cancelled", refunded=refunded)

    def lapse_due(self) -> int:
        """Wishes nobody handed out in time give their tools back; how many. One with a deposit waits for staff."""
        with self._store.write() as session:
            return lapse(session, self._counter, self._clock.now())

    def default_due(self, out_at: datetime) -> datetime:
        """When what leaves then is to be back."""
        return default_due(self._counter, out_at)

    def _step(self, session: Session, by: Authority | None, rental_id: UUID, *starts: RentalState) -> Rental:
        if by is not None:
            self._counter.named(session, by, LENDING)
        rental = get(session, Rental, rental_id)
        if rental.state not in starts:
            raise StepInvalid(what="rental", state=rental.state.value)
        if rental.device_id != self._store.origin.device_id:
            raise NotAllowed(reason="other_device")
        return rental

    def _done(
        self, session: Session, by: Authority | None, rental: Rental, act: str, **details: object
    ) -> RentalCard:
        session.flush()
        self._counter.audit(session, by, act, rental.id, **details)
        return rental_card(session, self._counter, rental)


def _own_line(session: Session, rental: Rental, line_id: UUID) -> RentalLine:
    line = get(session, RentalLine, line_id)
    if line.rental_id != rental.id:
        raise StepInvalid(what="line", state="other_rental")
    return line
