"""tools, staff, cash"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "lockers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("usable", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lockers")),
        sa.UniqueConstraint("device_id", "name", name=op.f("uq_lockers_device_id_name")),
    )
    op.create_table(
        "staff",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
    )
    op.create_table(
        "storage_places",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_storage_places")),
        sa.UniqueConstraint("device_id", "name", name=op.f("uq_storage_places_device_id_name")),
    )
    op.create_table(
        "tool_models",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("icon", sa.String(), nullable=False),
        sa.Column("picture", sa.String(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "hour",
                "day",
                "piece",
                name="tariffunit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("free_minutes", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("daily_cap", sa.Integer(), nullable=True),
        sa.Column("late_price", sa.Integer(), nullable=False),
        sa.Column("late_grace_minutes", sa.Integer(), nullable=False),
        sa.Column("late_cap", sa.Integer(), nullable=True),
        sa.Column("deposit", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("safety", sa.String(), nullable=False),
        sa.Column("accessories", sa.JSON(), nullable=False),
        sa.Column("adults_only", sa.Boolean(), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("deposit >= 0", name=op.f("ck_tool_models_deposit_not_negative")),
        sa.CheckConstraint("free_minutes >= 0", name=op.f("ck_tool_models_free_minutes_not_negative")),
        sa.CheckConstraint("late_price >= 0", name=op.f("ck_tool_models_late_price_not_negative")),
        sa.CheckConstraint("minimum >= 0", name=op.f("ck_tool_models_minimum_not_negative")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_tool_models_price_not_negative")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_tool_models_value_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_models")),
        sa.UniqueConstraint("hall_id", "key", name=op.f("uq_tool_models_hall_id_key")),
    )
    op.create_table(
        "drawers",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opening_float", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "counted IS NULL OR counted = expected OR reason <> ''",
            name=op.f("ck_drawers_difference_explained"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (counted IS NULL)", name=op.f("ck_drawers_counted_when_closed")
        ),
        sa.CheckConstraint("opening_float >= 0", name=op.f("ck_drawers_opening_float_not_negative")),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"], name=op.f("fk_drawers_closed_by")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_drawers_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawers")),
        sa.UniqueConstraint("hall_id", "number", name=op.f("uq_drawers_hall_id_number")),
    )
    with op.batch_alter_table("drawers", schema=None) as batch_op:
        batch_op.create_index(
            "uq_drawers_staff_id_open",
            ["device_id", "staff_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "locker_uses",
        sa.Column("locker_id", sa.Uuid(), nullable=False),
        sa.Column("seeker_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("contents", sa.String(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_by", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("collected_by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["collected_by"], ["staff.id"], name=op.f("fk_locker_uses_collected_by")),
        sa.ForeignKeyConstraint(["locker_id"], ["lockers.id"], name=op.f("fk_locker_uses_locker_id")),
        sa.ForeignKeyConstraint(["seeker_id"], ["seekers.id"], name=op.f("fk_locker_uses_seeker_id")),
        sa.ForeignKeyConstraint(["stored_by"], ["staff.id"], name=op.f("fk_locker_uses_stored_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locker_uses")),
        sa.UniqueConstraint("hall_id", "number", name=op.f("uq_locker_uses_hall_id_number")),
    )
    with op.batch_alter_table("locker_uses", schema=None) as batch_op:
        batch_op.create_index(
            "uq_locker_uses_locker_id_taken",
            ["locker_id"],
            unique=True,
            sqlite_where=sa.text("collected_at IS NULL"),
            postgresql_where=sa.text("collected_at IS NULL"),
        )

    op.create_table(
        "rentals",
        sa.Column("seeker_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "approved",
                "briefed",
                "signed",
                "deposited",
                "out",
                "closed",
                "refused",
                "cancelled",
                "lapsed",
                name="rentalstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_at_kiosk", sa.Boolean(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("briefed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signature_strokes", sa.JSON(), nullable=True),
        sa.Column("signature_width", sa.Integer(), nullable=True),
        sa.Column("signature_bits", sa.LargeBinary(), nullable=True),
        sa.Column("deposited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_out_by", sa.Uuid(), nullable=True),
        sa.Column("out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["staff.id"], name=op.f("fk_rentals_approved_by")),
        sa.ForeignKeyConstraint(["handed_out_by"], ["staff.id"], name=op.f("fk_rentals_handed_out_by")),
        sa.ForeignKeyConstraint(["seeker_id"], ["seekers.id"], name=op.f("fk_rentals_seeker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rentals")),
        sa.UniqueConstraint("hall_id", "number", name=op.f("uq_rentals_hall_id_number")),
    )
    with op.batch_alter_table("rentals", schema=None) as batch_op:
        batch_op.create_index("ix_rentals_seeker_id_state", ["seeker_id", "state"], unique=False)
        batch_op.create_index("ix_rentals_state_due_at", ["state", "due_at"], unique=False)

    op.create_table(
        "staff_secrets",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("pin_hash", sa.String(), nullable=False),
        sa.Column("badge_serial", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_staff_secrets_failures_not_negative")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_secrets_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_secrets")),
        sa.UniqueConstraint("badge_serial", name=op.f("uq_staff_secrets_badge_serial")),
        sa.UniqueConstraint("staff_id", name=op.f("uq_staff_secrets_staff_id")),
    )
    op.create_table(
        "stock_counts",
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("unexpected", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["storage_places.id"], name=op.f("fk_stock_counts_place_id")),
        sa.ForeignKeyConstraint(["started_by"], ["staff.id"], name=op.f("fk_stock_counts_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_counts")),
    )
    op.create_table(
        "tools",
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("tag_serial", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "in_stock",
                "held",
                "out",
                "to_inspect",
                "set_aside",
                "repair",
                "lost",
                "written_off",
                name="toolstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("acquired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_tools_cost_not_negative")),
        sa.ForeignKeyConstraint(["model_id"], ["tool_models.id"], name=op.f("fk_tools_model_id")),
        sa.ForeignKeyConstraint(["place_id"], ["storage_places.id"], name=op.f("fk_tools_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tools")),
        sa.UniqueConstraint("device_id", "tag_serial", name=op.f("uq_tools_device_id_tag_serial")),
        sa.UniqueConstraint("hall_id", "tag", name=op.f("uq_tools_hall_id_tag")),
    )
    with op.batch_alter_table("tools", schema=None) as batch_op:
        batch_op.create_index("ix_tools_model_id_state", ["model_id", "state"], unique=False)

    op.create_table(
        "call_notes",
        sa.Column("rental_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rental_id"], ["rentals.id"], name=op.f("fk_call_notes_rental_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_call_notes_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_notes")),
    )
    with op.batch_alter_table("call_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_notes_rental_id"), ["rental_id"], unique=False)

    op.create_table(
        "stock_count_lines",
        sa.Column("count_id", sa.Uuid(), nullable=False),
        sa.Column("tool_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "in_stock",
                "held",
                "out",
                "to_inspect",
                "set_aside",
                "repair",
                "lost",
                "written_off",
                name="toolstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["count_id"], ["stock_counts.id"], name=op.f("fk_stock_count_lines_count_id")
        ),
        sa.ForeignKeyConstraint(["tool_id"], ["tools.id"], name=op.f("fk_stock_count_lines_tool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count_lines")),
        sa.UniqueConstraint("count_id", "tool_id", name=op.f("uq_stock_count_lines_count_id_tool_id")),
    )
    op.create_table(
        "stock_requests",
        sa.Column(
            "kind",
            sa.Enum(
                "acquisition",
                "repair",
                "write_off",
                name="stockrequestkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("tool_id", sa.Uuid(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("batch", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "approved",
                "refused",
                "done",
                name="stockrequeststate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'acquisition') = (tool_id IS NULL)", name=op.f("ck_stock_requests_tool_or_model")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_stock_requests_amount_not_negative")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_stock_requests_cost_not_negative")),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> requested_by", name=op.f("ck_stock_requests_four_eyes")
        ),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_stock_requests_quantity_positive")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_stock_requests_decided_by")),
        sa.ForeignKeyConstraint(["model_id"], ["tool_models.id"], name=op.f("fk_stock_requests_model_id")),
        sa.ForeignKeyConstraint(["place_id"], ["storage_places.id"], name=op.f("fk_stock_requests_place_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["staff.id"], name=op.f("fk_stock_requests_requested_by")),
        sa.ForeignKeyConstraint(["tool_id"], ["tools.id"], name=op.f("fk_stock_requests_tool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_requests")),
    )
    with op.batch_alter_table("stock_requests", schema=None) as batch_op:
        batch_op.create_index("ix_stock_requests_state", ["state"], unique=False)

    op.create_table(
        "tool_returns",
        sa.Column("rental_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deposit", sa.Integer(), nullable=False),
        sa.Column("rent", sa.Integer(), nullable=False),
        sa.Column("deducted", sa.Integer(), nullable=False),
        sa.Column("refunded", sa.Integer(), nullable=False),
        sa.Column("paid", sa.Integer(), nullable=False),
        sa.Column("owed", sa.Integer(), nullable=False),
        sa.Column("owed_paid", sa.Integer(), nullable=False),
        sa.Column("given_back", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("deducted >= 0", name=op.f("ck_tool_returns_deducted_not_negative")),
        sa.CheckConstraint(
            "deposit + paid + owed = rent + deducted + refunded", name=op.f("ck_tool_returns_balanced")
        ),
        sa.CheckConstraint("deposit >= 0", name=op.f("ck_tool_returns_deposit_not_negative")),
        sa.CheckConstraint(
            "given_back <= rent + deducted", name=op.f("ck_tool_returns_given_back_within_charges")
        ),
        sa.CheckConstraint("given_back >= 0", name=op.f("ck_tool_returns_given_back_not_negative")),
        sa.CheckConstraint("owed >= 0", name=op.f("ck_tool_returns_owed_not_negative")),
        sa.CheckConstraint(
            "owed_paid >= 0 AND owed_paid <= owed", name=op.f("ck_tool_returns_owed_paid_within_owed")
        ),
        sa.CheckConstraint("paid >= 0", name=op.f("ck_tool_returns_paid_not_negative")),
        sa.CheckConstraint("refunded <= deposit", name=op.f("ck_tool_returns_refund_within_deposit")),
        sa.CheckConstraint("refunded >= 0", name=op.f("ck_tool_returns_refunded_not_negative")),
        sa.CheckConstraint("rent >= 0", name=op.f("ck_tool_returns_rent_not_negative")),
        sa.ForeignKeyConstraint(["rental_id"], ["rentals.id"], name=op.f("fk_tool_returns_rental_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_tool_returns_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_returns")),
        sa.UniqueConstraint("hall_id", "number", name=op.f("uq_tool_returns_hall_id_number")),
    )
    with op.batch_alter_table("tool_returns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tool_returns_rental_id"), ["rental_id"], unique=False)

    op.create_table(
        "cash_postings",
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "deposit",
                "deposit_refund",
                "rent",
                "deduction",
                "due_paid",
                "given_back",
                "acquisition",
                "repair",
                "float",
                "close",
                "difference",
                "safe",
                name="cashkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "debit",
            sa.Enum(
                "drawer",
                "safe",
                "funding",
                "receivable",
                "deposit_liability",
                "rent_income",
                "deduction_income",
                "repair_cost",
                "acquisition_cost",
                "over_short",
                name="account",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "credit",
            sa.Enum(
                "drawer",
                "safe",
                "funding",
                "receivable",
                "deposit_liability",
                "rent_income",
                "deduction_income",
                "repair_cost",
                "acquisition_cost",
                "over_short",
                name="account",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("drawer_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("rental_id", sa.Uuid(), nullable=True),
        sa.Column("return_id", sa.Uuid(), nullable=True),
        sa.Column("tool_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(debit = 'drawer' OR credit = 'drawer') = (drawer_id IS NOT NULL)",
            name=op.f("ck_cash_postings_drawer_named"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_cash_postings_amount_positive")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_cash_postings_two_accounts")),
        sa.ForeignKeyConstraint(["drawer_id"], ["drawers.id"], name=op.f("fk_cash_postings_drawer_id")),
        sa.ForeignKeyConstraint(["rental_id"], ["rentals.id"], name=op.f("fk_cash_postings_rental_id")),
        sa.ForeignKeyConstraint(["return_id"], ["tool_returns.id"], name=op.f("fk_cash_postings_return_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_cash_postings_staff_id")),
        sa.ForeignKeyConstraint(["tool_id"], ["tools.id"], name=op.f("fk_cash_postings_tool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_postings")),
    )
    with op.batch_alter_table("cash_postings", schema=None) as batch_op:
        batch_op.create_index("ix_cash_postings_drawer_id", ["drawer_id"], unique=False)
        batch_op.create_index("ix_cash_postings_posted_at", ["posted_at"], unique=False)
        batch_op.create_index("ix_cash_postings_rental_id", ["rental_id"], unique=False)
        batch_op.create_index("ix_cash_postings_tool_id", ["tool_id"], unique=False)

    op.create_table(
        "rental_lines",
        sa.Column("rental_id", sa.Uuid(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("tool_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "wanted",
                "held",
                "out",
                "back",
                "inspected",
                "settled",
                "dropped",
                name="linestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("deposit", sa.Integer(), nullable=False),
        sa.Column("deposit_held", sa.Integer(), nullable=False),
        sa.Column("checklist", sa.JSON(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inspected_by", sa.Uuid(), nullable=True),
        sa.Column("inspected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("photos", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.Column("rent", sa.Integer(), nullable=False),
        sa.Column("deducted", sa.Integer(), nullable=False),
        sa.Column("derivation", sa.JSON(), nullable=False),
        sa.Column("return_id", sa.Uuid(), nullable=True),
        sa.Column("given_back", sa.Integer(), nullable=False),
        sa.Column("dispute", sa.String(), nullable=False),
        sa.Column("dispute_answer", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "tool_id IS NOT NULL OR state IN ('wanted', 'dropped')", name=op.f("ck_rental_lines_tool_known")
        ),
        sa.CheckConstraint("deducted >= 0", name=op.f("ck_rental_lines_deducted_not_negative")),
        sa.CheckConstraint("deposit >= 0", name=op.f("ck_rental_lines_deposit_not_negative")),
        sa.CheckConstraint("deposit_held >= 0", name=op.f("ck_rental_lines_deposit_held_not_negative")),
        sa.CheckConstraint(
            "given_back >= 0 AND given_back <= rent + deducted",
            name=op.f("ck_rental_lines_given_back_within_charges"),
        ),
        sa.CheckConstraint("rent >= 0", name=op.f("ck_rental_lines_rent_not_negative")),
        sa.ForeignKeyConstraint(["inspected_by"], ["staff.id"], name=op.f("fk_rental_lines_inspected_by")),
        sa.ForeignKeyConstraint(["model_id"], ["tool_models.id"], name=op.f("fk_rental_lines_model_id")),
        sa.ForeignKeyConstraint(["rental_id"], ["rentals.id"], name=op.f("fk_rental_lines_rental_id")),
        sa.ForeignKeyConstraint(["return_id"], ["tool_returns.id"], name=op.f("fk_rental_lines_return_id")),
        sa.ForeignKeyConstraint(["tool_id"], ["tools.id"], name=op.f("fk_rental_lines_tool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_lines")),
    )
    with op.batch_alter_table("rental_lines", schema=None) as batch_op:
        batch_op.create_index("ix_rental_lines_rental_id", ["rental_id"], unique=False)
        batch_op.create_index(
            "uq_rental_lines_tool_id_holding",
            ["tool_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('held', 'out', 'back')"),
            postgresql_where=sa.text("state IN ('held', 'out', 'back')"),
        )

    op.create_table(
        "deductions",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "missing",
                "damaged",
                "lost",
                "other",
                name="deductionkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_deductions_reason_given")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_deductions_amount_positive")),
        sa.ForeignKeyConstraint(["line_id"], ["rental_lines.id"], name=op.f("fk_deductions_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deductions")),
    )
    with op.batch_alter_table("deductions", schema=None) as batch_op:
        batch_op.create_index("ix_deductions_line_id", ["line_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("deductions", schema=None) as batch_op:
        batch_op.drop_index("ix_deductions_line_id")

    op.drop_table("deductions")
    with op.batch_alter_table("rental_lines", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rental_lines_tool_id_holding",
            sqlite_where=sa.text("state IN ('held', 'out', 'back')"),
            postgresql_where=sa.text("state IN ('held', 'out', 'back')"),
        )
        batch_op.drop_index("ix_rental_lines_rental_id")

    op.drop_table("rental_lines")
    with op.batch_alter_table("cash_postings", schema=None) as batch_op:
        batch_op.drop_index("ix_cash_postings_tool_id")
        batch_op.drop_index("ix_cash_postings_rental_id")
        batch_op.drop_index("ix_cash_postings_posted_at")
        batch_op.drop_index("ix_cash_postings_drawer_id")

    op.drop_table("cash_postings")
    with op.batch_alter_table("tool_returns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tool_returns_rental_id"))

    op.drop_table("tool_returns")
    with op.batch_alter_table("stock_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_stock_requests_state")

    op.drop_table("stock_requests")
    op.drop_table("stock_count_lines")
    with op.batch_alter_table("call_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_notes_rental_id"))

    op.drop_table("call_notes")
    with op.batch_alter_table("tools", schema=None) as batch_op:
        batch_op.drop_index("ix_tools_model_id_state")

    op.drop_table("tools")
    op.drop_table("stock_counts")
    op.drop_table("staff_secrets")
    with op.batch_alter_table("rentals", schema=None) as batch_op:
        batch_op.drop_index("ix_rentals_state_due_at")
        batch_op.drop_index("ix_rentals_seeker_id_state")

    op.drop_table("rentals")
    with op.batch_alter_table("locker_uses", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_locker_uses_locker_id_taken",
            sqlite_where=sa.text("collected_at IS NULL"),
            postgresql_where=sa.text("collected_at IS NULL"),
        )

    op.drop_table("locker_uses")
    with op.batch_alter_table("drawers", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_drawers_staff_id_open",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.drop_table("drawers")
    op.drop_table("tool_models")
    op.drop_table("storage_places")
    op.drop_table("staff")
    op.drop_table("lockers")
