"""The whole table of roads through a visit, back included, and what a visit may never show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.models import SkillLevel
from kiosk.identity.document import Assurance, IdentityDocument, Sex
from kiosk.seekers.card import Hardship, SeekerCard
from kiosk.visit import ASIDE, PERSONAL, IdleRule, Step, Visit

NOW = datetime(2026, 11, 19, 22, 0, tzinfo=UTC)
JOB, OTHER_JOB = UUID(int=1), UUID(int=2)
PHONE = "13900000001"
TRADES = {"bricklayer": SkillLevel.JUNIOR}
READING = IdentityDocument(Assurance.CAMERA, name="样本甲", number="x")
OTHER = IdentityDocument(Assurance.CAMERA, name="样本乙", number="y")


def card(
    phone: str = PHONE,
    trades: dict[str, SkillLevel] | None = None,
    hardship: frozenset[Hardship] = frozenset({Hardship.LOW_INCOME}),
) -> SeekerCard:
    return SeekerCard(
        UUID(int=9),
        "样本甲",
        "样**",
        "1101**********0011",
        Sex.MALE,
        date(1985, 3, 4),
        41,
        phone,
        hardship,
        TRADES if trades is None else trades,
    )


def walk(*acts: Callable[[Visit], object]) -> tuple[Visit, list[Step]]:
    visit = Visit()
    steps = []
    for act in acts:
        act(visit)
        steps.append(visit.step)
    return visit, steps


def at(visit: Visit) -> Step:
    return visit.step


def start(visit: Visit) -> None:
    visit.start()


def consent(visit: Visit) -> None:
    visit.consent(NOW)


def new_person(visit: Visit) -> None:
    visit.identified(READING, None, certain=False)


def known_person(visit: Visit) -> None:
    visit.identified(READING, card(), certain=True)


def phone(visit: Visit) -> None:
    visit.give_phone(PHONE)


def hardship(visit: Visit) -> None:
    visit.give_hardship(frozenset())


def trades(visit: Visit) -> None:
    visit.give_trades(TRADES)


def open_job(visit: Visit) -> None:
    visit.open_job(JOB)


def open_tool(visit: Visit) -> None:
    visit.open_tool(JOB)


NEW = (start, consent, new_person, Visit.confirm, phone, hardship, trades)
KNOWN = (start, consent, known_person)


def test_a_new_seeker_walks_the_whole_road() -> None:
    _, steps = walk(*NEW, open_job, Visit.apply, Visit.slip, Visit.done)
    assert steps == [
        Step.CONSENT,
        Step.IDENTIFY,
        Step.CONFIRM,
        Step.PHONE,
        Step.HARDSHIP,
        Step.TRADES,
        Step.JOBS,
        Step.JOB,
        Step.JOB,
        Step.SLIP,
        Step.DONE,
    ]


def test_a_known_seeker_read_without_doubt_stands_before_the_jobs() -> None:
    visit, steps = walk(*KNOWN)
    assert steps[-1] is Step.JOBS
    assert (visit.phone, visit.hardship, visit.trades) == (PHONE, frozenset({Hardship.LOW_INCOME}), TRADES)


@pytest.mark.parametrize(
    ("known", "certain", "next_step"),
    [
        (card(), True, Step.JOBS),
        (card(), False, Step.CONFIRM),
        (card(phone=""), True, Step.PHONE),
        (card(trades={}), True, Step.TRADES),
        (
            card(trades={}, hardship=frozenset({Hardship.OLDER})),
            True,
            Step.HARDSHIP,
        ),  # was here for a tool only
        (None, True, Step.CONFIRM),  # a new person always confirms
        (None, False, Step.CONFIRM),
    ],
)
def test_what_is_missing_decides(known: SeekerCard | None, certain: bool, next_step: Step) -> None:
    visit, _ = walk(start, consent)
    visit.identified(READING, known, certain)
    assert at(visit) is next_step


def test_a_slip_alone_names_a_known_person_who_confirms() -> None:
    visit, _ = walk(start, consent)
    visit.identified(None, card(), certain=False)
    assert at(visit) is Step.CONFIRM
    visit.confirm()
    assert at(visit) is Step.JOBS


def test_applying_while_looking_around_comes_back_to_the_job() -> None:
    visit, _ = walk(Visit.home, Visit.look_around, open_job)
    assert visit.progress is None
    assert visit.apply() is False
    assert at(visit) is Step.CONSENT
    for act in NEW[1:]:
        act(visit)
    assert (at(visit), visit.job) == (Step.JOB, JOB)
    assert visit.apply() is True
    assert at(visit) is Step.JOB


def test_a_tool_needs_a_person_and_a_phone_and_no_trades() -> None:
    visit, _ = walk(Visit.home, Visit.tools, open_tool)
    assert visit.want_tool() is False
    steps = []
    for act in (consent, new_person, Visit.confirm, phone):
        assert visit.progress is None  # the line leads to a slip for a job
        steps.append(at(visit))
        act(visit)
    assert steps == [Step.CONSENT, Step.IDENTIFY, Step.CONFIRM, Step.PHONE]
    assert at(visit) is Step.TOOL
    assert visit.want_tool() is True
    visit.tool_asked()
    visit.home()
    visit.start()
    assert at(visit) is Step.HARDSHIP


def test_records_need_a_person_and_nothing_else() -> None:
    _, steps = walk(Visit.home, Visit.records, consent, new_person, Visit.confirm)
    assert steps[-1] is Step.RECORDS
    visit, _ = walk(Visit.home, Visit.records, consent, known_person)
    assert at(visit) is Step.RECORDS
    visit.not_me()
    known_person(visit)
    assert at(visit) is Step.RECORDS


@pytest.mark.parametrize(
    ("road", "around"),
    [
        ((start,), Step.JOBS),
        ((Visit.look_around, open_job, Visit.apply), Step.JOBS),
        ((Visit.tools, open_tool, Visit.want_tool), Step.TOOLS),
        ((Visit.records,), Step.HOME),
    ],
)
def test_looking_around_leads_to_what_one_came_for(
    road: tuple[Callable[[Visit], object], ...], around: Step
) -> None:
    visit, _ = walk(Visit.home, *road, Visit.look_around)
    assert at(visit) is around
    visit.start()
    assert at(visit) is Step.CONSENT
    for act in NEW[1:]:
        act(visit)
    assert at(visit) is Step.JOBS


def test_turning_round_forgets_the_wish() -> None:
    visit, _ = walk(Visit.home, Visit.look_around, open_job, Visit.apply, Visit.back, Visit.back)
    assert at(visit) is Step.JOBS
    visit.start()
    for act in NEW[1:]:
        act(visit)
    assert at(visit) is Step.JOBS


def test_change_trades_after_an_earlier_wish_stays_with_the_list() -> None:
    visit, _ = walk(Visit.look_around, open_job, Visit.apply, *NEW[1:], Visit.jobs, Visit.change_trades)
    visit.give_trades(TRADES)
    assert at(visit) is Step.JOBS


@pytest.mark.parametrize(
    ("road", "back"),
    [
        ((start,), [Step.HOME]),
        ((Visit.home, start), [Step.HOME]),
        ((start, consent), [Step.CONSENT, Step.HOME]),
        ((start, consent, Visit.type_number), [Step.IDENTIFY, Step.CONSENT]),
        (
            (start, consent, Visit.type_number, Visit.type_name),
            [Step.TYPE_NUMBER, Step.IDENTIFY, Step.CONSENT],
        ),
        ((start, consent, Visit.type_number, Visit.type_name, new_person), [Step.CONSENT]),
        (NEW[:4], [Step.CONFIRM, Step.CONSENT, Step.HOME]),
        (NEW, [Step.TRADES, Step.HARDSHIP, Step.PHONE, Step.CONFIRM, Step.CONSENT, Step.HOME]),
        (KNOWN, [Step.CONSENT, Step.HOME]),
        ((*KNOWN, open_job), [Step.JOBS, Step.CONSENT]),
        ((*KNOWN, Visit.search), [Step.JOBS]),
        ((*KNOWN, Visit.search, open_job), [Step.SEARCH, Step.JOBS]),
        ((*KNOWN, Visit.filters), [Step.JOBS]),
        ((*KNOWN, Visit.change_phone), [Step.JOBS]),
        ((*KNOWN, Visit.change_phone, phone), [Step.CONSENT]),
        ((*NEW, Visit.change_phone), [Step.JOBS]),  # not to what came before the question
        ((*NEW, Visit.change_trades), [Step.JOBS]),
        ((*NEW, Visit.change_trades, trades), [Step.HARDSHIP, Step.PHONE]),
        ((*KNOWN, open_job, Visit.slip, Visit.done, Visit.jobs), [Step.CONSENT]),
        ((Visit.home, Visit.look_around, open_job), [Step.JOBS, Step.HOME]),
    ],
)
def test_back(road: tuple[Callable[[Visit], object], ...], back: list[Step]) -> None:
    visit, _ = walk(*road)
    walked = []
    for _ in back:
        visit.back()
        walked.append(visit.step)
    assert walked == back


@pytest.mark.parametrize("aside", sorted(ASIDE))
@pytest.mark.parametrize(
    "road",
    [
        (Visit.home,),
        (start,),
        (start, consent),
        (start, consent, Visit.type_number),
        (start, consent, Visit.type_number, Visit.type_name),
        (start, consent, new_person),
        NEW,
        KNOWN,
        (*KNOWN, open_job),
        (*KNOWN, open_job, Visit.slip),
        (*KNOWN, open_job, Visit.slip, Visit.done),
    ],
)
def test_an_aside_returns_to_where_it_was_opened(
    road: tuple[Callable[[Visit], object], ...], aside: Step
) -> None:
    visit, steps = walk(*road)
    visit.aside(aside)
    assert at(visit) is aside
    visit.back()
    assert at(visit) is steps[-1]


def test_an_aside_from_an_aside_goes_back_through_both() -> None:
    visit, _ = walk(*KNOWN)
    visit.aside(Step.HELP)
    visit.aside(Step.NOTICE)
    visit.back()
    assert at(visit) is Step.HELP
    visit.back()
    assert at(visit) is Step.JOBS


def test_a_way_on_from_an_error_leaves_no_error_behind() -> None:
    visit, _ = walk(*KNOWN, open_job)
    visit.aside(Step.ERROR)
    visit.jobs()
    visit.open_job(OTHER_JOB)
    visit.back()
    assert at(visit) is Step.JOBS
    visit.back()
    assert at(visit) is Step.CONSENT


def test_not_me_forgets_the_reading_and_the_steps_it_led_to() -> None:
    visit, _ = walk(*NEW[:5], Visit.not_me)
    assert at(visit) is Step.IDENTIFY
    assert (visit.document, visit.seeker, visit.phone, visit.confirmed) == (None, None, None, False)
    assert visit.consent_at == NOW  # the same person stands there
    visit.back()
    assert at(visit) is Step.CONSENT


def test_a_second_reading_keeps_nothing_of_the_first() -> None:
    visit, _ = walk(*NEW)
    visit.identified(OTHER, None, certain=True)
    assert (visit.document, visit.phone, visit.hardship, visit.trades) == (OTHER, None, None, None)
    assert at(visit) is Step.CONFIRM


def test_under_16_is_forgotten_whole() -> None:
    visit, _ = walk(Visit.look_around, open_job, Visit.apply, consent, new_person, Visit.refused)
    left = Visit(step=Step.REFUSED, looking_around=True)
    assert visit == left
    visit.back()
    assert at(visit) is Step.HOME
    visit.start()
    assert at(visit) is Step.CONSENT  # somebody else's consent is asked anew


@pytest.mark.parametrize(
    ("road", "progress"),
    [
        ((), None),
        ((Visit.home,), None),
        ((start,), 1),
        (NEW[:3], 1),
        (NEW[:4], 2),
        (NEW[:6], 3),
        (NEW, 4),
        ((*KNOWN, open_job, Visit.slip), 5),
        ((*KNOWN, open_job, Visit.slip, Visit.done), 5),
        ((Visit.look_around,), None),
        ((Visit.look_around, open_job, Visit.apply, consent), 1),
    ],
)
def test_progress(road: tuple[Callable[[Visit], object], ...], progress: int | None) -> None:
    assert walk(*road)[0].progress == progress


@pytest.mark.parametrize(
    ("road", "possible"),
    [
        ((), False),
        ((Visit.home,), False),
        ((start,), True),
        (KNOWN, True),
        ((*KNOWN, open_job, Visit.slip), False),
        ((*KNOWN, open_job, Visit.slip, Visit.done), False),
        ((start, consent, Visit.refused), False),
        ((*KNOWN, open_tool, Visit.want_tool), True),
        ((*KNOWN, open_tool, Visit.tool_asked), False),
    ],
)
def test_where_back_is_offered(road: tuple[Callable[[Visit], object], ...], possible: bool) -> None:
    assert walk(*road)[0].can_go_back is possible


ACTS: tuple[Callable[[Visit], object], ...] = (
    start,
    Visit.home,
    consent,
    Visit.look_around,
    Visit.type_number,
    Visit.type_name,
    new_person,
    known_person,
    lambda visit: visit.identified(None, card(), certain=False),
    Visit.refused,
    Visit.not_me,
    Visit.search,
    Visit.filters,
    Visit.jobs,
    open_job,
    Visit.apply,
    Visit.tools,
    open_tool,
    Visit.want_tool,
    Visit.records,
    lambda visit: visit.aside(Step.HELP),
    lambda visit: visit.aside(Step.NOTICE),
    lambda visit: visit.aside(Step.ERROR),
)
# What only the screen of that step offers.
THERE: dict[Step, tuple[Callable[[Visit], object], ...]] = {
    Step.CONFIRM: (Visit.confirm,),
    Step.PHONE: (phone,),
    Step.HARDSHIP: (hardship,),
    Step.TRADES: (trades,),
    Step.JOBS: (Visit.change_phone, Visit.change_trades),
    Step.JOB: (Visit.slip,),
    Step.SLIP: (Visit.done,),
    Step.TOOL: (Visit.tool_asked,),
}


def known(visit: Visit) -> bool:
    return visit.document is not None or visit.seeker is not None


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_whatever_is_tapped_no_personal_step_shows_without_a_person(data: st.DataObject) -> None:
    visit = Visit()
    for _ in range(data.draw(st.integers(1, 40))):
        offered = list(ACTS)
        offered += [act for act in THERE.get(visit.step, ()) if known(visit)]
        offered += [Visit.back] if visit.can_go_back else []
        data.draw(st.sampled_from(offered))(visit)
        assert known(visit) or visit.step not in PERSONAL
        assert known(visit) or not (visit.confirmed or visit.phone or visit.trades or visit.hardship)
        if visit.confirmed or visit.step is Step.CONFIRM:
            assert known(visit)
    for _ in range(100):  # the way back always ends, and at home
        if not visit.can_go_back:
            break
        visit.back()
        assert known(visit) or visit.step not in PERSONAL
    assert not visit.can_go_back


RULE = IdleRule()


@pytest.mark.parametrize(
    ("idle", "left"),
    [(0, None), (59.999, None), (60, 30), (60.001, 30), (61, 29), (89, 1), (89.999, 1), (90, 0), (1e6, 0)],
)
def test_the_idle_warning(idle: float, left: int | None) -> None:
    assert RULE.warning_left(idle) == left


@given(
    st.floats(0.1, 1000),
    st.floats(0.1, 1000),
    st.lists(st.floats(0, 3000), min_size=2, max_size=2).map(sorted),
)
def test_the_warning_only_counts_down_and_wipes_in_time(warn: float, wipe: float, times: list[float]) -> None:
    rule = IdleRule(warn, wipe)
    first, second = (rule.warning_left(idle) for idle in times)
    if first is not None:
        assert second is not None
        assert second <= first <= wipe + 1
    for idle in times:
        left = rule.warning_left(idle)
        assert (left is None) == (idle < warn)
        if idle >= warn + wipe + 0.001:
            assert left == 0
        if left == 0:
            assert idle >= warn + wipe - 0.001  # never wiped early
