"""How a device joins its county: a one-time code, keys made here, the authority pinned (design §3.10)."""

from __future__ import annotations

import hmac
import unicodedata
from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.orm import Session

from db.errors import AddressInvalid
from db.keys import derived
from db.models import Ban, Base, Device, Origin, OutboxRow, Seeker, SyncState, now
from db.slip_token import public_address
from db.store import Store
from db.sync.client import CountyClient
from db.sync.device_key import DeviceKey
from db.sync.errors import CountyNotTrusted, EnrolRefused
from db.sync.line import fetch_authority, fingerprint
from db.sync.state import NEWEST
from db.sync.wire import EnrolReply, EnrolRequest

CODE_LETTERS = 16
CODE_AND_PIN = 32
# What a hall's second device brought along from its set-up; the hall's own rows come down instead.
SET_UP = ("halls", "occupations", "guidance_wages", "notices", "settings")
# Numbers for people that begin with the device's own.
NUMBERED = (
    ("referrals", "slip_number"),
    ("tools", "tag"),
    ("rentals", "number"),
    ("tool_returns", "number"),
    ("locker_uses", "number"),
    ("drawers", "number"),
)


def enrol(store: Store, address: str, code: str) -> EnrolReply:
    """Join the county at `address`. Safe to repeat with the same code until it worked.

    Raises EnrolRefused, CountyNotTrusted (somebody else answers there), CountyUnreachable.
    """
    narrow = unicodedata.normalize("NFKC", code).upper()  # a Chinese keyboard may write wide letters
    letters = "".join(letter for letter in narrow if letter.isascii() and letter.isalnum())
    if len(letters) != CODE_AND_PIN:
        raise EnrolRefused(reason="length")
    secret, pin = letters[:CODE_LETTERS], letters[CODE_LETTERS:]
    authority = fetch_authority(address)
    if not hmac.compare_digest(fingerprint(authority), pin):
        raise CountyNotTrusted(reason="fingerprint")
    # the same key for the same code, so that a lost answer can be asked for again
    key = DeviceKey(derived(store.keys.secret, f"device {secret}"))
    store.refresh_origin()
    origin = store.origin
    with CountyClient(address, authority) as client:
        reply = client.enrol(
            EnrolRequest(
                secret,
                origin.hall_id,
                origin.device_id,
                origin.device_number,
                key.public,
                key.box_public,
                store.schema_version,
                store.keys.own_slip_key,
            )
        )
    adopt(store, address, authority, key, reply)
    return reply


def adopt(store: Store, address: str, authority: str, key: DeviceKey, reply: EnrolReply) -> None:
    """Make this store the county's: keys, hall, device number, blind indexes; one transaction."""
    with store.write() as session:
        connection = session.connection()
        origin = session.get_one(Origin, 1)
        moved = origin.hall_id != reply.hall_id
        renumbered = origin.device_number != reply.device_number
        alone = len(store.keys.slip_keys) == 1  # its slips were signed with its own key until now
        first_number = origin.device_number if alone else store.first_number
        newest = session.scalar(NEWEST) or 0
        floor = session.scalar(select(func.min(OutboxRow.seq))) or newest + 1
        if moved:
            _move(connection, origin.hall_id, reply.hall_id)
        if renumbered:
            devices = update(Device.__table__).where(Device.id == origin.device_id)  # type: ignore[arg-type]
            connection.execute(devices.values(number=reply.device_number))
            _renumber(connection, origin.device_id, origin.device_number, reply.device_number)
        anew = moved or renumbered or floor > 1
        if moved or renumbered:  # what was written says whose it was: say it all again
            connection.execute(delete(OutboxRow.__table__))  # type: ignore[arg-type]
            floor = newest + 1
        origin.hall_id, origin.device_number = reply.hall_id, reply.device_number
        origin.epoch += 1
        renamed = _reindex(session, store, reply.index_key)
        session.merge(
            SyncState(
                id=1,
                county_address=address,
                authority=authority,
                county_sign_key=reply.sign_key,
                county_box_key=reply.box_key,
                device_key_sealed=store.keys.seal_bytes(key.seed, origin.device_id.bytes),
                next_key_sealed=None,
                index_key_sealed=store.keys.seal_bytes(reply.index_key, origin.device_id.bytes),
                slip_key_sealed=_sealed(store, reply.slip_key, origin.device_id),
                public_address=_public_address(reply),
                first_number=first_number,
                enrolled_at=now(),
                acked_epoch=origin.epoch,
                acked_seq=floor - 1,
                acked_event_id=None,
                backed_up_seq=floor - 1,
                snapshot_at="/" if anew else "",
                cursor="",
                trouble="",
                failures=0,
            )
        )
        session.flush()
        mark = session.info["origin"]
        session.info["origin"] = replace(
            mark, hall_id=origin.hall_id, device_number=origin.device_number, epoch=origin.epoch
        )
        for ban in session.scalars(select(Ban).where(Ban.person.is_not(None))):
            ban.person = renamed.get(
                ban.person or b"", ban.person
            )  # like any change, so that the county hears
    store.refresh_origin()


def _move(connection: Connection, old: UUID, new: UUID) -> None:
    """This device's rows belong to the hall it joins; its set-up gives way to the hall's (version 0)."""
    halls = Base.metadata.tables["halls"]
    connection.execute(update(halls).where(halls.c.id == old).values(id=new))
    for table in Base.metadata.sorted_tables:
        if "hall_id" in table.c and table.name != "origin":
            given = {"hall_id": new, "version": 0} if table.name in SET_UP else {"hall_id": new}
            connection.execute(update(table).where(table.c.hall_id == old).values(given))


def _renumber(connection: Connection, device: UUID, old: int, new: int) -> None:
    """What this device printed a number on stands under its new one: another device of the hall has the old one."""
    for name, key in NUMBERED:
        table = Base.metadata.tables[name]
        column, was = table.c[key], f"{old:02d}-"
        moved = f"{new:02d}-" + func.substr(column, len(was) + 1)
        ours = (table.c.device_id == device) & column.startswith(was)
        connection.execute(update(table).where(ours).values({key: moved}))


def _sealed(store: Store, slip_key: bytes | None, device: UUID) -> bytes | None:
    return None if slip_key is None else store.keys.seal_bytes(slip_key, device.bytes)


def _public_address(reply: EnrolReply) -> str:
    """A county that names nonsense has no page: a slip must always print."""
    try:
        return public_address(reply.public_address)
    except AddressInvalid:
        return ""


def _reindex(session: Session, store: Store, index_key: bytes) -> dict[bytes, bytes]:
    """One person is one person in every hall: find them all by the county's key from now on. Returns old → new."""
    keys = replace(store.keys, index_key=index_key)
    table = Seeker.__table__
    rows = session.execute(select(Seeker.id, Seeker.number_sealed, Seeker.number_index)).all()
    connection = session.connection()
    renamed = {}
    for seeker, sealed, before in rows:
        index = renamed[before] = keys.index(store.keys.open(sealed, seeker.bytes))
        connection.execute(update(table).where(table.c.id == seeker).values(number_index=index))  # type: ignore[arg-type]
    return renamed
