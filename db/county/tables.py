"""The county's tables: every synced table of the halls, and what only the county keeps.

Copies of the halls' tables keep columns, primary keys and checks. They drop foreign keys and the other unique
constraints: rows of different devices arrive in no common order, slip numbers repeat from hall to hall, and one person
in two halls is a conflict that people work off, not an error. Personal columns are sealed bytes.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Enum,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

from db.models import Base, Record
from db.models.base import BLIND_INDEX, NAMING, PERSONAL, SEALED
from db.numbers import NUMBERED

FOLLOWED = ("seekers",)  # rows of a person are found by these references, for rights and merging
LOOKED_UP = ("referrals.posting_id", "postings.employer_id")  # with every batch
EXTRA = ("field_versions", "received_at")
NOW = text("now()")


def synced_tables() -> list[Table]:
    """The halls' synced tables, parents before children."""
    synced = {
        str(mapper.class_.__tablename__)
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Record) and mapper.class_.synced
    }
    return [table for table in Base.metadata.sorted_tables if table.name in synced]


def _copy(table: Table, metadata: MetaData) -> Table:
    columns = [
        Column(
            column.key,
            _type(column),
            primary_key=column.primary_key,
            nullable=column.nullable,
            info=column.info,
        )
        for column in table.columns
    ]
    # field → [version, device] of its last change, for merging (design §3.7)
    columns.append(Column("field_versions", JSONB, nullable=False, server_default=text("'{}'")))
    columns.append(Column("received_at", DateTime(timezone=True), nullable=False, server_default=NOW))
    copy = Table(table.name, metadata, *columns)
    for check in table.constraints:
        if isinstance(check, CheckConstraint) and not _of_enum(check, table) and not _of_sealed(check, table):
            copy.append_constraint(CheckConstraint(str(check.sqltext), name=check.name))
    for column in table.columns:
        if isinstance(column.type, Enum):
            known = ", ".join(f"'{value}'" for value in column.type.enums)
            copy.append_constraint(
                CheckConstraint(f'"{column.key}" IN ({known})', name=f"{column.key}_known")
            )
    for column in table.columns:
        to_person = any(key.column.table.name in FOLLOWED for key in column.foreign_keys)
        if to_person or str(column) in LOOKED_UP or column.info == BLIND_INDEX:
            Index(f"ix_{table.name}_{column.key}", copy.c[column.key])
    return copy


def _type(column: Column[Any]) -> TypeEngine[Any]:
    if column.info in (PERSONAL, SEALED, BLIND_INDEX):
        return LargeBinary()
    return String(column.type.length) if isinstance(column.type, Enum) else column.type.copy()


def _of_sealed(check: CheckConstraint, table: Table) -> bool:
    """What a sealed column says only the device can check."""
    said = set(re.findall(r"\w+", str(check.sqltext)))
    return any(column.key in said for column in table.columns if column.info in (PERSONAL, SEALED))


def _of_enum(check: CheckConstraint, table: Table) -> bool:
    """A check that comes with an enum's type; two columns of one enum would share its name."""
    names = {getattr(column.type, "name", None) for column in table.columns}
    return bool(getattr(check, "_type_bound", False)) or check.name in names


METADATA = MetaData(naming_convention=NAMING)
# plain str: SQLAlchemy's names are a subclass that msgspec does not encode
SYNCED = {str(table.name): _copy(table, METADATA) for table in synced_tables()}


def _own(name: str, *columns: Any) -> Table:
    return Table(name, METADATA, *columns)


def _time(name: str, *, required: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=not required)


COUNTY = _own(
    "county",
    Column("id", Integer, primary_key=True),
    Column("county_id", Uuid, nullable=False),
    Column("feed_id", Uuid, nullable=False),  # another one after a restore: every cursor starts anew
    Column(
        "feed_floor", BigInteger, nullable=False, server_default=text("0")
    ),  # xid; older cursors start anew
    Column(
        "auto_publish", Boolean, nullable=False, server_default=text("true")
    ),  # else staff publish each posting
    Column("backed_up_at", DateTime(timezone=True)),
)

# A device that was let in, and its mark. Pushes of one device take turns by locking its row.
ENROLLED = _own(
    "enrolled",
    Column("device_id", Uuid, primary_key=True),
    Column("hall_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("box_key", LargeBinary, nullable=False),
    Column("next_public_key", LargeBinary),  # rotation: counts from its first use
    Column("next_box_key", LargeBinary),
    Column("schema_version", String, nullable=False, server_default=""),
    Column("state", String, nullable=False, server_default="active"),  # active, revoked, cloned
    _time("enrolled_at", required=True),
    _time("stopped_at"),
    Column("epoch", Integer, nullable=False, server_default=text("0")),
    Column("mark", BigInteger, nullable=False, server_default=text("0")),
    Column("last_event_id", Uuid),
    Column("backed_up", BigInteger, nullable=False, server_default=text("0")),
    Column("waiting", BigInteger, nullable=False, server_default=text("0")),
    Column("refused", BigInteger, nullable=False, server_default=text("0")),
    Column("clock_offset_ms", BigInteger),
    _time("last_seen_at"),
    _time("last_push_at"),
    _time("last_pull_at"),
    CheckConstraint("state IN ('active', 'revoked', 'cloned')", name="state_known"),
)

# One key signs the slips of a hall, so that all its devices read them (`slip_keys`).
HALL_KEYS = _own(
    "hall_keys",
    Column("hall_id", Uuid, primary_key=True),
    Column("slip_key_sealed", LargeBinary, nullable=False),  # to the county's secret
    _time("since", required=True),
)

EPOCHS = _own(
    "epochs",
    Column("device_id", Uuid, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("first_seq", BigInteger, nullable=False),
    _time("opened_at", required=True),
    _time("forgiven_at"),  # by county staff: no longer counts towards "cloned"
)

# Every event once: the second layer against doubles, and what a history is compared with. One row an event, so no
# wider than that takes.
INBOX = _own(
    "inbox",
    Column("event_id", Uuid, primary_key=True),
    Column("device_id", Uuid, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
)

# Events that could not be applied (`refused`) or only in part until the county knows their schema (`deferred`).
QUARANTINE = _own(
    "quarantine",
    Column("event_id", Uuid, primary_key=True),
    Column("device_id", Uuid, nullable=False),
    Column("hall_id", Uuid, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("table", String, nullable=False),
    Column("row_id", Uuid, nullable=False),
    Column("op", String(1), nullable=False),
    Column("schema_version", String, nullable=False),
    Column("changed", String, nullable=False),
    Column("payload", LargeBinary, nullable=False),  # sealed JSON
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False),
    _time("since", required=True),
    _time("worked_off_at"),
    CheckConstraint("state IN ('refused', 'deferred', 'applied', 'dropped')", name="state_known"),
    Index("ix_quarantine_state", "state"),
)

# What others pull: rows changed, in the order of transactions. `hall_id` null: every hall; `device_id`: all but it.
FEED = _own(
    "feed",
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("xid", BigInteger, nullable=False, server_default=text("(pg_current_xact_id()::text::bigint)")),
    Column("table", String, nullable=False),
    Column("row_id", Uuid, nullable=False),
    Column("hall_id", Uuid),
    Column("device_id", Uuid),
    Column("at", DateTime(timezone=True), nullable=False, server_default=NOW),
    Index("ix_feed_xid_number", "xid", "number"),
)

TOMBSTONES = _own(
    "tombstones",
    Column("table", String, primary_key=True),
    Column("row_id", Uuid, primary_key=True),
    Column("hall_id", Uuid),
    Column("reason", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=NOW),
)

# Rows that reach halls which did not write them: published postings (hall null), people looked up elsewhere.
SHARES = _own(
    "shares",
    Column("row_id", Uuid, nullable=False),
    Column("table", String, nullable=False),
    Column("hall_id", Uuid),
    Column("at", DateTime(timezone=True), nullable=False, server_default=NOW),
    Index("uq_shares_row_id_hall_id", "row_id", "hall_id", unique=True, postgresql_nulls_not_distinct=True),
)

ENROL_CODES = _own(
    "enrol_codes",
    Column("digest", LargeBinary, primary_key=True),
    Column("hall_id", Uuid),  # null: the device brings a new hall
    Column("name", String, nullable=False),
    _time("made_at", required=True),
    _time("expires_at", required=True),
    _time("used_at"),
    Column("device_id", Uuid),
    Column("replaces", Uuid),  # a device that this one takes the place of
)

LOOKUPS = _own(
    "lookups",
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("device_id", Uuid, nullable=False),
    Column("hall_id", Uuid, nullable=False),
    Column("found", ARRAY(Uuid), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=NOW),
)

# That personal data was purged: when, why, how much; nothing of whom.
PURGES = _own(
    "purges",
    Column("id", Uuid, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("rows", JSONB, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

# The console: who of the county's staff may sign in, who is signed in, who guessed, and who did what.
CONSOLE_STAFF = _own(
    "console_staff",
    Column("id", Uuid, primary_key=True),
    Column("name", String, nullable=False),
    Column("name_key", String, nullable=False, unique=True),  # as compared: no case, no spaces around
    Column("password", String, nullable=False),  # argon2id
    Column("must_change", Boolean, nullable=False),
    _time("made_at", required=True),
    _time("stopped_at"),
)

CONSOLE_SESSIONS = _own(
    "console_sessions",
    Column("digest", LargeBinary, primary_key=True),  # of the cookie, which only the browser has
    Column("staff_id", Uuid, nullable=False),
    _time("made_at", required=True),
    _time("used_at", required=True),
    Index("ix_console_sessions_staff_id", "staff_id"),
)

CONSOLE_TRIES = _own(
    "console_tries",
    Column("digest", LargeBinary, primary_key=True),  # of a name or an address
    Column("failures", Integer, nullable=False),
    _time("last_at", required=True),
    _time("barred_until", required=True),
)

CONSOLE_AUDIT = _own(
    "console_audit",
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("actor", String, nullable=False),
    Column("act", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("details", JSONB, nullable=False),
    Index("ix_console_audit_subject", "subject"),
)

# What an employer said by the code on a slip; once (spec S9).
CONFIRMATIONS = _own(
    "confirmations",
    Column("referral_id", Uuid, primary_key=True),
    Column("outcome", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=NOW),
    CheckConstraint("outcome IN ('hired', 'declined', 'no_show')", name="outcome_known"),
)

# by number: a slip's code names it, not its hall; and one that was given out twice is found
for _table, (_number, _) in NUMBERED.items():
    Index(f"ix_{_table}_{_number}", SYNCED[_table].c[_number])
