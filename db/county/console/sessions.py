"""Who is signed in: a random token in the browser, its digest in the database, and a token against forged forms."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from db.county.base import County
from db.county.console import audit
from db.county.console.staff import Member
from db.keys import derived

TOKEN_BYTES = 32
# (ours) An office's working day; half an hour away from the desk ends it.
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)


def begin(county: County, member: Member) -> str:
    """What the browser keeps. Sessions that are over go on this occasion."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with county.transaction() as tx:
        tx.execute(
            "DELETE FROM console_sessions WHERE used_at < now() - %s OR made_at < now() - %s", (IDLE, LONGEST)
        )
        tx.execute(
            "INSERT INTO console_sessions (digest, staff_id, made_at, used_at) VALUES (%s, %s, now(), now())",
            (_digest(token), member.id),
        )
        audit.record(tx, member.name, "signed_in")
    return token


def member_of(county: County, token: str) -> Member | None:
    """Who this is, as long as the session lasts; it is used by asking."""
    with county.transaction() as tx:
        found = tx.execute(
            "UPDATE console_sessions c SET used_at = now() FROM console_staff s WHERE c.digest = %s"
            " AND s.id = c.staff_id AND s.stopped_at IS NULL AND c.used_at > now() - %s AND c.made_at > now() - %s"
            " RETURNING s.id, s.name, s.must_change",
            (_digest(token), IDLE, LONGEST),
        ).fetchone()
    return Member(*found) if found else None


def end(county: County, token: str) -> None:
    with county.transaction() as tx:
        tx.execute("DELETE FROM console_sessions WHERE digest = %s", (_digest(token),))


def form_token(county: County, token: str) -> str:
    """Stands in every form of this session and in no other."""
    key = derived(county.keys.secret, "console form")
    return hmac.new(key, _digest(token), hashlib.sha256).hexdigest()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
