"""Invented persons: numbers with a right check character, phones nobody has."""

from __future__ import annotations

from datetime import UTC, date, datetime

from stdnum.iso7064 import mod_11_2

from kiosk.identity.document import Assurance, IdentityDocument, Sex

CONSENT = datetime(2026, 11, 19, 22, 0, tzinfo=UTC)
PHONE = "13900000001"


def number(born: date, sex: Sex = Sex.MALE, order: int = 0) -> str:
    """A citizen number of the region 110101; `order` 0…49 tells people born on one day apart."""
    digits = f"110101{born:%Y%m%d}{2 * order + (1 if sex is Sex.MALE else 0):03d}"
    return digits + str(mod_11_2.calc_check_digit(digits))


def document(
    born: date = date(1985, 3, 4),
    sex: Sex = Sex.MALE,
    order: int = 0,
    *,
    name: str | None = "样本甲",
    assurance: Assurance = Assurance.CAMERA,
    certain: float = 1.0,
) -> IdentityDocument:
    return IdentityDocument(
        assurance=assurance,
        name=name,
        sex=sex,
        birth=born,
        address="样本市样本路1号",
        number=number(born, sex, order),
        confidence={"name": certain, "number": certain},
    )
