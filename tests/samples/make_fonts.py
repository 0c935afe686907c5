"""Make assets/fonts/*.otf: the simplified-Chinese face of Debian's fonts-noto-cjk, cut to what the hall shows.

    apt-get download fonts-noto-cjk && dpkg-deb -x fonts-noto-cjk_*.deb noto
    python -m tests.samples.make_fonts noto/usr/share/fonts/opentype/noto

The face is taken whole (so simplified forms are the default), then vertical writing, `locl` and the width variants go.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTCollection, TTFont

import assets

FAMILY = "Noto Sans CJK SC"
WEIGHTS = ("Regular", "Bold")
BLOCKS = (
    (0x0020, 0x017F),  # Latin with the pinyin vowels of Latin Extended-A
    (0x01CD, 0x01DC),  # ǎ ǐ ǒ ǔ ǖ ǘ ǚ ǜ
    (0x02C7, 0x02DD),
    (0x0391, 0x03C9),
    (0x2000, 0x206F),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2160, 0x217F),
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),
    (0x2300, 0x23FF),
    (0x2460, 0x24FF),
    (0x2500, 0x257F),
    (0x2580, 0x259F),
    (0x25A0, 0x25FF),
    (0x2600, 0x26FF),
    (0x2700, 0x27BF),
    (0x3000, 0x303F),
    (0x31C0, 0x31E3),
    (0x3200, 0x33FF),
    (0x3400, 0x4DBF),  # extension A
    (0x4E00, 0x9FFF),  # unified ideographs
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
)


def simplified_face(collection: Path) -> TTFont:
    """The face named FAMILY inside a .ttc; StopIteration if the collection has none."""
    return next(f for f in TTCollection(collection).fonts if f["name"].getDebugName(1) == FAMILY)


def wanted() -> set[int]:
    """Every code point the cut keeps: the blocks above and the whole standard table (some in extensions B to F)."""
    table = (assets.ROOT / "catalogue" / "standard_characters.txt").read_text("utf-8")
    points = {ord(c) for c in table if not c.isspace() and ord(c) > 0x2E7F}
    for first, last in BLOCKS:
        points.update(range(first, last + 1))
    return points


def cut(font: TTFont) -> None:
    """Reduce `font` in place; the name and licence records stay."""
    options = subset.Options()
    options.layout_features = ["ccmp", "kern", "liga", "mark", "mkmk"]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    options.hinting = True
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted())
    cutter.subset(font)


def add_ticked_box(font: TTFont) -> None:
    """Give the font a ☑ (Noto Sans CJK has none): its own □ with its ✓ inside, in the unused place of ㋿."""
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    spare = names[0x32FF]
    strings = font["CFF "].cff.topDictIndex[0].CharStrings
    pen = T2CharStringPen(font["hmtx"][names[0x25A1]][0], glyphs)
    glyphs[names[0x25A1]].draw(pen)
    glyphs[names[0x2713]].draw(TransformPen(pen, (0.72, 0, 0, 0.72, 140, 106)))
    strings[spare] = pen.getCharString(private=strings[spare].private, globalSubrs=strings[spare].globalSubrs)
    font["hmtx"][spare] = font["hmtx"][names[0x25A1]]
    for table in font["cmap"].tables:
        if table.isUnicode() and 0x32FF in table.cmap:
            table.cmap[0x2611] = table.cmap.pop(0x32FF)


def main(folder: Path) -> None:
    for weight in WEIGHTS:
        font = simplified_face(folder / f"NotoSansCJK-{weight}.ttc")
        font.recalcTimestamp = False  # the same input gives the same bytes
        cut(font)
        add_ticked_box(font)
        target = assets.ROOT / "fonts" / f"NotoSansSC-{weight}.otf"
        font.save(target)
        print(target.name, len(font.getGlyphOrder()), "glyphs", target.stat().st_size, "bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
