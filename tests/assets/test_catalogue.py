"""The catalogues: whole, unique, and pointing at things that exist."""

import re
from itertools import groupby

import pytest

import assets
from tests.assets import shapes

CATALOGUE = assets.ROOT / "catalogue"


@pytest.fixture(scope="module")
def trades() -> shapes.Occupations:
    return shapes.read("catalogue/occupations.toml", shapes.Occupations)


@pytest.fixture(scope="module")
def law() -> shapes.WorkLaw:
    return shapes.read("catalogue/work_law.toml", shapes.WorkLaw)


@pytest.fixture(scope="module")
def levels() -> list[str]:
    parts = re.split(r"# \d\n", (CATALOGUE / "standard_characters.txt").read_text("utf-8"))[1:]
    return [part.replace("\n", "") for part in parts]


@pytest.fixture(scope="module")
def syllables() -> dict[str, str]:
    lines = (CATALOGUE / "pinyin.tsv").read_text("utf-8").splitlines()
    pairs = [line.split("\t") for line in lines]
    return {pair[0]: pair[1] for pair in pairs}


def test_occupations_are_unique_and_resolve(trades: shapes.Occupations) -> None:
    groups = [group.key for group in trades.groups]
    certificates = {certificate.key for certificate in trades.certificates}
    assert len(trades.occupations) >= 60
    assert 8 <= len(groups) <= 10
    for field in ("key", "name", "name_en"):
        values = [getattr(occupation, field) for occupation in trades.occupations]
        assert len(values) == len(set(values))
    for occupation in trades.occupations:
        assert re.fullmatch(r"[a-z][a-z_]*", occupation.key)
        assert re.fullmatch(r"[1-8]-\d\d-\d\d-\d\d", occupation.code)
        assert occupation.group in groups
        assert occupation.certificate is None or occupation.certificate in certificates
        assert re.fullmatch(r"[a-z]+", occupation.pinyin)
        assert len(occupation.initials) == len(occupation.name)
    assert [group for group, _ in groupby(o.group for o in trades.occupations)] == groups


def test_one_code_has_one_official_name(trades: shapes.Occupations) -> None:
    pairs = {(occupation.code, occupation.official) for occupation in trades.occupations}
    assert len(pairs) == len({code for code, _ in pairs})


def test_icons_exist(trades: shapes.Occupations) -> None:
    benefits = shapes.read("catalogue/benefits.toml", shapes.Benefits).benefits
    wanted = {group.icon for group in trades.groups}
    wanted |= {occupation.icon for occupation in trades.occupations}
    wanted |= {benefit.icon for benefit in benefits}
    missing = {icon for icon in wanted if not (assets.ROOT / "icons" / f"{icon}.svg").exists()}
    assert not missing


def test_work_law_resolves(law: shapes.WorkLaw, trades: shapes.Occupations) -> None:
    occupations = {occupation.key for occupation in trades.occupations}
    conditions = [condition.key for condition in law.conditions]
    assert len(conditions) == len(set(conditions))
    assert len({rule.key for rule in law.rules}) == len(law.rules)
    for rule in law.rules:
        assert set(rule.occupations) <= occupations
        assert set(rule.conditions) <= set(conditions)
        assert rule.everything != bool(rule.occupations or rule.conditions), rule.key
        assert rule.say.endswith("。")
        assert "条" in rule.article or "附录" in rule.article
    used = {condition for rule in law.rules for condition in rule.conditions}
    assert used == set(conditions)


def test_women_are_matched_by_the_work_never_by_the_trade(law: shapes.WorkLaw) -> None:
    assert all(not rule.occupations for rule in law.rules if rule.who == "woman")


def test_under_16_is_everything(law: shapes.WorkLaw) -> None:
    assert [rule.everything for rule in law.rules if rule.who == "under_16"] == [True]


# 未成年工特殊保护规定 第三条 counts seventeen items; each must have its rule.
@pytest.mark.parametrize("item", "一二三四五六七八九十")
def test_every_item_of_the_minors_rule_stands(law: shapes.WorkLaw, item: str) -> None:
    assert any(f"第三条（{item}）" in rule.article for rule in law.rules if rule.who == "minor")


@pytest.mark.parametrize("item", ["十一", "十二", "十三", "十四", "十五", "十六", "十七"])
def test_every_later_item_of_the_minors_rule_stands(law: shapes.WorkLaw, item: str) -> None:
    assert any(f"第三条（{item}）" in rule.article for rule in law.rules if rule.who == "minor")


@pytest.mark.parametrize("certificate", ["special_operation", "building_special_operation", "guard"])
def test_trades_with_an_adult_certificate_are_closed_to_minors(
    law: shapes.WorkLaw, trades: shapes.Occupations, certificate: str
) -> None:
    closed = {
        key
        for rule in law.rules
        if rule.who == "minor" and rule.applies_when == "always"
        for key in rule.occupations
    }
    assert {o.key for o in trades.occupations if o.certificate == certificate} <= closed


def test_standard_characters(levels: list[str]) -> None:
    assert [len(level) for level in levels] == [3500, 3000, 1605]
    assert len(set("".join(levels))) == 8105
    assert levels[0].startswith("一乙二十丁")


def test_ethnic_groups_are_56(levels: list[str]) -> None:
    names = (CATALOGUE / "ethnic_groups.txt").read_text("utf-8").split()
    assert len(names) == len(set(names)) == 56
    assert set("".join(names)) <= set("".join(levels))


def test_surnames(levels: list[str]) -> None:
    names = (CATALOGUE / "surnames.txt").read_text("utf-8").split()
    assert len(names) == len(set(names)) > 300
    assert names[:5] == ["王", "李", "张", "刘", "陈"]
    assert "欧阳" in names
    assert set("".join(names)) <= set("".join(levels))


def test_every_standard_character_is_reachable(syllables: dict[str, str], levels: list[str]) -> None:
    assert set("".join(syllables.values())) == set("".join(levels))
    assert all(re.fullmatch(r"[a-z]+", syllable) for syllable in syllables)
    assert all(len(set(found)) == len(found) for found in syllables.values())
    assert (CATALOGUE / "pinyin.tsv").stat().st_size < 200_000


@pytest.mark.parametrize(
    ("syllable", "first"),
    [
        ("wang", "王"),
        ("shan", "单"),
        ("zeng", "曾"),
        ("xie", "谢解"),
        ("qiu", "邱仇"),
        ("ou", "欧区"),
        ("lv", "吕"),
    ],
)
def test_surnames_come_first_under_their_own_reading(
    syllables: dict[str, str], syllable: str, first: str
) -> None:
    assert syllables[syllable].startswith(first)


@pytest.mark.parametrize(
    ("character", "readings"),
    [
        ("行", ["hang", "xing"]),
        ("女", ["nv"]),
        ("略", ["lve", "lue"]),
        ("䶮", ["yan"]),
        ("堃", ["kun"]),
        ("镕", ["rong"]),
    ],
)
def test_a_character_stands_under_each_reading(
    syllables: dict[str, str], character: str, readings: list[str]
) -> None:
    assert all(character in syllables[reading] for reading in readings)
