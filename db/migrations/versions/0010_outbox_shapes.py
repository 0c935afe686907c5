"""the outbox names a row's columns once, not in every row"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

SEPARATOR = b"\x1f"


def upgrade() -> None:
    op.create_table(
        "outbox_shapes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table", sa.String(64), nullable=False),
        sa.Column("schema_version", sa.String(32), nullable=False),
        sa.Column("columns", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_shapes")),
        sa.UniqueConstraint("table", "schema_version", "columns", name=op.f("uq_outbox_shapes_table")),
    )
    op.add_column("outbox", sa.Column("shape", sa.Integer(), nullable=True))


def downgrade() -> None:
    connection = op.get_bind()
    shapes = connection.exec_driver_sql("SELECT id, columns FROM outbox_shapes").all()
    names = {number: columns.split(",") for number, columns in shapes}
    rows = connection.exec_driver_sql("SELECT seq, shape, payload FROM outbox WHERE shape IS NOT NULL").all()
    for seq, shape, payload in rows:
        values = [json.loads(cell) for cell in payload.split(SEPARATOR)]
        named = json.dumps(dict(zip(names[shape], values, strict=True)), ensure_ascii=False).encode()
        connection.exec_driver_sql("UPDATE outbox SET payload = ? WHERE seq = ?", (named, seq))
    op.drop_column("outbox", "shape")
    op.drop_table("outbox_shapes")
