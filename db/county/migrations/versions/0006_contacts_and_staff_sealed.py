"""contacts of postings and names of the halls' staff are sealed like other personal fields"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from alembic import context, op

revision = "0006"
down_revision = "0005"
SEALED = {"postings": ("contact_name", "contact_phone"), "staff": ("name",)}


def upgrade() -> None:
    keys = context.config.attributes["keys"]
    _rewrite("bytea", lambda text, row_id: keys.seal(text, row_id.bytes))


def downgrade() -> None:
    keys = context.config.attributes["keys"]
    _rewrite("varchar", lambda sealed, row_id: keys.open(bytes(sealed), row_id.bytes))


def _rewrite(kind: str, change: Callable[[Any, UUID], Any]) -> None:
    """Each column becomes `kind` by one rewrite of its table, so that no page of the old file keeps what stood there."""
    connection: Any = op.get_bind().connection.driver_connection
    for table, columns in SEALED.items():
        for column in columns:
            connection.execute(f"CREATE TEMPORARY TABLE changed (id uuid PRIMARY KEY, value {kind})")
            rows = connection.execute(f'SELECT id, "{column}" FROM {table}').fetchall()  # noqa: S608
            with connection.cursor() as cursor, cursor.copy("COPY changed FROM STDIN") as copy:
                for row_id, value in rows:
                    copy.write_row((row_id, change(value, row_id)))
            connection.execute(
                f"CREATE FUNCTION pg_temp.changed_value(uuid) RETURNS {kind} LANGUAGE sql STABLE"  # noqa: S608
                " AS 'SELECT value FROM changed WHERE id = $1'"
            )
            connection.execute(
                f'ALTER TABLE {table} ALTER COLUMN "{column}" TYPE {kind} USING pg_temp.changed_value(id)'
            )
            connection.execute("DROP FUNCTION pg_temp.changed_value(uuid)")
            connection.execute("DROP TABLE changed")
