"""Alembic's entry for the county: runs on the connection that `db.county.base` hands over."""

from alembic import context

from db.county.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
