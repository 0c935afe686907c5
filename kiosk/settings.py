"""kiosk.toml → frozen settings, validated once. Unknown keys are refused with their line.

Every number in here is (ours) in the sense of spec.md: a design decision that a hall may change.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import platformdirs
from msgspec import Meta, Struct

from db.errors import AddressInvalid
from db.slip_token import ADDRESS_CHARACTERS, public_address
from kiosk.errors import SettingsInvalid

FILE = "kiosk.toml"
ADDRESS_WORDS = {
    "not_http": "an address begins with https:// or http://",
    "characters": "in capitals, a QR code holds only A-Z, 0-9 and $%*+-./: of an address",
    "too_long": f"at most {ADDRESS_CHARACTERS} characters of address fit into the QR code of a slip",
}
Seconds = Annotated[float, Meta(gt=0, le=86_400)]
Weight = Annotated[float, Meta(ge=0, le=100)]


class Idle(Struct, frozen=True, forbid_unknown_fields=True):
    warn_after: Seconds = 60.0
    wipe_after: Seconds = 30.0
    done_after: Seconds = 20.0


class ReferralRules(Struct, frozen=True, forbid_unknown_fields=True):
    valid_hours: Annotated[float, Meta(gt=0, le=720)] = 24.0  # a referral lapses if nobody confirms (S9)
    most_open: Annotated[int, Meta(ge=1, le=50)] = 5  # open referrals one seeker may hold


class RankingWeights(Struct, frozen=True, forbid_unknown_fields=True):
    """Points of each reason at its full effect (S7, S8)."""

    trade: Weight = 40.0
    level: Weight = 8.0
    pay: Weight = 16.0
    near: Weight = 14.0
    today: Weight = 10.0
    urgent: Weight = 8.0
    daily_settlement: Weight = 4.0
    hours: Weight = 6.0  # a shift of eight hours or less; nothing from twelve on
    helped: Weight = 12.0
    near_km: Annotated[float, Meta(gt=0, le=1000)] = 10.0  # beyond this, nearness counts nothing
    older_from: Annotated[int, Meta(ge=40, le=80)] = 50  # 大龄 (38号 四 sets no figure)
    scarce_openings: Annotated[int, Meta(ge=0)] = 3  # "openings are scarce" from here down


class Printer(Struct, frozen=True, forbid_unknown_fields=True):
    address: str = ""  # tcp://… serial://… usb://… file://…; empty: no printer, slips on the screen
    profile: str = "generic-80"
    expire_minutes: Annotated[float, Meta(gt=0, le=1440)] = (
        10.0  # how long a slip is worth printing on this one
    )


class Camera(Struct, frozen=True, forbid_unknown_fields=True):
    source: str = "0"  # a camera's number, a picture, a folder of pictures or a video; empty: none
    pictures: str = ""  # where the counter finds pictures without a camera; empty: the user's, and sticks


class Slips(Struct, frozen=True, forbid_unknown_fields=True):
    full_name: bool = True  # the holder's own slip may carry the full name (design §4)
    # the code becomes an upper-case URL under this address; empty: under the one the county hands over, if it has any
    county_address: str = ""


class StaffRules(Struct, frozen=True, forbid_unknown_fields=True):
    """Signing in at the counter (R1)."""

    pin_digits: Annotated[int, Meta(ge=4, le=12)] = 6
    free_tries: Annotated[int, Meta(ge=1, le=10)] = 3  # wrong PINs before the first wait
    first_wait: Seconds = 30.0  # doubles with every further wrong one
    longest_wait: Seconds = 3600.0
    authority_lasts: Seconds = 600.0  # how long a PIN or badge speaks for a person
    lock_after: Seconds = 180.0  # idle counter


class RentalRules(Struct, frozen=True, forbid_unknown_fields=True):
    """Borrowing tools (spec §3)."""

    due_time: Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")] = (
        "18:00"  # on the day it leaves
    )
    request_hours: Annotated[float, Meta(gt=0, le=168)] = 12.0  # a request not handed out by then lapses
    overdue_blocks: bool = True  # T9
    owing_blocks: bool = True
    # fen that charges may go beyond the deposit before a second person must agree
    claim_limit: Annotated[int, Meta(ge=0, le=100_000_000)] = 20_000
    most_tools: Annotated[int, Meta(ge=1, le=100)] = 20  # one person may have at once
    backdate_days: Annotated[int, Meta(ge=1, le=365)] = 30  # how far back a forgotten step may be put
    holidays: tuple[date, ...] = ()  # closed days: not charged
    desk_copies: bool = True  # the desk keeps one
    locker_hours: Annotated[float, Meta(gt=0, le=720)] = 24.0


class CountyLink(Struct, frozen=True, forbid_unknown_fields=True):
    """When to talk to the county (spec C1, C5). Its address is kept with the enrolment."""

    nightly: Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "01:30"  # the hall's wall
    spread_minutes: Annotated[float, Meta(ge=0, le=360)] = (
        90.0  # so that a county's halls do not all come at once
    )
    every_minutes: Annotated[float, Meta(ge=0, le=1440)] = (
        15.0  # by day, whenever the line is there; 0: only at night
    )
    timeout: Seconds = 30.0
    stale_hours: Annotated[float, Meta(gt=0, le=720)] = 48.0  # staff are told from here on
    look_up_seconds: Annotated[float, Meta(ge=0, le=5)] = 1.5  # for a person new here; 0: never ask


class Retention(Struct, frozen=True, forbid_unknown_fields=True):
    """How long personal data is kept (spec §6)."""

    seeker_days: Annotated[int, Meta(ge=0, le=36_500)] = 1095  # not seen for so long; 0: for ever


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    timezone: str = "Asia/Shanghai"
    language: Annotated[str, Meta(pattern="^(zh|en)$")] = "zh"
    consent_version: str = "2026-11"
    idle: Idle = Idle()
    referral: ReferralRules = ReferralRules()
    ranking: RankingWeights = RankingWeights()
    printers: tuple[Printer, ...] = ()
    camera: Camera = Camera()
    slips: Slips = Slips()
    staff: StaffRules = StaffRules()
    rental: RentalRules = RentalRules()
    county: CountyLink = CountyLink()
    retention: Retention = Retention()

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("no such time zone - at `$.timezone`") from error
        try:
            public_address(self.slips.county_address)
        except AddressInvalid as error:
            raise ValueError(f"{ADDRESS_WORDS[error.reason]} - at `$.slips.county_address`") from error

    @property
    def paper_lives(self) -> timedelta:
        """How long a slip is worth printing on any of the printers."""
        return timedelta(minutes=max(printer.expire_minutes for printer in self.printers or (Printer(),)))


def data_folder() -> Path:
    """Where the hall's data lies unless `--data` says otherwise."""
    return Path(platformdirs.user_data_dir("gighall", appauthor=False))


def load(folder: Path) -> Settings:
    """Read `folder/kiosk.toml`; without one the defaults hold. Raises SettingsInvalid with file and line."""
    path = folder / FILE
    if not path.is_file():
        return Settings()
    try:
        words = path.read_text(encoding="utf-8-sig")  # some editors put a mark before the text
        return msgspec.convert(tomllib.loads(words), Settings)
    except UnicodeDecodeError as error:
        raise SettingsInvalid(where=str(path), reason="not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(where=str(path), reason=str(error)) from error
    except msgspec.ValidationError as error:
        raise SettingsInvalid(where=f"{path}:{_line(words, str(error))}", reason=str(error)) from error


def _line(words: str, complaint: str) -> int:
    """The line of the key that the complaint names: last part of its path, or the unknown field."""
    named = re.search(r"unknown field `(.+?)`", complaint)
    path = re.search(r"at `\$\.?([^`]*)`$", complaint)
    keys = re.findall(r"([^.\[\]]+)(?:\[(\d+)\])?", path.group(1)) if path else []
    keys += [(named.group(1), "")] if named else []
    at = 0
    lines = words.splitlines()
    for (
        key,
        index,
    ) in keys:  # [[printers]] stands once for every printer before the one meant, and for that one
        written = re.compile(rf"""\s*\[*\s*(\S+\.)?["']?{re.escape(key)}["']?\s*[\]=]""")
        found = [number for number in range(at, len(lines)) if written.match(lines[number])]
        if found:
            at = found[min(int(index or 0), len(found) - 1)]
    return at + 1


def as_toml(settings: Settings) -> dict[str, Any]:
    """The settings in force as plain values, for `gighall doctor`."""
    plain: dict[str, Any] = msgspec.to_builtins(settings)
    return plain
