"""存放点: shelves and cages, what lies on them, and moving it (spec §3, storage places)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import StoragePlace, Tool
from kiosk.errors import InputInvalid, StepInvalid
from kiosk.staff.accounts import Authority
from kiosk.tools.cards import PlaceCard, ToolCard
from kiosk.tools.counter import KEEPING, Counter, get
from kiosk.tools.stock import GONE, place, tool_card

LONGEST_NAME = 20


class PlaceDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store

    def places(self) -> tuple[PlaceCard, ...]:
        """This device's, the retired ones last."""
        with self._store.read() as session:
            query = (
                select(StoragePlace)
                .where(StoragePlace.device_id == self._store.origin.device_id)
                .order_by(StoragePlace.active.desc(), StoragePlace.position, StoragePlace.name)
            )
            return tuple(_card(session, row) for row in session.scalars(query))

    def tools(self, place_id: UUID) -> tuple[ToolCard, ...]:
        """Everything that has its place there and is not gone for good."""
        with self._store.read() as session:
            query = select(Tool).where(Tool.place_id == place_id, Tool.state.not_in(GONE)).order_by(Tool.tag)
            return tuple(tool_card(session, self._counter, tool) for tool in session.scalars(query))

    def add(self, by: Authority, name: str) -> PlaceCard:
        """Raises InputInvalid(field=place, reason=empty|twice|too_long)."""
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            self._free(session, name)
            made = place(session, self._store.origin.device_id, name)
            self._counter.audit(session, by, "place_added", made.id)
            return _card(session, made)

    def rename(self, by: Authority, place_id: UUID, name: str) -> PlaceCard:
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            row = self._own(session, place_id)
            if row.name != name.strip():
                self._free(session, name)
                row.name = name.strip()
                session.flush()
                self._counter.audit(session, by, "place_renamed", row.id)
            return _card(session, row)

    def use(self, by: Authority, place_id: UUID, active: bool) -> PlaceCard:
        """Retire a place nothing belongs to any more, or use a retired one again. Raises StepInvalid(what=place)."""
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            row = self._own(session, place_id)
            if not active and _count(session, row):
                raise StepInvalid(what="place", state="not_empty", reason="not_empty")
            row.active = active
            session.flush()
            self._counter.audit(session, by, "place_used", row.id, active=active)
            return _card(session, row)

    def move(self, by: Authority, tools: Iterable[UUID], place_id: UUID) -> int:
        """These tools lie there from now on; how many."""
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            row = self._own(session, place_id)
            if not row.active:
                raise StepInvalid(what="place", state="retired", reason="retired")
            moved = [self._counter.own(get(session, Tool, tool_id)) for tool_id in tools]
            for tool in moved:
                tool.place_id = row.id
            session.flush()
            self._counter.audit(session, by, "tools_moved", row.id, tools=[str(tool.id) for tool in moved])
            return len(moved)

    def _own(self, session: Session, place_id: UUID) -> StoragePlace:
        row = get(session, StoragePlace, place_id)
        if row.device_id != self._store.origin.device_id:
            raise StepInvalid(what="place", state="other_device", reason="other_device")
        return row

    def _free(self, session: Session, name: str) -> None:
        name = name.strip()
        if not name or len(name) > LONGEST_NAME:
            raise InputInvalid(field="place", reason="too_long" if name else "empty")
        same = select(StoragePlace.id).where(
            StoragePlace.name == name, StoragePlace.device_id == self._store.origin.device_id
        )
        if session.scalar(same) is not None:
            raise InputInvalid(field="place", reason="twice")


def _card(session: Session, row: StoragePlace) -> PlaceCard:
    return PlaceCard(row.id, row.name, row.active, _count(session, row))


def _count(session: Session, row: StoragePlace) -> int:
    query = select(func.count()).select_from(Tool)
    return session.scalar(query.where(Tool.place_id == row.id, Tool.state.not_in(GONE))) or 0
