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
    TOOLS = "tools"
    TOOL = "tool"
    TOOL_ASKED = "tool_asked"
    RECORDS = "records"
    HELP = "help"
    NOTICE = "notice"
    ERROR = "error"


# The ways to say who one is; among themselves a way back leads from one to the one before.
READING = {Step.IDENTIFY, Step.TYPE_NUMBER, Step.TYPE_NAME}
# Steps that a way back from further on never returns to: what they did is done, or the person has left it behind.
PASSING = {Step.ATTRACT, Step.REFUSED, Step.SLIP, Step.TOOL_ASKED, Step.ERROR} | READING
# Steps that show something of the person; none of them may be reached once the person is forgotten.
PERSONAL = {
    Step.CONFIRM,
    Step.PHONE,
    Step.HARDSHIP,
    Step.TRADES,
    Step.SLIP,
    Step.DONE,
    Step.TOOL_ASKED,
    Step.RECORDS,
}
# Steps one may stand at without having said who one is: turning round to them drops what one was on the way to.
OPEN = {Step.HOME, Step.JOBS, Step.JOB, Step.TOOLS, Step.TOOL}
# Where a look around leads from the question who one is.
AROUND = {Step.JOBS: Step.JOBS, Step.JOB: Step.JOBS, Step.TOOL: Step.TOOLS, Step.RECORDS: Step.HOME}
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
    tool: UUID | None = None  # the tool model looked at
    aim: Step = (
        Step.JOBS
    )  # where all that is missing leads: 我要应聘, 我要租 or 我的记录 may have asked for it
    looking_around: bool = False
    taps: int = 0
    _trail: list[Step] = field(default_factory=list)

    # --- what a person does -----------------------------------------------------------------------

    def start(self) -> None:
        """找活干 on the welcome or home screen."""
        self.aim = Step.JOBS
        self._go(self._missing())

    def home(self) -> None:
        self.aim = Step.JOBS
        self._go(Step.HOME)

    def aside(self, step: Step) -> None:
        """Help, a notice or an error, from anywhere; `back` returns."""
        self._go(step)

    def consent(self, at: datetime) -> None:
        self.consent_at = at
        self._go(self._missing())

    def look_around(self) -> None:
        """Browse without identifying: jobs, or the tools one came from."""
        self.looking_around = True
        around, self.aim = AROUND[self.aim], Step.JOBS
        self._go(around)

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
            # who only borrowed a tool so far was never asked; that one is older, nobody asks
            asked = seeker.trades or seeker.hardship - {Hardship.OLDER}
            self.hardship = seeker.hardship if asked else None
            self.trades = dict(seeker.trades) or None
        self._go(self._missing())

    def refused(self) -> None:
        """Under 16: everything about the person is forgotten at once (004 annex 2 art. 7)."""
        self._forget_person()
        self.consent_at = self.job = self.tool = None
        self.aim = Step.JOBS
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
        self.aim = Step.JOBS
        self._go(Step.JOBS)

    def open_job(self, posting: UUID) -> None:
        self.job = posting
        self.aim = Step.JOBS
        self._go(Step.JOB)

    def apply(self) -> bool:
        """我要应聘. True: the desk may refer now; False: the person must be known first and comes back here."""
        return self._wants(Step.JOB)

    def slip(self) -> None:
        self._go(Step.SLIP)

    def done(self) -> None:
        self._go(Step.DONE)

    def tools(self) -> None:
        """租工具: browse, needs nobody's name."""
        self.aim = Step.JOBS
        self._go(Step.TOOLS)

    def open_tool(self, model: UUID) -> None:
        self.tool = model
        self.aim = Step.JOBS
        self._go(Step.TOOL)

    def want_tool(self) -> bool:
        """我要租. True: the desk may write the wish down now; False: as for `apply`."""
        return self._wants(Step.TOOL)

    def tool_asked(self) -> None:
        self._go(Step.TOOL_ASKED)

    def records(self) -> None:
        """我的记录, once the person is known."""
        self.aim = Step.RECORDS
        self._go(self._missing())

    def back(self) -> None:
        """One step back; from the first step, home."""
        self.step = self._trail.pop() if self._trail else Step.HOME
        if self.step in OPEN:
            self.aim = Step.JOBS  # turned round before the person was known

    @property
    def can_go_back(self) -> bool:
        last = {Step.DONE, Step.SLIP, Step.TOOL_ASKED, Step.REFUSED}
        return self.step not in {Step.ATTRACT, Step.HOME} | last

    @property
    def progress(self) -> int | None:
        """1…5 on the progress line to a slip, or None where there is none."""
        if self.aim in {Step.TOOL, Step.RECORDS}:
            return None
        return None if self.looking_around and not self.consent_at else PROGRESS.get(self.step)

    # --- rules ------------------------------------------------------------------------------------

    def _missing(self) -> Step:
        """The first thing the hall still needs to know for `aim`; with everything known, the aim itself."""
        if self.consent_at is None:
            return Step.CONSENT
        if self.document is None and self.seeker is None:
            return Step.IDENTIFY
        if not self.confirmed:
            return Step.CONFIRM
        if self.aim is Step.RECORDS:
            return Step.RECORDS
        if self.phone is None:
            return Step.PHONE
        if self.aim is Step.TOOL:  # lent to whoever can be reached; the rest is asked of who looks for work
            return Step.TOOL
        if self.hardship is None:
            return Step.HARDSHIP
        if self.trades is None:
            return Step.TRADES
        return self.aim

    def _wants(self, aim: Step) -> bool:
        """Whether everything `aim` needs is known; if not, the way to it begins."""
        self.aim = aim
        missing = self._missing()
        if missing is aim:
            self.aim = Step.JOBS
            return True
        self._go(missing)
        return False

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
