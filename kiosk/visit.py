"""The seeker's visit as data: which step, what is known so far, what leads where (004 annex 7, spec §1).

What is still missing decides what comes next, so a new seeker, a known one and one who only looks around walk
the same road. No Qt in here; the screens follow `step`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from db.models import SkillLevel
from kiosk.identity.document import IdentityDocument
from kiosk.seekers.card import Hardship, SeekerCard


class Step(StrEnum):
    """One step is one screen."""

    ATTRACT = "attract"
    HOME = "home"
    CONSENT = "consent"
    IDENTIFY = "identify"
    TYPE_NUMBER = "type_number"
    TYPE_NAME = "type_name"
    CONFIRM = "confirm"
    REFUSED = "refused"
    PHONE = "phone"
    HARDSHIP = "hardship"
    TRADES = "trades"
    JOBS = "jobs"
    SEARCH = "search"
    FILTERS = "filters"
    JOB = "job"
    SLIP = "slip"
    DONE = "done"
    HELP = "help"
    NOTICE = "notice"
    ERROR = "error"


# The ways to say who one is; among themselves a way back leads from one to the one before.
READING = {Step.IDENTIFY, Step.TYPE_NUMBER, Step.TYPE_NAME}
# Steps that a way back from further on never returns to: what they did is done, or the person has left it behind.
PASSING = {Step.ATTRACT, Step.REFUSED, Step.SLIP, Step.ERROR} | READING
# Steps that show something of the person; none of them may be reached once the person is forgotten.
PERSONAL = {Step.CONFIRM, Step.PHONE, Step.HARDSHIP, Step.TRADES, Step.SLIP, Step.DONE}
# Steps opened from anywhere, which change nothing about the visit.
ASIDE = {Step.HELP, Step.NOTICE, Step.ERROR}
# Where the progress line stands: 1 identity, 2 phone, 3 trades, 4 job, 5 slip.
PROGRESS = {
    Step.CONSENT: 1,
    Step.IDENTIFY: 1,
    Step.TYPE_NUMBER: 1,
    Step.TYPE_NAME: 1,
    Step.CONFIRM: 1,
    Step.PHONE: 2,
    Step.HARDSHIP: 2,
    Step.TRADES: 3,
    Step.JOBS: 4,
    Step.SEARCH: 4,
    Step.FILTERS: 4,
    Step.JOB: 4,
    Step.SLIP: 5,
    Step.DONE: 5,
}


@dataclass
class Visit:
    """One person's session, in memory only. A new visit is a new object; `Visit()` knows nothing."""

    step: Step = Step.ATTRACT
    consent_at: datetime | None = None
    document: IdentityDocument | None = None
    confirmed: bool = False
    seeker: SeekerCard | None = None
    phone: str | None = None
    hardship: frozenset[Hardship] | None = None
    trades: Mapping[str, SkillLevel] | None = None
    job: UUID | None = None  # the posting looked at
    wants_job: bool = False  # 我要应聘 was tapped before the person was known
    looking_around: bool = False
    taps: int = 0
    _trail: list[Step] = field(default_factory=list)

    # --- what a person does -----------------------------------------------------------------------

    def start(self) -> None:
        """找活干 on the welcome or home screen."""
        self._go(self._missing())

    def home(self) -> None:
        self.wants_job = False
        self._go(Step.HOME)

    def aside(self, step: Step) -> None:
        """Help, a notice or an error, from anywhere; `back` returns."""
        self._go(step)

    def consent(self, at: datetime) -> None:
        self.consent_at = at
        self._go(self._missing())

    def look_around(self) -> None:
        """Browse jobs without identifying."""
        self.looking_around = True
        self.jobs()

    def type_number(self) -> None:
        self._go(Step.TYPE_NUMBER)

    def type_name(self) -> None:
        self._go(Step.TYPE_NAME)

    def identified(self, document: IdentityDocument | None, seeker: SeekerCard | None, certain: bool) -> None:
        """A source gave a person. A known one whose card was read without doubt need not confirm (S4)."""
        if self.document is not None or self.seeker is not None:
            self._forget_person()  # nothing of an earlier reading may cling to this one
        self.document = document
        self.seeker = seeker
        self.confirmed = certain and seeker is not None
        if seeker is not None:
            self.phone = seeker.phone or None
            self.hardship = seeker.hardship
            self.trades = dict(seeker.trades) or None
        self._go(self._missing())

    def refused(self) -> None:
        """Under 16: everything about the person is forgotten at once (004 annex 2 art. 7)."""
        self._forget_person()
        self.consent_at = self.job = None
        self.wants_job = False
        self._trail.clear()
        self.step = Step.REFUSED

    def confirm(self) -> None:
        self.confirmed = True
        self._go(self._missing())

    def not_me(self) -> None:
        """The reading was somebody else's, or wrong: read again."""
        self._go(Step.IDENTIFY)
        self._forget_person()

    def give_phone(self, phone: str) -> None:
        self.phone = phone
        self._go(self._missing())

    def give_hardship(self, hardship: frozenset[Hardship]) -> None:
        self.hardship = hardship
        self._go(self._missing())

    def give_trades(self, trades: Mapping[str, SkillLevel]) -> None:
        self.trades = dict(trades)
        self._go(self._missing())

    def registered(self, seeker: SeekerCard) -> None:
        """The desk wrote the seeker down; nothing changes on the screen."""
        self.seeker = seeker

    def change_phone(self) -> None:
        self._change(Step.PHONE)

    def change_trades(self) -> None:
        self._change(Step.TRADES)

    def search(self) -> None:
        self._go(Step.SEARCH)

    def filters(self) -> None:
        self._go(Step.FILTERS)

    def jobs(self) -> None:
        self.wants_job = False
        self._go(Step.JOBS)

    def open_job(self, posting: UUID) -> None:
        self.job = posting
        self.wants_job = False
        self._go(Step.JOB)

    def apply(self) -> bool:
        """我要应聘. True: the desk may refer now; False: the person must be known first and comes back here."""
        self.wants_job = True
        missing = self._missing()
        if missing is Step.JOB:
            self.wants_job = False
            return True
        self._go(missing)
        return False

    def slip(self) -> None:
        self._go(Step.SLIP)

    def done(self) -> None:
        self._go(Step.DONE)

    def back(self) -> None:
        """One step back; from the first step, home."""
        self.step = self._trail.pop() if self._trail else Step.HOME
        if self.step in {Step.HOME, Step.JOBS, Step.JOB}:
            self.wants_job = False  # turned round before the person was known

    @property
    def can_go_back(self) -> bool:
        return self.step not in {Step.ATTRACT, Step.HOME, Step.DONE, Step.SLIP, Step.REFUSED}

    @property
    def progress(self) -> int | None:
        """1…5 on the progress line, or None where there is none."""
        return None if self.looking_around and not self.consent_at else PROGRESS.get(self.step)

    # --- rules ------------------------------------------------------------------------------------

    def _missing(self) -> Step:
        """The first thing the hall still needs to know; with everything known, the jobs."""
        if self.consent_at is None:
            return Step.CONSENT
        if self.document is None and self.seeker is None:
            return Step.IDENTIFY
        if not self.confirmed:
            return Step.CONFIRM
        if self.phone is None:
            return Step.PHONE
        if self.hardship is None:
            return Step.HARDSHIP
        if self.trades is None:
            return Step.TRADES
        return Step.JOB if self.wants_job else Step.JOBS

    def _go(self, step: Step) -> None:
        if step is self.step:
            return
        if self.step not in {Step.ATTRACT, Step.ERROR}:
            self._trail.append(self.step)
        if step not in ASIDE:  # from there the way back leads to wherever the person was
            left = (PASSING | ASIDE) - (READING if step in READING else set())
            self._trail = [past for past in self._trail if past not in left]
            if step in self._trail:
                del self._trail[self._trail.index(step) :]
        self.step = step

    def _change(self, step: Step) -> None:
        """Answer an earlier question anew; the way back leads here, not to what came before that question."""
        self._trail = [past for past in self._trail if past is not step]
        self._go(step)

    def _forget_person(self) -> None:
        self.document = self.seeker = self.phone = self.hardship = self.trades = None
        self.confirmed = False
        self._trail = [past for past in self._trail if past not in PERSONAL]


@dataclass(frozen=True)
class IdleRule:
    """60 s without a touch → "您还在吗？", 30 s more → wipe (design §6). Seconds; set in kiosk.toml."""

    warn_after: float = 60.0
    wipe_after: float = 30.0
    done_after: float = 20.0  # the last screen goes by itself

    def warning_left(self, idle: float) -> int | None:
        """Whole seconds left on the warning, None while it does not show; 0: wipe now."""
        if idle < self.warn_after:
            return None
        left = self.warn_after + self.wipe_after - idle
        return max(0, -int(-left // 1))
