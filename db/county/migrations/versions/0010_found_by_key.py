"""postings are found by their employer, shares by their row: no batch reads a table as a whole"""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index("ix_postings_employer_id", "postings", ["employer_id"])
    op.drop_index("ix_shares_hall_id", "shares")


def downgrade() -> None:
    op.create_index("ix_shares_hall_id", "shares", ["hall_id"])
    op.drop_index("ix_postings_employer_id", "postings")
