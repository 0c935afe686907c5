"""Fills the sample hall with the tools of `assets/samples/tools`. Staff it leaves out: nobody has a default PIN."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

import assets
from db.models import Locker, Origin, StoragePlace, TariffUnit, Tool, ToolModel, ToolState
from kiosk.clock import Clock
from kiosk.identity.slip_code import slip_number
from kiosk.tools.tariff import Tariff

FOLDER = assets.ROOT / "samples" / "tools"
FILES = ("simple.toml", "priced.toml")
Fen = Annotated[int, Meta(ge=0)]


class AccessoryEntry(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    quantity: Annotated[int, Meta(ge=1)]
    price: Fen


class ModelEntry(Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    name: str
    name_en: str
    category: str
    icon: str
    deposit: Fen
    value: Fen
    count: Annotated[int, Meta(ge=0)]
    cost: Fen
    unit: TariffUnit = TariffUnit.HOUR
    price: Fen = 0
    free_minutes: Fen = 0
    minimum: Fen = 0
    daily_cap: Fen | None = None
    late_price: Fen = 0
    late_grace_minutes: Fen = 0
    late_cap: Fen | None = None
    safety: tuple[str, ...] = ()
    accessories: tuple[AccessoryEntry, ...] = ()
    adults_only: bool = False

    @property
    def tariff(self) -> Tariff:
        """Raises ValueError where the terms contradict each other."""
        return Tariff(
            self.unit,
            self.price,
            self.free_minutes,
            self.minimum,
            self.daily_cap,
            self.late_price,
            self.late_grace_minutes,
            self.late_cap,
        )


class ModelFile(Struct, frozen=True, forbid_unknown_fields=True):
    models: tuple[ModelEntry, ...]


class PlaceFile(Struct, frozen=True, forbid_unknown_fields=True):
    lockers: tuple[str, ...]
    places: dict[str, str]  # category → place


def entries() -> tuple[ModelEntry, ...]:
    files = (msgspec.toml.decode((FOLDER / name).read_bytes(), type=ModelFile) for name in FILES)
    return tuple(entry for file in files for entry in file.models)


def fill_tools(session: Session, clock: Clock) -> None:
    """Models, tools, places and lockers, inside the caller's transaction."""
    now = clock.now()
    origin = session.get_one(Origin, 1)
    where = msgspec.toml.decode((FOLDER / "places.toml").read_bytes(), type=PlaceFile)
    places = {
        name: StoragePlace(id=uuid7(), name=name, position=at)
        for at, name in enumerate(dict.fromkeys(where.places.values()))
    }
    session.add_all(places.values())
    session.add_all(Locker(name=name, usable=True, position=at) for at, name in enumerate(where.lockers))
    session.flush()
    for position, entry in enumerate(entries()):
        plain = msgspec.structs.asdict(entry)
        count, cost = plain.pop("count"), plain.pop("cost")
        plain["safety"] = "\n".join(entry.safety)
        plain["accessories"] = msgspec.to_builtins(entry.accessories)
        model = ToolModel(id=uuid7(), picture="", offered=True, position=position, **plain)
        session.add(model)
        session.flush()
        for _ in range(count):
            origin.slip_serial += 1
            session.add(
                Tool(
                    model_id=model.id,
                    tag=slip_number(origin.device_number, origin.slip_serial),
                    tag_serial=origin.slip_serial,
                    label="",
                    place_id=places[where.places[entry.category]].id,
                    state=ToolState.IN_STOCK,
                    cost=cost,
                    acquired_at=now,
                    note="",
                )
            )
    session.flush()
