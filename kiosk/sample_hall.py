"""Fills an empty store with the sample hall of `assets/samples/hall`, so that the product can be tried at once.

Days are counted from today, so the samples never grow old.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

import assets
from db.models import (
    Device,
    Employer,
    EmployerKind,
    GuidanceWage,
    Hall,
    HallNature,
    Notice,
    Occupation,
    PayUnit,
    Posting,
    PostingState,
    ReviewState,
    Settlement,
    SkillLevel,
)
from db.store import Store
from kiosk.clock import Clock
from kiosk.staff import audit
from kiosk.tools.sample_tools import fill_tools

FOLDER = assets.ROOT / "samples" / "hall"
OCCUPATIONS = assets.ROOT / "catalogue" / "occupations.toml"


class HallFile(Struct, frozen=True):
    name: str
    nature: HallNature
    region: str
    region_code: str
    address: str
    hours: str
    hotline: str
    complaint_line: str
    legal_aid_line: str
    latitude: float
    longitude: float
    minimum_hourly_wage: int


class GroupEntry(Struct, frozen=True):
    key: str
    name: str
    name_en: str
    icon: str


class OccupationEntry(Struct, frozen=True):
    key: str
    name: str
    name_en: str
    code: str
    group: str
    icon: str


class OccupationFile(Struct, frozen=True):
    groups: tuple[GroupEntry, ...]
    occupations: tuple[OccupationEntry, ...]


class EmployerEntry(Struct, frozen=True):
    key: str
    kind: EmployerKind
    name: str
    credit_code: str | None = None


class EmployerFile(Struct, frozen=True):
    employers: tuple[EmployerEntry, ...]


class PostingEntry(Struct, frozen=True):
    key: str
    employer: str
    occupation: str
    title: str
    description: str
    openings: int
    level: SkillLevel
    place: str
    day: int
    days: int
    starts: str
    ends: str
    pay: int
    pay_unit: PayUnit
    settlement: Settlement
    contact_name: str
    contact_phone: str
    latitude: float | None = None
    longitude: float | None = None
    conditions: tuple[str, ...] = ()
    benefits: tuple[str, ...] = ()
    urgent: bool = False
    public_welfare: bool = False


class PostingFile(Struct, frozen=True):
    postings: tuple[PostingEntry, ...]


class WageEntry(Struct, frozen=True):
    occupation: str
    unit: PayUnit
    low: int
    middle: int
    high: int


class WageFile(Struct, frozen=True):
    wages: tuple[WageEntry, ...]


class NoticeEntry(Struct, frozen=True):
    key: str
    kind: str
    title: str
    body: str


class NoticeFile(Struct, frozen=True):
    notices: tuple[NoticeEntry, ...]


def fill(store: Store, clock: Clock) -> bool:
    """Write the sample hall in one transaction; False where the store has a hall already."""
    with store.write() as session:
        if session.scalars(select(Hall.id)).first() is not None:
            return False
        _hall(session, store)
        _occupations(session)
        employers = _employers(session)
        _postings(session, employers, clock)
        fill_tools(session, clock)
        audit.record(session, clock.now(), "setup", "sample_hall_filled", str(store.origin.hall_id))
    return True


def _hall(session: Session, store: Store) -> None:
    file = msgspec.toml.decode((FOLDER / "hall.toml").read_bytes(), type=HallFile)
    origin = store.origin
    session.add(
        Hall(
            id=origin.hall_id,
            name=file.name,
            nature=file.nature,
            region=file.region,
            address=file.address,
            hours=file.hours,
            hotline=file.hotline,
            complaint_line=file.complaint_line,
            legal_aid_line=file.legal_aid_line,
            latitude=file.latitude,
            longitude=file.longitude,
        )
    )
    session.add(
        Device(id=origin.device_id, number=origin.device_number, name=f"{origin.device_number} 号自助机")
    )
    notices = msgspec.toml.decode((FOLDER / "notices.toml").read_bytes(), type=NoticeFile).notices
    session.add_all(
        Notice(kind=notice.kind, title=notice.title, body=notice.body, position=at)
        for at, notice in enumerate(notices)
    )


def _occupations(session: Session) -> None:
    file = msgspec.toml.decode(OCCUPATIONS.read_bytes(), type=OccupationFile)
    groups = {group.key: group for group in file.groups}
    session.add_all(
        Occupation(
            key=entry.key,
            name=entry.name,
            name_en=entry.name_en,
            code=entry.code,
            icon=entry.icon,
            group=groups[entry.group].name,
            group_en=groups[entry.group].name_en,
            group_icon=groups[entry.group].icon,
            position=at,
        )
        for at, entry in enumerate(file.occupations)
    )
    session.flush()
    wages = msgspec.toml.decode((FOLDER / "guidance_wages.toml").read_bytes(), type=WageFile).wages
    session.add_all(
        GuidanceWage(
            occupation_id=wage.occupation, unit=wage.unit, low=wage.low, middle=wage.middle, high=wage.high
        )
        for wage in wages
    )


def _employers(session: Session) -> dict[str, UUID]:
    file = msgspec.toml.decode((FOLDER / "employers.toml").read_bytes(), type=EmployerFile)
    ids = {entry.key: uuid7() for entry in file.employers}
    session.add_all(
        Employer(
            id=ids[entry.key],
            kind=entry.kind,
            name=entry.name,
            credit_code=entry.credit_code,
            state=ReviewState.APPROVED,
        )
        for entry in file.employers
    )
    session.flush()
    return ids


def _postings(session: Session, employers: dict[str, UUID], clock: Clock) -> None:
    today = clock.today()
    file = msgspec.toml.decode((FOLDER / "postings.toml").read_bytes(), type=PostingFile)
    for entry in file.postings:
        first = today + timedelta(days=entry.day)
        session.add(
            Posting(
                employer_id=employers[entry.employer],
                occupation_id=entry.occupation,
                title=entry.title,
                description=entry.description,
                openings=entry.openings,
                level=entry.level,
                place=entry.place,
                latitude=entry.latitude,
                longitude=entry.longitude,
                starts_on=first,
                ends_on=first + timedelta(days=entry.days - 1),
                opens_minute=_minute(entry.starts),
                closes_minute=_minute(entry.ends),
                pay=entry.pay,
                pay_unit=entry.pay_unit,
                settlement=entry.settlement,
                contact_name=entry.contact_name,
                contact_phone=entry.contact_phone,
                conditions=",".join(entry.conditions),
                benefits=",".join(entry.benefits),
                urgent=entry.urgent,
                public_welfare=entry.public_welfare,
                state=PostingState.PUBLISHED,
            )
        )


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
