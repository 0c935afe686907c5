"""Acquisition, repair and write-off: asked for by one person, decided by another (004 annex 4 art. 5(一); T8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import (
    Account,
    CashKind,
    Staff,
    StockRequest,
    StockRequestKind,
    StockRequestState,
    StoragePlace,
    Tool,
    ToolModel,
    ToolState,
)
from kiosk.errors import CashRefused, InputInvalid, NotAllowed, NotFound, StepInvalid
from kiosk.staff.accounts import Authority
from kiosk.tools import papers
from kiosk.tools.book import About, post
from kiosk.tools.cards import BatchCard, StockRequestCard
from kiosk.tools.counter import DECIDING, KEEPING, Counter, get
from kiosk.tools.intake import Intake, Progress
from kiosk.tools.stock import new_tool, open_request, place, tool_card

COST_OF = {
    StockRequestKind.ACQUISITION: (CashKind.ACQUISITION, Account.ACQUISITION_COST),
    StockRequestKind.REPAIR: (CashKind.REPAIR, Account.REPAIR_COST),
}
PAYERS = (Account.FUNDING, Account.SAFE)
MOST_AT_ONCE = 500


class RequestDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store
        self._clock = counter.clock

    def waiting(
        self, states: Iterable[StockRequestState] = (StockRequestState.REQUESTED,)
    ) -> list[StockRequestCard]:
        """Everything in these states, the lines of spreadsheets one by one."""
        return list(self._cards(StockRequest.state.in_(tuple(states))))

    def single(
        self, states: Iterable[StockRequestState] = (StockRequestState.REQUESTED,)
    ) -> tuple[StockRequestCard, ...]:
        """Those that are decided one by one, oldest first."""
        return self._cards(StockRequest.state.in_(tuple(states)), StockRequest.batch.is_(None))

    def batches(self) -> tuple[BatchCard, ...]:
        """Spreadsheets that wait for a decision, oldest first."""
        with self._store.read() as session:
            rows = session.execute(
                select(
                    StockRequest.batch,
                    func.count(),
                    func.sum(StockRequest.quantity),
                    func.sum(StockRequest.quantity * StockRequest.amount),
                    func.min(StockRequest.requested_at),
                    func.min(StockRequest.id),
                )
                .where(StockRequest.state == StockRequestState.REQUESTED, StockRequest.batch.is_not(None))
                .group_by(StockRequest.batch)
                .order_by(func.min(StockRequest.requested_at))
            ).all()
            cards = []
            for batch, lines, tools, amount, _, first_id in rows:
                assert batch is not None
                first = session.get_one(StockRequest, first_id)
                asked_by = session.get_one(Staff, first.requested_by).name
                cards.append(
                    BatchCard(batch, lines, tools, amount, first.reason, asked_by, first.requested_at)
                )
            return tuple(cards)

    def batch(self, batch: UUID) -> tuple[StockRequestCard, ...]:
        """The lines of a spreadsheet, in its order."""
        return self._cards(StockRequest.batch == batch)

    def to_decide(self) -> int:
        """How many decisions wait; a spreadsheet is one."""
        with self._store.read() as session:
            one = func.coalesce(StockRequest.batch, StockRequest.id)
            query = select(func.count(one.distinct()))
            return session.scalar(query.where(StockRequest.state == StockRequestState.REQUESTED)) or 0

    def acquire(
        self,
        by: Authority,
        model_id: UUID,
        quantity: int,
        price: int,
        reason: str,
        place_name: str = "",
        bought_on: date | None = None,
    ) -> StockRequestCard:
        """Ask for `quantity` new tools at `price` fen each, bought on a day that is not to come."""
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            lies = self._place(session, place_name)
            request = self._acquisition(by, get(session, ToolModel, model_id), quantity, price, reason)
            request.place_id, request.bought_on = lies, self._past(bought_on)
            session.add(request)
            session.flush()
            self._counter.audit(
                session, by, "acquisition_requested", request.id, quantity=quantity, amount=price
            )
            return _card(session, request)

    def take_in(self, by: Authority, intake: Intake, reason: str, progress: Progress | None = None) -> UUID:
        """Ask for everything of a spreadsheet as one batch; its id. Raises InputInvalid while a line is wrong."""
        if intake.errors or not intake.rows:
            raise InputInvalid(field="file", reason="errors", errors=len(intake.errors))
        batch = uuid7()
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            places = {name: self._place(session, name) for name in {row.place for row in intake.rows}}
            models = {row.model_id: get(session, ToolModel, row.model_id) for row in intake.rows}
            for done, row in enumerate(intake.rows, start=1):
                model = models[row.model_id]
                request = self._acquisition(by, model, row.quantity, row.price, row.note or reason)
                request.batch, request.labels = batch, list(row.labels)
                request.place_id, request.bought_on = places[row.place], self._past(row.bought_on)
                session.add(request)
                if progress is not None:
                    progress.done, progress.total = done, len(intake.rows)
            session.flush()
            self._counter.audit(
                session, by, "intake_requested", batch, lines=len(intake.rows), tools=intake.tools
            )
        return batch

    def repair(self, by: Authority, tool_id: UUID, expected: int, reason: str) -> StockRequestCard:
        """Ask for a repair expected to cost `expected` fen; the tool is set aside at once."""
        return self._about_tool(by, StockRequestKind.REPAIR, tool_id, expected, reason)

    def write_off(self, by: Authority, tool_id: UUID, reason: str) -> StockRequestCard:
        """Ask for a write-off; the tool is set aside at once, a lost one stays lost."""
        return self._about_tool(by, StockRequestKind.WRITE_OFF, tool_id, 0, reason)

    def decide(self, by: Authority, request_id: UUID, approve: bool, note: str = "") -> StockRequestCard:
        """Approve or refuse; never one's own. A refused tool stays aside until a keeper releases it.

        Raises NotAllowed(reason=same_person|role), StepInvalid once it was decided.
        """
        with self._store.write() as session:
            self._counter.named(session, by, DECIDING)
            request = get(session, StockRequest, request_id)
            self._decide(session, by, request, approve, note)
            session.flush()
            act = f"{request.kind.value}_{'approved' if approve else 'refused'}"
            self._counter.audit(session, by, act, request.id, requested_by=str(request.requested_by))
            return _card(session, request)

    def decide_batch(
        self,
        by: Authority,
        batch: UUID,
        approve: bool,
        note: str = "",
        progress: Progress | None = None,
    ) -> int:
        """The whole spreadsheet, in one transaction; how many lines."""
        with self._store.write() as session:
            requests = session.scalars(
                select(StockRequest)
                .where(StockRequest.batch == batch, StockRequest.state == StockRequestState.REQUESTED)
                .order_by(StockRequest.id)
            ).all()
            if not requests:
                raise NotFound(what="batch")
            self._counter.named(session, by, DECIDING)
            # kept at hand, so that each of them is looked up once
            kept: list[object] = [get(session, ToolModel, one) for one in {row.model_id for row in requests}]
            kept += [get(session, StoragePlace, one) for one in {row.place_id for row in requests} if one]
            for done, request in enumerate(requests, start=1):
                self._decide(session, by, request, approve, note)
                if progress is not None:
                    progress.done, progress.total = done, len(requests)
            session.flush()
            act = f"intake_{'approved' if approve else 'refused'}"
            asked_by = str(requests[0].requested_by)
            self._counter.audit(session, by, act, batch, lines=len(requests), requested_by=asked_by)
            return len(requests)

    def finish_repair(
        self, by: Authority, request_id: UUID, cost: int, fit: bool, paid_from: Account = Account.FUNDING
    ) -> StockRequestCard:
        """The tool is back from repair; it cost `cost` fen. A tool that is not fit stays aside."""
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            request = get(session, StockRequest, request_id)
            if request.kind is not StockRequestKind.REPAIR or request.state is not StockRequestState.APPROVED:
                raise StepInvalid(what="request", state=request.state.value)
            assert request.tool_id is not None
            tool = self._counter.own(get(session, Tool, request.tool_id))
            tool.state = ToolState.IN_STOCK if fit else ToolState.SET_ASIDE
            self._pay(session, by, request, cost, tool.id, paid_from)
            self._finish(request, StockRequestState.DONE, cost)
            session.flush()
            self._counter.audit(session, by, "repair_finished", request.id, cost=cost, fit=fit)
            return _card(session, request)

    def _acquisition(
        self, by: Authority, model: ToolModel, quantity: int, price: int, reason: str
    ) -> StockRequest:
        if not 1 <= quantity <= MOST_AT_ONCE:
            raise InputInvalid(field="quantity", reason="range")
        request = self._request(StockRequestKind.ACQUISITION, by, model, price, reason)
        request.quantity = quantity
        return request

    def _place(self, session: Session, name: str) -> UUID | None:
        return place(session, self._store.origin.device_id, name).id if name.strip() else None

    def _past(self, day: date | None) -> date | None:
        if day is not None and day > self._clock.today():
            raise InputInvalid(field="bought_on", reason="future")
        return day

    def _cards(self, *where: ColumnElement[bool]) -> tuple[StockRequestCard, ...]:
        with self._store.read() as session:
            query = select(StockRequest).where(*where).order_by(StockRequest.requested_at, StockRequest.id)
            return tuple(_card(session, request) for request in session.scalars(query))

    def _about_tool(
        self, by: Authority, kind: StockRequestKind, tool_id: UUID, amount: int, reason: str
    ) -> StockRequestCard:
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            tool = self._counter.own(get(session, Tool, tool_id))
            at_hand = (ToolState.IN_STOCK, ToolState.SET_ASIDE)
            may = (*at_hand, ToolState.LOST) if kind is StockRequestKind.WRITE_OFF else at_hand
            if tool.state not in may or open_request(session, tool.id) is not None:
                raise StepInvalid(what="tool", state=tool.state.value)
            if tool.state is not ToolState.LOST:
                tool.state = ToolState.SET_ASIDE
            model = session.get_one(ToolModel, tool.model_id)
            request = self._request(kind, by, model, amount, reason)
            request.tool_id = tool.id
            session.add(request)
            session.flush()
            self._counter.audit(session, by, f"{kind.value}_requested", request.id, tool=str(tool.id))
            return _card(session, request)

    def _request(
        self, kind: StockRequestKind, by: Authority, model: ToolModel, amount: int, reason: str
    ) -> StockRequest:
        if amount < 0:
            raise CashRefused(reason="amount")
        if not reason.strip():
            raise InputInvalid(field="reason", reason="empty")
        return StockRequest(
            id=uuid7(),
            kind=kind,
            model_id=model.id,
            quantity=1,
            amount=amount,
            labels=[],
            reason=reason.strip(),
            state=StockRequestState.REQUESTED,
            requested_by=by.staff_id,
            requested_at=self._clock.now(),
            decision_note="",
            cost=0,
        )

    def _decide(
        self, session: Session, by: Authority, request: StockRequest, approve: bool, note: str
    ) -> None:
        if request.state is not StockRequestState.REQUESTED:
            raise StepInvalid(what="request", state=request.state.value)
        if request.requested_by == by.staff_id:
            raise NotAllowed(reason="same_person")
        request.decided_by, request.decided_at = by.staff_id, self._clock.now()
        request.decision_note = note
        if not approve:
            self._finish(request, StockRequestState.REFUSED)
        elif request.kind is StockRequestKind.ACQUISITION:
            self._make_tools(session, by, request)
        else:
            assert request.tool_id is not None
            tool = self._counter.own(get(session, Tool, request.tool_id))
            lost = tool.state is ToolState.LOST and request.kind is StockRequestKind.WRITE_OFF
            if tool.state is not ToolState.SET_ASIDE and not lost:
                raise StepInvalid(what="tool", state=tool.state.value)
            if request.kind is StockRequestKind.REPAIR:
                tool.state, request.state = ToolState.REPAIR, StockRequestState.APPROVED
            else:
                tool.state = ToolState.WRITTEN_OFF
                self._finish(request, StockRequestState.DONE)

    def _make_tools(self, session: Session, by: Authority, request: StockRequest) -> None:
        """The tools, what they cost in the book, and a tag to stick on each."""
        model = get(session, ToolModel, request.model_id)
        if request.labels and session.scalar(select(Tool.id).where(Tool.label.in_(request.labels)).limit(1)):
            raise InputInvalid(field="labels", reason="label_taken")
        acquired_at = self._clock.now()
        if request.bought_on is not None:
            morning = datetime.combine(request.bought_on, time(), self._clock.zone).astimezone(UTC)
            acquired_at = min(acquired_at, morning)
        labels = list(request.labels) + [""] * (request.quantity - len(request.labels))
        for label in labels:
            tool = new_tool(
                session,
                self._counter,
                model,
                acquired_at,
                cost=request.amount,
                label=label,
                place_id=request.place_id,
            )
            self._pay(session, by, request, request.amount, tool.id, Account.FUNDING)
            papers.tool_tag(session, self._counter, tool_card(session, self._counter, tool))
        self._finish(request, StockRequestState.DONE, request.amount * request.quantity)

    def _pay(
        self,
        session: Session,
        by: Authority,
        request: StockRequest,
        cost: int,
        tool_id: UUID,
        paid_from: Account,
    ) -> None:
        if cost < 0 or paid_from not in PAYERS:
            raise CashRefused(reason="amount")
        kind, account = COST_OF[request.kind]
        about = About(by.staff_id, tool_id=tool_id, note=request.reason)
        post(session, self._clock.now(), kind, (account, paid_from), cost, about)

    def _finish(self, request: StockRequest, state: StockRequestState, cost: int = 0) -> None:
        request.state, request.finished_at, request.cost = state, self._clock.now(), cost


def _card(session: Session, request: StockRequest) -> StockRequestCard:
    model = session.get_one(ToolModel, request.model_id)
    tool = session.get(Tool, request.tool_id) if request.tool_id else None
    decided = session.get(Staff, request.decided_by) if request.decided_by else None
    lies = session.get(StoragePlace, request.place_id) if request.place_id else None
    return StockRequestCard(
        id=request.id,
        kind=request.kind,
        state=request.state,
        model_name=model.name,
        model_name_en=model.name_en,
        place=lies.name if lies else "",
        bought_on=request.bought_on,
        tool_tag=tool.tag if tool else "",
        quantity=request.quantity,
        amount=request.amount,
        reason=request.reason,
        batch=request.batch,
        requested_by=session.get_one(Staff, request.requested_by).name,
        requested_at=request.requested_at,
        decided_by=decided.name if decided else "",
        decision_note=request.decision_note,
    )
