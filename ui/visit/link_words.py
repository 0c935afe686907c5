"""How the county link's standing reads, for staff at the counter and before the kiosk."""

from __future__ import annotations

from kiosk.county.link import LinkTrouble

# what it is, what to do next
TROUBLES = {
    LinkTrouble.REVOKED: (
        "县里已停用这台机器",
        "求职者照常能用，资料都留在本机。请打电话问县里；要重新启用，请县里给一个新的登记码。",
    ),
    LinkTrouble.CLONED: (
        "县里发现有两台机器用同一个身份",
        "可能是硬盘被复制过。请只留一台开着，打电话请县里放行。求职者照常能用。",
    ),
    LinkTrouble.UNKNOWN: (
        "县里不认识这台机器",
        "请打电话问县里，或者请县里给一个新的登记码，重新登记。求职者照常能用。",
    ),
    LinkTrouble.NOT_TRUSTED: (
        "县里的服务器认不出来了",
        "先不要重新登记，请打电话问县里是不是换了服务器。求职者照常能用。",
    ),
    LinkTrouble.NO_LINE: (
        "现在连不上县里",
        "资料都在本机，网络通了会自己传。请看看网线；也可以先用 U 盘带到县里。",
    ),
    LinkTrouble.BUSY: ("县里正忙", "过一会儿会自己再传，不用管。"),
    LinkTrouble.FAILED: ("县里没有办成", "会自己再试。一直这样，请打电话告诉县里。"),
    LinkTrouble.STALE: ("很久没有和县里同步了", "请看看网络；网络修不好，可以用 U 盘带到县里。"),
}


def headline(trouble: LinkTrouble) -> str:
    """A msgid."""
    return TROUBLES[trouble][0]


def advice(trouble: LinkTrouble) -> str:
    """A msgid."""
    return TROUBLES[trouble][1]
