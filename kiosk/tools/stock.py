"""The stock desk: models, single tools, where they lie, and what each of them earned and cost (T5, T6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import (
    Account,
    CashPosting,
    Dispute,
    LineState,
    Rental,
    RentalLine,
    StockCountLine,
    StockRequest,
    StockRequestKind,
    StockRequestState,
    StoragePlace,
    Tool,
    ToolModel,
    ToolState,
)
from kiosk.errors import CodeInvalid, InputInvalid, NotFound, StepInvalid
from kiosk.identity.slip_code import CodeKind, SlipCode
from kiosk.staff.accounts import Authority
from kiosk.tools import papers
from kiosk.tools.cards import Accessory, LifeEvent, ModelCard, ToolAccount, ToolCard
from kiosk.tools.counter import DECIDING, KEEPING, Counter, get
from kiosk.tools.tariff import Tariff

GONE = (ToolState.LOST, ToolState.WRITTEN_OFF)


class StockDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store
        self._clock = counter.clock

    def models(self, offered_only: bool = False) -> tuple[ModelCard, ...]:
        """The catalogue in its order, with how many tools of each are free now."""
        with self._store.read() as session:
            query = select(ToolModel).order_by(ToolModel.position, ToolModel.name)
            if offered_only:
                query = query.where(ToolModel.offered)
            counts = session.execute(
                select(Tool.model_id, Tool.state, func.count()).group_by(Tool.model_id, Tool.state)
            ).all()
            free = {model: count for model, state, count in counts if state is ToolState.IN_STOCK}
            total: dict[UUID, int] = {}
            for model, state, count in counts:
                total[model] = total.get(model, 0) + (0 if state in GONE else count)
            return tuple(
                model_card(model, free.get(model.id, 0), total.get(model.id, 0))
                for model in session.scalars(query)
            )

    def model(self, model_id: UUID) -> ModelCard:
        with self._store.read() as session:
            return model_card(get(session, ToolModel, model_id))

    def add_model(self, by: Authority, card: ModelCard) -> ModelCard:
        """A model the catalogue does not have yet; it is given its own key and the last position.

        Raises InputInvalid(field, reason) as `save_model`.
        """
        with self._store.write() as session:
            self._counter.named(session, by, (*KEEPING, *DECIDING))
            last = session.scalar(select(func.max(ToolModel.position)))
            model = ToolModel(id=card.id, key=f"model_{card.id.hex}", position=(last or 0) + 1)
            return self._write(session, by, model, card)

    def save_model(self, by: Authority, card: ModelCard) -> ModelCard:
        """Write a model, or change the one of that key. Rentals keep the terms they were agreed under.

        Raises InputInvalid(field=name|key, reason=empty|twice), InputInvalid(field=deposit, reason=negative).
        """
        with self._store.write() as session:
            self._counter.named(session, by, (*KEEPING, *DECIDING))
            if not card.key.strip():
                raise InputInvalid(field="key", reason="empty")
            model = session.scalars(select(ToolModel).where(ToolModel.key == card.key)).one_or_none()
            return self._write(session, by, model or ToolModel(id=card.id, key=card.key), card)

    def _write(self, session: Session, by: Authority, model: ToolModel, card: ModelCard) -> ModelCard:
        if not card.name.strip():
            raise InputInvalid(field="name", reason="empty")
        same = select(ToolModel.id).where(ToolModel.name == card.name.strip(), ToolModel.id != model.id)
        if session.scalar(same) is not None:  # a spreadsheet names models by it
            raise InputInvalid(field="name", reason="twice")
        if min(card.deposit, card.value, *(item.price for item in card.accessories), 0) < 0:
            raise InputInvalid(field="deposit", reason="negative")
        write_model(model, card)
        session.add(model)
        session.flush()
        self._counter.audit(
            session,
            by,
            "tool_model_saved",
            model.id,
            deposit=model.deposit,
            price=model.price,
            unit=model.unit.value,
        )
        return model_card(model)

    def places(self) -> tuple[str, ...]:
        """Those in use."""
        with self._store.read() as session:
            query = select(StoragePlace.name).where(StoragePlace.active)
            return tuple(session.scalars(query.order_by(StoragePlace.position, StoragePlace.name)))

    def put(self, by: Authority, tool_id: UUID, place_name: str) -> ToolCard:
        """Say where a tool lies from now on."""
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            tool = self._counter.own(get(session, Tool, tool_id))
            tool.place_id = place(session, self._store.origin.device_id, place_name).id
            self._counter.audit(session, by, "tool_put", tool.id, place=str(tool.place_id))
            return tool_card(session, self._counter, tool)

    def tools(
        self, model_id: UUID | None = None, states: Iterable[ToolState] | None = None
    ) -> tuple[ToolCard, ...]:
        with self._store.read() as session:
            query = select(Tool).order_by(Tool.tag)
            if model_id is not None:
                query = query.where(Tool.model_id == model_id)
            if states is not None:
                query = query.where(Tool.state.in_(tuple(states)))
            return tuple(tool_card(session, self._counter, tool) for tool in session.scalars(query))

    def by_tag(self, text: str) -> ToolCard:
        """The tool whose tag was scanned, or whose tag number or label was typed. Raises CodeInvalid, NotFound."""
        with self._store.read() as session:
            return tool_card(session, self._counter, tool_by_tag(session, self._counter, text))

    def print_tag(self, by: Authority, tool_id: UUID) -> UUID:
        """Queue the tag to be stuck on the tool; the print job's id."""
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            tool = get(session, Tool, tool_id)
            card = tool_card(session, self._counter, tool)
            return papers.tool_tag(session, self._counter, card)

    def release(self, by: Authority, tool_id: UUID, note: str) -> ToolCard:
        """A tool that was set aside is fit after all and nobody asked for its repair or write-off."""
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            tool = self._counter.own(get(session, Tool, tool_id))
            if tool.state is not ToolState.SET_ASIDE or open_request(session, tool.id) is not None:
                raise StepInvalid(what="tool", state=tool.state.value)
            tool.state, tool.note = ToolState.IN_STOCK, note
            self._counter.audit(session, by, "tool_released", tool.id)
            return tool_card(session, self._counter, tool)

    def account(self, tool_id: UUID) -> ToolAccount:
        """单个核算: income, cost, utilisation and the whole life of one tool (004 annex 4 art. 4, 5(三))."""
        now = self._clock.now()
        with self._store.read() as session:
            tool = get(session, Tool, tool_id)
            sums = dict.fromkeys(Account, 0)
            for posting in session.scalars(select(CashPosting).where(CashPosting.tool_id == tool_id)):
                sums[posting.debit] += posting.amount
                sums[posting.credit] -= posting.amount
            lines = session.execute(
                select(RentalLine, Rental)
                .join(Rental, Rental.id == RentalLine.rental_id)
                .where(RentalLine.tool_id == tool_id, Rental.out_at.is_not(None))
                .order_by(Rental.out_at)
            ).all()
            out = timedelta()
            for line, rental in lines:
                if line.state is not LineState.DROPPED and rental.out_at is not None:
                    out += (line.returned_at or now) - rental.out_at
            owned = max(now - tool.acquired_at, timedelta(minutes=1))
            return ToolAccount(
                tool=tool_card(session, self._counter, tool),
                rent=-sums[Account.RENT_INCOME],
                deductions=-sums[Account.DEDUCTION_INCOME],
                repairs=sums[Account.REPAIR_COST],
                cost=tool.cost,
                times_out=len(lines),
                minutes_out=out // timedelta(minutes=1),
                utilisation=min(1.0, out / owned),
                life=tuple(sorted(_life(session, tool), key=lambda event: event.at)),
            )


def model_card(model: ToolModel, free: int = 0, total: int = 0) -> ModelCard:
    return ModelCard(
        id=model.id,
        key=model.key,
        name=model.name,
        name_en=model.name_en,
        category=model.category,
        icon=model.icon,
        picture=model.picture,
        tariff=Tariff(
            unit=model.unit,
            price=model.price,
            free_minutes=model.free_minutes,
            minimum=model.minimum,
            daily_cap=model.daily_cap,
            late_price=model.late_price,
            late_grace_minutes=model.late_grace_minutes,
            late_cap=model.late_cap,
        ),
        deposit=model.deposit,
        value=model.value,
        safety=tuple(filter(None, model.safety.split("\n"))),
        accessories=tuple(Accessory(**item) for item in model.accessories),
        adults_only=model.adults_only,
        offered=model.offered,
        free=free,
        total=total,
    )


def write_model(model: ToolModel, card: ModelCard) -> None:
    """Everything of the card but its id and key."""
    for name in (
        "name",
        "name_en",
        "category",
        "icon",
        "picture",
        "deposit",
        "value",
        "adults_only",
        "offered",
    ):
        setattr(model, name, getattr(card, name))
    for name, value in asdict(card.tariff).items():
        setattr(model, name, value)
    model.safety = "\n".join(card.safety)
    model.accessories = [asdict(accessory) for accessory in card.accessories]


def tool_card(session: Session, counter: Counter, tool: Tool) -> ToolCard:
    model = session.get_one(ToolModel, tool.model_id)
    lies = session.get(StoragePlace, tool.place_id) if tool.place_id else None
    return ToolCard(
        id=tool.id,
        model_id=model.id,
        model_name=model.name,
        model_name_en=model.name_en,
        icon=model.icon,
        tag=tool.tag,
        code=counter.codes.make(SlipCode(CodeKind.TOOL, int(tool.tag.split("-")[0]), tool.tag_serial)),
        label=tool.label,
        place=lies.name if lies else "",
        state=tool.state,
        cost=tool.cost,
        acquired_at=tool.acquired_at,
        note=tool.note,
        ours=tool.device_id == counter.store.origin.device_id,
    )


def tool_by_tag(session: Session, counter: Counter, text: str) -> Tool:
    """By the scanned code, else by the tag number or label as typed. Raises CodeInvalid, NotFound."""
    text = text.strip()
    found = session.scalars(select(Tool).where((Tool.tag == text) | (Tool.label == text))).first()
    if found is not None and text:
        return found
    code = counter.codes.read(text)
    if code.kind is not CodeKind.TOOL:
        raise CodeInvalid(reason="kind")
    found = session.scalars(select(Tool).where(Tool.tag == code.slip_number)).first()
    if found is None:
        raise NotFound(what="tool")
    return found


def place(session: Session, device_id: UUID, name: str) -> StoragePlace:
    """The place of that name on this device, made where there is none, used again where it was retired."""
    name = name.strip()
    if not name:
        raise InputInvalid(field="place", reason="empty")
    found = session.scalars(
        select(StoragePlace).where(StoragePlace.name == name, StoragePlace.device_id == device_id)
    ).one_or_none()
    if found is None:
        last = session.scalar(select(func.max(StoragePlace.position)))
        found = StoragePlace(id=uuid7(), name=name, position=(last or 0) + 1)
        session.add(found)
    found.active = True
    session.flush()
    return found


def new_tool(
    session: Session,
    counter: Counter,
    model: ToolModel,
    acquired_at: datetime,
    cost: int = 0,
    label: str = "",
    place_id: UUID | None = None,
) -> Tool:
    """One more tool of a model, tag numbered; inside the caller's transaction."""
    tag, serial = counter.next_number(session)
    tool = Tool(
        id=uuid7(),
        model_id=model.id,
        tag=tag,
        tag_serial=serial,
        label=label,
        place_id=place_id,
        state=ToolState.IN_STOCK,
        cost=cost,
        acquired_at=acquired_at,
        note="",
    )
    session.add(tool)
    session.flush()
    return tool


def open_request(session: Session, tool_id: UUID) -> StockRequest | None:
    """A repair or write-off of this tool that is asked for or under way."""
    return session.scalars(
        select(StockRequest).where(StockRequest.tool_id == tool_id, StockRequest.finished_at.is_(None))
    ).first()


def _given_back(session: Session, line: RentalLine, number: str) -> list[LifeEvent]:
    """What a dispute or a lost tool that turned up cost the hall again."""
    answered = session.scalars(
        select(Dispute).where(Dispute.line_id == line.id, Dispute.answered_at.is_not(None))
    ).all()
    events = [
        LifeEvent(row.answered_at, "given_back", -row.given_back, row.answer, number, tuple(row.photos))
        for row in answered
        if row.answered_at is not None
    ]
    if line.found_at is not None:
        refunded = line.given_back - sum(row.given_back for row in answered)
        events.append(LifeEvent(line.found_at, "found", -refunded, "", number, tuple(line.photos)))
    return events


def _life(session: Session, tool: Tool) -> list[LifeEvent]:
    life = [LifeEvent(tool.acquired_at, "acquired", -tool.cost)]
    rented = session.execute(
        select(RentalLine, Rental)
        .join(Rental, Rental.id == RentalLine.rental_id)
        .where(RentalLine.tool_id == tool.id, Rental.out_at.is_not(None))
    )
    for line, rental in rented:
        assert rental.out_at is not None
        life.append(LifeEvent(rental.out_at, "out", rental_number=rental.number))
        if line.returned_at is not None:
            what, income = "lost" if line.lost else "back", line.rent + line.deducted
            photos = () if line.found_at else tuple(line.photos)
            life.append(LifeEvent(line.returned_at, what, income, line.note, rental.number, photos))
        life += _given_back(session, line, rental.number)
    for request in session.scalars(select(StockRequest).where(StockRequest.tool_id == tool.id)):
        kind = request.kind.value
        life.append(LifeEvent(request.requested_at, f"{kind}_requested", note=request.reason))
        if request.decided_at is not None:
            refused = request.state is StockRequestState.REFUSED
            what = f"{kind}_refused" if refused else f"{kind}_approved"
            life.append(LifeEvent(request.decided_at, what, note=request.decision_note))
        if request.kind is StockRequestKind.REPAIR and request.state is StockRequestState.DONE:
            assert request.finished_at is not None
            life.append(LifeEvent(request.finished_at, "repaired", -request.cost))
    counted = session.scalars(select(StockCountLine).where(StockCountLine.tool_id == tool.id))
    life += [LifeEvent(line.seen_at, "counted", note=line.state.value) for line in counted]
    return life
