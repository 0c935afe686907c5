"""the day a tool was bought, storage places that are no longer used"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("stock_requests", sa.Column("bought_on", sa.Date(), nullable=True))
    op.add_column(
        "storage_places", sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.text("true"))
    )


def downgrade() -> None:
    op.drop_column("storage_places", "active")
    op.drop_column("stock_requests", "bought_on")
