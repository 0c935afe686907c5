"""Invented slips for tests and benches."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from printing.slip import Align, Cell, Code, Cut, Feed, Line, Pair, Part, Picture, Row, Rule, Slip
from printing.slips.day_close import Account, DayClose, day_close
from printing.slips.deposit_slip import DepositSlip, deposit_slip
from printing.slips.locker_tag import LockerTag, locker_tag
from printing.slips.match_slip import MatchSlip, match_slip
from printing.slips.money_slip import MoneySlip, money_slip
from printing.slips.rental_receipt import RentalReceipt, RentedTool, rental_receipt
from printing.slips.return_receipt import Amount, ReturnedTool, ReturnReceipt, return_receipt
from printing.slips.staff_badge import StaffBadge, staff_badge
from printing.slips.ticket import Ticket, ticket
from printing.slips.tool_tag import ToolTag, tool_tag

MATCH = MatchSlip(
    hall_name="清河县零工市场",
    station="1号自助机",
    number="DJ261120-0042",
    code="GH1-4XQ7K2M9ZT3VB8NR6WYC5",
    seeker_name="张建国",
    seeker_number_masked="1305********0017",
    seeker_phone_masked="139****0000",
    occupation="瓦工（抹灰）",
    level="初级及以上",
    employer="河北样本建筑劳务有限公司清河分公司",
    contact_name="李*明",
    contact_phone="139 0000 0001",
    place="清河县太行路与长江街交叉口东南角，样本花园二期工地3号门",
    distance_text="2.4 公里",
    start_text="11月21日 07:30",
    hours_text="07:30-17:30，中午休息1小时",
    pay_text="180元/天",
    settlement_text="日结",
    openings_note="还招 3 人",
    issued_at_text="2026-11-20 09:12",
    valid_until_text="11月22日 18:00",
    hotline="0319-000 0000",
    notes=("零工市场求职、对接全程免费，不收费。", "请勿交押金、扣证件；遇到请马上投诉。"),
)

RARE = replace(
    MATCH,
    seeker_name="祝镕堃",
    contact_name="䶮*㛃",
    occupation="镕铸工",  # large, so a whole line is drawn
    employer="堃泰㙍样本机械有限公司",
    place="¥路•样本–街",
)


def scrawl() -> Picture:
    """A drawing such as a finger leaves: a wave with a stroke through it, 240 x 72 dots."""
    dots = np.zeros((72, 240), np.bool_)
    across = np.arange(8, 232)
    down = (36 + 26 * np.sin(across / 14) * np.cos(across / 70)).astype(int)
    for shift in range(3):
        dots[down + shift, across] = True
        dots[(60 - across // 8 + shift), across] = True
    return Picture(240, tuple(bytes(row) for row in np.packbits(dots, axis=1)))


RENTAL = RentalReceipt(
    hall_name="清河县零工市场",
    station="工具柜台",
    number="ZL261120-0007",
    code="GT1-7RQ2K9M4ZT3VB8NR6WYC1",
    renter_name="王*强",
    renter_number_masked="1305********0025",
    renter_phone_masked="139****0002",
    tools=(
        RentedTool(
            name="电锤（26型）",
            tag="DC-0012",
            tariff_text="5元/小时，前30分钟免费，每天封顶30元",
            deposit_text="￥200.00",
            accessories=("钻头3支", "侧手柄", "工具箱"),
        ),
    ),
    deposit_text="￥200.00",
    rented_at_text="11月20日 08:10",
    due_text="11月20日 18:00",
    staff_name="赵*",
    issued_at_text="2026-11-20 08:10",
    safety_notes=("使用前检查电线和插头", "戴好护目镜和手套，不要在雨中使用，不要拆下侧手柄"),
    signature=scrawl(),
    hotline="0319-000 0000",
    notes=("丢失本单请凭身份证归还。",),
)

RETURN = ReturnReceipt(
    hall_name="清河县零工市场",
    station="工具柜台",
    number="GH261120-0005",
    rental_number="ZL261120-0007",
    renter_name="王*强",
    tools=(
        ReturnedTool(
            name="电锤（26型）",
            tag="DC-0012",
            returned_at_text="11月20日 18:40",
            duration_text="10小时30分",
            inspection_text="缺侧手柄1个，其余完好",
            amounts=(
                Amount("租金", "￥30.00", "5元/小时×10小时=50元，封顶30元"),
                Amount("超时", "￥5.00", "超过18:00归还40分钟，按1小时计"),
                Amount("配件缺失", "￥25.00", "侧手柄1个，按目录价"),
            ),
        ),
    ),
    rented_at_text="11月20日 08:10",
    amounts=(Amount("押金", "￥200.00"), Amount("租金与扣款", "-￥60.00", "明细见上")),
    balance_label="退还押金",
    balance_text="￥140.00",
    staff_name="赵*",
    issued_at_text="2026-11-20 18:42",
    signature=scrawl(),
    hotline="0319-000 0000",
)

DAY = DayClose(
    hall_name="清河县零工市场",
    station="工具柜台",
    number="RJ261120-01",
    day_text="2026年11月20日",
    drawer="1号钱箱",
    staff_name="赵*",
    opened_at_text="07:00",
    closed_at_text="19:05",
    accounts=(
        Account(
            "押金", (("期初", "￥1,200.00"), ("收押金 6笔", "￥1,400.00"), ("退押金 5笔", "-￥1,140.00"))
        ),
        Account("收入", (("租金 5笔", "￥130.00"), ("扣款 2笔", "￥60.00"))),
    ),
    expected_text="￥1,650.00",
    counted_text="￥1,650.00",
    difference_text="￥0.00",
    issued_at_text="2026-11-20 19:06",
)

COMPLAINT = Ticket(
    kind="complaint",
    hall_name="清河县零工市场",
    station="1号自助机",
    title="投诉受理单",
    number="TS261120-0003",
    issued_at_text="2026-11-20 15:20",
    large_text="TS-0003",
    fields=(("受理人", "孙*"), ("答复期限", "11月27日 17:00"), ("内容", "工资未按约定日结")),
    code="GC1-TS261120-0003",
    caption="扫码查看办理进度",
    hotline="0319-000 0000",
)

RENTAL_OF_TWO = replace(
    RENTAL,
    tools=(
        *RENTAL.tools,
        RentedTool(name="榔头", tag="01-000007", tariff_text="简单工具，免租金", deposit_text="￥20.00"),
    ),
    deposit_text="￥220.00",
    holder="市场留存联",
)

DEPOSIT = DepositSlip(
    hall_name="清河县零工市场",
    station="工具柜台",
    number="01-000031",
    code="GT1-7RQ2K9M4ZT3VB8NR6WYC1",
    renter_name="王*强",
    lines=(("电锤（26型） 01-000012", "￥200.00"), ("榔头 01-000007", "￥20.00")),
    total_text="￥220.00",
    staff_name="赵*",
    issued_at_text="2026-11-20 08:10",
    hotline="0319-000 0000",
)

REFUND = MoneySlip(
    hall_name="清河县零工市场",
    station="工具柜台",
    number="01-000041",
    received=False,
    rental_number="01-000031",
    person_name="王*强",
    lines=(("退还", "￥320.00"), ("抵欠款", "-￥70.00")),
    total_text="￥250.00",
    reason="本人送回来的",
    staff_name="赵*",
    second_name="钱*",
    issued_at_text="2026-11-20 16:40",
    holder="租用人联",
    hotline="0319-000 0000",
)

LOCKER = LockerTag(
    hall_name="清河县零工市场",
    station="工具柜台",
    number="01-000032",
    locker="3 号柜",
    owner_name="王*强",
    contents="背包、水壶",
    stored_at_text="11月20日 08:12",
    due_text="11月21日 08:12",
    staff_name="赵*",
    issued_at_text="2026-11-20 08:12",
    code="GL1-7RQ2K9M4ZT3VB8NR6WYC1",
    holder="寄存人联",
)

TAG = ToolTag(
    hall_name="清河县零工市场",
    name="电锤（26型）",
    tag="01-000012",
    code="GT1-7RQ2K9M4ZT3VB8NR6WYC1",
    label="DC-0012",
)

BADGE = StaffBadge(
    hall_name="清河县零工市场",
    station="工具柜台",
    number="0003",
    name="赵样本",
    roles="柜台，工具管理",
    code="GS1-7RQ2K9M4ZT3VB8NR6WYC1",
    issued_at_text="2026-11-20 08:00",
    hotline="0319-000 0000",
)

ALL = {
    "match": match_slip(MATCH),
    "rare": match_slip(RARE),
    "rental": rental_receipt(RENTAL),
    "return": return_receipt(RETURN),
    "rental_of_two": rental_receipt(RENTAL_OF_TWO),
    "deposit": deposit_slip(DEPOSIT),
    "refund": money_slip(REFUND),
    "locker": locker_tag(LOCKER),
    "tool_tag": tool_tag(TAG),
    "day_close": day_close(DAY),
    "complaint": ticket(COMPLAINT),
    "badge": staff_badge(BADGE),
}

_PARTS: st.SearchStrategy[Part] = st.one_of(
    st.builds(Line, st.text(max_size=80), st.sampled_from(Align), st.sampled_from((1, 2)), st.booleans()),
    st.builds(Pair, st.text(max_size=40), st.text(max_size=60), st.sampled_from((1, 2)), st.booleans()),
    st.builds(
        Row,
        st.lists(
            st.builds(
                Cell,
                st.text(max_size=20),
                st.none() | st.integers(-3, 60),
                st.sampled_from(Align),
                st.booleans(),
            ),
            max_size=5,
        ).map(tuple),
    ),
    st.builds(Rule, st.booleans()),
    st.builds(Code, st.text(max_size=60)),
    st.builds(
        lambda side, rows: Picture(side, tuple(row[: (side + 7) // 8] for row in rows)),
        st.integers(1, 700),
        st.lists(st.binary(min_size=88, max_size=88), max_size=30),
    ),
    st.builds(Feed, st.integers(-2, 30)),
    st.just(Cut()),
)


def slips() -> st.SearchStrategy[Slip]:
    """Any document at all, kind and unkind."""
    return st.builds(Slip, st.just("any"), st.lists(_PARTS, max_size=8).map(tuple))
