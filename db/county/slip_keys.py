"""The key that signs a hall's slips: one per hall, so that each of its devices and the county read them.

It is the key of the hall's first device, brought along at enrolment; what that device printed before stays readable.
A hall whose devices brought none has one derived from the county's secret.
"""

from __future__ import annotations

from uuid import UUID

from db.county.base import County, Tx
from db.county.errors import Malformed
from db.keys import KEY_BYTES, derived
from db.sync.wire import as_bytes, as_text


def slip_key(tx: Tx, county: County, hall: UUID) -> bytes:
    """The hall's slip key, 32 bytes. Raises CountyKeyWrong."""
    row = tx.execute("SELECT slip_key_sealed FROM hall_keys WHERE hall_id = %s", (hall,)).fetchone()
    if row is None:
        return derived(county.keys.secret, f"hall slip {hall}")
    return as_bytes(county.keys.open(row[0], hall.bytes))


def settle(tx: Tx, county: County, hall: UUID, brought: bytes | None) -> bytes:
    """The hall's slip key from now on: the one it has, else the one `brought`, else a derived one."""
    if brought is not None and len(brought) != KEY_BYTES:
        raise Malformed(reason="slip_key")
    sealed = county.keys.seal(as_text(brought or slip_key(tx, county, hall)), hall.bytes)
    tx.execute(
        "INSERT INTO hall_keys (hall_id, slip_key_sealed, since) VALUES (%s, %s, now()) ON CONFLICT DO NOTHING",
        (hall, sealed),
    )
    return slip_key(tx, county, hall)
