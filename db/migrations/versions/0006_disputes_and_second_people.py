"""disputes with people and photos, two people for what is put back in time or claimed, why there is no photo"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
STAFF = (  # table, column
    ("rentals", "backdated_with"),
    ("rental_lines", "backdated_with"),
    ("tool_returns", "claim_confirmed_by"),
)


def upgrade() -> None:
    for table, column in STAFF:
        # SQLite takes a reference along with its column, and only so without copying the table
        name = f"fk_{table}_{column}"
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} CHAR(32) CONSTRAINT {name} REFERENCES staff (id)"
        )
    for column in ("out_note", "no_photo"):
        op.add_column("rental_lines", sa.Column(column, sa.String(), nullable=False, server_default=""))
    op.add_column("rental_lines", sa.Column("found_at", sa.DateTime(timezone=True), nullable=True))
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
        sa.CheckConstraint("given_back >= 0", name=op.f("ck_disputes_given_back_not_negative")),
        sa.CheckConstraint("words <> ''", name=op.f("ck_disputes_words_given")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer = '')", name=op.f("ck_disputes_answered_with_words")
        ),
        *(
            sa.ForeignKeyConstraint([column], ["staff.id"], name=op.f(f"fk_disputes_{column}"))
            for column in ("raised_by", "answered_by", "confirmed_by")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["rental_lines.id"], name=op.f("fk_disputes_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.create_index(op.f("ix_disputes_line_id"), "disputes", ["line_id"])
    # what was disputed so far: the day and the person stand in the line's own row
    op.execute(
        "INSERT INTO disputes (line_id, words, photos, raised_by, raised_at, answer, answered_by, answered_at, "
        "given_back, id, hall_id, device_id, created_at, updated_at, version) "
        "SELECT id, dispute, '[]', inspected_by, updated_at, dispute_answer, "
        "CASE WHEN dispute_answer <> '' THEN inspected_by END, CASE WHEN dispute_answer <> '' THEN updated_at END, "
        "given_back, lower(hex(randomblob(16))), hall_id, device_id, updated_at, updated_at, 1 "
        "FROM rental_lines WHERE dispute <> ''"
    )
    op.drop_column("rental_lines", "dispute")
    op.drop_column("rental_lines", "dispute_answer")


def downgrade() -> None:
    for column in ("dispute", "dispute_answer"):
        op.add_column("rental_lines", sa.Column(column, sa.String(), nullable=False, server_default=""))
    op.drop_index(op.f("ix_disputes_line_id"), table_name="disputes")
    op.drop_table("disputes")
    for column in ("out_note", "no_photo", "found_at"):
        op.drop_column("rental_lines", column)
    for table, column in STAFF:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"fk_{table}_{column}", type_="foreignkey")
            batch.drop_column(column)
