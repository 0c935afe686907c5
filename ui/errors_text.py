"""What went wrong → a sentence, what to do next, a button (design §7).

Told apart: the visitor can mend it, staff can mend it, the environment failed, our bug. Whatever is not listed is our
bug: neutral words, back to the start.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from enum import StrEnum


class Who(StrEnum):
    VISITOR = "visitor"
    STAFF = "staff"
    ENVIRONMENT = "environment"
    BUG = "bug"


class Next(StrEnum):
    """What the button of the screen does."""

    BACK = "back"
    JOBS = "jobs"
    IDENTIFY = "identify"
    START = "start"  # wipe, welcome screen


@dataclass(frozen=True)
class Trouble:
    code: str
    who: Who
    sentence: str  # msgids
    advice: str
    button: str
    next: Next
    rule: str = ""  # the rule that says no, for the visitor to see
    until: str = ""  # the last day of it, ISO


_AGAIN = "请再试一次；还不行就找工作人员。"
_DESK = "请到服务台找工作人员办理。"
_BANNED = "到 {until} 为止。有不同意见，请到服务台说。"
_WINDOW = "请到服务窗口问问工作人员。"

_TROUBLES = {
    trouble.code: trouble
    for trouble in (
        Trouble("posting_full", Who.VISITOR, "这个活刚刚招满了", "请看看别的活。", "看别的活", Next.JOBS),
        Trouble("posting_closed", Who.VISITOR, "这个活已经停招了", "请看看别的活。", "看别的活", Next.JOBS),
        Trouble("not_found", Who.VISITOR, "这一条已经没有了", "请看看别的活。", "看别的活", Next.JOBS),
        Trouble("unavailable", Who.VISITOR, "现在办不了这一项", "请看看别的活。", "看别的活", Next.JOBS),
        Trouble(
            "forbidden_work", Who.VISITOR, "这个活按规定不能介绍给您", "请看看别的活。", "看别的活", Next.JOBS
        ),
        Trouble("banned", Who.VISITOR, "按规定暂时不能介绍您去干活", _BANNED, "知道了", Next.JOBS),
        Trouble(
            "ban_no_show", Who.VISITOR, "因为约好了没有去，暂时不能介绍您去干活", _BANNED, "知道了", Next.JOBS
        ),
        Trouble(
            "ban_poor_work",
            Who.VISITOR,
            "因为活没有做好，也没有补救，暂时不能介绍您去干活",
            _BANNED,
            "知道了",
            Next.JOBS,
        ),
        Trouble(
            "ban_violence",
            Who.VISITOR,
            "因为在市场里闹过事，暂时不能介绍您去干活",
            _BANNED,
            "知道了",
            Next.JOBS,
        ),
        Trouble("refused", Who.VISITOR, "按规定这一项不能办", _DESK, "看别的活", Next.JOBS),
        Trouble(
            "too_many_open",
            Who.VISITOR,
            "您手里的单子已经够多了",
            "先去谈成一个，或者到服务台退掉一张。",
            "看别的活",
            Next.JOBS,
        ),
        Trouble(
            "overdue",
            Who.VISITOR,
            "您有工具过了时间还没还",
            "请先还到服务窗口，再租别的。",
            "知道了",
            Next.BACK,
        ),
        Trouble(
            "owing", Who.VISITOR, "您还有钱没付清", "请先到服务窗口付清，再租工具。", "知道了", Next.BACK
        ),
        Trouble("minor", Who.VISITOR, "这样工具满 18 周岁才能租", "请看看别的工具。", "知道了", Next.BACK),
        Trouble("too_many", Who.VISITOR, "您手里的工具已经够多了", "请先还一些，再租。", "知道了", Next.BACK),
        Trouble("none_free", Who.VISITOR, "这样工具刚刚都借出去了", "请看看别的工具。", "知道了", Next.BACK),
        Trouble(
            "request_open",
            Who.VISITOR,
            "您已经申请过了",
            "请到服务窗口；还想租别的，在窗口一起说。",
            "知道了",
            Next.BACK,
        ),
        Trouble("rental_blocked", Who.VISITOR, "您现在还不能租工具", _WINDOW, "知道了", Next.BACK),
        Trouble("tool_unavailable", Who.VISITOR, "这样工具现在不能租", _WINDOW, "知道了", Next.BACK),
        Trouble("under_age", Who.VISITOR, "不满 16 周岁，还不能找活", _DESK, "回到开头", Next.START),
        Trouble(
            "code_invalid",
            Who.VISITOR,
            "这张单子的码用不了",
            "请放上身份证，或者输入号码。",
            "换个办法",
            Next.IDENTIFY,
        ),
        Trouble("input_invalid", Who.VISITOR, "有一项填得不对", "请返回改一改。", "返回修改", Next.BACK),
        Trouble("settings_invalid", Who.STAFF, "这台机器的设置有误", _DESK, "回到开头", Next.START),
        Trouble("hall", Who.STAFF, "现在办不了这一项", _DESK, "回到开头", Next.START),
        Trouble("store_busy", Who.ENVIRONMENT, "机器正忙", _AGAIN, "再试一次", Next.BACK),
        Trouble("store_full", Who.ENVIRONMENT, "机器存满了，暂时不能办", _DESK, "回到开头", Next.START),
        Trouble("store_damaged", Who.ENVIRONMENT, "机器的资料库坏了", _DESK, "回到开头", Next.START),
        Trouble("store_key_wrong", Who.ENVIRONMENT, "机器的资料库打不开", _DESK, "回到开头", Next.START),
        Trouble("store", Who.ENVIRONMENT, "机器的资料库出了问题", _DESK, "回到开头", Next.START),
    )
}
BUG = Trouble(
    "bug",
    Who.BUG,
    "对不起，机器出了点小问题",
    "已经办好的不受影响。请从头再来，或者找工作人员。",
    "回到开头",
    Next.START,
)


def explain(error: BaseException) -> Trouble:
    """The trouble a visitor is told about; an unknown error is our bug."""
    context = getattr(error, "context", None) or {}
    codes = [context.get("reason"), getattr(error, "code", None)]
    codes += [getattr(kind, "code", None) for kind in type(error).__mro__]
    found = next((_TROUBLES[code] for code in codes if code in _TROUBLES), BUG)
    rule, until = str(context.get("rule") or ""), str(context.get("until") or "")
    return replace(found, rule=rule, until=until) if rule or until else found


def describe(error: BaseException) -> str:
    """Kind and place of an error; never its words, which may hold a name or a number."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    causes = f" caused by {type(error.__cause__).__name__}" if error.__cause__ else ""
    return f"{type(error).__name__}{causes} at {places}"
