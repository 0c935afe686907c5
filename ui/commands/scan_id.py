"""`gighall scan-id`: what the camera path reads from pictures, in full. A diagnostic: its output is personal data."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kiosk.identity.card_photo import CardReader
from kiosk.identity.document import FIELDS, IdentityDocument, Reading, Sex

SEX = {Sex.MALE: "男", Sex.FEMALE: "女"}
LABELS = {
    "name": "姓名",
    "sex": "性别",
    "ethnicity": "民族",
    "birth": "出生",
    "address": "住址",
    "number": "号码",
}


def scan_id(images: list[Path], as_json: bool) -> int:
    """Prints one object a picture, in the order given; 0 whatever was on the pictures, a missing file included.

    Nothing is masked: whoever scans needs to compare every character. Nothing is kept either.
    """
    reader = CardReader()
    if as_json:
        print(
            json.dumps(
                [_entry(path, reader.read_file(path)) for path in images], ensure_ascii=False, indent=1
            )
        )
        return 0
    print("未遮盖的个人信息，仅供核对。 Unmasked personal data, for checking only.", file=sys.stderr)
    for path in images:
        entry = _entry(path, reader.read_file(path))
        print(path)
        fields, confidence = entry["fields"], entry["confidence"]
        if isinstance(fields, dict) and isinstance(confidence, dict):
            for name in FIELDS:
                sure = f"  {confidence[name]:.2f}" if name in confidence else ""
                print(f"  {LABELS[name]}  {fields[name] or '—'}{sure}")
        problems = entry["problems"]
        print(f"  问题  {', '.join(problems) if isinstance(problems, list) and problems else '无'}")
    return 0


def _entry(path: Path, reading: Reading) -> dict[str, object]:
    document = reading.document
    return {
        "file": str(path),
        "fields": {name: _field(document, name) for name in FIELDS},
        "confidence": dict(document.confidence) if document else {},
        "problems": [problem.value for problem in reading.problems],
    }


def _field(document: IdentityDocument | None, name: str) -> str | None:
    value = getattr(document, name) if document else None
    if value is None:
        return None
    return SEX[value] if isinstance(value, Sex) else str(value)
