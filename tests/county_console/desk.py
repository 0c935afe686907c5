"""County staff and employers for tests: the served pages, a plain HTTP client, halls with something to show."""

from __future__ import annotations

import contextlib
import http.client
import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from db.county.console import sessions, staff
from db.county.console.app import routes
from db.county.console.staff import Member
from db.county.console.web import SESSION
from db.county.limits import Rate
from db.county.service import Service
from db.county.slip_keys import slip_key
from db.models import Referral, ReferralState, Seeker, now
from db.slip_token import make_token
from db.store import Store
from db.sync.line import trusting
from tests.county.world import Server, World, add_posting, add_seeker, no_limits, set_up

PASSWORD = "sample-long-password"
NUMBER = "11010519491231002X"


@contextlib.contextmanager
def pages(world: World, console: Rate | None = None, slips: Rate | None = None) -> Iterator[Server]:
    """The service with its console, on a port of its own beside the world's."""
    wide = Rate(10_000, 100_000)
    more = routes(world.county, world.tls, console or wide, slips or wide)
    served = Server(Service(world.county, world.tls.authority, no_limits()), world.tls, more=more)
    try:
        yield served
    finally:
        served.close()


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: str
    cookies: Mapping[str, str]


@dataclass
class Browser:
    """What a browser does of it: cookies, Origin, forms; nothing is followed by itself."""

    world: World
    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path, b"", {})

    def post(self, path: str, form: Mapping[str, str], origin: str | None = "own", **headers: str) -> Answer:
        """With the form's token where this browser is signed in; `origin` None: no such header."""
        given = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        if origin is not None:
            given["Origin"] = f"https://127.0.0.1:{self.port}" if origin == "own" else origin
        return self.ask("POST", path, urlencode(form).encode(), given)

    def send(self, path: str, **form: str) -> Answer:
        """A form of a page that this browser just opened."""
        return self.post(path, {"form_token": self.form_token(), **form})

    def form_token(self) -> str:
        found = re.search(r'name="form_token" value="([0-9a-f]{64})"', self.get("/console/password").body)
        return found.group(1) if found else ""

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        context: ssl.SSLContext = trusting(self.world.tls.authority)
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=context)
        given = dict(headers)
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            text = answer.read().decode()
            set_now: dict[str, str] = {}
            for line in answer.headers.get_all("set-cookie") or ():
                name, _, rest = line.partition("=")
                set_now[name] = line
                self.cookies[name] = rest.partition(";")[0].strip('"')
            return Answer(answer.status, dict(answer.headers.items()), text, set_now)
        finally:
            connection.close()

    def sign_in(self, name: str = "李", password: str = PASSWORD) -> Answer:
        return self.post("/console/sign-in", {"name": name, "password": password})


def clerk(world: World, port: int, name: str = "李") -> Browser:
    """A member of staff who is signed in and has a password of their own, as if typed: hashing takes its time."""
    staff.add(world.county, name)
    with world.county.transaction() as tx:
        tx.execute("UPDATE console_staff SET must_change = false")
        [[member]] = tx.execute("SELECT id FROM console_staff WHERE name = %s", (name.strip(),)).fetchall()
    return Browser(world, port, {SESSION: sessions.begin(world.county, Member(member, name, False))})


def add_slip(store: Store, seeker: UUID, posting: UUID, serial: int, hours: float = 24.0) -> UUID:
    """A referral whose slip is out; `hours` it still counts."""
    with store.write() as session:
        referral = Referral(
            seeker_id=seeker,
            posting_id=posting,
            slip_number=f"{store.origin.device_number:02}-{serial:06}",
            slip_serial=serial,
            state=ReferralState.ISSUED,
            issued_at=now() - timedelta(hours=1),
            valid_until=now() + timedelta(hours=hours),
        )
        session.add(referral)
        session.flush()
        return referral.id


def token(world: World, store: Store, serial: int, kind: int = 1) -> str:
    """What is in the slip's code."""
    with world.county.transaction() as tx:
        key = slip_key(tx, world.county, store.origin.hall_id)
    return make_token(key, kind, store.origin.device_number, serial)


@dataclass
class Slip:
    """One seeker of one hall on their way to an employer."""

    store: Store
    seeker: UUID
    posting: UUID
    referral: UUID
    token: str


def one_slip(world: World, name: str = "a", number: str = NUMBER, **values: str) -> Slip:
    """`values`: the seeker's name, the posting's title."""
    store = world.device(name)
    set_up(store)
    seeker = add_seeker(store, number, values.get("seeker", "张小三"))
    posting = add_posting(store, title=values.get("title", "砌墙工"))
    referral = add_slip(store, seeker, posting, 1)
    world.sync(store)
    return Slip(store, seeker, posting, referral, token(world, store, 1))


def state_of(store: Store, referral: UUID) -> tuple[str, str]:
    with store.read() as session:
        row = session.get_one(Referral, referral)
        return row.state.value, row.reason


def set_state(store: Store, referral: UUID, state: ReferralState, reason: str = "") -> None:
    with store.write() as session:
        row = session.get_one(Referral, referral)
        row.state, row.reason = state, reason


def rename(store: Store, seeker: UUID, phone: str) -> None:
    with store.write() as session:
        session.get_one(Seeker, seeker).phone = phone
