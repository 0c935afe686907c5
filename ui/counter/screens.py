"""Which place is which screen."""

from __future__ import annotations

from ui.counter.borrower import Borrower
from ui.counter.brief import Brief
from ui.counter.check import Check
from ui.counter.day import Day
from ui.counter.drawer import DrawerClosed, DrawerScreen
from ui.counter.home import Home
from ui.counter.lend import Lend
from ui.counter.lent import Lent
from ui.counter.pay import Pay
from ui.counter.people import People
from ui.counter.person_form import Hire, SetUp
from ui.counter.prints import Prints
from ui.counter.screen import CounterScreen
from ui.counter.session import Place
from ui.counter.sign import Sign
from ui.counter.sign_in import SignIn

SCREENS: dict[Place, type[CounterScreen]] = {
    Place.SET_UP: SetUp,
    Place.SIGN_IN: SignIn,
    Place.HOME: Home,
    Place.PEOPLE: People,
    Place.HIRE: Hire,
    Place.PRINTS: Prints,
    Place.CHECK: Check,
    Place.BORROWER: Borrower,
    Place.LEND: Lend,
    Place.BRIEF: Brief,
    Place.SIGN: Sign,
    Place.PAY: Pay,
    Place.LENT: Lent,
    Place.DRAWER: DrawerScreen,
    Place.CLOSED: DrawerClosed,
    Place.DAY: Day,
}
