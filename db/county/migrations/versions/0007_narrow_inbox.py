"""the inbox keeps of each event only what it is compared by"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for name in ("table", "row_id", "op", "schema_version", "written_at", "received_at"):
        op.drop_column("inbox", name)


def downgrade() -> None:
    op.add_column("inbox", sa.Column("table", sa.String(), server_default="", nullable=False))
    op.add_column("inbox", sa.Column("row_id", sa.Uuid(), server_default=f"{0:032}", nullable=False))
    op.add_column("inbox", sa.Column("op", sa.String(1), server_default="", nullable=False))
    op.add_column("inbox", sa.Column("schema_version", sa.String(), server_default="", nullable=False))
    op.add_column("inbox", sa.Column("written_at", sa.String(), server_default="", nullable=False))
    op.add_column(
        "inbox",
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    for name in ("table", "row_id", "op", "schema_version", "written_at"):
        op.alter_column("inbox", name, server_default=None)
