"""The sample hall: everything resolves, nothing is real, nothing a hall would refuse."""

import re

import pytest
from stdnum.cn import uscc

from tests.assets import shapes

# 139 0000 xxxx and 0000-… are nobody's: the ranges for samples (house rule).
SAMPLE_PHONE = re.compile(r"1390000\d{4}")
SAMPLE_LINE = re.compile(r"0000-\d{7}")
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
# 001 ¶9, 002 六: what a posting may not ask for
DISCRIMINATORY = re.compile(
    "男|女|岁|年龄|未婚|已婚|籍贯|民族|汉族|身高|相貌|形象|健康状况|乙肝|本地人|退伍|信教"
)
# fen, the least and most a sample may pay, by unit
SANE_PAY = {
    "hour": (1800, 8000),
    "day": (13_000, 60_000),
    "month": (190_000, 1_200_000),
    "piece": (50, 30_000),
}


@pytest.fixture(scope="module")
def hall() -> shapes.Hall:
    return shapes.read("samples/hall/hall.toml", shapes.Hall)


@pytest.fixture(scope="module")
def employers() -> dict[str, shapes.Employer]:
    listed = shapes.read("samples/hall/employers.toml", shapes.Employers).employers
    assert len({employer.key for employer in listed}) == len(listed)
    return {employer.key: employer for employer in listed}


@pytest.fixture(scope="module")
def postings() -> list[shapes.Posting]:
    return shapes.read("samples/hall/postings.toml", shapes.Postings).postings


@pytest.fixture(scope="module")
def occupations() -> set[str]:
    return {o.key for o in shapes.read("catalogue/occupations.toml", shapes.Occupations).occupations}


def test_hall(hall: shapes.Hall) -> None:
    assert re.fullmatch(r"\d\d:\d\d-\d\d:\d\d", hall.hours)
    for line in (hall.hotline, hall.complaint_line, hall.legal_aid_line):
        assert SAMPLE_LINE.fullmatch(line)


def test_employers(employers: dict[str, shapes.Employer]) -> None:
    assert len(employers) >= 15
    assert {employer.kind for employer in employers.values()} == {"organisation", "person", "agency"}
    for employer in employers.values():
        assert SAMPLE_PHONE.fullmatch(employer.contact_phone)
        if employer.kind == "person":
            assert employer.credit_code is None
        else:
            assert employer.credit_code is not None
            assert uscc.is_valid(employer.credit_code), employer.key
            assert employer.credit_code[2:8] == "140999"  # a region that does not exist
    codes = [employer.credit_code for employer in employers.values() if employer.credit_code]
    assert len(codes) == len(set(codes))


def test_postings_resolve(
    postings: list[shapes.Posting], employers: dict[str, shapes.Employer], occupations: set[str]
) -> None:
    conditions = {c.key for c in shapes.read("catalogue/work_law.toml", shapes.WorkLaw).conditions}
    benefits = {b.name for b in shapes.read("catalogue/benefits.toml", shapes.Benefits).benefits}
    assert len(postings) >= 60
    assert len({posting.key for posting in postings}) == len(postings)
    assert len({posting.occupation for posting in postings}) >= 40
    for posting in postings:
        assert posting.employer in employers
        assert posting.occupation in occupations
        assert set(posting.conditions) <= conditions
        assert set(posting.benefits) <= benefits
    assert {posting.employer for posting in postings} == set(employers)


def test_postings_are_sane(postings: list[shapes.Posting], hall: shapes.Hall) -> None:
    for posting in postings:
        low, high = SANE_PAY[posting.pay_unit]
        assert low <= posting.pay <= high, posting.key
        assert 1 <= posting.openings <= 50
        assert 0 <= posting.day <= 7
        assert posting.days >= 1
        assert CLOCK.fullmatch(posting.starts)
        assert CLOCK.fullmatch(posting.ends)
        assert SAMPLE_PHONE.fullmatch(posting.contact_phone)
        assert abs(posting.latitude - hall.latitude) < 0.1
        assert abs(posting.longitude - hall.longitude) < 0.1
        assert 2 <= len(posting.title) <= 20
        assert 8 <= len(posting.description) <= 80


def test_postings_show_what_a_hall_has_to_handle(postings: list[shapes.Posting]) -> None:
    assert sum(posting.day == 0 for posting in postings) >= 20
    assert {posting.pay_unit for posting in postings} == {"hour", "day", "month", "piece"}
    assert {posting.settlement for posting in postings} == {"daily", "weekly", "monthly", "on_completion"}
    assert any(posting.urgent for posting in postings)
    assert any(posting.public_welfare for posting in postings)
    assert any(posting.ends < posting.starts for posting in postings)  # over midnight
    assert sum(bool(posting.conditions) for posting in postings) >= 15


def test_no_posting_discriminates(postings: list[shapes.Posting]) -> None:
    offending = [p.key for p in postings if DISCRIMINATORY.search(p.title + p.description)]
    assert not offending


def test_hour_and_day_pay_reaches_the_minimum_wage(postings: list[shapes.Posting], hall: shapes.Hall) -> None:
    def minutes(clock: str) -> int:
        return int(clock[:2]) * 60 + int(clock[3:])

    for posting in postings:
        worked = (minutes(posting.ends) - minutes(posting.starts)) % (24 * 60)
        worked -= 60 if worked >= 7 * 60 else 0  # an hour's meal break
        if posting.pay_unit == "hour":
            assert posting.pay >= hall.minimum_hourly_wage
        elif posting.pay_unit == "day":
            assert posting.pay * 60 >= hall.minimum_hourly_wage * worked, posting.key


def test_guidance_wages(occupations: set[str], hall: shapes.Hall) -> None:
    wages = shapes.read("samples/hall/guidance_wages.toml", shapes.Wages).wages
    assert {wage.occupation for wage in wages} == occupations
    assert len(wages) == len(occupations)
    for wage in wages:
        assert wage.low <= wage.middle <= wage.high
        assert wage.unit == "day" or wage.low >= hall.minimum_hourly_wage


def test_notices() -> None:
    notices = shapes.read("samples/hall/notices.toml", shapes.Notices).notices
    assert len({notice.key for notice in notices}) == len(notices)
    assert {notice.kind for notice in notices} == {"policy", "rules", "flow", "notice"}
    assert all(notice.body.strip() for notice in notices)
