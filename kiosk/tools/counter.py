"""What every desk of the tool counter is built from, and what they all ask: who acts, which number is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import Base, Origin, Role, Staff, Tool
from db.store import Store
from kiosk.clock import Clock
from kiosk.errors import NotFound, ToolUnavailable
from kiosk.identity.slip_code import SlipCodes, slip_number
from kiosk.settings import Settings
from kiosk.staff import audit
from kiosk.staff.accounts import Authority, named, second
from kiosk.tools.tariff import Calendar

Row = TypeVar("Row", bound=Base)

LENDING = (Role.CLERK, Role.TOOL_KEEPER)
KEEPING = (Role.TOOL_KEEPER,)
DECIDING = (Role.SUPERVISOR, Role.FINANCE)
FINANCE = (Role.FINANCE,)
CASHIER = (Role.CLERK, Role.TOOL_KEEPER, Role.FINANCE)


@dataclass(frozen=True)
class Counter:
    store: Store
    settings: Settings
    clock: Clock
    codes: SlipCodes

    @property
    def device(self) -> int:
        return self.store.origin.device_number

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.clock.zone, frozenset(self.settings.rental.holidays))

    def named(self, session: Session, by: Authority, roles: tuple[Role, ...]) -> Staff:
        """Whoever acts, checked in the act's own transaction. Raises NotAllowed."""
        return named(session, by, self.settings, self.clock.now(), roles)

    def second(
        self, session: Session, by: Authority, other: Authority | None, roles: tuple[Role, ...] = ()
    ) -> Staff:
        """Another person than `by`. Raises NotAllowed."""
        return second(session, by, other, self.settings, self.clock.now(), roles)

    def audit(self, session: Session, by: Authority | None, act: str, subject: UUID, **details: Any) -> None:
        actor = audit.KIOSK if by is None else str(by.staff_id)
        audit.record(session, self.clock.now(), actor, act, str(subject), **details)

    def next_number(self, session: Session) -> tuple[str, int]:
        """Printed number and serial of the next paper, tag or drawer of this device."""
        origin = session.get_one(Origin, 1)
        origin.slip_serial += 1
        return slip_number(origin.device_number, origin.slip_serial), origin.slip_serial

    def own(self, tool: Tool) -> Tool:
        """A tool belongs to one device; only that one changes it (design §3.7)."""
        if tool.device_id != self.store.origin.device_id:
            raise ToolUnavailable(reason="other_device", tool=str(tool.id))
        return tool

    def paper_expires(self, now: datetime) -> datetime:
        return now + self.settings.paper_lives


def get(session: Session, kind: type[Row], row_id: UUID) -> Row:
    """Raises NotFound."""
    row = session.get(kind, row_id)
    if row is None:
        raise NotFound(what=kind.__tablename__)
    return row
