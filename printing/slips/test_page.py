"""A page that shows on paper whether a profile fits the printer: each line says what it must look like."""

from printing.profile import Profile
from printing.slip import Align, Cell, Code, Cut, Feed, Line, Pair, Row, Rule, Slip


def test_page(profile: Profile) -> Slip:
    """Width ruler, font probes, sizes, code and cut, for a person who compares them with the words beside them."""
    ruler = "".join(f"{column % 100:>10}" for column in range(10, profile.columns + 1, 10))
    return Slip(
        "test_page",
        (
            Line("打印测试页", Align.CENTER, size=2, bold=True),
            Line(f"{profile.maker} {profile.model}", Align.CENTER),
            Line(f"{profile.name} · {profile.charset.upper()} · {profile.columns}列", Align.CENTER),
            Rule(),
            Line("1. 宽度：下面每行正好到纸边，不折行"),
            Line(ruler),
            Line("123456789|" * (profile.columns // 10) + "12345678"[: profile.columns % 10]),
            Line("国" * (profile.columns // 2)),
            Pair("最左", "最右"),
            Rule(),
            Line("2. 字库：每行左右两边的字一样清楚，没有乱码"),
            Row((Cell("GB2312", 10), Cell("零工市场求职对接"))),
            Row((Cell("GBK", 10), Cell("镕堃喆玥昇淼犇頔"))),
            Row((Cell("GB18030", 10), Cell("䶮㛃㙍㻬䂮𫖯𬱟𫘜"))),
            Row((Cell("标点", 10), Cell("，。：；！？（）《》“”·…—￥～"))),
            Row((Cell("西文", 10), Cell("ABC xyz 0123 $ # @ \\ [ ] { } ~"))),
            Rule(),
            Line("3. 字号：每行和它的字说的一样"),
            Line("普通 180元/天"),
            *([Line("加粗 180元/天", bold=True)] if profile.bold else []),
            Line("加大 180元", size=2),
            *([Line("加粗 180元", size=2, bold=True)] if profile.bold else []),
            Rule(),
            Line("4. 二维码：居中、能扫出 GIGHALL-TEST"),
            Code("GIGHALL-TEST"),
            Rule(),
            Line("5. 切纸：在本行之后切断，没有切到字"),
            Feed(),
            Cut(),
        ),
    )
