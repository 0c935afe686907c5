"""盘点: scan what lies there, see what is missing and what should not be there."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import Staff, StockCount, StockCountLine, StoragePlace, Tool, ToolState
from kiosk.errors import NotFound, StepInvalid
from kiosk.staff.accounts import Authority
from kiosk.tools.cards import CountCard, CountResult, ToolCard
from kiosk.tools.counter import DECIDING, KEEPING, Counter, get
from kiosk.tools.stock import open_request, tool_by_tag, tool_card

ON_THE_SHELF = (ToolState.IN_STOCK, ToolState.SET_ASIDE, ToolState.HELD, ToolState.TO_INSPECT)
MOST_SHOWN = 20


class CountDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store
        self._clock = counter.clock

    def start(self, by: Authority, place_name: str = "") -> UUID:
        """A new count of one place, or of everything."""
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            lies = None
            if place_name:
                lies = session.scalars(select(StoragePlace).where(StoragePlace.name == place_name)).first()
                if lies is None:
                    raise NotFound(what="place")
            count = StockCount(
                id=uuid7(),
                place_id=lies.id if lies else None,
                started_by=by.staff_id,
                started_at=self._clock.now(),
            )
            session.add(count)
            session.flush()
            self._counter.audit(session, by, "count_started", count.id)
            return count.id

    def see(self, count_id: UUID, text: str) -> ToolCard:
        """A tag was scanned; the same one again changes nothing. Raises StepInvalid, CodeInvalid, NotFound."""
        with self._store.write() as session:
            count = self._open(session, count_id)
            tool = tool_by_tag(session, self._counter, text)
            if tool.id not in _seen(session, count):
                session.add(
                    StockCountLine(
                        count_id=count.id, tool_id=tool.id, state=tool.state, seen_at=self._clock.now()
                    )
                )
            return tool_card(session, self._counter, tool)

    def unsee(self, count_id: UUID, tool_id: UUID) -> None:
        """It was tapped by mistake. Raises StepInvalid once the count is finished."""
        with self._store.write() as session:
            count = self._open(session, count_id)
            line = session.scalars(
                select(StockCountLine).where(
                    StockCountLine.count_id == count.id, StockCountLine.tool_id == tool_id
                )
            ).one_or_none()
            if line is not None:
                session.delete(line)

    def counts(self) -> tuple[CountCard, ...]:
        """This device's: those still under way, then the newest."""
        with self._store.read() as session:
            query = (
                select(StockCount)
                .where(StockCount.device_id == self._store.origin.device_id)
                .order_by(StockCount.finished_at.is_not(None), StockCount.started_at.desc())
                .limit(MOST_SHOWN)
            )
            return tuple(_card(session, count) for count in session.scalars(query))

    def result(self, count_id: UUID) -> CountResult:
        """What it says so far."""
        with self._store.read() as session:
            return self._result(session, get(session, StockCount, count_id))

    def finish(self, by: Authority, count_id: UUID) -> CountResult:
        """Close the count. It changes no tool: what is missing is looked for, then reported lost by two people."""
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            count = self._open(session, count_id)
            result = self._result(session, count)
            count.missing, count.unexpected = len(result.missing), len(result.unexpected)
            count.finished_at = self._clock.now()
            self._counter.audit(
                session, by, "count_finished", count.id, missing=count.missing, unexpected=count.unexpected
            )
            return self._result(session, count)

    def report_missing(self, by: Authority, second: Authority | None, tool_id: UUID, note: str) -> ToolCard:
        """A tool that lies nowhere is lost; a supervisor or finance says so too."""
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            self._counter.second(session, by, second, DECIDING)
            tool = self._counter.own(get(session, Tool, tool_id))
            at_hand = tool.state in (ToolState.IN_STOCK, ToolState.SET_ASIDE)
            if not at_hand or open_request(session, tool.id) is not None:
                raise StepInvalid(what="tool", state=tool.state.value)
            tool.state, tool.note = ToolState.LOST, note
            self._counter.audit(session, by, "tool_missing", tool.id, second=str(second and second.staff_id))
            return tool_card(session, self._counter, tool)

    @staticmethod
    def _open(session: Session, count_id: UUID) -> StockCount:
        count = get(session, StockCount, count_id)
        if count.finished_at is not None:
            raise StepInvalid(what="count", state="finished")
        return count

    def _result(self, session: Session, count: StockCount) -> CountResult:
        seen = _seen(session, count)
        should = select(Tool).where(
            Tool.state.in_(ON_THE_SHELF), Tool.device_id == self._store.origin.device_id
        )
        if count.place_id is not None:
            should = should.where(Tool.place_id == count.place_id)
        expected = {tool.id: tool for tool in session.scalars(should.order_by(Tool.tag))}
        strays = session.scalars(
            select(Tool).where(Tool.id.in_(seen.keys() - expected.keys())).order_by(Tool.tag)
        )
        cards = [tool_card(session, self._counter, tool) for tool in strays]
        return CountResult(
            id=count.id,
            place=_place_name(session, count),
            seen=len(seen),
            expected=len(expected),
            missing=tuple(
                tool_card(session, self._counter, tool)
                for tool_id, tool in expected.items()
                if tool_id not in seen
            ),
            misplaced=tuple(card for card in cards if card.state in ON_THE_SHELF),
            surplus=tuple(card for card in cards if card.state not in ON_THE_SHELF),
            finished=count.finished_at is not None,
        )


def _card(session: Session, count: StockCount) -> CountCard:
    seen = select(func.count()).select_from(StockCountLine).where(StockCountLine.count_id == count.id)
    return CountCard(
        id=count.id,
        place=_place_name(session, count),
        started_by=session.get_one(Staff, count.started_by).name,
        started_at=count.started_at,
        finished_at=count.finished_at,
        seen=session.scalar(seen) or 0,
        missing=count.missing,
        unexpected=count.unexpected,
    )


def _place_name(session: Session, count: StockCount) -> str:
    return session.get_one(StoragePlace, count.place_id).name if count.place_id else ""


def _seen(session: Session, count: StockCount) -> dict[UUID, ToolState]:
    lines = session.scalars(select(StockCountLine).where(StockCountLine.count_id == count.id))
    return {line.tool_id: line.state for line in lines}
