"""The page behind the code on a match slip: an employer says, once and without signing in, hired or not (spec S9).

The code is the right to do so: a signed token that stands on paper in the hand of the person it is about. Opening the
page changes nothing, whoever fetches it. What is confirmed becomes the referral's state, by the same steps as at the
counter, and reaches the hall with its next pull; a hall that said otherwise meanwhile is told by the list of conflicts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from db.county.base import County, Tx
from db.county.conflicts import NEXT
from db.county.console import masks, words
from db.county.console.web import Go, Page, Refused, Visit
from db.county.publish import own_row
from db.county.rows import read
from db.county.slip_keys import slip_key
from db.errors import TokenInvalid
from db.models import EmployerKind, ReferralState, now
from db.outbox import plain
from db.privacy import GONE
from db.slip_token import claimed, found, open_token

MATCH_SLIP = 1  # kiosk.identity.slip_code.CodeKind
REASON = "employer"  # `employer:skill`: said by the employer on this page
BY_NUMBER = "SELECT id, hall_id FROM referrals WHERE slip_number = %s ORDER BY id DESC"
# a hall that has no referral of that number (yet)
BY_DEVICE = "SELECT DISTINCT hall_id FROM enrolled WHERE number = %s"
SLIP = (
    "SELECT r.state, r.valid_until, r.updated_at, r.slip_number, r.seeker_id, p.title, p.place, p.starts_on,"
    " p.opens_minute, p.closes_minute, p.employer_id, e.kind, coalesce(h.name, ''), coalesce(h.hotline, ''),"
    " c.outcome, c.at"
    " FROM referrals r LEFT JOIN postings p ON p.id = r.posting_id LEFT JOIN employers e ON e.id = p.employer_id"
    " LEFT JOIN halls h ON h.id = r.hall_id LEFT JOIN confirmations c ON c.referral_id = r.id WHERE r.id = %s"
)


class Standing(StrEnum):
    OPEN = "open"
    DONE = "done"  # its result stands: see `state`
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    NOT_YET = "not_yet"  # signed by a hall whose rows have not come so far
    TAMPERED = "tampered"
    OTHER = "other"  # a receipt, a tag, a badge
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Slip:
    """Masked; what a stranger who holds the slip can read there anyway, or less."""

    number: str
    state: str
    seeker: str
    title: str
    employer: str
    hall: str
    hotline: str
    place: str
    starts: Any
    hours: str
    valid_until: datetime
    outcome: str = ""  # as confirmed on this page
    at: datetime | None = None


def show(visit: Visit) -> Page:
    """GET: changes nothing; phones and messengers fetch addresses on their own."""
    with visit.county.transaction() as tx:
        referral, standing = _found(tx, visit)
        slip = _slip(tx, visit.county, referral) if referral else None
    if slip is not None:
        standing = _standing(slip)
    return _page(visit, slip, standing)


def confirm(visit: Visit) -> Page | Go:
    """POST: once. Whoever comes second sees what stands."""
    chosen, why = visit.form.get("outcome", ""), visit.form.get("reason", "")
    if chosen not in ("hired", "declined") or (chosen == "declined" and why not in words.DECLINES):
        raise Refused(400, "请选择录用或未录用", "未录用的，请再选一个原因。")
    state = "no_show" if why == "no_show" and chosen == "declined" else chosen
    with visit.county.transaction() as tx:
        referral, standing = _found(tx, visit)
        if referral is None:
            return _page(visit, None, standing)
        # a push of this row waits here, or we for it
        tx.execute("SELECT 1 FROM referrals WHERE id = %s FOR UPDATE", (referral,))
        slip = _slip(tx, visit.county, referral)
        standing = _standing(slip) if slip else Standing.NOT_YET
        if slip is None or standing is not Standing.OPEN or state not in NEXT[ReferralState(slip.state)]:
            return _page(visit, slip, standing)
        reason = "" if chosen == "hired" else f"{REASON}:{why}"
        [[at]] = tx.execute(
            "INSERT INTO confirmations (referral_id, outcome, reason) VALUES (%s, %s, %s) RETURNING at",
            (referral, state, why),
        ).fetchall()
        said = {"state": state, "reason": reason, "hired_at": plain(at) if chosen == "hired" else None}
        own_row(tx, visit.county, "referrals", said, referral)
    return Go(visit.path)


def _found(tx: Tx, visit: Visit) -> tuple[UUID | None, Standing]:
    """The referral whose hall signed this token."""
    text = visit.parts["token"]
    try:
        found(text)
        claim = claimed(text)
    except TokenInvalid:
        return None, Standing.UNKNOWN
    number = f"{claim.device_number:02d}-{claim.serial:06d}"
    of_number = tx.execute(BY_NUMBER, (number,)).fetchall()
    for referral, hall in of_number:
        if _signed(tx, visit.county, hall, text):
            return (referral, Standing.OPEN) if claim.kind == MATCH_SLIP else (None, Standing.OTHER)
    for (hall,) in tx.execute(BY_DEVICE, (claim.device_number,)).fetchall():
        if _signed(tx, visit.county, hall, text):
            return None, Standing.NOT_YET if claim.kind == MATCH_SLIP else Standing.OTHER
    return None, Standing.TAMPERED if of_number else Standing.UNKNOWN


def _signed(tx: Tx, county: County, hall: UUID, text: str) -> bool:
    try:
        open_token(slip_key(tx, county, hall), text)
    except TokenInvalid:
        return False
    return True


def _slip(tx: Tx, county: County, referral: UUID) -> Slip | None:
    line = tx.execute(SLIP, (referral,)).fetchone()
    if line is None:
        return None
    (
        state,
        until,
        updated,
        number,
        seeker,
        title,
        place,
        starts,
        opens,
        closes,
        employer,
        kind,
        hall,
        hotline,
    ) = line[:14]
    outcome, at = line[14:]
    person = read(tx, county.keys, "seekers", [seeker], only=("id", "name")).get(seeker)
    firm = read(tx, county.keys, "employers", [employer] if employer else [], only=("id", "name")).get(
        employer
    )
    name = firm["name"] if firm and firm["name"] != GONE else ""
    return Slip(
        number,
        state,
        masks.name(person["name"]) if person else "",
        title or "",
        masks.name(name) if kind == EmployerKind.PERSON else name,
        hall,
        hotline,
        place or "",
        starts,
        "" if opens is None else f"{_clock(opens)}–{_clock(closes)}",
        until,
        outcome or "",
        at or updated,
    )


def _standing(slip: Slip) -> Standing:
    """As `kiosk.jobs.slip_check` has it: once the two have met it no longer lapses, and waits for its result."""
    if slip.outcome:
        return Standing.DONE
    match ReferralState(slip.state):
        case ReferralState.ISSUED:
            return Standing.OPEN if now() < slip.valid_until else Standing.EXPIRED
        case ReferralState.MET:
            return Standing.OPEN
        case ReferralState.LAPSED:
            return Standing.EXPIRED
        case ReferralState.CANCELLED | ReferralState.NO_SHOW:
            return Standing.WITHDRAWN
    return Standing.DONE


STATUS = {Standing.UNKNOWN: 404, Standing.TAMPERED: 404, Standing.OTHER: 404, Standing.NOT_YET: 404}


def _page(visit: Visit, slip: Slip | None, standing: Standing) -> Page:
    status = STATUS.get(standing, 410 if standing in (Standing.EXPIRED, Standing.WITHDRAWN) else 200)
    return Page("employer.html", {"slip": slip, "standing": standing.value}, status)


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"
