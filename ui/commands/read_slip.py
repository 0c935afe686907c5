"""`gighall read-slip`: the codes on photographed slips, and what this hall makes of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from db.errors import StoreError
from db.store import FILE, Store
from kiosk import settings as settings_file
from kiosk.clock import Clock
from kiosk.errors import SettingsInvalid
from kiosk.identity.code_reader import CodeReader
from kiosk.identity.document import Problem
from kiosk.identity.picture import load_picture
from kiosk.identity.slip_code import HallCodes
from kiosk.jobs.slip_check import SlipDesk, SlipStanding

WORDS = {
    "valid": "有效",
    "expired": "已过期",
    "used": "已办结",
    "tampered": "被改动或印坏",
    "foreign": "不是本市场的码",
    "unknown": "本机没有这张单子",
    "other": "不是对接单",
}


def read_slip(images: list[Path], data: Path | None, as_json: bool) -> int:
    """Prints one object a picture, in the order given. 0 whatever was on the pictures, 1 where store or settings fail.

    Without a store the codes are read and nobody can say what they are worth: `standing` is null. Names are masked.
    """
    folder = data or settings_file.data_folder()
    store: Store | None = None
    if (folder / FILE).is_file():  # a look must not make a store, nor a key that knows no slip
        try:
            store = Store.open(folder)
        except StoreError as error:
            print(f"the store in {folder} does not open: {error.code}", file=sys.stderr)
            return 1
    else:
        print(f"no store in {folder}: codes are read but not checked", file=sys.stderr)
    try:
        entries = _checked(images, store, folder) if store else _entries(images, CodeReader(), None)
    except SettingsInvalid as error:
        print(f"{error.context['where']}: {error.context['reason']}", file=sys.stderr)
        return 1
    finally:
        if store:
            store.close()
    if as_json:
        print(json.dumps(entries, ensure_ascii=False, indent=1))
    else:
        for entry in entries:
            _tell(entry)
    return 0


def _checked(images: list[Path], store: Store, folder: Path) -> list[dict[str, object]]:
    settings = settings_file.load(folder)
    codes = HallCodes(store, settings)
    desk = SlipDesk(store, Clock(ZoneInfo(settings.timezone)), codes)
    return _entries(images, CodeReader(codes.county_address), desk)


def _entries(images: list[Path], reader: CodeReader, desk: SlipDesk | None) -> list[dict[str, object]]:
    seen: set[str] = set()
    entries: list[dict[str, object]] = []
    for path in images:
        picture = load_picture(path)
        texts = () if isinstance(picture, Problem) else reader.read_image(picture)
        problem = picture.value if isinstance(picture, Problem) else None if texts else "no_code"
        codes = []
        for text in texts:
            # the same slip on two of these pictures
            codes.append({"text": text} | _judged(desk, text) | {"repeated": text in seen})
            seen.add(text)
        entries.append({"file": str(path), "codes": codes, "problem": problem})
    return entries


def _judged(desk: SlipDesk | None, text: str) -> dict[str, object]:
    if desk is None:
        return {"standing": None}
    found: SlipStanding = desk.check(text)
    return {
        "standing": found.standing.value,
        "slip_number": found.slip_number,
        "kind": found.kind,
        "state": found.state,
        "seeker": found.masked_name,
        "job": found.job,
        "valid_until": found.valid_until.isoformat(timespec="minutes") if found.valid_until else None,
    }


def _tell(entry: dict[str, object]) -> None:
    print(entry["file"])
    codes = entry["codes"]
    if not isinstance(codes, list) or not codes:
        print(f"  {entry['problem']}")
        return
    for code in codes:
        parts = (code.get("slip_number"), code.get("seeker"), code.get("job"), code.get("valid_until"))
        said = WORDS.get(str(code["standing"]), "未核对") + ("（与前面重复）" if code["repeated"] else "")
        print("  " + "  ".join([said, *(str(part) for part in parts if part), code["text"]]))
