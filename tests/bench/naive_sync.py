"""Two ways to sync that look right, peers for `sync_faults`: rows newer than the last time, a queue emptied by answers.

Both keep their rows in SQLite as Python opens it, send JSON over HTTP, try again until the answer is 200, and write
into the same PostgreSQL.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import sqlcipher3.dbapi2 as sqlite

from tests.faults.busy_device import ROOM, Say, Turn, Write

AT_ONCE = 10
TABLES = """
CREATE TABLE stamped (id text PRIMARY KEY, key text, value int);
CREATE TABLE events (key text, value int, gone bool);
CREATE TABLE queued (key text PRIMARY KEY, value int);
"""
# what PostgreSQL says when its disk is full
NO_ROOM = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION no_room();
"""


class _Naive:
    """A table of rows by key; the way up differs."""

    path = ""

    def __init__(self, folder: Path, address: str, say: Say) -> None:
        parts = urlsplit(address)
        self._target = parts.hostname or "", parts.port or 0
        self._say = say
        self._held: list[bytes] = []
        self._file = sqlite.connect(str(folder / "rows.db"), isolation_level="IMMEDIATE")
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS rows (id text, key text PRIMARY KEY, value int, updated_at text)"
        )
        self._file.execute("CREATE TABLE IF NOT EXISTS last (at text)")
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS queue (number integer PRIMARY KEY AUTOINCREMENT, key text, value int, gone int)"
        )
        self._file.commit()

    def write(self, one: Write, at: datetime) -> bool:
        try:
            if one.drop:
                self._file.execute("DELETE FROM rows WHERE key = ?", (one.key,))
            else:
                self._file.execute(
                    "INSERT INTO rows VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value,"
                    " updated_at = excluded.updated_at",
                    (str(uuid4()), one.key, one.number, at.isoformat()),
                )
            self._file.execute(
                "INSERT INTO queue (key, value, gone) VALUES (?, ?, ?)", (one.key, one.number, one.drop)
            )
            self._file.commit()
        except sqlite.OperationalError:
            self._file.rollback()
            return False
        return True

    def sync(self, turn: Turn, at: datetime) -> bool:
        trick = turn.line
        try:
            while batch := self._next():
                body = json.dumps([row[1:] for row in batch]).encode()
                self._say("sends", 0)
                if trick == "late":
                    self._held.append(body)
                    return False
                self._send(body)
                again = [*self._held, body] if trick == "repeat" else [*self._held]
                trick, self._held = "", []
                for one in again:
                    self._send(one)
                self._answered(batch)
        except (OSError, http.client.HTTPException, sqlite.OperationalError):
            self._file.rollback()
            return False
        return True

    def _next(self) -> Sequence[Sequence[Any]]:
        """Rows to send, each behind what it is remembered by."""
        raise NotImplementedError

    def _answered(self, batch: Sequence[Sequence[Any]]) -> None:
        raise NotImplementedError

    def _send(self, body: bytes) -> None:
        connection = http.client.HTTPConnection(*self._target, timeout=10)
        try:
            connection.request("POST", self.path, body)
            if connection.getresponse().status != http.HTTPStatus.OK:
                raise http.client.HTTPException
        finally:
            connection.close()

    def fill_up(self, full: bool) -> None:
        [pages] = self._file.execute("PRAGMA page_count").fetchone()
        self._file.execute(f"PRAGMA max_page_count = {pages + ROOM if full else 1_000_000}")

    def close(self) -> None:
        self._file.close()


class NewerRows(_Naive):
    """Send the rows changed since the last time, put each in place of the one with its id, remember the newest time."""

    path = "/rows"

    def _next(self) -> Sequence[Sequence[Any]]:
        found: Sequence[Sequence[Any]] = self._file.execute(
            "SELECT updated_at, id, key, value FROM rows WHERE updated_at > coalesce((SELECT max(at) FROM last), '')"
            " ORDER BY updated_at LIMIT ?",
            (AT_ONCE,),
        ).fetchall()
        return found

    def _answered(self, batch: Sequence[Sequence[Any]]) -> None:
        self._file.execute("DELETE FROM last")
        self._file.execute("INSERT INTO last VALUES (?)", (batch[-1][0],))
        self._file.commit()


class EmptiedQueue(_Naive):
    """Send the oldest of a queue, drop them once they were answered."""

    path = "/events"

    def _next(self) -> Sequence[Sequence[Any]]:
        found: Sequence[Sequence[Any]] = self._file.execute(
            "SELECT number, key, value, gone FROM queue ORDER BY number LIMIT ?", (AT_ONCE,)
        ).fetchall()
        return found

    def _answered(self, batch: Sequence[Sequence[Any]]) -> None:
        self._file.execute("DELETE FROM queue WHERE number <= ?", (batch[-1][0],))
        self._file.commit()


class NaiveService:
    """The other end of both, as a process."""

    def __init__(self, dsn: str, port: int = 0) -> None:
        context = multiprocessing.get_context("forkserver")
        mine, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(dsn, port, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.port: int = mine.recv()
        mine.close()

    def kill(self) -> None:
        self._process.kill()
        self._process.join()

    stop = kill


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A line that broke; the other end will try again."""


def _serve(dsn: str, port: int, pipe: Connection) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = http.HTTPStatus.SERVICE_UNAVAILABLE
            with suppress(psycopg.Error, ValueError):
                _take(dsn, self.path, json.loads(body))
                status = http.HTTPStatus.OK
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *about: object) -> None:
            pass

    with _Server(("127.0.0.1", port), Handler) as server:
        server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        pipe.send(server.server_address[1])
        server.serve_forever()


def _take(dsn: str, path: str, rows: list[list[Any]]) -> None:
    with psycopg.connect(dsn, autocommit=path == "/rows", connect_timeout=5) as connection:
        if path == "/rows":
            for row in rows:  # an upsert per row, each for itself
                connection.execute(
                    "INSERT INTO stamped VALUES (%s, %s, %s) ON CONFLICT (id) DO UPDATE SET value = excluded.value",
                    row,
                )
            return
        for key, value, gone in rows:
            connection.execute("INSERT INTO events VALUES (%s, %s, %s)", (key, value, bool(gone)))
            if gone:
                connection.execute("DELETE FROM queued WHERE key = %s", (key,))
            else:
                connection.execute(
                    "INSERT INTO queued VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    (key, value),
                )
