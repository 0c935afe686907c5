"""Tools, what they cost to borrow, and every rental of them (004 annex 4; spec §3).

A tool belongs to the device whose `device_id` its row carries; only that device changes it (design §3.7).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PERSONAL, Record, UtcTime, positive, states


class TariffUnit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    PIECE = "piece"  # once, however long


class ToolModel(Record):
    """工具型号. A model whose `price` is 0 is simple: no rent, deposit only (004 annex 4 art. 5(三)).

    Money in fen. `accessories` is a list of {"name", "quantity", "price"}, price for one that is missing;
    `safety` one notice a line.
    """

    __tablename__ = "tool_models"
    __table_args__ = (
        UniqueConstraint("hall_id", "key"),
        *(positive(name) for name in ("price", "deposit", "value", "free_minutes", "minimum", "late_price")),
    )

    key: Mapped[str]  # short, stable, ASCII: "rotary_hammer"
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    icon: Mapped[str] = mapped_column(default="tool")
    picture: Mapped[str] = mapped_column(default="")  # name of a photo in the data folder
    unit: Mapped[TariffUnit] = mapped_column(states(TariffUnit), default=TariffUnit.HOUR)
    price: Mapped[int] = mapped_column(default=0)
    free_minutes: Mapped[int] = mapped_column(default=0)
    minimum: Mapped[int] = mapped_column(default=0)
    daily_cap: Mapped[int | None]
    late_price: Mapped[int] = mapped_column(default=0)  # for each started hour or day past the grace
    late_grace_minutes: Mapped[int] = mapped_column(default=0)
    late_cap: Mapped[int | None]
    deposit: Mapped[int] = mapped_column(default=0)
    value: Mapped[int] = mapped_column(default=0)  # what a lost one costs
    safety: Mapped[str] = mapped_column(default="")
    accessories: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    adults_only: Mapped[bool] = mapped_column(default=False)
    offered: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)

    @property
    def simple(self) -> bool:
        return self.price == 0


class StoragePlace(Record):
    """Where tools lie: a shelf, a cage."""

    __tablename__ = "storage_places"
    __table_args__ = (UniqueConstraint("device_id", "name"),)

    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))  # retired ones are kept


class ToolState(StrEnum):
    """Where a tool is. It is in exactly one of these."""

    IN_STOCK = "in_stock"
    HELD = "held"  # put aside for an approved rental
    OUT = "out"
    TO_INSPECT = "to_inspect"  # back, not yet inspected (004 annex 4 art. 5(四))
    SET_ASIDE = "set_aside"  # damaged, or a repair or write-off was asked for
    REPAIR = "repair"
    LOST = "lost"
    WRITTEN_OFF = "written_off"


class Tool(Record):
    """工具: one physical item with a tag."""

    __tablename__ = "tools"
    __table_args__ = (
        UniqueConstraint("hall_id", "tag"),
        UniqueConstraint("device_id", "tag_serial"),
        Index("ix_tools_model_id_state", "model_id", "state"),
        positive("cost"),
    )

    model_id: Mapped[UUID] = mapped_column(ForeignKey("tool_models.id"))
    tag: Mapped[str]  # printed for people: device number, then serial
    tag_serial: Mapped[int]  # what the signed code on the tag carries
    label: Mapped[str] = mapped_column(default="")  # the hall's own inventory number
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("storage_places.id"))
    state: Mapped[ToolState] = mapped_column(states(ToolState), default=ToolState.IN_STOCK)
    cost: Mapped[int] = mapped_column(default=0)  # paid for it, fen
    acquired_at: Mapped[datetime] = mapped_column(UtcTime)
    note: Mapped[str] = mapped_column(default="")


class StockRequestKind(StrEnum):
    ACQUISITION = "acquisition"  # 新增
    REPAIR = "repair"  # 维修
    WRITE_OFF = "write_off"  # 报损（报废）


class StockRequestState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    DONE = "done"


class StockRequest(Record):
    """Asked for by one person, decided by another; the database holds them to it (004 annex 4 art. 5(一))."""

    __tablename__ = "stock_requests"
    __table_args__ = (
        CheckConstraint("decided_by IS NULL OR decided_by <> requested_by", name="four_eyes"),
        CheckConstraint("(kind = 'acquisition') = (tool_id IS NULL)", name="tool_or_model"),
        CheckConstraint("quantity >= 1", name="quantity_positive"),
        positive("amount"),
        positive("cost"),
        Index("ix_stock_requests_state", "state"),
    )

    kind: Mapped[StockRequestKind] = mapped_column(states(StockRequestKind))
    model_id: Mapped[UUID] = mapped_column(ForeignKey("tool_models.id"))
    tool_id: Mapped[UUID | None] = mapped_column(ForeignKey("tools.id"))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("storage_places.id"))
    quantity: Mapped[int] = mapped_column(default=1)
    amount: Mapped[int] = mapped_column(default=0)  # fen for one: price, or expected repair cost
    labels: Mapped[list[str]] = mapped_column(JSON, default=list)  # inventory numbers of an acquisition
    bought_on: Mapped[date | None]  # an acquisition's day in the hall; None: the day it is approved
    batch: Mapped[UUID | None]  # one spreadsheet is decided as one
    reason: Mapped[str]
    state: Mapped[StockRequestState] = mapped_column(
        states(StockRequestState), default=StockRequestState.REQUESTED
    )
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    decision_note: Mapped[str] = mapped_column(default="")
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime)
    cost: Mapped[int] = mapped_column(default=0)  # fen really spent


class StockCount(Record):
    """盘点: tools seen on the shelves against what the store says."""

    __tablename__ = "stock_counts"

    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("storage_places.id"))  # None: everywhere
    started_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    started_at: Mapped[datetime] = mapped_column(UtcTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime)
    missing: Mapped[int] = mapped_column(default=0)
    unexpected: Mapped[int] = mapped_column(default=0)


class StockCountLine(Record):
    """A tool that was scanned; `state` is what the store said of it at that moment."""

    __tablename__ = "stock_count_lines"
    __table_args__ = (UniqueConstraint("count_id", "tool_id"),)

    count_id: Mapped[UUID] = mapped_column(ForeignKey("stock_counts.id"))
    tool_id: Mapped[UUID] = mapped_column(ForeignKey("tools.id"))
    state: Mapped[ToolState] = mapped_column(states(ToolState))
    seen_at: Mapped[datetime] = mapped_column(UtcTime)


class RentalState(StrEnum):
    """requested → approved → briefed → signed → deposited → out → closed, or an end on the way."""

    REQUESTED = "requested"
    APPROVED = "approved"  # 先批后租
    BRIEFED = "briefed"  # safety notice ticked, accessories checked
    SIGNED = "signed"  # 使用签字
    DEPOSITED = "deposited"
    OUT = "out"
    CLOSED = "closed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class Rental(Record):
    """租赁: one person, one or several tools, one signature."""

    __tablename__ = "rentals"
    __table_args__ = (
        UniqueConstraint("hall_id", "number"),
        Index("ix_rentals_seeker_id_state", "seeker_id", "state"),
        Index("ix_rentals_state_due_at", "state", "due_at"),
    )

    seeker_id: Mapped[UUID] = mapped_column(ForeignKey("seekers.id"))
    number: Mapped[str]
    serial: Mapped[int]
    state: Mapped[RentalState] = mapped_column(states(RentalState), default=RentalState.REQUESTED)
    asked_at_kiosk: Mapped[bool]
    requested_at: Mapped[datetime] = mapped_column(UtcTime)
    valid_until: Mapped[datetime] = mapped_column(UtcTime)  # lapses unless handed out before
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcTime)
    briefed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    signature_strokes: Mapped[list[list[list[int]]] | None] = mapped_column(JSON, info=PERSONAL)
    signature_width: Mapped[int | None]
    # one bit a dot, rows padded to bytes
    signature_bits: Mapped[bytes | None] = mapped_column(LargeBinary, info=PERSONAL)
    deposited_at: Mapped[datetime | None] = mapped_column(UtcTime)
    handed_out_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    out_at: Mapped[datetime | None] = mapped_column(UtcTime)
    # it left before it was entered; the second person who says so
    backdated_with: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    due_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    reason: Mapped[str] = mapped_column(default="", info=PERSONAL)


class LineState(StrEnum):
    """One tool within a rental."""

    WANTED = "wanted"  # a model; which tool is not said yet
    HELD = "held"
    OUT = "out"
    BACK = "back"  # handed in, waits for inspection
    INSPECTED = "inspected"  # or reported lost; waits for the money
    SETTLED = "settled"
    DROPPED = "dropped"


HOLDS_TOOL = (LineState.HELD, LineState.OUT, LineState.BACK)
_HOLDING = text("state IN ('held', 'out', 'back')")


class RentalLine(Record):
    """One tool of a rental: what was agreed, what came back, what it cost. Money in fen.

    `terms` is the tariff as it was when the tool was put aside; `checklist` and `findings` map accessories to
    what was seen on the way out and on the way back; `derivation` is how the rent came about.
    """

    __tablename__ = "rental_lines"
    __table_args__ = (
        Index("ix_rental_lines_rental_id", "rental_id"),
        Index(
            "uq_rental_lines_tool_id_holding",
            "tool_id",
            unique=True,
            sqlite_where=_HOLDING,
            postgresql_where=_HOLDING,
        ),  # no tool is out twice, whatever the code above does
        CheckConstraint("tool_id IS NOT NULL OR state IN ('wanted', 'dropped')", name="tool_known"),
        *(positive(name) for name in ("deposit", "deposit_held", "rent", "deducted")),
        CheckConstraint(
            "given_back >= 0 AND given_back <= rent + deducted", name="given_back_within_charges"
        ),
    )

    rental_id: Mapped[UUID] = mapped_column(ForeignKey("rentals.id"))
    model_id: Mapped[UUID] = mapped_column(ForeignKey("tool_models.id"))
    tool_id: Mapped[UUID | None] = mapped_column(ForeignKey("tools.id"))
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[LineState] = mapped_column(states(LineState), default=LineState.WANTED)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    deposit: Mapped[int] = mapped_column(default=0)  # agreed
    deposit_held: Mapped[int] = mapped_column(default=0)  # in the hall's hands now
    checklist: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # accessory → pieces handed out
    out_note: Mapped[str] = mapped_column(
        default="", info=PERSONAL
    )  # why fewer pieces went along than belong to it
    returned_at: Mapped[datetime | None] = mapped_column(UtcTime)
    backdated_with: Mapped[UUID | None] = mapped_column(
        ForeignKey("staff.id")
    )  # as with the rental, of the way back
    inspected_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    inspected_at: Mapped[datetime | None] = mapped_column(UtcTime)
    findings: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # accessory → ok, missing, damaged
    photos: Mapped[list[str]] = mapped_column(JSON, default=list, info=PERSONAL)
    no_photo: Mapped[str] = mapped_column(default="", info=PERSONAL)  # why there is none of a damage
    note: Mapped[str] = mapped_column(default="", info=PERSONAL)
    lost: Mapped[bool] = mapped_column(default=False)
    found_at: Mapped[datetime | None] = mapped_column(UtcTime)  # a lost one that turned up
    rent: Mapped[int] = mapped_column(default=0)
    deducted: Mapped[int] = mapped_column(default=0)
    derivation: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    return_id: Mapped[UUID | None] = mapped_column(ForeignKey("tool_returns.id"))
    given_back: Mapped[int] = mapped_column(default=0)  # after a dispute, or for a lost tool that turned up


class DeductionKind(StrEnum):
    MISSING = "missing"
    DAMAGED = "damaged"
    LOST = "lost"
    OTHER = "other"


class Deduction(Record):
    """An itemised deduction from a deposit, always with its reason (004 annex 4 art. 5(二), (四))."""

    __tablename__ = "deductions"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("reason <> ''", name="reason_given"),
        Index("ix_deductions_line_id", "line_id"),
    )

    line_id: Mapped[UUID] = mapped_column(ForeignKey("rental_lines.id"))
    kind: Mapped[DeductionKind] = mapped_column(states(DeductionKind))
    reason: Mapped[str] = mapped_column(info=PERSONAL)
    amount: Mapped[int]


class ToolReturn(Record):
    """The money side of tools that came back together: deposit = charges covered + refund."""

    __tablename__ = "tool_returns"
    __table_args__ = (
        UniqueConstraint("hall_id", "number"),
        *(
            positive(name)
            for name in ("deposit", "rent", "deducted", "refunded", "paid", "owed", "given_back")
        ),
        CheckConstraint("refunded <= deposit", name="refund_within_deposit"),
        CheckConstraint("deposit + paid + owed = rent + deducted + refunded", name="balanced"),
        CheckConstraint("given_back <= rent + deducted", name="given_back_within_charges"),
        CheckConstraint("owed_paid >= 0 AND owed_paid <= owed", name="owed_paid_within_owed"),
    )

    rental_id: Mapped[UUID] = mapped_column(ForeignKey("rentals.id"), index=True)
    number: Mapped[str]
    serial: Mapped[int]
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    settled_at: Mapped[datetime] = mapped_column(UtcTime)
    deposit: Mapped[int]
    rent: Mapped[int]
    deducted: Mapped[int]
    refunded: Mapped[int]
    paid: Mapped[int]  # on top of the deposit
    owed: Mapped[int]  # still to be paid when it was settled
    owed_paid: Mapped[int] = mapped_column(default=0)
    given_back: Mapped[int] = mapped_column(default=0)  # after a dispute, or for a lost tool that turned up
    # the second person, where the charges went far beyond the deposit
    claim_confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))


class Dispute(Record):
    """The borrower does not agree with what a tool was charged: what they say, and the hall's answer."""

    __tablename__ = "disputes"
    __table_args__ = (
        positive("given_back"),
        CheckConstraint("words <> ''", name="words_given"),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_with_words"),
    )

    line_id: Mapped[UUID] = mapped_column(ForeignKey("rental_lines.id"), index=True)
    words: Mapped[str] = mapped_column(info=PERSONAL)
    photos: Mapped[list[str]] = mapped_column(JSON, default=list, info=PERSONAL)
    raised_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))  # who wrote it down
    raised_at: Mapped[datetime] = mapped_column(UtcTime)
    answer: Mapped[str] = mapped_column(default="", info=PERSONAL)
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))  # the second person
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    given_back: Mapped[int] = mapped_column(default=0)  # fen


class CallNote(Record):
    """What a call about overdue tools brought (spec T9)."""

    __tablename__ = "call_notes"

    rental_id: Mapped[UUID] = mapped_column(ForeignKey("rentals.id"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    called_at: Mapped[datetime] = mapped_column(UtcTime)
    note: Mapped[str] = mapped_column(info=PERSONAL)


class Locker(Record):
    """寄存: a locker for belongings (002 三, 003 ¶4)."""

    __tablename__ = "lockers"
    __table_args__ = (UniqueConstraint("device_id", "name"),)

    name: Mapped[str]
    usable: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class LockerUse(Record):
    """One person's things in one locker."""

    __tablename__ = "locker_uses"
    __table_args__ = (
        UniqueConstraint("hall_id", "number"),
        Index(
            "uq_locker_uses_locker_id_taken",
            "locker_id",
            unique=True,
            sqlite_where=text("collected_at IS NULL"),
            postgresql_where=text("collected_at IS NULL"),
        ),
    )

    locker_id: Mapped[UUID] = mapped_column(ForeignKey("lockers.id"))
    seeker_id: Mapped[UUID] = mapped_column(ForeignKey("seekers.id"))
    number: Mapped[str]
    serial: Mapped[int]
    contents: Mapped[str] = mapped_column(default="", info=PERSONAL)
    stored_at: Mapped[datetime] = mapped_column(UtcTime)
    stored_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    collected_at: Mapped[datetime | None] = mapped_column(UtcTime)
    collected_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[str] = mapped_column(default="", info=PERSONAL)
