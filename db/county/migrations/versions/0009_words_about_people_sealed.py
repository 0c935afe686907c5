"""what tells of a person in words is sealed too; numbers given out twice are found and listed"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from alembic import context, op
from psycopg.types.json import Json

revision = "0009"
down_revision = "0008"
# table → column → its type before
SEALED = {
    "seekers": {"birth": "date", "hardship": "varchar"},
    "employers": {"name": "varchar"},
    "rentals": {"reason": "varchar"},
    "rental_lines": {"photos": "json", "out_note": "varchar", "no_photo": "varchar", "note": "varchar"},
    "deductions": {"reason": "varchar"},
    "disputes": {"words": "varchar", "answer": "varchar", "photos": "json"},
    "call_notes": {"note": "varchar"},
    "locker_uses": {"contents": "varchar", "note": "varchar"},
    "cash_postings": {"note": "varchar"},
}
# what a sealed column says only the device can check
CHECKS = {
    "deductions": {"reason_given": "reason <> ''"},
    "disputes": {
        "words_given": "words <> ''",
        "answered_with_words": "(answered_at IS NULL) = (answer = '')",
    },
}
NUMBERS = {
    "rentals": "number",
    "tool_returns": "number",
    "locker_uses": "number",
    "tools": "tag",
    "drawers": "number",
}
KINDS = ("fields", "state", "not_owner", "county_rules", "deleted", "same_person", "overfilled")


def upgrade() -> None:
    keys = context.config.attributes["keys"]
    for table, checks in CHECKS.items():
        for name in checks:
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table)

    def sealed(value: Any, row_id: UUID) -> Any:
        return keys.seal(value.isoformat() if hasattr(value, "isoformat") else value, row_id.bytes)

    for table, columns in SEALED.items():
        for column in columns:
            _rewrite(table, column, "bytea", sealed)
    for table, column in NUMBERS.items():
        op.create_index(f"ix_{table}_{column}", table, [column])
    _kinds((*KINDS, "same_number"))


def downgrade() -> None:
    keys = context.config.attributes["keys"]
    op.execute("DELETE FROM conflicts WHERE kind = 'same_number'")
    _kinds(KINDS)
    for table, column in NUMBERS.items():
        op.drop_index(f"ix_{table}_{column}", table)
    for table, columns in SEALED.items():
        for column, kind in columns.items():

            def opened(value: Any, row_id: UUID, kind: str = kind) -> Any:
                plain = keys.open(bytes(value), row_id.bytes)
                return Json(plain) if kind == "json" else plain

            _rewrite(table, column, kind, opened)
    for table, checks in CHECKS.items():
        for name, check in checks.items():
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, check)


def _kinds(known: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_conflicts_kind_known"), "conflicts")
    listed = ", ".join(f"'{kind}'" for kind in known)
    op.create_check_constraint(op.f("ck_conflicts_kind_known"), "conflicts", f'"kind" IN ({listed})')


def _rewrite(table: str, column: str, kind: str, change: Callable[[Any, UUID], Any]) -> None:
    """The column becomes `kind` by one rewrite of its table, so that no page of the old file keeps what stood there."""
    connection: Any = op.get_bind().connection.driver_connection
    connection.execute(f"CREATE TEMPORARY TABLE changed (id uuid PRIMARY KEY, value {kind})")
    rows = connection.execute(f'SELECT id, "{column}" FROM {table}').fetchall()  # noqa: S608
    with connection.cursor() as cursor, cursor.copy("COPY changed FROM STDIN") as copy:
        for row_id, value in rows:
            copy.write_row((row_id, None if value is None else change(value, row_id)))
    connection.execute(
        f"CREATE FUNCTION pg_temp.changed_value(uuid) RETURNS {kind} LANGUAGE sql STABLE"  # noqa: S608
        " AS 'SELECT value FROM changed WHERE id = $1'"
    )
    connection.execute(f'ALTER TABLE {table} ALTER COLUMN "{column}" DROP DEFAULT')
    connection.execute(
        f'ALTER TABLE {table} ALTER COLUMN "{column}" TYPE {kind} USING pg_temp.changed_value(id)'
    )
    connection.execute("DROP FUNCTION pg_temp.changed_value(uuid)")
    connection.execute("DROP TABLE changed")
