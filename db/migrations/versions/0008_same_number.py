"""a number given out twice is a kind of conflict"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
KINDS = ("fields", "state", "not_owner", "county_rules", "deleted", "same_person", "overfilled")
COLUMNS = (
    'kind, "table", row_id, details, state, resolution, resolved_by, resolved_at, id, hall_id, device_id,'
    " created_at, updated_at, version"
)


def upgrade() -> None:
    _kinds((*KINDS, "same_number"))


def downgrade() -> None:
    op.execute("DELETE FROM conflicts WHERE kind = 'same_number'")
    _kinds(KINDS)


def _kinds(known: tuple[str, ...]) -> None:
    """SQLite changes a check only with its whole table; nothing refers to this one."""
    listed = ", ".join(f"'{kind}'" for kind in known)
    op.drop_index("ix_conflicts_state", "conflicts")
    op.rename_table("conflicts", "conflicts_before")
    op.create_table(
        "conflicts",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("table", sa.String(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("resolution", sa.String(), nullable=False),
        sa.Column("resolved_by", sa.String(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN ({listed})", name=op.f("ck_conflicts_conflictkind")),
        sa.CheckConstraint("state IN ('open', 'resolved')", name=op.f("ck_conflicts_conflictstate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts")),
    )
    op.execute(f"INSERT INTO conflicts ({COLUMNS}) SELECT {COLUMNS} FROM conflicts_before")  # noqa: S608
    op.drop_table("conflicts_before")
    op.create_index("ix_conflicts_state", "conflicts", ["state"])
