"""Which step is which screen."""

from __future__ import annotations

from kiosk.visit import Step
from ui.visit.attract import Attract
from ui.visit.confirm import Confirm
from ui.visit.consent import Consent
from ui.visit.done import Done
from ui.visit.error import Error
from ui.visit.filters import Filters
from ui.visit.hardship import HardshipTicks
from ui.visit.help import Help
from ui.visit.home import Home
from ui.visit.identify import Identify
from ui.visit.job import Job
from ui.visit.jobs import Jobs
from ui.visit.notice import Notice
from ui.visit.phone import Phone
from ui.visit.records import Records
from ui.visit.refused import Refused
from ui.visit.screen import Screen
from ui.visit.search import Search
from ui.visit.slip import Slip
from ui.visit.tool import Tool
from ui.visit.tool_asked import ToolAsked
from ui.visit.tools import Tools
from ui.visit.trades import Trades
from ui.visit.type_name import TypeName
from ui.visit.type_number import TypeNumber

SCREENS: dict[Step, type[Screen]] = {
    Step.ATTRACT: Attract,
    Step.HOME: Home,
    Step.CONSENT: Consent,
    Step.IDENTIFY: Identify,
    Step.TYPE_NUMBER: TypeNumber,
    Step.TYPE_NAME: TypeName,
    Step.CONFIRM: Confirm,
    Step.REFUSED: Refused,
    Step.PHONE: Phone,
    Step.HARDSHIP: HardshipTicks,
    Step.TRADES: Trades,
    Step.JOBS: Jobs,
    Step.SEARCH: Search,
    Step.FILTERS: Filters,
    Step.JOB: Job,
    Step.SLIP: Slip,
    Step.DONE: Done,
    Step.TOOLS: Tools,
    Step.TOOL: Tool,
    Step.TOOL_ASKED: ToolAsked,
    Step.RECORDS: Records,
    Step.HELP: Help,
    Step.NOTICE: Notice,
    Step.ERROR: Error,
}
