"""型号: a model of the catalogue, made or changed: its name, what it costs, how it is used safely (T2, T4, T6).

Rentals that run keep the terms they were agreed under; the desk sees to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Property, QObject, Slot
from uuid_utils.compat import uuid7

from kiosk.staff.accounts import Authority
from kiosk.tools.cards import Accessory, ModelCard, TariffUnit
from kiosk.tools.tariff import Tariff
from ui.counter.form import Form, Kind, Line, Option
from ui.counter.photo_taker import PhotoTaker
from ui.counter.session import Session
from ui.pictures import KeptPhotos

SIMPLE, PRICED = "simple", "priced"
YES, NO = "yes", "no"
TAKEN = "taken"  # a photo that is kept when the form is
ICONS = {
    "tool": "扳手",
    "hammer": "锤子",
    "shovel": "铁锹",
    "trowel": "抹刀",
    "pick": "镐头",
    "bolt": "电动",
    "rotate": "砂轮",
    "ladder": "梯子",
    "paint": "刷子",
    "bucket": "水桶",
    "scissors": "剪刀",
    "vacuum-cleaner": "吸尘器",
    "wash": "清洗",
    "plug": "插座",
    "bulb": "灯",
    "truck-loading": "推车",
    "shield": "防护",
    "box-model": "其他",
}
UNITS = {TariffUnit.HOUR: "按小时", TariffUnit.DAY: "按天", TariffUnit.PIECE: "按次"}
LATE = {
    TariffUnit.HOUR: "超时以后，每小时",
    TariffUnit.DAY: "超时以后，每天",
    TariffUnit.PIECE: "超时以后，每天",
}
TARIFF_TROUBLES = {
    "negative": "金额不能是负数",
    "minimum above the daily cap": "最低收费不能比每天最多还高",
    "a simple tool has no minimum": "免租金的工具没有最低收费",
}
LONGEST_NOTICE = 60
NAME, PRICE, SAFETY = range(3)


class ModelForm(Form):
    steps = ("名称", "价钱", "安全")
    done_words = "保存型号"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._card: ModelCard | None = session.work.model
        self.heading = "改型号" if self._card else "新型号"
        self._categories: tuple[str, ...] = ()
        self._pictures = KeptPhotos(session.desks.photos, session.lens.album, session.background, self)
        self._pictures.came.connect(self.changed)
        self._taker = PhotoTaker(session, self, most=1)
        self._taker.taken.connect(self._taken)

    taker = Property(QObject, lambda self: self._taker, constant=True)

    def enter(self) -> None:
        super().enter()
        if self._card is not None:
            self._pictures.fetch([self._card.picture])
        self.session.ask(self.session.desks.stock.models, self._take_models)

    def leave(self) -> None:
        self._taker.close()

    # --- lines --------------------------------------------------------------------------------------

    def arrange(self) -> Sequence[Line]:
        return (*self._names(), *self._prices(), *self._notices(), *self._accessories())

    def _names(self) -> list[Line]:
        card = self._card
        yes_no = (Option(YES, "是"), Option(NO, "不是"))
        categories = tuple(Option(name, name) for name in self._categories)
        return [
            Line("name", "名称", Kind.TEXT, card.name if card else "", hint="比如：冲击钻"),
            Line("name_en", "英文名", Kind.LATIN, card.name_en if card else "", longest=40, needed=False),
            Line(
                "category",
                "分类",
                Kind.CHOICE,
                card.category if card else None,
                categories,
                own_words=True,
            ),
            Line(
                "icon",
                "图标",
                Kind.CHOICE,
                card.icon if card else "tool",
                tuple(Option(name, word, name) for name, word in ICONS.items()),
            ),
            Line("photo", "照片", Kind.PHOTO, card.picture if card else "", needed=False),
            Line(
                "adults_only",
                "只借给成年人",
                Kind.CHOICE,
                _yes(card is not None and card.adults_only),
                yes_no,
            ),
            Line("offered", "现在可以借", Kind.CHOICE, _yes(card is None or card.offered), yes_no),
        ]

    def _prices(self) -> list[Line]:
        card = self._card
        tariff = card.tariff if card else Tariff(TariffUnit.HOUR, 0)
        kinds = (Option(SIMPLE, "简单工具，免租金"), Option(PRICED, "按价出租"))
        known = (SIMPLE if card.simple else PRICED) if card else None
        lines = [
            Line("kind", "收不收租金", Kind.CHOICE, known, kinds, step=PRICE),
            Line("deposit", "押金", Kind.MONEY, card.deposit if card else None, hint="多少元", step=PRICE),
            Line("value", "丢了赔多少", Kind.MONEY, card.value if card else None, hint="多少元", step=PRICE),
        ]
        if self._chosen("kind", known) != PRICED:
            return lines
        units = tuple(Option(unit.value, word) for unit, word in UNITS.items())
        unit = TariffUnit(self._chosen("unit", tariff.unit.value) or tariff.unit)
        lines += [
            Line("unit", "怎么算", Kind.CHOICE, tariff.unit.value, units, step=PRICE),
            _money("price", "单价", tariff.price or None, needed=True),
            _minutes("free_minutes", "前几分钟免费", tariff.free_minutes),
            _money("minimum", "最低收费", tariff.minimum or None),
        ]
        if unit is TariffUnit.HOUR:
            lines.append(_money("daily_cap", "每天最多", tariff.daily_cap))
        return [
            *lines,
            _money("late_price", LATE[unit], tariff.late_price or None),
            _minutes("late_grace_minutes", "晚几分钟不算", tariff.late_grace_minutes),
            _money("late_cap", "超时费最多", tariff.late_cap),
        ]

    def _notices(self) -> list[Line]:
        stored = list(self._card.safety) if self._card else []
        notices = self._several("safety", stored)
        return [
            Line(
                f"safety{at}",
                "安全须知 {n}",
                Kind.TEXT,
                words,
                hint="一条一句话",
                longest=LONGEST_NOTICE,
                needed=False,
                step=SAFETY,
                label_values={"n": at + 1},
            )
            for at, words in enumerate(notices)
        ]

    def _accessories(self) -> list[Line]:
        stored = self._card.accessories if self._card else ()
        lines = []
        for at, name in enumerate(self._several("accessory", [one.name for one in stored])):
            before = stored[at] if at < len(stored) else Accessory(name)
            number = {"n": at + 1}
            lines.append(
                Line(
                    f"accessory{at}",
                    "配件 {n}",
                    Kind.TEXT,
                    name,
                    hint="比如：钻头",
                    needed=False,
                    step=SAFETY,
                    label_values=number,
                )
            )
            if name:
                lines += [
                    Line(
                        f"pieces{at}",
                        "配件 {n} 有几个",
                        Kind.NUMBER,
                        before.quantity,
                        unit="{n} 个",
                        step=SAFETY,
                        label_values=number,
                    ),
                    Line(
                        f"missing{at}",
                        "配件 {n} 缺一个赔",
                        Kind.MONEY,
                        before.price,
                        hint="多少元",
                        step=SAFETY,
                        label_values=number,
                    ),
                ]
        return lines

    def _several(self, key: str, stored: list[str]) -> list[str]:
        """As many lines as hold something, and an empty one at the end."""
        held = []
        at = 0
        while f"{key}{at}" in self._lines:
            held.append(self._lines[f"{key}{at}"].value or "")
            at += 1
        words = held or stored
        while words and not words[-1]:
            words.pop()
        return [*words, ""]

    def _chosen(self, key: str, otherwise: str | None) -> str | None:
        return self._lines[key].value if key in self._lines else otherwise

    def filled(self, key: str) -> None:
        if key.startswith(("safety", "accessory")):
            self.rearrange()

    # --- what comes of it ---------------------------------------------------------------------------

    def wrong(self) -> str:
        if self._step == PRICE and self._chosen("kind", None) == PRICED:
            if self._chosen_figure("price") == 0:
                return "按价出租的，单价不能是 0"
            try:
                self._tariff()
            except ValueError as error:
                return TARIFF_TROUBLES[str(error)]
        return ""

    def picture(self) -> str:
        taken = self._taker.property("photos")
        if taken:
            return str(taken[-1])
        stored = self._lines["photo"].value if "photo" in self._lines else ""
        return self._pictures.url(stored or "")

    def take_photo(self) -> None:
        self._taker.clear()
        self._taker.start()

    def save(self) -> None:
        desks, card, new = self.session.desks, self._made(), self._card is None
        pictures = self._taker.pictures[-1:] if self._lines["photo"].value else []

        def store(by: Authority) -> ModelCard:
            write = desks.stock.add_model if new else desks.stock.save_model
            with desks.photos.kept(pictures) as names:
                return write(by, replace(card, picture=names[0]) if names else card)

        self.once(store, self._saved)

    def _saved(self, card: ModelCard) -> None:
        self.session.work.model = card
        self.session.back()
        self.session.say(self.tr_("型号保存好了。已经借出去的，还按原来的价钱算"))

    def _made(self) -> ModelCard:
        """Everything of the form; of an old model also what no form shows."""
        value = self.value
        safety = [line.value.strip() for line in self._lines.values() if line.key.startswith("safety")]
        return ModelCard(
            id=self._card.id if self._card else uuid7(),
            key=self._card.key if self._card else "",
            name=value("name").strip(),
            name_en=(value("name_en") or "").strip(),
            category=value("category") or "",
            icon=value("icon"),
            picture=value("photo") if self._card and value("photo") == self._card.picture else "",
            tariff=self._tariff(),
            deposit=value("deposit") or 0,
            value=value("value") or 0,
            safety=tuple(words for words in safety if words),
            accessories=tuple(
                Accessory(line.value.strip(), value(f"pieces{at}") or 1, value(f"missing{at}") or 0)
                for at, line in (
                    (int(line.key.removeprefix("accessory")), line)
                    for line in self._lines.values()
                    if line.key.startswith("accessory")
                )
                if line.value and line.value.strip()
            ),
            adults_only=value("adults_only") == YES,
            offered=value("offered") == YES,
        )

    def _tariff(self) -> Tariff:
        """Raises ValueError where the terms contradict each other."""
        if self.value("kind") != PRICED:
            return self._card.tariff if self._card and self._card.simple else Tariff(TariffUnit.HOUR, 0)
        named = {key: self._chosen_figure(key) for key in ("price", "free_minutes", "minimum", "late_price")}
        return Tariff(
            TariffUnit(self.value("unit")),
            **{key: figure or 0 for key, figure in named.items()},
            late_grace_minutes=self._chosen_figure("late_grace_minutes") or 0,
            daily_cap=self._chosen_figure("daily_cap"),
            late_cap=self._chosen_figure("late_cap"),
        )

    def _chosen_figure(self, key: str) -> int | None:
        figure = self._lines[key].value if key in self._lines else None
        return figure if isinstance(figure, int) else None

    @Slot()
    def _taken(self) -> None:
        self._lines["photo"].value = TAKEN if self._taker.pictures else None
        self.changed.emit()

    def _take_models(self, models: tuple[ModelCard, ...]) -> None:
        self._categories = tuple(dict.fromkeys(card.category for card in models if card.category))
        self.rearrange()


def _yes(answer: bool) -> str:
    return YES if answer else NO


def _money(key: str, label: str, fen: int | None, needed: bool = False) -> Line:
    return Line(key, label, Kind.MONEY, fen, hint="多少元", needed=needed, step=PRICE)


def _minutes(key: str, label: str, minutes: int) -> Line:
    return Line(key, label, Kind.NUMBER, minutes or None, unit="{n} 分钟", needed=False, step=PRICE)
