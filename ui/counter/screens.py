"""Which place is which screen."""

from __future__ import annotations

from ui.counter.acquire import Acquire
from ui.counter.back import Back
from ui.counter.backdate import Backdate
from ui.counter.bans import Bans
from ui.counter.borrower import Borrower
from ui.counter.brief import Brief
from ui.counter.check import Check
from ui.counter.conflicts import Conflicts
from ui.counter.count import Counting, Counts
from ui.counter.day import Day
from ui.counter.dispute import NewDispute
from ui.counter.disputes import Disputes
from ui.counter.drawer import DrawerClosed, DrawerScreen
from ui.counter.enrol import Enrol
from ui.counter.found import Found
from ui.counter.give_back import GiveBack
from ui.counter.home import Home
from ui.counter.inspect import Inspect
from ui.counter.intake import IntakeScreen
from ui.counter.ledger import Ledger
from ui.counter.lend import Lend
from ui.counter.lent import Lent
from ui.counter.link import Link
from ui.counter.lockers import LockerIn, LockerOwner, Lockers
from ui.counter.model_form import ModelForm
from ui.counter.overdue import Overdue
from ui.counter.pay import Pay
from ui.counter.people import People, Person
from ui.counter.person_form import ChangeRoles, ComeBack, Hire, NewPin, SetUp
from ui.counter.photo_wall import PhotoWall
from ui.counter.places import Places
from ui.counter.prints import Prints
from ui.counter.rental_page import RentalPage
from ui.counter.requests import Requests
from ui.counter.rights import Rights
from ui.counter.screen import CounterScreen
from ui.counter.session import Place
from ui.counter.settle import Returned, Settle
from ui.counter.sign import Sign
from ui.counter.sign_in import SignIn
from ui.counter.stick import StickScreen
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
    Place.BACKDATE: Backdate,
    Place.RENTAL: RentalPage,
    Place.PHOTOS: PhotoWall,
    Place.DISPUTE: NewDispute,
    Place.DISPUTES: Disputes,
    Place.FOUND: Found,
    Place.STOCK: Stock,
    Place.TOOL: Tool,
    Place.INTAKE: IntakeScreen,
    Place.ACQUIRE: Acquire,
    Place.MODEL: ModelForm,
    Place.PLACES: Places,
    Place.COUNT: Counts,
    Place.COUNTING: Counting,
    Place.REQUESTS: Requests,
    Place.LOCKERS: Lockers,
    Place.LOCKER_OWNER: LockerOwner,
    Place.LOCKER_IN: LockerIn,
    Place.PERSON: Person,
    Place.ROLES: ChangeRoles,
    Place.COME_BACK: ComeBack,
    Place.LINK: Link,
    Place.ENROL: Enrol,
    Place.STICK: StickScreen,
    Place.CONFLICTS: Conflicts,
    Place.RIGHTS: Rights,
    Place.BANS: Bans,
}
