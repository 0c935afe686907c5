"""What went wrong at the counter → one sentence for staff: what it is, and what to do next (design §7)."""

from __future__ import annotations

BUG = "机器出了点小问题，已经办好的不受影响，请再试一次"

# the context's reason first, then the code, then the family
SENTENCES = {
    # who
    "role": "您的岗位办不了这一项，请换有权限的人登录",
    "stale": "请重新登录",
    "gone": "这个人或这张工牌已经停用",
    "same_person": "要另一个人来确认，不能是同一个人",
    "second_person": "这一项要两个人一起办",
    "second_stale": "隔得太久了，请另一个人再确认一次",
    "last_supervisor": "至少要留一位负责人",
    "set_up": "已经有负责人了",
    "other_device": "这是另一台机器的，请到那台机器上办",
    "easy": "这个 PIN 太容易猜，请换一个",
    "digits": "PIN 的位数不对",
    # borrower
    "overdue": "这个人有工具逾期没还，先还了再借",
    "owing": "这个人还有欠款，先结清再借",
    "minor": "这件工具不借给未满 18 岁的人",
    "unidentified": "还没有核对过本人身份证，请先核对",
    "too_many": "这个人手里的工具已经到上限",
    "request_open": "这个人还有一张没办完的单子，请先办完",
    # tool
    "in_stock": "这件工具在库里，没有借出",
    "held": "这件工具已经留给别的单子",
    "out": "这件工具已经借出去了",
    "to_inspect": "这件工具还没有验收入库",
    "set_aside": "这件工具有问题，先放一边，不能借",
    "repair": "这件工具在维修，不能借",
    "lost": "这件工具登记为丢失",
    "written_off": "这件工具已经报废",
    "none_free": "这种工具现在没有可借的",
    "wanted": "还有工具没有扫，请先扫完",
    "not_ticked": "请把安全须知都勾上",
    "not_checked": "请把配件一件一件点清",
    "no_evidence": "有损坏或不能入库的，请拍照，拍不了的说明原因",
    "fewer": "配件没有全给的，请选一个原因",
    "not_a_picture": "这个文件不是能用的图片",
    "range": "这个时间不行，请再看看",
    "tool_not_free": "那时候这件工具还没有还回来，请换个时间",
    "no_reason": "每一笔扣款都要有原因",
    "not_inspected": "还没有验收好的工具",
    # stock
    "twice": "这个名字已经有了，请换一个",
    "too_long": "名字太长了",
    "not_empty": "这里还有工具，先搬走再停用",
    "retired": "这个存放点停用了",
    "label_taken": "有编号已经被别的工具用了，请不同意，让申请的人改好再来",
    "future": "日期还没到，请再看看",
    "nowhere": "没有地方写，请插上 U 盘再试",
    "locker_taken": "这个柜子有人在用",
    "locker_unusable": "这个柜子停用了",
    "locker_empty": "这个柜子已经取空了",
    # money
    "no_drawer": "您还没有开钱箱，请先开钱箱",
    "drawer_open": "您的钱箱已经开着",
    "not_enough": "钱不够，请先从保险柜取",
    "amount": "金额不对，请再看看",
    "claim": "押金不够的部分，要么现在收，要么记欠款",
    "difference": "点的数和账上不一样，请选一个原因",
    # codes
    "not_ours": "这不是本系统的码",
    "tampered": "这个码被改动过，或者没扫清楚",
    "kind": "这个码不是这里用的",
    "version": "这个码是新版程序打的，请更新程序",
    # the county
    "enrol_refused": "登记码不对，或者已经用过、过期了，请向县里再要一个",
    "length": "登记码没有输全，一共 32 个字母和数字",
    "device_known": "县里已经有这台机器，请县里给一个“替换”用的登记码",
    "hall_known": "县里已经有这个市场，请县里给一个“加机器”用的登记码",
    "county_unreachable": "连不上县里，请看看网络和地址",
    "county_not_trusted": "对面不是发登记码的那个县，请核对地址和登记码",
    "county_refused": "县里不同意，请打电话问县里",
    "county_busy": "县里正忙，请过一会儿再试",
    "county_failed": "县里没有办成，请过一会儿再试",
    "link_in_use": "正在和县里同步，请等一会儿再试",
    "not_written": "写不到这个 U 盘，请看看是不是满了或者写保护",
    "none_for_us": "这个 U 盘上没有县里给这台机器的回信",
    "stick_invalid": "U 盘上的文件不全，或者不是给这台机器的",
    "batch_invalid": "U 盘上的文件看不懂，请重新写一次",
    "sync_not_enrolled": "这台机器还没有登记到县里",
    "sync_interrupted": "刚才停下了，请再试一次",
    "sync": "和县里的联系出了问题，请再试一次",
    # a person's data and bans
    "open_rental": "这个人还有工具没还、押金没退，办完再来",
    "open_debt": "这个人还有欠款，结清再来",
    "open_dispute": "这个人还有异议没答复，答复了再来",
    "open_locker": "这个人还有东西寄存着，取走再来",
    "open_referral": "这个人还有没办完的对接单，办完或过期再来",
    "purged_before": "这个人的资料已经删除过了",
    "other_hall": "这是别的市场记的，请那个市场来办",
    "banned": "这个人暂停期间不能推荐",
    # families
    "rental_blocked": "这个人现在不能借",
    "not_allowed": "这一项不能由您来办",
    "cash_refused": "这笔钱现在不能这样动",
    "sign_in_failed": "登录没有成功",
    "setup_needed": "请先设置负责人",
    "step_invalid": "这一步已经办过，或者顺序不对，请返回看看",
    "tool_unavailable": "这件工具现在不能借",
    "not_found": "没有找到，请再扫一次或核对编号",
    "unavailable": "没有找到，或者已经没有了",
    "code_invalid": "这个码用不了",
    "input_invalid": "有一项填得不对",
    "refused": "按规定这一项不能办",
    "settings_invalid": "这台机器的设置有误",
    "job_not_ready": "这张单子刚刚已经处理过了",
    "store_busy": "机器正忙，请再试一次",
    "store_full": "机器存满了，请先清理磁盘",
    "store_damaged": "资料库坏了，请联系维护人员",
    "store": "资料库出了问题，请联系维护人员",
    "hall": "现在办不了这一项",
}


def sentence(error: BaseException) -> str:
    """The msgid that tells it; an unknown error is our bug."""
    context = getattr(error, "context", None) or {}
    codes = [context.get("reason"), getattr(error, "code", None)]
    codes += [getattr(kind, "code", None) for kind in type(error).__mro__]
    return next((SENTENCES[code] for code in codes if code in SENTENCES), BUG)
