"""Which place is which screen."""

from __future__ import annotations

from ui.counter.back import Back
from ui.counter.borrower import Borrower
from ui.counter.brief import Brief
from ui.counter.check import Check
from ui.counter.day import Day
from ui.counter.drawer import DrawerClosed, DrawerScreen
from ui.counter.give_back import GiveBack
from ui.counter.home import Home
from ui.counter.inspect import Inspect
from ui.counter.ledger import Ledger
from ui.counter.lend import Lend
from ui.counter.lent import Lent
from ui.counter.overdue import Overdue
from ui.counter.pay import Pay
from ui.counter.people import People
from ui.counter.person_form import Hire, NewPin, SetUp
from ui.counter.prints import Prints
from ui.counter.requests import Requests
from ui.counter.screen import CounterScreen
from ui.counter.session import Place
from ui.counter.settle import Returned, Settle
from ui.counter.sign import Sign
from ui.counter.sign_in import SignIn
from ui.counter.stock import Stock, Tool

SCREENS: dict[Place, type[CounterScreen]] = {
    Place.SET_UP: SetUp,
    Place.SIGN_IN: SignIn,
    Place.HOME: Home,
    Place.PEOPLE: People,
    Place.HIRE: Hire,
    Place.NEW_PIN: NewPin,
    Place.PRINTS: Prints,
    Place.CHECK: Check,
    Place.BORROWER: Borrower,
    Place.LEND: Lend,
    Place.BRIEF: Brief,
    Place.SIGN: Sign,
    Place.PAY: Pay,
    Place.LENT: Lent,
    Place.RETURN: GiveBack,
    Place.BACK: Back,
    Place.INSPECT: Inspect,
    Place.SETTLE: Settle,
    Place.RETURNED: Returned,
    Place.DRAWER: DrawerScreen,
    Place.CLOSED: DrawerClosed,
    Place.DAY: Day,
    Place.LEDGER: Ledger,
    Place.OVERDUE: Overdue,
    Place.STOCK: Stock,
    Place.TOOL: Tool,
    Place.REQUESTS: Requests,
}
