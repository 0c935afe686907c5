"""The hall's cash book: double entry, integer fen (004 annex 4 art. 5(三); spec T10).

A row names both of its accounts, so every row is balanced by its shape, and the book is balanced as their sum.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PERSONAL, Record, UtcTime, positive, states


class Account(StrEnum):
    DRAWER = "drawer"  # cash in a person's drawer; `drawer_id` says whose
    SAFE = "safe"  # cash in the hall's safe
    FUNDING = "funding"  # what the hall's owner or bank gave (negative) or got
    RECEIVABLE = "receivable"  # owed by borrowers
    DEPOSIT_LIABILITY = "deposit_liability"  # borrowers' money in the hall's hands
    RENT_INCOME = "rent_income"
    DEDUCTION_INCOME = "deduction_income"
    REPAIR_COST = "repair_cost"
    ACQUISITION_COST = "acquisition_cost"
    OVER_SHORT = "over_short"  # counted differences


class Drawer(Record):
    """One person's drawer from opening to closing."""

    __tablename__ = "drawers"
    __table_args__ = (
        UniqueConstraint("hall_id", "number"),
        positive("opening_float"),
        CheckConstraint("counted IS NULL OR counted = expected OR reason <> ''", name="difference_explained"),
        CheckConstraint("(closed_at IS NULL) = (counted IS NULL)", name="counted_when_closed"),
        Index(
            "uq_drawers_staff_id_open",
            "device_id",
            "staff_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    number: Mapped[str]
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    opening_float: Mapped[int]
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    expected: Mapped[int | None]
    counted: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")


class CashKind(StrEnum):
    """What a posting is for."""

    DEPOSIT = "deposit"
    DEPOSIT_REFUND = "deposit_refund"
    RENT = "rent"
    DEDUCTION = "deduction"
    DUE_PAID = "due_paid"
    GIVEN_BACK = "given_back"
    ACQUISITION = "acquisition"
    REPAIR = "repair"
    FLOAT = "float"
    CLOSE = "close"
    DIFFERENCE = "difference"
    SAFE = "safe"


class CashPosting(Record):
    """`amount` fen into `debit`, out of `credit`. Rows are only ever added."""

    __tablename__ = "cash_postings"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("debit <> credit", name="two_accounts"),
        CheckConstraint(
            "(debit = 'drawer' OR credit = 'drawer') = (drawer_id IS NOT NULL)", name="drawer_named"
        ),
        Index("ix_cash_postings_posted_at", "posted_at"),
        Index("ix_cash_postings_rental_id", "rental_id"),
        Index("ix_cash_postings_tool_id", "tool_id"),
        Index("ix_cash_postings_drawer_id", "drawer_id"),
    )

    posted_at: Mapped[datetime] = mapped_column(UtcTime)
    kind: Mapped[CashKind] = mapped_column(states(CashKind))
    debit: Mapped[Account] = mapped_column(states(Account))
    credit: Mapped[Account] = mapped_column(states(Account))
    amount: Mapped[int]
    drawer_id: Mapped[UUID | None] = mapped_column(ForeignKey("drawers.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    rental_id: Mapped[UUID | None] = mapped_column(ForeignKey("rentals.id"))
    return_id: Mapped[UUID | None] = mapped_column(ForeignKey("tool_returns.id"))
    tool_id: Mapped[UUID | None] = mapped_column(ForeignKey("tools.id"))
    note: Mapped[str] = mapped_column(default="", info=PERSONAL)
