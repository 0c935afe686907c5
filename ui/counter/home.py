"""What there is to do, with what waits on every tile; looked up again every few seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Property, QTimer, Signal, Slot

from kiosk.county.link import LinkTrouble
from kiosk.printing_desk import PrintCounts, PrinterState
from kiosk.staff.accounts import Authority, Role
from kiosk.tools.cards import DrawerCard
from kiosk.tools.counter import CASHIER, DECIDING, KEEPING, LENDING
from kiosk.tools.words import money
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.words import reason_text
from ui.visit.link_words import headline

LOOK_MS = 5000
ANYBODY = tuple(Role)


@dataclass(frozen=True)
class TileOf:
    place: Place
    glyph: str
    text: str  # msgids
    detail: str
    roles: tuple[Role, ...]


TILES = (
    TileOf(Place.BORROWER, "tool", "借出", "签字、收押金", LENDING),
    TileOf(Place.RETURN, "package-import", "归还", "验收、退押金", LENDING),
    TileOf(Place.PRINTS, "printer", "打印", "没打好的单子", ANYBODY),
    TileOf(Place.CHECK, "qrcode", "查单", "扫一扫是真是假", ANYBODY),
    TileOf(Place.DRAWER, "cash-banknote", "钱箱", "开箱、点钱、关箱", (*CASHIER, Role.SUPERVISOR)),
    TileOf(Place.OVERDUE, "phone-call", "逾期", "该打电话催的", (*LENDING, *DECIDING)),
    TileOf(Place.LEDGER, "clipboard-list", "台账", "租用登记", (*CASHIER, *DECIDING)),
    TileOf(Place.LOCKERS, "package", "寄存", "柜子里的东西", LENDING),
    TileOf(Place.STOCK, "building-warehouse", "库存", "工具在哪里", (*KEEPING, *LENDING, *DECIDING)),
    TileOf(Place.REQUESTS, "checks", "审批", "添置、维修、报废", (*KEEPING, *DECIDING)),
    TileOf(Place.LINK, "cloud-up", "县里", "同步、登记、U 盘", ANYBODY),
    TileOf(Place.RIGHTS, "shield-lock", "个人信息", "查、抄、删、暂停", DECIDING),
    TileOf(Place.PEOPLE, "users", "人员", "谁可以登录", (Role.SUPERVISOR,)),
)


@dataclass(frozen=True)
class Overview:
    prints: PrintCounts
    printers: Sequence[PrinterState]
    to_lend: int
    to_inspect: int
    overdue: int
    to_decide: int
    drawer: DrawerCard | None
    link: LinkTrouble | None
    refused: int
    conflicts: int
    erasures: int
    disputes: int


class Home(CounterScreen):
    page = "Home"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._seen: Overview | None = None
        self._asked = False
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    def enter(self) -> None:
        self.refresh()
        self.look()
        self._timer.start()

    def leave(self) -> None:
        self._timer.stop()

    tiles = Property(list, lambda self: self._tiles(), notify=changed)
    printers = Property(str, lambda self: self._printers(), notify=changed)
    link = Property(str, lambda self: self._link(), notify=changed)

    @Slot(str)
    def open(self, place: str) -> None:
        self.session.open(Place(place))

    @Slot()
    def look(self) -> None:
        by = self.authority
        if self._asked or by is None:
            return
        self._asked = True
        self.session.ask(lambda: self._overview(by), self._take, self._unknown)

    def _overview(self, by: Authority) -> Overview:
        desks = self.session.desks
        now = self.session.clock.now()
        out = desks.register.out()
        link = desks.link.state()
        return Overview(
            prints=desks.printing.counts(),
            printers=desks.printing.printers(),
            to_lend=len(desks.rental.waiting()),
            to_inspect=len(desks.returns.waiting()),
            overdue=sum(card.overdue for card in out if card.due_at and card.due_at < now),
            to_decide=desks.requests.to_decide(),
            drawer=desks.cash.drawer(by.staff_id),
            link=link.sign,
            refused=sum(rows.count for rows in link.refused),
            conflicts=link.conflicts,
            erasures=desks.rights.waiting(),
            disputes=desks.disputes.waiting(),
        )

    def _take(self, seen: Overview) -> None:
        self._asked = False
        if seen != self._seen:
            self._seen = seen
            self.changed.emit()

    def _unknown(self, error: Exception) -> None:
        self._asked = False
        self.session.fail(error)

    def _tiles(self) -> list[dict[str, object]]:
        roles = self.authority.roles if self.authority else frozenset()
        return [
            {
                "place": tile.place.value,
                "glyph": tile.glyph,
                "text": self.tr_(tile.text),
                "detail": self._drawer() if tile.place is Place.DRAWER else self.tr_(tile.detail),
                "badge": self._badge(tile.place),
                "bad": tile.place in (Place.PRINTS, Place.OVERDUE)
                or (tile.place is Place.LINK and bool(self._link())),
            }
            for tile in TILES
            if roles & set(tile.roles)
        ]

    def _badge(self, place: Place) -> str:
        if self._seen is None:
            return ""
        waiting = {
            Place.PRINTS: self._seen.prints.undecided,
            Place.BORROWER: self._seen.to_lend,
            Place.RETURN: self._seen.to_inspect,
            Place.OVERDUE: self._seen.overdue,
            Place.LEDGER: self._seen.disputes,
            Place.REQUESTS: self._seen.to_decide,
            Place.LINK: self._seen.conflicts,
            Place.RIGHTS: self._seen.erasures,
        }.get(place, 0)
        if place is Place.LINK and not waiting and self._seen.link is not None:
            return "!"
        return str(waiting) if waiting else ""

    def _drawer(self) -> str:
        drawer = self._seen.drawer if self._seen else None
        return self.tr_("应有 {money}", money=money(drawer.expected)) if drawer else self.tr_("还没有开箱")

    def _link(self) -> str:
        """What staff should know of the county link; empty while all is well."""
        if self._seen is None:
            return ""
        if self._seen.link is not None:
            return self.tr_("县里：{what}", what=self.tr_(headline(self._seen.link)))
        if self._seen.refused:
            return self.tr_("县里：有 {count} 条没有收下", count=self._seen.refused)
        return ""

    def _printers(self) -> str:
        """What is wrong with a printer, the first one that is."""
        printers = self._seen.printers if self._seen else ()
        for printer in printers:
            if printer.trouble:
                return reason_text(printer.trouble, self.session.language)
        if any(printer.near_end for printer in printers):
            return self.tr_("打印纸快用完了，请备好新纸卷")
        return ""
