"""kiosk.toml → frozen settings, validated once. Unknown keys are refused with their line.

Every number in here is (ours) in the sense of spec.md: a design decision that a hall may change.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

import msgspec
import platformdirs
from msgspec import Meta, Struct

from kiosk.errors import SettingsInvalid

FILE = "kiosk.toml"
Seconds = Annotated[float, Meta(gt=0)]
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
    helped: Weight = 12.0
    near_km: Annotated[float, Meta(gt=0)] = 10.0  # beyond this, nearness counts nothing
    older_from: Annotated[int, Meta(ge=40, le=80)] = 50  # 大龄 (38号 四 sets no figure)
    scarce_openings: Annotated[int, Meta(ge=0)] = 3  # "openings are scarce" from here down


class Printer(Struct, frozen=True, forbid_unknown_fields=True):
    address: str = ""  # tcp://… serial://… usb://… file://…; empty: no printer, slips on the screen
    profile: str = "generic-80"
    expire_minutes: Annotated[float, Meta(gt=0)] = 10.0


class Camera(Struct, frozen=True, forbid_unknown_fields=True):
    source: str = "0"  # a camera's number, a picture, a folder of pictures or a video; empty: none


class Slips(Struct, frozen=True, forbid_unknown_fields=True):
    full_name: bool = True  # the holder's own slip may carry the full name (design §4)
    county_address: str = ""  # once known, the code becomes an upper-case URL under it


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


def data_folder() -> Path:
    """Where the hall's data lies unless `--data` says otherwise."""
    return Path(platformdirs.user_data_dir("gighall", appauthor=False))


def load(folder: Path) -> Settings:
    """Read `folder/kiosk.toml`; without one the defaults hold. Raises SettingsInvalid with file and line."""
    path = folder / FILE
    if not path.is_file():
        return Settings()
    try:
        words = path.read_text(encoding="utf-8")
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
    path = re.search(r"at `\$\.?(.*?)`", complaint)
    keys = [key for key in re.split(r"[.\[\]0-9]+", path.group(1)) if key and key != "..."] if path else []
    keys += [named.group(1)] if named else []
    at = 0
    lines = words.splitlines()
    for key in keys:
        for number in range(at, len(lines)):
            if re.match(rf"\s*\[*\s*(\S+\.)?{re.escape(key)}\s*[\]=]", lines[number]):
                at = number
                break
    return at + 1


def as_toml(settings: Settings) -> dict[str, Any]:
    """The settings in force as plain values, for `gighall doctor`."""
    plain: dict[str, Any] = msgspec.to_builtins(settings)
    return plain
