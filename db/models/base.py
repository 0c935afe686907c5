"""What every table has, and the column types they share (kiosk and county alike)."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Enum, MetaData, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator
from uuid_utils.compat import uuid7

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

# What the county link does with a column (design §3.11). A sealed one is opened for the wire, travels as its value
# and is sealed again at the other end; its blind index is made anew there; a personal one is sealed at the county, and
# emptied with the person it hangs on (`db.privacy`).
PERSONAL = {"county": "personal"}
SEALED = {"county": "sealed"}
BLIND_INDEX = {"county": "blind_index"}


def now() -> datetime:
    """This instant in UTC."""
    return datetime.now(UTC)


class UtcTime(TypeDecorator[datetime]):
    """A UTC instant with microseconds; a naive one is refused, whatever the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def states(kind: type[StrEnum]) -> Enum:
    """An enum kept as its value and checked by the database."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class Record(Base):
    """A row of the hall: who wrote it, when, and which version of it this is.

    `synced` tables get an outbox row for every write, by themselves (`db.outbox`).
    """

    __abstract__ = True
    synced: ClassVar[bool] = True

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    hall_id: Mapped[UUID] = mapped_column(Uuid, index=False)
    device_id: Mapped[UUID] = mapped_column(Uuid, index=False)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, default=now, onupdate=now)
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        """A stale copy of a row can never overwrite a newer one."""
        return {"version_id_col": cls.version}


def positive(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} >= 0", name=f"{column}_not_negative")
