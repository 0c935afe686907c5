"""Who comes in: edges of age, people known before, and the child of whom nothing stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from db.models import DailyCount, OutboxRow, Seeker, SeekerTrade, SkillLevel
from db.store import Store
from kiosk.clock import Clock
from kiosk.errors import CodeInvalid, InputInvalid, NotFound, UnderAge
from kiosk.identity.document import Assurance, Problem, Sex
from kiosk.identity.slip_code import CodeKind, SlipCode
from kiosk.jobs.cards import JobQuery
from kiosk.seekers.card import ASKED_HARDSHIPS, Hardship
from kiosk.seekers.registration import AdmissionKind, phone_stands
from kiosk.settings import RankingWeights, Settings
from kiosk.staff import audit
from tests.seekers.desks import desks
from tests.seekers.people import CONSENT, PHONE, document, number

ZONE = ZoneInfo("Asia/Shanghai")


def at(day: date, hour: int = 6, minute: int = 0) -> Clock:
    now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(UTC)
    return Clock(ZONE, lambda: now)


def a_slice(store: Store, count: int = 3) -> list[str]:
    with store.read() as session:
        return [
            row[0] for row in session.execute(text("SELECT key FROM occupations ORDER BY position")).all()
        ][:count]


@pytest.mark.parametrize(
    ("born", "today", "kind"),
    [
        (date(2010, 11, 20), date(2026, 11, 20), AdmissionKind.NEW),  # 16 today
        (date(2010, 11, 21), date(2026, 11, 20), AdmissionKind.UNDER_AGE),  # 16 tomorrow
        (date(2012, 2, 29), date(2028, 2, 28), AdmissionKind.UNDER_AGE),
        (date(2012, 2, 29), date(2028, 2, 29), AdmissionKind.NEW),
        (date(2011, 3, 1), date(2027, 2, 28), AdmissionKind.UNDER_AGE),
        (date(2011, 3, 1), date(2027, 3, 1), AdmissionKind.NEW),
        (date(2026, 11, 20), date(2026, 11, 20), AdmissionKind.UNDER_AGE),  # born today
    ],
)
def test_sixteen(hall: Store, born: date, today: date, kind: AdmissionKind) -> None:
    assert desks(hall, at(today)).registration.admit(document(born)).kind is kind


@pytest.mark.parametrize(
    ("hour", "minute", "kind"),
    [(23, 59, AdmissionKind.UNDER_AGE), (0, 0, AdmissionKind.NEW)],
)
def test_the_birthday_begins_at_midnight_in_the_hall(
    hall: Store, hour: int, minute: int, kind: AdmissionKind
) -> None:
    day = date(2026, 11, 19) if hour else date(2026, 11, 20)
    assert desks(hall, at(day, hour, minute)).registration.admit(document(date(2010, 11, 20))).kind is kind


@pytest.mark.parametrize(
    ("born", "today", "minor"),
    [
        (date(2008, 11, 20), date(2026, 11, 20), False),
        (date(2008, 11, 21), date(2026, 11, 20), True),
        (date(2008, 2, 29), date(2026, 2, 28), True),
        (date(2008, 2, 29), date(2026, 3, 1), False),
    ],
)
def test_eighteen(hall: Store, born: date, today: date, minor: bool) -> None:
    assert desks(hall, at(today)).seeker(born).minor is minor


def test_a_child_leaves_nothing_but_a_count(hall: Store, clock: Clock) -> None:
    desk = desks(hall, clock).registration
    child = document(date(2012, 5, 6), name="样本小童")
    with hall.read() as session:
        before = session.scalars(select(OutboxRow.seq).order_by(OutboxRow.seq.desc())).first() or 0
    for _ in range(3):
        admission = desk.admit(child)
    assert admission.seeker is None
    with pytest.raises(UnderAge):
        desk.register(child, CONSENT, PHONE, frozenset(), {})
    with hall.read() as session:
        counts = session.scalars(select(DailyCount)).all()
        assert [(row.day, row.kind) for row in counts] == [("2026-11-20", "under_16")]
        assert counts[0].amount >= 3
        assert set(session.scalars(select(OutboxRow.table).where(OutboxRow.seq > before))) == {"daily_counts"}
    assert child.number is not None
    for secret in (child.number, "样本小童", PHONE, child.number[:14], "20120506", "2012-05-06"):
        assert not anywhere(hall, secret)
    assert not anywhere(hall, hall.keys.index(child.number))


def anywhere(store: Store, secret: str | bytes) -> bool:
    """Whether any value of any decrypted table holds this."""
    raw = secret.encode() if isinstance(secret, str) else secret
    with store.read() as session:
        tables = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        for table in tables:
            if table.startswith(("sqlite_", "posting_grams")):
                continue
            for row in session.execute(text(f'SELECT * FROM "{table}"')):
                for value in row:
                    held = value if isinstance(value, bytes) else str(value).encode()
                    if raw in held:
                        return True
    return False


def test_the_search_for_secrets_finds_some(hall: Store, clock: Clock) -> None:
    """The check above can fail: a registered person is found by it, the number only sealed."""
    desks(hall, clock).seeker()
    assert anywhere(hall, "样本甲")
    assert anywhere(hall, PHONE)
    assert anywhere(hall, hall.keys.index(number(date(1985, 3, 4))))
    assert not anywhere(hall, number(date(1985, 3, 4)))


@pytest.mark.parametrize("last", "0123456789X")
def test_a_number_that_cannot_stand_is_refused(hall: Store, clock: Clock, last: str) -> None:
    right = number(date(1985, 3, 4))
    reading = replace(document(), number=right[:-1] + last)
    desk = desks(hall, clock).registration
    if last == right[-1]:
        assert desk.admit(reading).kind is AdmissionKind.NEW
        return
    with pytest.raises(InputInvalid) as refused:
        desk.admit(reading)
    assert refused.value.context["field"] == "number"
    assert right[:6] not in str(refused.value)


@pytest.mark.parametrize(
    ("reading", "field"),
    [
        (replace(document(), number=None), "number"),
        (replace(document(), name=None), "name"),
        (replace(document(), name="  "), "name"),
    ],
)
def test_what_registration_needs(hall: Store, clock: Clock, reading: object, field: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        desks(hall, clock).registration.register(reading, CONSENT, PHONE, frozenset(), {})  # type: ignore[arg-type]
    assert refused.value.context["field"] == field


@pytest.mark.parametrize(
    ("phone", "stands"),
    [
        ("13900000001", True),
        ("19900000000", True),
        ("12900000000", False),
        ("23900000001", False),
        ("1390000000", False),
        ("139000000011", False),
        ("1390000000a", False),
        ("１３９００００００００１", False),
        ("139٠٠٠٠٠٠٠٠", False),
        ("", False),
    ],
)
def test_phones(hall: Store, clock: Clock, phone: str, stands: bool) -> None:
    assert phone_stands(phone) is stands
    desk = desks(hall, clock).registration
    if not stands:
        with pytest.raises(InputInvalid):
            desk.register(document(), CONSENT, phone, frozenset(), {})


def test_a_new_seeker_is_written_once_and_known_from_then_on(hall: Store, clock: Clock) -> None:
    desk = desks(hall, clock).registration
    trades = dict.fromkeys(a_slice(hall, 2), SkillLevel.JUNIOR)
    ticks = frozenset({Hardship.LOW_INCOME, Hardship.DISABLED})
    first = desk.register(document(), CONSENT, PHONE, ticks, trades)
    again = desk.register(document(), CONSENT, PHONE, ticks, trades)
    assert first == again
    with hall.read() as session:
        assert len(session.scalars(select(Seeker)).all()) == 1
        assert audit.first_broken(session) is None
    admission = desk.admit(document())
    assert (admission.kind, admission.certain, admission.seeker) == (AdmissionKind.KNOWN, True, first)
    assert first.masked_number == "1101**********" + number(date(1985, 3, 4))[-4:]
    assert (first.sex, first.birth, first.age) == (Sex.MALE, date(1985, 3, 4), 41)


@pytest.mark.parametrize(
    ("assurance", "confidence", "questions", "certain"),
    [
        (Assurance.CHIP, 1.0, (), True),
        (Assurance.STAFF, 1.0, (), True),
        (Assurance.CAMERA, 0.90, (), True),
        (Assurance.CAMERA, 0.89, (), False),
        (Assurance.CAMERA, 1.0, (Problem.UNSURE,), False),
        (Assurance.SLIP, 1.0, (), False),
        (Assurance.TYPED, 1.0, (), False),
    ],
)
def test_who_need_not_confirm(
    hall: Store,
    clock: Clock,
    assurance: Assurance,
    confidence: float,
    questions: tuple[Problem, ...],
    certain: bool,
) -> None:
    made = desks(hall, clock)
    made.seeker()
    reading = document(assurance=assurance, certain=confidence)
    assert made.registration.admit(reading, questions).certain is certain


def test_a_new_person_always_confirms(hall: Store, clock: Clock) -> None:
    assert desks(hall, clock).registration.admit(document()).certain is False


@pytest.mark.parametrize(
    ("name", "disagrees"), [("样本甲", False), (" 样本甲\u3000", False), (None, False), ("样本乙", True)]
)
def test_a_changed_name_is_shown_and_nothing_repaired(
    hall: Store, clock: Clock, name: str | None, disagrees: bool
) -> None:
    made = desks(hall, clock)
    made.seeker()
    admission = made.registration.admit(document(name=name))
    assert (Problem.FIELDS_DISAGREE in admission.questions) is disagrees
    assert admission.certain is not disagrees
    assert admission.seeker is not None
    assert admission.seeker.name == "样本甲"


def test_assurance_only_rises(hall: Store, clock: Clock) -> None:
    desk = desks(hall, clock).registration
    held = []
    for assurance in (
        Assurance.TYPED,
        Assurance.CAMERA,
        Assurance.TYPED,
        Assurance.CHIP,
        Assurance.STAFF,
        Assurance.CAMERA,
    ):
        desk.register(document(assurance=assurance), CONSENT, PHONE, frozenset(), {})
        with hall.read() as session:
            held.append(session.scalars(select(Seeker.assurance)).one())
    assert held == [1, 3, 3, 5, 5, 5]


def test_trades_are_replaced_kept_and_put_in_order(hall: Store, clock: Clock) -> None:
    made = desks(hall, clock)
    one, two, three = a_slice(hall)
    seeker = made.seeker(trades={one: SkillLevel.NONE, two: SkillLevel.JUNIOR})
    with hall.read() as session:
        rows = {row.occupation_id: row.id for row in session.scalars(select(SeekerTrade))}
    turned = made.registration.update(
        seeker.id, trades={two: SkillLevel.SENIOR, three: SkillLevel.NONE, one: SkillLevel.NONE}
    )
    assert list(turned.trades) == [two, three, one]  # first = best, at once and when read again
    known = made.registration.admit(document()).seeker
    assert known is not None
    assert list(known.trades.items()) == list(turned.trades.items())
    with hall.read() as session:
        again = {row.occupation_id: row.id for row in session.scalars(select(SeekerTrade))}
    assert {key: again[key] for key in rows} == rows  # a trade that stays keeps its row
    kept = made.registration.update(seeker.id, phone="13900000002")
    assert list(kept.trades) == [two, three, one]
    assert made.registration.update(seeker.id, trades={}).trades == {}
    with hall.read() as session:
        assert session.scalars(select(SeekerTrade)).all() == []


def test_update_leaves_what_is_not_said(hall: Store, clock: Clock) -> None:
    made = desks(hall, clock)
    seeker = made.seeker(hardship=frozenset({Hardship.DISABLED}), trades={a_slice(hall)[0]: SkillLevel.NONE})
    assert made.registration.update(seeker.id) == seeker
    changed = made.registration.update(seeker.id, hardship=frozenset())
    assert changed == replace(seeker, hardship=frozenset())
    with pytest.raises(InputInvalid):
        made.registration.update(seeker.id, phone="1")
    with pytest.raises(NotFound):
        made.registration.update(hall.origin.hall_id)


@pytest.mark.parametrize(("born", "older"), [(date(1976, 11, 20), True), (date(1976, 11, 21), False)])
def test_older_comes_from_the_birth_date_and_is_never_stored(
    hall: Store, clock: Clock, born: date, older: bool
) -> None:
    made = desks(hall, clock)
    seeker = made.seeker(born, hardship=frozenset(Hardship))
    assert (Hardship.OLDER in seeker.hardship) is older
    assert seeker.hardship >= set(ASKED_HARDSHIPS)
    with hall.read() as session:
        assert "older" not in session.scalars(select(Seeker.hardship)).one()
    later = desks(hall, clock, Settings(ranking=RankingWeights(older_from=80)))
    known = later.registration.admit(document(born)).seeker
    assert known is not None
    assert Hardship.OLDER not in known.hardship


def test_a_slip_names_its_holder_who_confirms(hall: Store, clock: Clock) -> None:
    made = desks(hall, clock)
    seeker = made.seeker()
    job = made.board.find(JobQuery(), seeker).ids[0]
    handover = made.referrals.refer(seeker, job)
    serial = int(handover.slip_number.split("-")[1])
    text_of = made.codes.make(SlipCode(CodeKind.MATCH_SLIP, hall.origin.device_number, serial))
    admission = made.registration.admit_by_code(text_of)
    assert (admission.kind, admission.certain, admission.seeker) == (AdmissionKind.KNOWN, False, seeker)
    for code, reason in (
        (made.codes.make(SlipCode(CodeKind.MATCH_SLIP, 1, serial + 1)), "unknown"),
        (made.codes.make(SlipCode(CodeKind.TOOL, 1, serial)), "kind"),
        ("样本", "not_ours"),
    ):
        with pytest.raises(CodeInvalid) as refused:
            made.registration.admit_by_code(code)
        assert refused.value.context["reason"] == reason


def test_consent_is_the_latest_one(hall: Store, clock: Clock) -> None:
    made = desks(hall, clock)
    made.seeker()
    later = CONSENT + timedelta(days=400)
    newer = desks(hall, clock, Settings(consent_version="2027-12"))
    newer.registration.register(document(), later, PHONE, frozenset(), {})
    with hall.read() as session:
        seeker = session.scalars(select(Seeker)).one()
        assert (seeker.consent_version, seeker.consent_at) == ("2027-12", later)


def test_nobody_is_named_by_repr(hall: Store, clock: Clock) -> None:
    seeker = desks(hall, clock).seeker()
    assert "样本" not in repr(seeker)
    assert "样本" not in repr(document())
