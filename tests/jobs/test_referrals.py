"""One seeker, one posting, one slip: what the desk writes, refuses and gives back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from db.models import (
    HOLDS_OPENING,
    EmployerKind,
    Origin,
    OutboxRow,
    PostingState,
    PrintJob,
    PrintJobState,
    Referral,
    ReferralState,
    ReviewState,
    Seeker,
)
from db.store import Store
from kiosk.clock import Clock
from kiosk.errors import ForbiddenWork, HallError, NotFound, PostingClosed, PostingFull, Refused, UnderAge
from kiosk.identity.document import Sex
from kiosk.jobs.cards import JobQuery
from kiosk.jobs.referrals import document, mask_phone
from kiosk.language import Language
from kiosk.printing_desk import PrintDesk
from kiosk.settings import ReferralRules, Settings, Slips
from kiosk.staff import audit
from printing import slip_json
from printing.slip import Line, Pair, Row
from tests.jobs.changes import TODAY, change_employer, change_posting, new_posting
from tests.seekers.desks import Desks, desks
from tests.seekers.people import number

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass
class Wall:
    """A wall clock that tests turn."""

    at: datetime

    @property
    def clock(self) -> Clock:
        return Clock(ZONE, lambda: self.at.astimezone(UTC))


@pytest.fixture
def wall() -> Wall:
    return Wall(datetime(2026, 11, 20, 6, 0, tzinfo=ZONE))


@pytest.fixture
def made(hall: Store, wall: Wall) -> Desks:
    return desks(hall, wall.clock)


def states(store: Store) -> list[ReferralState]:
    with store.read() as session:
        return list(session.scalars(select(Referral.state).order_by(Referral.slip_serial)))


def left(made: Desks, posting: UUID) -> int:
    return made.board.detail(posting).card.openings_left


def refused(made: Desks, act: Callable[[], object], kind: type[HallError]) -> HallError:
    """The refusal, after looking that nothing at all was written."""
    with made.store.read() as session:
        before = session.scalar(select(func.max(OutboxRow.seq)))
        serial = session.scalars(select(Origin.slip_serial)).one()
    with pytest.raises(kind) as error:
        act()
    assert type(error.value) is kind
    with made.store.read() as session:
        assert session.scalar(select(func.max(OutboxRow.seq))) == before
        assert session.scalars(select(Origin.slip_serial)).one() == serial
    return error.value


def test_referral_slip_and_audit_are_one(made: Desks, wall: Wall) -> None:
    seeker = made.seeker()
    posting = new_posting(made.store, openings=2)
    handover = made.referrals.refer(seeker, posting)
    assert handover.repeated is False
    assert re.fullmatch(r"01-\d{6}", handover.slip_number)
    assert handover.issued_at == wall.at
    assert handover.preview.startswith(b"\x89PNG")
    assert handover.job.openings_left == left(made, posting) == 1
    with made.store.read() as session:
        referral = session.get_one(Referral, handover.referral)
        assert (referral.state, referral.seeker_id, referral.posting_id) == (
            ReferralState.ISSUED,
            seeker.id,
            posting,
        )
        job = session.get_one(PrintJob, handover.print_job)
        assert (job.document, job.copy, job.state) == (document(referral.id), 1, PrintJobState.QUEUED)
        assert audit.first_broken(session) is None
        assert session.scalar(select(func.count(OutboxRow.seq)).where(OutboxRow.table == "referrals")) == 1
    state = PrintDesk(made.store).state(handover.print_job)
    assert (state.state, state.reason, state.settled) == (PrintJobState.QUEUED, None, False)
    assert made.board.detail(posting, seeker).taken_slip == handover.referral


def test_print_desk_knows_only_its_jobs(made: Desks) -> None:
    with pytest.raises(NotFound):
        PrintDesk(made.store).state(made.store.origin.hall_id)


def slip_text(made: Desks, print_job: UUID) -> str:
    with made.store.read() as session:
        slip = slip_json.decode(session.get_one(PrintJob, print_job).slip)
    said = []
    for part in slip.parts:
        match part:
            case Line():
                said.append(part.text)
            case Pair():
                said.append(f"{part.left} {part.right}")
            case Row():
                said.append(" ".join(cell.text for cell in part.cells))
            case _:
                pass
    return "\n".join(said)


@pytest.mark.parametrize("full_name", [True, False])
def test_what_the_slip_says(hall: Store, wall: Wall, full_name: bool) -> None:
    made = desks(hall, wall.clock, Settings(slips=Slips(full_name=full_name)))
    seeker = made.seeker()
    posting = new_posting(made.store, title="龙门吊装", contact_phone="13900000099")
    handover = made.referrals.refer(seeker, posting)
    text = slip_text(made, handover.print_job)
    assert "龙门吊装" in text
    assert handover.slip_number in text
    assert "13900000099" in text
    assert ("样本甲" in text) is full_name
    assert number(date(1985, 3, 4)) not in text
    assert "13900000001" not in text
    assert "139 **** 0001" in text


def test_an_english_slip(made: Desks) -> None:
    handover = made.referrals.refer(made.seeker(), new_posting(made.store), Language("en"))
    assert "JOB MATCH SLIP" in slip_text(made, handover.print_job)


def test_asked_again_the_same_slip_comes_back(made: Desks) -> None:
    seeker = made.seeker()
    posting = new_posting(made.store, openings=1)
    first = made.referrals.refer(seeker, posting)
    again = made.referrals.refer(seeker, posting)  # though no opening is left for anybody else
    assert again == replace(first, repeated=True)
    assert len(states(made.store)) == 1
    change_posting(made.store, posting, state=PostingState.CLOSED)
    assert made.referrals.refer(seeker, posting).referral == first.referral


@pytest.mark.parametrize("state", [ReferralState.DECLINED, ReferralState.CANCELLED, ReferralState.NO_SHOW])
def test_after_an_end_a_new_slip_may_be_asked_for(made: Desks, state: ReferralState) -> None:
    seeker = made.seeker()
    posting = new_posting(made.store, openings=1)
    first = made.referrals.refer(seeker, posting)
    with made.store.write() as session:
        session.get_one(Referral, first.referral).state = state
    assert left(made, posting) == 1
    second = made.referrals.refer(seeker, posting)
    assert second.repeated is False
    assert int(second.slip_number[3:]) == int(first.slip_number[3:]) + 1


@pytest.mark.parametrize("state", list(ReferralState))
def test_which_states_hold_an_opening(made: Desks, state: ReferralState) -> None:
    posting = new_posting(made.store, openings=1)
    first = made.referrals.refer(made.seeker(order=1), posting)
    with made.store.write() as session:
        session.get_one(Referral, first.referral).state = state
    other = made.seeker(order=2)
    if state in HOLDS_OPENING:
        refused(made, lambda: made.referrals.refer(other, posting), PostingFull)
    else:
        made.referrals.refer(other, posting)


@pytest.mark.parametrize("openings", [1, 3])
def test_the_last_opening(made: Desks, openings: int) -> None:
    posting = new_posting(made.store, openings=openings)
    for order in range(openings):
        assert left(made, posting) == openings - order
        made.referrals.refer(made.seeker(order=order), posting)
    late = made.seeker(order=20)
    assert refused(made, lambda: made.referrals.refer(late, posting), PostingFull).code == "posting_full"
    assert posting not in made.board.find(JobQuery()).ids
    change_posting(made.store, posting, openings=openings + 1)
    made.referrals.refer(late, posting)


def test_openings_lowered_below_what_is_taken(made: Desks) -> None:
    posting = new_posting(made.store, openings=3)
    for order in range(2):
        made.referrals.refer(made.seeker(order=order), posting)
    change_posting(made.store, posting, openings=1)
    assert left(made, posting) == 0
    late = made.seeker(order=5)
    refused(made, lambda: made.referrals.refer(late, posting), PostingFull)


def test_a_referral_nobody_confirms_gives_its_opening_back(made: Desks, wall: Wall) -> None:
    posting = new_posting(made.store, openings=1, ends_on=TODAY + timedelta(days=9))
    first, second = made.seeker(order=1), made.seeker(order=2)
    handover = made.referrals.refer(first, posting)
    assert handover.valid_until == wall.at + timedelta(hours=24)
    wall.at += timedelta(hours=24) - timedelta(microseconds=1)
    assert made.referrals.lapse_due() == 0
    refused(made, lambda: made.referrals.refer(second, posting), PostingFull)
    wall.at += timedelta(microseconds=1)
    assert made.board.detail(posting, first).taken_slip is None  # run out, whether or not anybody noted it
    assert made.referrals.lapse_due() == 1
    assert made.referrals.lapse_due() == 0
    assert states(made.store) == [ReferralState.LAPSED]
    assert left(made, posting) == 1
    assert posting in made.board.find(JobQuery()).ids
    made.referrals.refer(second, posting)
    assert states(made.store) == [ReferralState.LAPSED, ReferralState.ISSUED]


def test_refer_itself_frees_what_ran_out(made: Desks, wall: Wall) -> None:
    posting = new_posting(made.store, openings=1, ends_on=TODAY + timedelta(days=9))
    seeker = made.seeker()
    first = made.referrals.refer(seeker, posting)
    wall.at += timedelta(hours=24)
    second = made.referrals.refer(seeker, posting)
    assert second.repeated is False
    assert second.referral != first.referral
    assert states(made.store) == [ReferralState.LAPSED, ReferralState.ISSUED]


@pytest.mark.parametrize("state", [ReferralState.MET, ReferralState.HIRED, ReferralState.STARTED])
def test_what_was_confirmed_never_lapses(made: Desks, wall: Wall, state: ReferralState) -> None:
    handover = made.referrals.refer(made.seeker(), new_posting(made.store))
    with made.store.write() as session:
        session.get_one(Referral, handover.referral).state = state
    wall.at += timedelta(days=30)
    assert made.referrals.lapse_due() == 0
    assert states(made.store) == [state]


@pytest.mark.parametrize(
    ("days", "opens", "closes", "now", "taken", "valid_until"),
    [
        (0, 480, 1080, (20, 17, 59), True, (20, 18, 0)),  # never past the last hour
        (0, 480, 1080, (20, 18, 0), False, None),
        (0, 480, 1080, (20, 6, 0), True, (20, 18, 0)),
        (1, 480, 1080, (20, 6, 0), True, (21, 6, 0)),
        (1, 480, 1080, (21, 17, 0), True, (21, 18, 0)),
        (0, 1200, 360, (20, 23, 0), True, (21, 6, 0)),  # over midnight
        (0, 1200, 360, (21, 6, 0), False, None),
        (0, 480, 480, (20, 9, 0), True, (21, 8, 0)),
        (0, 960, 1440, (20, 23, 59), True, (21, 0, 0)),
        (0, 960, 1440, (21, 0, 0), False, None),
    ],
)
def test_the_postings_last_hour(
    made: Desks,
    wall: Wall,
    days: int,
    opens: int,
    closes: int,
    now: tuple[int, int, int],
    taken: bool,
    valid_until: tuple[int, int, int] | None,
) -> None:
    posting = new_posting(
        made.store, opens_minute=opens, closes_minute=closes, ends_on=TODAY + timedelta(days=days)
    )
    seeker = made.seeker()
    wall.at = datetime(2026, 11, *now, tzinfo=ZONE)
    if now[0] == 20:  # on a later day the list is more careful than the desk
        assert (posting in made.board.find(JobQuery()).ids) is taken
    if not taken:
        refused(made, lambda: made.referrals.refer(seeker, posting), PostingClosed)
        return
    assert valid_until is not None
    assert made.referrals.refer(seeker, posting).valid_until == datetime(2026, 11, *valid_until, tzinfo=ZONE)


def test_today_is_the_halls_today(made: Desks, wall: Wall) -> None:
    """At 00:30 in the hall it is still yesterday in UTC."""
    yesterday = new_posting(made.store, starts_on=TODAY, ends_on=TODAY)
    wall.at = datetime(2026, 11, 21, 0, 30, tzinfo=ZONE)
    seeker = made.seeker()
    refused(made, lambda: made.referrals.refer(seeker, yesterday), PostingClosed)
    assert yesterday not in made.board.find(JobQuery()).ids


@pytest.mark.parametrize("state", [state for state in PostingState if state is not PostingState.PUBLISHED])
def test_only_published_postings(made: Desks, state: PostingState) -> None:
    posting = new_posting(made.store)
    change_posting(made.store, posting, state=state)
    seeker = made.seeker()
    refused(made, lambda: made.referrals.refer(seeker, posting), PostingClosed)


@pytest.mark.parametrize("state", [ReviewState.PENDING, ReviewState.REFUSED])
def test_only_approved_employers(made: Desks, state: ReviewState) -> None:
    posting = new_posting(made.store)
    change_employer(made.store, posting, state=state, kind=EmployerKind.PERSON)
    seeker = made.seeker()
    refused(made, lambda: made.referrals.refer(seeker, posting), PostingClosed)


@pytest.mark.parametrize(
    ("born", "sex", "values", "rule"),
    [
        (date(2009, 1, 1), Sex.MALE, {"conditions": "night,toxic"}, "minor_toxic"),
        (date(2009, 1, 1), Sex.MALE, {"occupation_id": "scaffolder"}, "minor_building_special_operation"),
        (date(2008, 11, 21), Sex.MALE, {"occupation_id": "forklift_driver"}, "minor_special_equipment"),
        (date(1990, 1, 1), Sex.FEMALE, {"conditions": "heavy_load_over_25kg"}, "woman_heavy_load"),
    ],
)
def test_forbidden_work_is_refused_even_past_the_list(
    made: Desks, born: date, sex: Sex, values: dict[str, Any], rule: str
) -> None:
    posting = new_posting(made.store, **values)
    seeker = made.seeker(born, sex)
    assert posting not in made.board.find(JobQuery(), seeker).ids
    for said in (seeker, replace(seeker, age=40, sex=Sex.MALE)):  # the desk believes the record, not the card
        error = refused(made, lambda said=said: made.referrals.refer(said, posting), ForbiddenWork)  # type: ignore[misc]
        assert error.context == {"rule": rule}


def test_on_the_eighteenth_birthday_the_work_opens(made: Desks, wall: Wall) -> None:
    posting = new_posting(made.store, conditions="toxic", ends_on=TODAY + timedelta(days=3))
    seeker = made.seeker(date(2008, 11, 21))
    refused(made, lambda: made.referrals.refer(seeker, posting), ForbiddenWork)
    wall.at = datetime(2026, 11, 21, 0, 0, tzinfo=ZONE)
    made.referrals.refer(seeker, posting)


def test_under_16_even_past_registration(made: Desks) -> None:
    seeker = made.seeker()
    with made.store.write() as session:
        session.get_one(Seeker, seeker.id).birth = date(2010, 11, 21)
    posting = new_posting(made.store)
    refused(made, lambda: made.referrals.refer(seeker, posting), UnderAge)


def test_no_more_open_referrals_than_set(hall: Store, wall: Wall) -> None:
    made = desks(hall, wall.clock, Settings(referral=ReferralRules(most_open=2)))
    seeker = made.seeker()
    postings = [new_posting(made.store, ends_on=TODAY + timedelta(days=9)) for _ in range(3)]
    for posting in postings[:2]:
        made.referrals.refer(seeker, posting)
    error = refused(made, lambda: made.referrals.refer(seeker, postings[2]), Refused)
    assert error.context == {"reason": "too_many_open", "most": 2}
    made.referrals.refer(made.seeker(order=3), postings[2])
    wall.at += timedelta(hours=24)
    made.referrals.refer(seeker, postings[2])


def test_what_is_not_there(made: Desks) -> None:
    seeker = made.seeker()
    posting = new_posting(made.store)
    nobody = replace(seeker, id=made.store.origin.hall_id)
    assert refused(made, lambda: made.referrals.refer(seeker, nobody.id), NotFound).context == {
        "what": "posting"
    }
    assert refused(made, lambda: made.referrals.refer(nobody, posting), NotFound).context == {
        "what": "seeker"
    }


@pytest.mark.parametrize(("phone", "masked"), [("13900001234", "139 **** 1234"), ("", ""), ("1390000", "")])
def test_masked_phone(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("hour", "days", "first"),
    [(6, 3, "11月20日 08:00"), (15, 3, "11月21日 08:00"), (15, 1, "11月20日 08:00")],
    ids=["before the shift", "today's shift has begun", "only today"],
)
def test_the_slip_names_the_next_shift(made: Desks, wall: Wall, hour: int, days: int, first: str) -> None:
    posting = new_posting(made.store, ends_on=TODAY + timedelta(days=days - 1))
    wall.at = wall.at.replace(hour=hour)
    handover = made.referrals.refer(made.seeker(), posting)
    assert first in slip_text(made, handover.print_job)
