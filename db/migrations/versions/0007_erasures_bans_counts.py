"""that data was erased, who may not take part for a while, openings that other halls filled"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def _states(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "posting_counts",
        sa.Column("by_hall", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting_counts")),
    )
    op.create_table(
        "bans",
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column(
            "reason",
            _states(
                "banreason", "wage_withheld", "abuse", "false_posting", "poor_work", "violence", "no_show"
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(employer_id IS NULL) <> (person IS NULL)", name=op.f("ck_bans_one_side")),
        sa.CheckConstraint("until >= starts_on", name=op.f("ck_bans_ends_after_start")),
        sa.ForeignKeyConstraint(["employer_id"], ["employers.id"], name=op.f("fk_bans_employer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bans")),
    )
    op.create_index("ix_bans_employer_id", "bans", ["employer_id"])
    op.create_index("ix_bans_person", "bans", ["person"])
    op.create_table(
        "erasures",
        sa.Column("seeker_id", sa.Uuid(), nullable=False),
        sa.Column("reason", _states("erasurereason", "request", "age"), nullable=False),
        sa.Column("state", _states("erasurestate", "requested", "done", "refused"), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_erasures_decided_by")),
        sa.ForeignKeyConstraint(["requested_by"], ["staff.id"], name=op.f("fk_erasures_requested_by")),
        sa.ForeignKeyConstraint(["seeker_id"], ["seekers.id"], name=op.f("fk_erasures_seeker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_seeker_id"), "erasures", ["seeker_id"])
    op.create_index("ix_erasures_state", "erasures", ["state"])


def downgrade() -> None:
    for table in ("erasures", "bans", "posting_counts"):
        op.drop_table(table)
