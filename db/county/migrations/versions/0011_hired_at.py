"""the moment somebody was hired

Placements from before keep the moment of their slip, `issued_at`, by which they were counted so far, as the halls' own
migration gives them. One whose moment came from a newer hall and waits in quarantine gets that (`db.county.replay`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("referrals", sa.Column("hired_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE referrals SET hired_at = issued_at WHERE state IN ('hired', 'started', 'finished')"
        " AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.row_id = referrals.id AND q.state = 'deferred')"
    )


def downgrade() -> None:
    op.drop_column("referrals", "hired_at")
