"""What a match slip that somebody brings is worth: valid, expired, used, tampered with, foreign (S9; 38号 二).

For the counter and the command line. Nothing is changed here; confirming the result is the referral desk's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from db.models import Posting, Referral, ReferralState, Seeker
from db.slip_token import SIGNATURE_CHARACTERS
from db.store import Store
from kiosk.clock import Clock
from kiosk.errors import CodeInvalid
from kiosk.identity import number as id_number
from kiosk.identity.slip_code import CodeKind, SlipCode, SlipCodes, claimed, slip_number

NUMBER = re.compile(r"\d{2,5}-\d{6}")
# Two unrelated signatures agree in five of nine places four times in a million, in eight 2.5 times in 10^10.
SAME_NUMBER = 5
ANY_NUMBER = 8


class Standing(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    USED = "used"  # its result was confirmed already, or it was taken back: see `state`
    TAMPERED = "tampered"  # was ours before somebody, or a bad print, changed it
    FOREIGN = "foreign"  # another hall's, or no slip's code at all
    UNKNOWN = "unknown"  # our signature, but this store has no such slip (another device's, not yet synced)
    OTHER = "other"  # our signature, but not on a match slip: see `kind`


@dataclass(frozen=True)
class SlipStanding:
    """`slip_number` of a tampered slip is only what it claims; the fields below it are filled for known slips."""

    standing: Standing
    slip_number: str | None = None
    kind: str | None = None
    state: str | None = None  # the referral's
    referral: UUID | None = None
    masked_name: str | None = None
    job: str | None = None
    valid_until: datetime | None = None  # on the hall's wall clock


class SlipDesk:
    def __init__(self, store: Store, clock: Clock, codes: SlipCodes) -> None:
        self._store = store
        self._clock = clock
        self._codes = codes

    def check(self, text: str) -> SlipStanding:
        """What the code's text, or a typed slip number, stands for; says so of any text, never raises CodeInvalid."""
        if NUMBER.fullmatch(text.strip()):
            return self._known(text.strip(), CodeKind.MATCH_SLIP.name.lower())
        try:
            code = self._codes.read(text)
        except CodeInvalid as error:
            if error.context.get("reason") in ("version", "kind"):  # signed by us, later than this program
                return SlipStanding(Standing.OTHER)
            return self._unsigned(text)
        if code.kind is not CodeKind.MATCH_SLIP:
            return SlipStanding(Standing.OTHER, code.slip_number, code.kind.name.lower())
        return self._known(code.slip_number, code.kind.name.lower())

    def _known(self, number: str, kind: str) -> SlipStanding:
        with self._store.read() as session:
            row = session.execute(
                select(Referral, Seeker.name, Posting.title)
                .join(Seeker, Referral.seeker_id == Seeker.id)
                .join(Posting, Referral.posting_id == Posting.id)
                .where(Referral.slip_number == number)
            ).one_or_none()
            if row is None:
                return SlipStanding(Standing.UNKNOWN, number, kind)
            referral, name, title = row
            return SlipStanding(
                self._standing(referral.state, referral.valid_until),
                number,
                kind,
                referral.state.value,
                referral.id,
                id_number.mask_name(name),
                title,
                self._clock.local(referral.valid_until),
            )

    def _standing(self, state: ReferralState, valid_until: datetime) -> Standing:
        if state is ReferralState.LAPSED:
            return Standing.EXPIRED
        if state is ReferralState.ISSUED:
            return Standing.VALID if self._clock.now() < valid_until else Standing.EXPIRED
        # once the two have met it no longer lapses (ReferralDesk), and waits for its result
        return Standing.VALID if state is ReferralState.MET else Standing.USED

    def _unsigned(self, text: str) -> SlipStanding:
        """Told apart by the signature's characters: an altered slip keeps most of its own, or those of another."""
        claim = claimed(text)
        if claim is None:
            return SlipStanding(Standing.FOREIGN)
        signature = text.strip().upper()[-SIGNATURE_CHARACTERS:]
        altered = self._agree(signature, claim) >= SAME_NUMBER or any(
            self._agree(signature, code) >= ANY_NUMBER for code in self._issued()
        )
        if not altered:
            return SlipStanding(Standing.FOREIGN)
        return SlipStanding(Standing.TAMPERED, slip_number(claim.device_number, claim.serial))

    def _issued(self) -> Iterable[SlipCode]:
        with self._store.read() as session:
            for number, serial in session.execute(select(Referral.slip_number, Referral.slip_serial)):
                yield SlipCode(CodeKind.MATCH_SLIP, int(number.partition("-")[0]), serial)

    def _agree(self, signature: str, code: SlipCode) -> int:
        return max(
            sum(a == b for a, b in zip(signature, token[-SIGNATURE_CHARACTERS:], strict=True))
            for token in self._codes.tokens(code)
        )
