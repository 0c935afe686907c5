"""contacts of postings that ended long ago are erased by age: a proof that hangs on no seeker"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

COLUMNS = (
    "seeker_id, reason, state, requested_by, requested_at, decided_by, decided_at, rows, id, hall_id, device_id,"
    " created_at, updated_at, version"
)


def upgrade() -> None:
    check = sa.CheckConstraint(
        "seeker_id IS NOT NULL OR reason = 'age'", name=op.f("ck_erasures_somebody_asked")
    )
    _anew(check, nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM erasures WHERE seeker_id IS NULL")
    _anew(nullable=False)


def _anew(*checks: sa.CheckConstraint, nullable: bool) -> None:
    """SQLite changes no column: the table is made once more."""
    op.rename_table("erasures", "erasures_before")
    op.create_table(
        "erasures",
        sa.Column("seeker_id", sa.Uuid(), nullable=nullable),
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
        *checks,
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_erasures_decided_by")),
        sa.ForeignKeyConstraint(["requested_by"], ["staff.id"], name=op.f("fk_erasures_requested_by")),
        sa.ForeignKeyConstraint(["seeker_id"], ["seekers.id"], name=op.f("fk_erasures_seeker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.execute(f"INSERT INTO erasures ({COLUMNS}) SELECT {COLUMNS} FROM erasures_before")  # noqa: S608
    op.drop_table("erasures_before")
    op.create_index(op.f("ix_erasures_seeker_id"), "erasures", ["seeker_id"])
    op.create_index("ix_erasures_state", "erasures", ["state"])


def _states(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
