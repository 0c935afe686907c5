"""The county staff who may sign in to the console, their passwords, and what slows down who guesses.

Made on the server by `gighall county staff add`, with a password for one use. Tries are counted in the database, by
name and by address: several processes serve one county.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

import psycopg
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from uuid_utils.compat import uuid7

from db.county.base import County, Tx
from db.county.console import audit
from db.county.enrol import ALPHABET
from db.county.errors import CountyError
from db.models import now

ONE_TIME_LENGTH = 16  # of 30 letters: 78 bits
LEAST, MOST = 12, 128  # characters of a password
NAME_MOST = 60
# (ours) So many tries are free, then waits of 2, 4, 8 … seconds, up to a quarter of an hour; an hour's rest forgives.
FREE_BY_NAME, FREE_BY_ADDRESS = 4, 20
LONGEST = 900
FORGIVEN = timedelta(hours=1)
HASHES_AT_ONCE = threading.BoundedSemaphore(2)  # each takes 64 MiB


class StaffRefused(CountyError):
    """`reason`: wrong, wait (`seconds`), short, long, same, name, taken, unknown."""

    code = "staff_refused"


@dataclass(frozen=True)
class Member:
    id: UUID
    name: str
    must_change: bool


def add(county: County, name: str) -> str:
    """A new member of staff; their password for the first sign-in. Raises StaffRefused(reason=name|taken)."""
    shown, key = name.strip(), _key(name)
    if not 1 <= len(key) <= NAME_MOST or not shown.isprintable():
        raise StaffRefused(reason="name")
    password = _one_time()
    hashed = _hash(password)
    try:
        with county.transaction() as tx:
            tx.execute(
                "INSERT INTO console_staff (id, name, name_key, password, must_change, made_at)"
                " VALUES (%s, %s, %s, %s, true, now())",
                (uuid7(), shown, key, hashed),
            )
            audit.record(tx, audit.SHELL, "staff_added", shown)
    except psycopg.errors.UniqueViolation:
        raise StaffRefused(reason="taken") from None
    return password


def renew(county: County, name: str) -> str:
    """Another one-time password for somebody who forgot theirs, or comes back. Raises StaffRefused(reason=unknown)."""
    password = _one_time()
    hashed = _hash(password)
    with county.transaction() as tx:
        found = tx.execute(
            "UPDATE console_staff SET password = %s, must_change = true, stopped_at = NULL WHERE name_key = %s"
            " RETURNING id",
            (hashed, _key(name)),
        ).fetchone()
        if found is None:
            raise StaffRefused(reason="unknown")
        tx.execute("DELETE FROM console_sessions WHERE staff_id = %s", found)
        audit.record(tx, audit.SHELL, "staff_renewed", name.strip())
    return password


def stop(county: County, name: str) -> bool:
    """This person may sign in no longer and is signed out everywhere; False where there is nobody to stop."""
    with county.transaction() as tx:
        found = tx.execute(
            "UPDATE console_staff SET stopped_at = now() WHERE name_key = %s AND stopped_at IS NULL RETURNING id",
            (_key(name),),
        ).fetchone()
        if found is None:
            return False
        tx.execute("DELETE FROM console_sessions WHERE staff_id = %s", found)
        audit.record(tx, audit.SHELL, "staff_stopped", name.strip())
    return True


def everybody(county: County) -> list[tuple[str, datetime, bool, datetime | None]]:
    """Name, since when, whether the first password still stands, stopped when."""
    with county.transaction() as tx:
        return tx.execute(
            "SELECT name, made_at, must_change, stopped_at FROM console_staff ORDER BY name"
        ).fetchall()


def check(county: County, name: str, password: str, address: str, at: datetime | None = None) -> Member:
    """Who this is. Takes as long, and says the same, whether the name or the password is wrong.

    Raises StaffRefused(reason=wrong|wait).
    """
    at = at or now()
    by_name = county.keys.digest("name " + _key(name))
    by_address = county.keys.digest("address " + address)
    with county.transaction() as tx:
        _take_try(tx, {by_name: FREE_BY_NAME, by_address: FREE_BY_ADDRESS}, at)
        found = tx.execute(
            "SELECT id, name, must_change, password FROM console_staff WHERE name_key = %s AND stopped_at IS NULL",
            (_key(name),),
        ).fetchone()
    right = _verified(found[3] if found else _nobodys(), password)
    with county.transaction() as tx:
        if found is None or not right:
            audit.record(tx, "", "sign_in_refused")
        else:
            old = at - 2 * FORGIVEN
            tx.execute("DELETE FROM console_tries WHERE digest = %s OR last_at < %s", (by_name, old))
            tx.execute(
                "UPDATE console_tries SET failures = greatest(failures - 1, 0), barred_until = last_at"
                " WHERE digest = %s",
                (by_address,),
            )
    if found is None or not right:
        raise StaffRefused(reason="wrong")
    return Member(*found[:3])


def change_password(county: County, member: Member, old: str, new: str, address: str) -> None:
    """Every session of this person ends. Raises StaffRefused(reason=wrong|wait|short|long|same)."""
    check(county, member.name, old, address)
    if len(new) < LEAST:
        raise StaffRefused(reason="short")
    if len(new) > MOST:
        raise StaffRefused(reason="long")
    if new == old or _key(new) == _key(member.name):
        raise StaffRefused(reason="same")
    hashed = _hash(new)
    with county.transaction() as tx:
        tx.execute(
            "UPDATE console_staff SET password = %s, must_change = false WHERE id = %s", (hashed, member.id)
        )
        tx.execute("DELETE FROM console_sessions WHERE staff_id = %s", (member.id,))
        audit.record(tx, member.name, "password_changed")


def _take_try(tx: Tx, keys: dict[bytes, int], at: datetime) -> None:
    """Count this try as failed before anything is known of it: tries made at once are no way around the wait.

    `keys`: what is counted, and how many tries of it are free.
    """
    counted = []
    longest = at
    for key, free in sorted(keys.items()):  # one order: two tries at once never wait for each other
        tx.execute(
            "INSERT INTO console_tries (digest, failures, last_at, barred_until) VALUES (%s, 0, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (key, at, at),
        )
        [[failures, last, until]] = tx.execute(
            "SELECT failures, last_at, barred_until FROM console_tries WHERE digest = %s FOR UPDATE", (key,)
        ).fetchall()
        failures = 1 if last < at - FORGIVEN else failures + 1
        over = min(failures - free, LONGEST.bit_length())
        wait = min(2**over, LONGEST) if over > 0 else 0
        longest = max(longest, until)
        counted.append((failures, at, at + timedelta(seconds=wait), key))
    if longest > at:
        raise StaffRefused(reason="wait", seconds=int((longest - at).total_seconds()) + 1)
    for line in counted:
        tx.execute(
            "UPDATE console_tries SET failures = %s, last_at = %s, barred_until = %s WHERE digest = %s", line
        )


def _one_time() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(ONE_TIME_LENGTH))


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id, RFC 9106 low-memory profile


@cache
def _nobodys() -> str:
    """A hash that nothing opens, so that an unknown name takes as long."""
    return _hasher().hash(secrets.token_hex(16))


def _hash(password: str) -> str:
    with HASHES_AT_ONCE:
        return _hasher().hash(password)


def _verified(hashed: str, password: str) -> bool:
    if len(password) > MOST:
        password = ""
    with HASHES_AT_ONCE:
        try:
            return _hasher().verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False
