"""the key that signs a hall's slips"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "hall_keys",
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("slip_key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hall_id", name=op.f("pk_hall_keys")),
    )


def downgrade() -> None:
    op.drop_table("hall_keys")
