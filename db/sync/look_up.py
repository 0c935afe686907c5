"""A person who is new here may be known elsewhere in the county: asked for by blind index, on demand (issue §4)."""

from __future__ import annotations

from db.store import Store
from db.sync.client import CountyClient
from db.sync.pull import place


def look_up(store: Store, client: CountyClient, number: str) -> bool:
    """Fetch the person with this ID number into the store; False where the county knows nobody.

    The number itself is not sent: the county finds people by the same keyed index. Raises SyncError without a line.
    """
    found = client.look_up(store.keys.index(number))
    place(store, found.rows)
    return bool(found.rows)
