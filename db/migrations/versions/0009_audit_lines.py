"""how many audit lines this device wrote, so that a removed last one shows"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column(
        "origin", sa.Column("audit_lines", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.execute(
        "UPDATE origin SET audit_lines ="
        " (SELECT coalesce(max(number), 0) FROM audit WHERE audit.device_id = origin.device_id)"
    )


def downgrade() -> None:
    op.drop_column("origin", "audit_lines")
