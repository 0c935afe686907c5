"""What became of a batch: what others should hear of, what people decide, what was put aside."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from db.county.base import COUNTY_DEVICE, Tx
from db.county.keys import CountyKeys
from db.county.rows import copy_in, stored
from db.models import ConflictKind, now
from db.outbox import plain
from db.sync.batch import Row
from db.sync.wire import Refused


@dataclass
class Sender:
    device_id: UUID
    hall_id: UUID
    epoch: int


@dataclass
class Outcome:
    """What became of a batch: quarantined rows, and which rows others should pull."""

    _tx: Tx
    _keys: CountyKeys
    _sender: Sender
    refused: list[Refused] = field(default_factory=list)
    touched: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))  # not back to the sender
    echoed: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))  # to the sender too
    fresh: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # taken in at once
    inserted: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    conflicts: list[UUID] = field(default_factory=list)
    postings: set[str] = field(default_factory=set)  # to which somebody was referred just now
    gone_from: list[tuple[str, UUID, UUID]] = field(default_factory=list)  # rows of other halls, deleted here

    def added(self, table: str) -> list[str]:
        """Rows that were not there before."""
        return [*map(str, self.inserted.get(table, ())), *self.fresh.get(table, ())]

    def written(self, table: str) -> list[str]:
        """Rows as the sender wrote them."""
        return [*map(str, self.touched.get(table, ())), *self.fresh.get(table, ())]

    def changed(self, table: str) -> list[str]:
        """Rows that were not taken in at once, however they came out."""
        return [str(row) for rows in (self.touched, self.echoed) for row in rows.get(table, ())]

    def conflict(
        self,
        kind: ConflictKind,
        table: str,
        row_id: UUID,
        details: dict[str, Any],
        hall_id: UUID | None = None,
    ) -> UUID:
        """One line on the list of the hall (the sender's, unless told)."""
        conflict_id, at = uuid7(), plain(now())
        values = {
            "id": str(conflict_id),
            "hall_id": str(hall_id or self._sender.hall_id),
            "device_id": str(COUNTY_DEVICE),
            "created_at": at,
            "updated_at": at,
            "version": 1,
            "kind": kind.value,
            "table": table,
            "row_id": str(row_id),
            "details": details,
            "state": "open",
            "resolution": "",
            "resolved_by": "",
            "resolved_at": None,
        }
        row = stored(self._keys, "conflicts", conflict_id, values)
        copy_in(self._tx, "conflicts", list(row), [list(row.values())])
        self.echoed["conflicts"].add(conflict_id)
        self.conflicts.append(conflict_id)
        return conflict_id

    def quarantine(self, row: Row, state: str, reason: str) -> None:
        """Kept whole, sealed: `refused`, or `deferred` until the county knows its schema."""
        if state == "refused":
            self.refused.append(Refused(row.seq, row.event_id, row.table, row.row_id, reason))
        try:
            payload = self._keys.seal(row.values, row.event_id.bytes)
        except RecursionError:  # could just be read, and cannot be written
            payload = self._keys.seal({}, row.event_id.bytes)
        self._tx.execute(
            'INSERT INTO quarantine (event_id, device_id, hall_id, epoch, seq, "table", row_id, op,'
            " schema_version, changed, payload, state, reason, since)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, now()) ON CONFLICT DO NOTHING",
            (
                row.event_id,
                self._sender.device_id,
                self._sender.hall_id,
                self._sender.epoch,
                row.seq,
                row.table[:200].replace("\0", ""),
                row.row_id,
                row.op,
                row.schema[:32].replace("\0", ""),
                ",".join(row.changed).replace("\0", ""),
                payload,
                state,
                reason,
            ),
        )
