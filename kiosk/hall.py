"""The hall itself as the screens show it: name, hours, lines, notices (S12; 001 annex 1 ¶12, 18)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from db.models import Hall, Notice
from db.store import Store
from kiosk.errors import NotFound


@dataclass(frozen=True)
class HallCard:
    name: str
    address: str
    hours: str
    hotline: str
    complaint_line: str
    legal_aid_line: str


@dataclass(frozen=True)
class NoticeCard:
    id: UUID
    kind: str  # policy, rules, flow, notice
    title: str
    body: str


class HallDesk:
    def __init__(self, store: Store) -> None:
        self._store = store

    def hall(self) -> HallCard:
        """Raises NotFound in a store that was never set up."""
        with self._store.read() as session:
            hall = session.scalars(select(Hall).where(Hall.id == self._store.origin.hall_id)).one_or_none()
            if hall is None:
                raise NotFound(what="hall")
            return HallCard(
                hall.name, hall.address, hall.hours, hall.hotline, hall.complaint_line, hall.legal_aid_line
            )

    def notices(self) -> tuple[NoticeCard, ...]:
        with self._store.read() as session:
            return tuple(
                NoticeCard(notice.id, notice.kind, notice.title, notice.body)
                for notice in session.scalars(select(Notice).order_by(Notice.position))
            )
