"""what the county hands over for slips: the hall's key, its public address"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("sync_state", schema=None) as batch_op:
        batch_op.add_column(sa.Column("slip_key_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("public_address", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("first_number", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    with op.batch_alter_table("sync_state", schema=None) as batch_op:
        batch_op.drop_column("first_number")
        batch_op.drop_column("public_address")
        batch_op.drop_column("slip_key_sealed")
