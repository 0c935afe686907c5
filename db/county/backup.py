"""What is backed up: devices keep sent rows until the county says so (design §3.5)."""

from __future__ import annotations

from db.county.base import County


def confirm(county: County) -> int:
    """Everything taken in until now is on a second medium: by the operator's backup, replica or archive.

    Call it with the database as it was when that backup began. Returns how many devices moved.
    """
    with county.transaction() as tx:
        tx.execute("UPDATE county SET backed_up_at = now()")
        return tx.execute("UPDATE enrolled SET backed_up = mark WHERE backed_up <> mark").rowcount
