"""The desk that says what a slip is worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select

from db.models import Referral, ReferralState, SkillLevel
from db.store import Store
from kiosk.clock import Clock
from kiosk.identity.document import Assurance, IdentityDocument, Sex
from kiosk.identity.slip_code import CodeKind, SlipCode, SlipCodes
from kiosk.jobs.board import JobBoard
from kiosk.jobs.cards import Handover, JobQuery
from kiosk.jobs.referrals import ReferralDesk
from kiosk.jobs.slip_check import SlipDesk, Standing
from kiosk.seekers.registration import RegistrationDesk
from kiosk.settings import Settings

OTHER_KEY = bytes(range(32))
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
# the last character's lowest bit is no part of the 13 bytes, so a change of only that is tried by itself
PERSON = IdentityDocument(
    Assurance.CHIP, "张样三", Sex.MALE, "汉", date(1988, 1, 1), "样本路 1 号", "130534198801010011"
)


@dataclass
class Counter:
    """A hall with one slip given out, and the desk that looks at slips; `pass_time` moves its clock."""

    store: Store
    codes: SlipCodes
    slip: Handover
    text: str
    offset: timedelta = timedelta(0)

    def now(self) -> datetime:
        return self.slip.issued_at.astimezone(UTC) + self.offset

    @property
    def desk(self) -> SlipDesk:
        zone = self.slip.issued_at.tzinfo
        assert zone is not None
        return SlipDesk(self.store, Clock(zone, self.now), self.codes)  # type: ignore[arg-type]

    def put(self, state: ReferralState) -> None:
        with self.store.write() as session:
            session.get_one(Referral, self.slip.referral).state = state


@pytest.fixture
def counter(hall: Store, settings: Settings, clock: Clock) -> Counter:
    codes = SlipCodes(hall.keys.own_slip_key)
    board = JobBoard(hall, settings, clock)
    seeker = RegistrationDesk(hall, settings, clock, codes).register(
        PERSON, clock.now(), "13900000000", frozenset(), {"bricklayer": SkillLevel.JUNIOR}
    )
    posting = board.find(JobQuery(), seeker).ids[0]
    slip = ReferralDesk(hall, settings, clock, codes, board).refer(seeker, posting)
    with hall.read() as session:
        referral = session.scalars(select(Referral)).one()
    device = hall.origin.device_number
    text = codes.make(SlipCode(CodeKind.MATCH_SLIP, device, referral.slip_serial))
    return Counter(hall, codes, slip, text)


def test_a_fresh_slip_is_valid_and_says_whose_and_for_what(counter: Counter) -> None:
    found = counter.desk.check(counter.text)
    assert found.standing is Standing.VALID
    assert found.slip_number == counter.slip.slip_number
    assert (found.kind, found.state) == ("match_slip", "issued")
    assert found.referral == counter.slip.referral
    assert found.masked_name == "张*三"
    assert found.job == counter.slip.job.title
    assert found.valid_until == counter.slip.valid_until


@pytest.mark.parametrize("wrapped", ["  {}\n", "HTTPS://COUNTY.EXAMPLE/{}", "https://county.example/s?c={}"])
def test_it_is_found_in_a_link_too(counter: Counter, wrapped: str) -> None:
    assert counter.desk.check(wrapped.format(counter.text)).standing is Standing.VALID
    assert counter.desk.check(wrapped.format(counter.text.lower())).standing is Standing.VALID


def test_it_expires_at_the_very_moment_printed_on_it(counter: Counter) -> None:
    lasts = counter.slip.valid_until - counter.slip.issued_at
    counter.offset = lasts - timedelta(microseconds=1)
    assert counter.desk.check(counter.text).standing is Standing.VALID
    counter.offset = lasts
    found = counter.desk.check(counter.text)
    assert (found.standing, found.state) == (Standing.EXPIRED, "issued")


@pytest.mark.parametrize(
    ("state", "standing", "late"),
    [
        (ReferralState.MET, Standing.VALID, Standing.VALID),  # met: it waits for its result, however long
        (ReferralState.HIRED, Standing.USED, Standing.USED),
        (ReferralState.STARTED, Standing.USED, Standing.USED),
        (ReferralState.FINISHED, Standing.USED, Standing.USED),
        (ReferralState.DECLINED, Standing.USED, Standing.USED),
        (ReferralState.NO_SHOW, Standing.USED, Standing.USED),
        (ReferralState.CANCELLED, Standing.USED, Standing.USED),
        (ReferralState.LAPSED, Standing.EXPIRED, Standing.EXPIRED),
    ],
)
def test_its_state_decides(
    counter: Counter, state: ReferralState, standing: Standing, late: Standing
) -> None:
    counter.put(state)
    found = counter.desk.check(counter.text)
    assert (found.standing, found.state) == (standing, state.value)
    counter.offset = timedelta(days=30)
    assert counter.desk.check(counter.text).standing is late


def test_any_one_character_changed_is_told_as_tampering_and_names_nobody(counter: Counter) -> None:
    for at in range(len(counter.text)):
        for other in BASE32:
            if other != counter.text[at]:
                changed = counter.text[:at] + other + counter.text[at + 1 :]
                found = counter.desk.check(changed)
                assert found.standing is Standing.TAMPERED, (at, other)
                assert (found.masked_name, found.job, found.referral) == (None, None, None)


def test_another_number_under_the_same_signature_is_tampering(counter: Counter) -> None:
    """Somebody who knows the layout writes another serial into a real slip."""
    for serial in (0, 2, 77, 99_999, 2**32 - 1):
        wished = SlipCodes(OTHER_KEY).make(SlipCode(CodeKind.MATCH_SLIP, 1, serial))
        found = counter.desk.check(wished[:12] + counter.text[12:])
        assert found.standing is Standing.TAMPERED
        assert found.slip_number == f"01-{serial:06d}"


@given(
    serial=st.integers(0, 2**32 - 1),
    device=st.integers(0, 2**16 - 1),
    key=st.binary(min_size=32, max_size=32),
)
@examples(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_another_halls_slip_is_foreign_even_with_our_numbers(
    counter: Counter, serial: int, device: int, key: bytes
) -> None:
    for code in (
        SlipCode(CodeKind.MATCH_SLIP, device, serial),
        SlipCode(CodeKind.MATCH_SLIP, 1, 1),  # the number of our own slip
    ):
        found = counter.desk.check(SlipCodes(key).make(code))
        assert found.standing is Standing.FOREIGN
        assert found.slip_number is None


@given(text=st.text() | st.from_regex(r"[A-Z2-7]{21}", fullmatch=True) | st.just("WXP://F2F0-SAMPLE"))
@examples(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_has_a_standing(counter: Counter, text: str) -> None:
    assert counter.desk.check(text).standing is Standing.FOREIGN


def test_our_signature_on_a_slip_this_store_never_had_is_unknown(counter: Counter) -> None:
    found = counter.desk.check(counter.codes.make(SlipCode(CodeKind.MATCH_SLIP, 7, 4711)))
    assert (found.standing, found.slip_number) == (Standing.UNKNOWN, "07-004711")


@pytest.mark.parametrize("kind", [kind for kind in CodeKind if kind is not CodeKind.MATCH_SLIP])
def test_our_other_codes_are_told_apart_by_kind(counter: Counter, kind: CodeKind) -> None:
    serial = int(counter.slip.slip_number.partition("-")[2])
    found = counter.desk.check(counter.codes.make(SlipCode(kind, 1, serial)))
    assert (found.standing, found.kind) == (Standing.OTHER, kind.name.lower())
    assert found.masked_name is None  # the serial of a receipt is not that of a slip
