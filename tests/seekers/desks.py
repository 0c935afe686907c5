"""The desks over one real store, put together as the app does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from db.models import SkillLevel
from db.store import Store
from kiosk.clock import Clock
from kiosk.identity.document import Sex
from kiosk.identity.slip_code import HallCodes, SlipCodes
from kiosk.jobs.board import JobBoard
from kiosk.jobs.referrals import ReferralDesk
from kiosk.seekers.card import Hardship, SeekerCard
from kiosk.seekers.registration import RegistrationDesk
from kiosk.settings import Settings
from tests.seekers.people import CONSENT, PHONE, document


@dataclass(frozen=True)
class Desks:
    store: Store
    registration: RegistrationDesk
    board: JobBoard
    referrals: ReferralDesk
    codes: SlipCodes

    def seeker(
        self,
        born: date = date(1985, 3, 4),
        sex: Sex = Sex.MALE,
        order: int = 0,
        hardship: frozenset[Hardship] = frozenset(),
        trades: Mapping[str, SkillLevel] | None = None,
    ) -> SeekerCard:
        return self.registration.register(document(born, sex, order), CONSENT, PHONE, hardship, trades or {})


def desks(store: Store, clock: Clock, settings: Settings | None = None) -> Desks:
    settings = settings or Settings()
    codes = HallCodes(store, settings)
    board = JobBoard(store, settings, clock)
    return Desks(
        store,
        RegistrationDesk(store, settings, clock, codes),
        board,
        ReferralDesk(store, settings, clock, codes, board),
        codes,
    )
