"""disputes with people and photos, two people for what is put back in time or claimed, why there is no photo"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
ADDED = (
    ("rentals", "backdated_with", sa.Uuid()),
    ("rental_lines", "backdated_with", sa.Uuid()),
    ("tool_returns", "claim_confirmed_by", sa.Uuid()),
    ("rental_lines", "found_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    for table, column, kind in ADDED:
        op.add_column(table, sa.Column(column, kind, nullable=True))
    for column in ("out_note", "no_photo"):
        op.add_column("rental_lines", sa.Column(column, sa.String(), nullable=False, server_default=""))
    op.create_table(
        "disputes",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("photos", sa.JSON(), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_back", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("field_versions", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("given_back >= 0", name=op.f("ck_disputes_given_back_not_negative")),
        sa.CheckConstraint("words <> ''", name=op.f("ck_disputes_words_given")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer = '')", name=op.f("ck_disputes_answered_with_words")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.drop_column("rental_lines", "dispute")
    op.drop_column("rental_lines", "dispute_answer")


def downgrade() -> None:
    for column in ("dispute", "dispute_answer"):
        op.add_column("rental_lines", sa.Column(column, sa.String(), nullable=False, server_default=""))
    op.drop_table("disputes")
    for column in ("out_note", "no_photo"):
        op.drop_column("rental_lines", column)
    for table, column, _ in ADDED:
        op.drop_column(table, column)
