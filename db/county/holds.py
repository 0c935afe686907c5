"""What is still open between a person and a hall, and keeps their data for now: as `kiosk.county.holds` has it."""

from __future__ import annotations

from collections import Counter, defaultdict
from enum import StrEnum
from uuid import UUID

from db.county.base import Tx
from db.models import HOLDS_OPENING, RentalState


class Hold(StrEnum):
    """In the order in which it is told."""

    RENTAL = "open_rental"  # tools out, or a deposit in the drawer
    OWED = "open_debt"
    DISPUTE = "open_dispute"
    LOCKER = "open_locker"
    REFERRAL = "open_referral"


STATES = {
    "open": [state.value for state in HOLDS_OPENING if state.value != "finished"],
    "ended": [
        state.value
        for state in (RentalState.CLOSED, RentalState.REFUSED, RentalState.CANCELLED, RentalState.LAPSED)
    ],
}
# one line for each thing that is open, with the hall that has to end it
_OPEN = {
    Hold.RENTAL: "SELECT r.hall_id FROM rentals r WHERE r.seeker_id {whose} AND r.state <> ALL(%(ended)s)",
    Hold.OWED: "SELECT r.hall_id FROM rentals r JOIN tool_returns t ON t.rental_id = r.id"
    " WHERE r.seeker_id {whose} AND t.owed > t.owed_paid",
    Hold.DISPUTE: "SELECT r.hall_id FROM rentals r JOIN rental_lines l ON l.rental_id = r.id"
    " JOIN disputes d ON d.line_id = l.id WHERE r.seeker_id {whose} AND d.answered_at IS NULL",
    Hold.LOCKER: "SELECT u.hall_id FROM locker_uses u WHERE u.seeker_id {whose} AND u.collected_at IS NULL",
    Hold.REFERRAL: "SELECT r.hall_id FROM referrals r WHERE r.seeker_id {whose} AND r.state = ANY(%(open)s)",
}
# of `seekers s`, with STATES
NOTHING_OPEN = "".join(f" AND NOT EXISTS ({each.format(whose='= s.id')})" for each in _OPEN.values())


def holds(tx: Tx, seekers: list[UUID]) -> dict[UUID, Counter[Hold]]:
    """Hall → what is open there of these people, and how often; empty: nothing."""
    found: dict[UUID, Counter[Hold]] = defaultdict(Counter)
    for hold, each in _OPEN.items():
        lines = tx.execute(each.format(whose="= ANY(%(seekers)s)").encode(), {"seekers": seekers, **STATES})
        for (hall,) in lines:
            found[hall][hold] += 1
    return dict(found)
