"""A county and its devices for tests: embedded PostgreSQL, TLS sockets on 127.0.0.1, real stores. Nothing is faked."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import psycopg
import uvicorn
from starlette.routing import BaseRoute
from uuid_utils.compat import uuid7

from db.county import authority, enrol
from db.county.authority import Tls
from db.county.base import County
from db.county.embedded import driver_dsn
from db.county.keys import CountyKeys
from db.county.limits import Rate
from db.county.server import listen, server
from db.county.service import Limits, Service
from db.models import (
    Employer,
    EmployerKind,
    Hall,
    Occupation,
    PayUnit,
    Posting,
    PostingState,
    Referral,
    ReferralState,
    ReviewState,
    Seeker,
    Settlement,
    now,
)
from db.store import Store
from db.sync.client import CountyClient
from db.sync.enrol import enrol as enrol_device
from db.sync.round import Report, client_for, sync_once
from db.sync.state import link
from tests.new_store import new_store

WAIT_SECONDS = 20.0


def no_limits() -> Limits:
    return Limits(*(Rate(10_000, 100_000) for _ in range(4)))


TEMPLATE = "migrated"


def quick(dsn: str) -> None:
    """No waiting for the disk in a database that nobody needs after a power cut."""
    with psycopg.connect(driver_dsn(dsn), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


@contextlib.contextmanager
def fresh_database(dsn: str) -> Iterator[str]:
    """A database of its own in the session's PostgreSQL, copied from one that was migrated once."""
    name = f"t{uuid7().hex}"
    with psycopg.connect(driver_dsn(dsn), autocommit=True) as connection:
        made = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone()
        if made is None:
            connection.execute(f"CREATE DATABASE {TEMPLATE}".encode())
            County.open(named(dsn, TEMPLATE), CountyKeys(b"k" * 32, "test")).close()
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}".encode())
        try:
            yield named(dsn, name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def named(dsn: str, database: str) -> str:
    return dsn.replace("/postgres?", f"/{database}?")


class Server:
    """The service on a free port of 127.0.0.1, in a thread of its own."""

    def __init__(self, service: Service, tls: Tls, port: int = 0, more: tuple[BaseRoute, ...] = ()) -> None:
        self._listener = listen("127.0.0.1", port)
        self.port: int = self._listener.getsockname()[1]
        self._server: uvicorn.Server = server(service, tls, more)
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._started.wait(WAIT_SECONDS)

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def _run(self) -> None:
        startup = self._server.startup

        async def started(sockets: list[socket.socket] | None = None) -> None:
            await startup(sockets)
            self._started.set()

        self._server.startup = started  # type: ignore[method-assign]
        self._server.run(sockets=[self._listener])

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(WAIT_SECONDS)
        self._listener.close()


@dataclass
class World:
    """One county, served, and as many devices as a test asks for."""

    folder: Path
    dsn: str
    county: County
    tls: Tls
    server: Server
    stores: list[Store]

    def service(self) -> Service:
        return Service(self.county, self.tls.authority, no_limits())

    def code(self, name: str = "1 号自助机", hall: UUID | None = None, replaces: UUID | None = None) -> str:
        return enrol.make_code(self.county, name, hall, replaces) + "-" + self.tls.fingerprint

    def store(self, name: str) -> Store:
        """The one of that name, new where there is none."""
        folder = self.folder / name
        store = Store.open(folder) if folder.exists() else new_store(folder)
        self.stores.append(store)
        return store

    def device(self, name: str, hall: UUID | None = None) -> Store:
        """A new, enrolled device, of its own hall unless told."""
        store = self.store(name)
        enrol_device(store, self.server.address, self.code(name, hall))
        return store

    def client(self, store: Store) -> CountyClient:
        return client_for(link(store), 10.0)

    def sync(self, store: Store) -> Report:
        with self.client(store) as client:
            return sync_once(store, client)

    def county_id(self) -> UUID:
        found = self.one("SELECT county_id FROM county")
        assert isinstance(found, UUID)
        return found

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with self.county.transaction() as tx:
            return list(tx.execute(query.encode(), values).fetchall())

    def one(self, query: str, *values: object) -> object:
        [[value]] = self.rows(query, *values)
        return value


@contextlib.contextmanager
def world(folder: Path, dsn: str) -> Iterator[World]:
    with fresh_database(dsn) as own:
        county = County.open(own, CountyKeys.load(folder))
        tls = authority.local(folder / "tls", ("127.0.0.1", "localhost"))
        served = Server(Service(county, tls.authority, no_limits()), tls)
        made = World(folder, own, county, tls, served, [])
        try:
            yield made
        finally:
            made.server.close()
            for store in made.stores:
                store.close()
            county.close()


def set_up(store: Store) -> None:
    """A hall, a trade and an employer, as every store has them."""
    with store.write() as session:
        origin = session.info["origin"]
        session.add(
            Hall(
                id=origin.hall_id,
                name="样本零工市场",
                region="样本县",
                address="样本路 1 号",
                hours="05:30-18:00",
                hotline="0000",
                complaint_line="0000",
                legal_aid_line="0000",
                latitude=0,
                longitude=0,
            )
        )
        add_trade(store, session)


def add_trade(store: Store, session: object) -> None:
    session.add(  # type: ignore[attr-defined]
        Occupation(
            key="bricklayer",
            name="瓦工",
            name_en="Bricklayer",
            code="6-29-01-01",
            group="建筑",
            group_en="Building",
            group_icon="wall",
            icon="wall",
        )
    )


def add_seeker(store: Store, number: str, name: str = "样本甲", phone: str = "13900000001") -> UUID:
    seeker_id = uuid7()
    with store.write() as session:
        session.add(
            Seeker(
                id=seeker_id,
                number_sealed=store.keys.seal(number, seeker_id.bytes),
                number_index=store.keys.index(number),
                name=name,
                sex="male",
                birth=date(1970, 1, 1),
                phone=phone,
                assurance=1,
                consent_version="1",
                consent_at=now(),
                last_seen_at=now(),
            )
        )
    return seeker_id


def add_posting(store: Store, openings: int = 2, title: str = "砌墙工") -> UUID:
    employer_id, posting_id = uuid7(), uuid7()
    with store.write() as session:
        session.add(
            Employer(id=employer_id, kind=EmployerKind.PERSON, name="样本老板", state=ReviewState.APPROVED)
        )
        session.flush()
        session.add(
            Posting(
                id=posting_id,
                employer_id=employer_id,
                occupation_id="bricklayer",
                title=title,
                description="",
                openings=openings,
                place="城关镇",
                starts_on=date(2026, 11, 20),
                ends_on=date(2026, 12, 20),
                opens_minute=450,
                closes_minute=1080,
                pay=18000,
                pay_unit=PayUnit.DAY,
                settlement=Settlement.DAILY,
                contact_name="样本老板",
                contact_phone="13900000002",
                state=PostingState.PUBLISHED,
            )
        )
    return posting_id


def add_referral(store: Store, seeker: UUID, posting: UUID, serial: int) -> UUID:
    referral_id = uuid7()
    with store.write() as session:
        session.add(
            Referral(
                id=referral_id,
                seeker_id=seeker,
                posting_id=posting,
                slip_number=f"{store.origin.device_number:02}-{serial:06}",
                slip_serial=serial,
                state=ReferralState.ISSUED,
                issued_at=now(),
                valid_until=now(),
            )
        )
    return referral_id
