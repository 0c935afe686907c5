"""Contacts by age at the county: what keeps the name of an employer who is a person."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from db.county.contacts import purge_contacts_older
from db.county.rows import read
from db.models import Ban, BanReason, Employer, EmployerKind, Posting, now
from db.privacy import GONE
from tests.county.world import World, add_posting, set_up

NAME = "样本老板"  # as `add_posting` writes it
LATER = timedelta(days=400)


def names(world: World) -> dict[UUID, str]:
    with world.county.transaction() as tx:
        ids = [row for (row,) in tx.execute("SELECT id FROM employers")]
        return {row: values["name"] for row, values in read(tx, world.county.keys, "employers", ids).items()}


def purge_all(world: World) -> int:
    done = 0
    while some := purge_contacts_older(world.county, now() + LATER, most=2):
        done += some
    return done


def test_what_keeps_a_name(county_world: World) -> None:
    store = county_world.device("a")
    set_up(store)
    old, firm, open_, banned, over = (add_posting(store) for _ in range(5))
    later = add_posting(store)
    with store.write() as session:
        of = {
            posting: session.get_one(Posting, posting).employer_id
            for posting in (old, firm, open_, banned, over)
        }
        session.get_one(Employer, of[firm]).kind = EmployerKind.ORGANISATION
        another = session.get_one(Posting, later)
        another.employer_id, another.ends_on = of[open_], now().date() + 2 * LATER
        for posting, days in ((banned, 9), (over, -1)):
            times = {"starts_on": now().date() - LATER, "until": now().date() + timedelta(days=days)}
            session.add(
                Ban(employer_id=of[posting], reason=BanReason.WAGE_WITHHELD, decided_by="样本", **times)
            )
    county_world.sync(store)
    assert purge_all(county_world) == 8  # five contacts; the names of `old`, `over` and of nobody's employer
    left = names(county_world)
    assert {posting: left[employer] for posting, employer in of.items()} == {
        old: GONE,
        firm: NAME,
        open_: NAME,
        banned: NAME,
        over: GONE,
    }
    assert purge_all(county_world) == 0
    assert county_world.one("SELECT sum((rows->>'postings')::int) FROM purges WHERE reason = 'age'") == 5
    county_world.sync(store)
    with store.read() as session:
        assert session.get_one(Posting, old).contact_phone == GONE
        assert session.get_one(Posting, later).contact_phone != GONE
