"""the moment somebody was hired

What was hired before no row says to the minute: those placements keep the moment of their slip, `issued_at`, by which
they were counted so far.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("referrals", sa.Column("hired_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE referrals SET hired_at = issued_at WHERE state IN ('hired', 'started', 'finished')")


def downgrade() -> None:
    op.drop_column("referrals", "hired_at")
