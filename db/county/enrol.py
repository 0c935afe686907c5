"""Who is let in: one-time codes, devices and their keys, revocation, rotation (design §3.10, spec C4)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from db.county import slip_keys
from db.county.base import COUNTY_DEVICE, COUNTY_HALL, County, Tx
from db.county.errors import CodeRefused, Malformed, Stopped, Unknown
from db.county.publish import own_row
from db.keys import KEY_BYTES
from db.models import now
from db.outbox import plain
from db.sync.device_key import seal_to, verified
from db.sync.wire import EnrolReply, EnrolRequest, Envelope

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else
CODE_LENGTH = 16  # 78 bits: not to be guessed, whatever the rate
GROUP = 4
VALID = timedelta(hours=48)
MOST_NUMBER = 9_999  # of a device in its hall


def make_code(
    county: County,
    name: str,
    hall: UUID | None = None,
    replaces: UUID | None = None,
    valid: timedelta = VALID,
) -> str:
    """A code for one device of `hall`, or of a hall that is new to the county. Only its digest is kept."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    with county.transaction() as tx:
        tx.execute(
            "INSERT INTO enrol_codes (digest, hall_id, name, made_at, expires_at, replaces)"
            " VALUES (%s, %s, %s, now(), now() + %s, %s)",
            (county.keys.digest(code), hall, name, valid, replaces),
        )
    return "-".join(code[at : at + GROUP] for at in range(0, CODE_LENGTH, GROUP))


def normalised(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def enrol(county: County, request: EnrolRequest, public_address: str = "") -> EnrolReply:
    """Let a device in. Asked again by the same device with the same key, the same answer. Raises CodeRefused.

    `public_address`: where people open the county's page for a slip; empty: there is none.
    """
    with county.transaction() as tx:
        found = tx.execute(
            "SELECT hall_id, name, expires_at < now(), used_at, device_id, replaces FROM enrol_codes"
            " WHERE digest = %s FOR UPDATE",
            (county.keys.digest(normalised(request.code)),),
        ).fetchone()
        if found is None:
            raise CodeRefused(reason="unknown")
        hall, name, over, used_at, used_by, replaces = found
        if used_at is not None:
            again = _again(tx, request) if used_by == request.device_id else None
            if again is None:
                raise CodeRefused(reason="used")
            hall, number = again
        elif over:
            raise CodeRefused(reason="over")
        else:
            hall, number = _let_in(tx, request, hall, name, replaces)
            tx.execute(
                "UPDATE enrol_codes SET used_at = now(), device_id = %s WHERE digest = %s",
                (request.device_id, county.keys.digest(normalised(request.code))),
            )
        slip_key = slip_keys.settle(tx, county, hall, request.slip_key)
    own = county.keys.own
    return EnrolReply(
        hall,
        number,
        county.keys.index_key,
        own.public,
        own.box_public,
        now().isoformat(),
        slip_key,
        public_address,
    )


def _again(tx: Tx, request: EnrolRequest) -> tuple[UUID, int] | None:
    """The answer got lost and the device asks once more."""
    return tx.execute(
        "SELECT hall_id, number FROM enrolled WHERE device_id = %s AND public_key = %s AND state = 'active'",
        (request.device_id, request.public_key),
    ).fetchone()


def _let_in(
    tx: Tx, request: EnrolRequest, hall: UUID | None, name: str, replaces: UUID | None
) -> tuple[UUID, int]:
    _check_keys(request.public_key, request.box_key)
    if request.hall_id == COUNTY_HALL or request.device_id == COUNTY_DEVICE:
        raise Malformed(reason="ids")  # nobody speaks for the county
    if not 0 < request.device_number <= MOST_NUMBER or "\0" in request.schema:
        raise Malformed(reason="device")
    if hall is None and replaces is not None:
        before = tx.execute("SELECT hall_id FROM enrolled WHERE device_id = %s", (replaces,)).fetchone()
        hall = before[0] if before else None
    new = hall is None
    hall = hall or request.hall_id
    # no push of this hall runs meanwhile: each decides by who is enrolled whom to feed
    tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s::text, 0))", (hall,))
    if (
        new
        and tx.execute(
            "SELECT 1 FROM enrolled WHERE hall_id = %s AND device_id <> %s", (hall, request.device_id)
        ).fetchone()
    ):
        raise CodeRefused(reason="hall_known")
    known = tx.execute(
        "SELECT hall_id, number, state FROM enrolled WHERE device_id = %s FOR UPDATE", (request.device_id,)
    ).fetchone()
    if known is not None and replaces != request.device_id:
        raise CodeRefused(reason="device_known")
    taken = {
        number
        for (number,) in tx.execute(
            "SELECT number FROM enrolled WHERE hall_id = %s AND device_id <> %s", (hall, request.device_id)
        )
    }
    number = request.device_number
    if number in taken:
        number = next(free for free in range(1, len(taken) + 2) if free not in taken)
    tx.execute(
        "INSERT INTO enrolled (device_id, hall_id, number, name, public_key, box_key, schema_version, enrolled_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, now())"
        " ON CONFLICT (device_id) DO UPDATE SET public_key = excluded.public_key, box_key = excluded.box_key,"
        " next_public_key = NULL, next_box_key = NULL, state = 'active', stopped_at = NULL, name = excluded.name,"
        " hall_id = excluded.hall_id, number = excluded.number",
        (request.device_id, hall, number, name, request.public_key, request.box_key, request.schema[:32]),
    )
    tx.execute("UPDATE epochs SET forgiven_at = now() WHERE device_id = %s", (request.device_id,))
    return hall, number


def _check_keys(public_key: bytes, box_key: bytes) -> None:
    """What could not be used would shut the device out, and leave a stick for it unwritten."""
    try:
        seal_to(box_key, b"", b"")
    except ValueError as error:
        raise Malformed(reason="keys") from error
    if len(public_key) != KEY_BYTES:
        raise Malformed(reason="keys")


def authenticate(county: County, envelope: Envelope, signature: bytes, body: bytes) -> UUID:
    """The hall of the device that signed this request. Raises Unknown, Stopped."""
    return authenticate_message(county, envelope.device, signature, envelope.message(body))


def authenticate_message(county: County, device: UUID, signature: bytes, message: bytes) -> UUID:
    with county.transaction() as tx:
        found = tx.execute(
            "SELECT hall_id, public_key, next_public_key, state FROM enrolled WHERE device_id = %s", (device,)
        ).fetchone()
        if found is None:
            raise Unknown()
        hall, public, following, state = found
        if not verified(public, signature, message):
            if following is None or not verified(following, signature, message):
                raise Unknown(reason="signature")
            tx.execute(
                "UPDATE enrolled SET public_key = next_public_key, box_key = next_box_key,"
                " next_public_key = NULL, next_box_key = NULL WHERE device_id = %s AND next_public_key = %s",
                (device, following),  # of two requests at once the first one did it
            )
        if state != "active":
            raise Stopped(reason=state)
    return UUID(str(hall))


def rotate(county: County, device: UUID, public_key: bytes, box_key: bytes) -> None:
    """A device's next keys; the old ones count until the new ones are first used. Raises Malformed."""
    _check_keys(public_key, box_key)
    with county.transaction() as tx:
        tx.execute(
            "UPDATE enrolled SET next_public_key = %s, next_box_key = %s WHERE device_id = %s",
            (public_key, box_key, device),
        )


def revoke(county: County, device: UUID) -> bool:
    """A lost device: nothing more from it or to it; every device of the hall learns of it."""
    with county.transaction() as tx:
        done = tx.execute(
            "UPDATE enrolled SET state = 'revoked', stopped_at = now() WHERE device_id = %s AND state <> 'revoked'"
            " RETURNING 1",
            (device,),
        ).fetchone()
        if tx.execute("SELECT 1 FROM devices WHERE id = %s", (device,)).fetchone():
            own_row(tx, county, "devices", {"revoked_at": plain(now())}, device)
    return done is not None


def forgive(county: County, device: UUID) -> bool:
    """Staff know why this device forked so often (or the other machine is gone): it may go on. False: no such."""
    with county.transaction() as tx:
        tx.execute("UPDATE epochs SET forgiven_at = now() WHERE device_id = %s", (device,))
        tx.execute(
            "UPDATE enrolled SET state = 'active', stopped_at = NULL WHERE device_id = %s AND state = 'cloned'",
            (device,),
        )
        return tx.execute("SELECT 1 FROM enrolled WHERE device_id = %s", (device,)).fetchone() is not None
