"""Alembic's entry: runs on the connection that `db.store` hands over."""

from typing import Any, Literal

from alembic import context

from db.models import Base
from db.models.base import UtcTime

# the full-text table and its shadow tables are made by hand in a migration
HAND_MADE = "posting_grams"


def render(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """A migration names plain column types: it must run long after the models moved on."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render,
    include_name=lambda name, kind, parents: kind != "table" or not str(name).startswith(HAND_MADE),
)
with context.begin_transaction():
    context.run_migrations()
