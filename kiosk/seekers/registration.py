"""The registration desk: who comes in, and the quick registration of annex 7 (spec S1–S6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from db.models import DailyCount, Referral, Seeker, SeekerTrade, SkillLevel
from db.store import Store
from kiosk.clock import Clock
from kiosk.errors import CodeInvalid, InputInvalid, NotFound, UnderAge
from kiosk.identity import number as id_number
from kiosk.identity.document import Assurance, IdentityDocument, Problem, Sex
from kiosk.identity.slip_code import CodeKind, SlipCodes
from kiosk.seekers.card import WORKING_AGE, Hardship, SeekerCard
from kiosk.settings import Settings
from kiosk.staff import audit

# Below this a name read by the camera is asked about, however well the number stands.
CERTAIN = 0.90


class AdmissionKind(StrEnum):
    KNOWN = "known"
    NEW = "new"
    UNDER_AGE = "under_age"


@dataclass(frozen=True)
class Admission:
    """What the desk makes of a reading. `certain`: a known person who need not confirm."""

    kind: AdmissionKind
    seeker: SeekerCard | None = None
    certain: bool = False
    questions: tuple[Problem, ...] = ()


class RegistrationDesk:
    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Clock,
        codes: SlipCodes,
        elsewhere: Callable[[str], bool] = lambda number: False,
    ) -> None:
        """`elsewhere`: fetches who is unknown here but known to the county; False where nobody came."""
        self._elsewhere = elsewhere
        self._store = store
        self._settings = settings
        self._clock = clock
        self._codes = codes

    def admit(self, document: IdentityDocument, questions: tuple[Problem, ...] = ()) -> Admission:
        """Check a document: under 16 is refused and only counted; a known person is recognised, wherever in the county.

        Raises InputInvalid where the number cannot stand.
        """
        admission = self._admission(document, questions)
        if admission.kind is AdmissionKind.NEW and self._elsewhere(self._standing_number(document)):
            return self._admission(document, questions)
        return admission

    def _admission(self, document: IdentityDocument, questions: tuple[Problem, ...] = ()) -> Admission:
        """By what stands here."""
        number = self._standing_number(document)
        if id_number.age_on(_birth(number), self._clock.today()) < WORKING_AGE:
            self._count_under_age()
            return Admission(AdmissionKind.UNDER_AGE)
        with self._store.read() as session:
            found = session.scalars(
                select(Seeker).where(Seeker.number_index == self._store.keys.index(number))
            ).one_or_none()
            if found is None:
                return Admission(AdmissionKind.NEW, questions=questions)
            same_name = document.name is None or document.name.strip() == found.name
            if not same_name:
                questions = (*questions, Problem.FIELDS_DISAGREE)
            sure = (
                document.assurance >= Assurance.CAMERA
                and same_name
                and not questions
                and document.confidence.get("number", 0.0) >= CERTAIN
            )
            return Admission(AdmissionKind.KNOWN, self._card(found), sure, questions)

    def admit_by_code(self, text: str) -> Admission:
        """The holder of an earlier slip. Raises CodeInvalid for a code that is not ours, torn or unknown here."""
        code = self._codes.read(text)
        if code.kind is not CodeKind.MATCH_SLIP:
            raise CodeInvalid(reason="kind")
        with self._store.read() as session:
            found = session.scalars(
                select(Seeker)
                .join(Referral, Referral.seeker_id == Seeker.id)
                .where(Referral.slip_number == code.slip_number)
            ).one_or_none()
            if found is None:
                raise CodeInvalid(reason="unknown")
            # a slip can be found or lent: its holder always confirms
            return Admission(AdmissionKind.KNOWN, self._card(found))

    def register(
        self,
        document: IdentityDocument,
        consent_at: datetime,
        phone: str,
        hardship: frozenset[Hardship],
        trades: Mapping[str, SkillLevel],
    ) -> SeekerCard:
        """Write a new seeker, or bring a known one up to date; one transaction, once however often called.

        Raises UnderAge, InputInvalid.
        """
        if document.name is None or not document.name.strip():
            raise InputInvalid(field="name", reason=Problem.NAME_UNREAD)
        if not phone_stands(phone):
            raise InputInvalid(field="phone", reason="not a mobile number")
        admission = self._admission(document)
        if admission.kind is AdmissionKind.UNDER_AGE:
            raise UnderAge()
        number, now = self._standing_number(document), self._clock.now()
        with self._store.write() as session:
            index = self._store.keys.index(number)
            seeker = session.scalars(select(Seeker).where(Seeker.number_index == index)).one_or_none()
            act = "seeker_registered" if seeker is None else "seeker_updated"
            if seeker is None:
                seeker = Seeker(
                    id=uuid7(),
                    number_index=index,
                    sex=_sex(number).value,
                    birth=_birth(number),
                    name=document.name.strip(),
                    ethnicity=document.ethnicity,
                    address=document.address,
                    assurance=document.assurance,
                )
                seeker.number_sealed = self._store.keys.seal(number, seeker.id.bytes)
                session.add(seeker)
            elif document.assurance > seeker.assurance:
                seeker.assurance = document.assurance
                seeker.ethnicity = document.ethnicity or seeker.ethnicity
                seeker.address = document.address or seeker.address
            seeker.consent_version = self._settings.consent_version
            seeker.consent_at = consent_at
            seeker.phone = phone
            seeker.hardship = _joined(hardship)
            seeker.last_seen_at = now
            _set_trades(seeker, trades)
            session.flush()
            audit.record(session, now, audit.KIOSK, act, str(seeker.id), assurance=int(document.assurance))
            return self._card(seeker)

    def update(
        self,
        seeker_id: UUID,
        phone: str | None = None,
        hardship: frozenset[Hardship] | None = None,
        trades: Mapping[str, SkillLevel] | None = None,
        consent_at: datetime | None = None,
    ) -> SeekerCard:
        """A known seeker is here again; None leaves a field as it is. `consent_at`: they agreed anew."""
        if phone is not None and not phone_stands(phone):
            raise InputInvalid(field="phone", reason="not a mobile number")
        with self._store.write() as session:
            seeker = session.get(Seeker, seeker_id)
            if seeker is None:
                raise NotFound(what="seeker")
            seeker.last_seen_at = self._clock.now()
            if consent_at is not None:
                seeker.consent_at, seeker.consent_version = consent_at, self._settings.consent_version
            if phone is not None:
                seeker.phone = phone
            if hardship is not None:
                seeker.hardship = _joined(hardship)
            if trades is not None:
                _set_trades(seeker, trades)
            session.flush()
            return self._card(seeker)

    def _standing_number(self, document: IdentityDocument) -> str:
        """The document's number; raises InputInvalid where it cannot stand."""
        if document.number is None:
            raise InputInvalid(field="number", reason=Problem.NUMBER_UNREAD)
        for problem in id_number.check_number(document.number, self._clock.today()):
            if problem is not Problem.UNKNOWN_REGION:  # soft: the lists of regions are never complete
                raise InputInvalid(field="number", reason=problem)
        return id_number.normalise(document.number)

    def _card(self, seeker: Seeker) -> SeekerCard:
        today = self._clock.today()
        number = self._store.keys.open(seeker.number_sealed, seeker.id.bytes)
        age = id_number.age_on(seeker.birth, today)
        return SeekerCard(
            id=seeker.id,
            name=seeker.name,
            masked_name=id_number.mask_name(seeker.name),
            masked_number=id_number.mask(number),
            sex=Sex(seeker.sex),
            birth=seeker.birth,
            age=age,
            phone=seeker.phone or "",
            hardship=hardship_of(seeker.hardship, age, self._settings.ranking.older_from),
            trades={trade.occupation_id: trade.level for trade in seeker.trades},
        )

    def _count_under_age(self) -> None:
        """Nothing about the person is kept but a count (004 annex 2 art. 7, spec S3)."""
        day = self._clock.today().isoformat()
        with self._store.write() as session:
            device = session.info["origin"].device_id
            count = session.scalars(
                select(DailyCount).where(
                    DailyCount.device_id == device, DailyCount.day == day, DailyCount.kind == "under_16"
                )
            ).one_or_none()
            if count is None:
                count = DailyCount(day=day, kind="under_16", amount=0)
                session.add(count)
            count.amount += 1


def _birth(number: str) -> date:
    born = id_number.birth(number)
    if born is None:
        raise InputInvalid(field="number", reason=Problem.BAD_DATE)
    return born


def _sex(number: str) -> Sex:
    sex = id_number.sex(number)
    if sex is None:
        raise InputInvalid(field="number", reason=Problem.BAD_CHARACTER)
    return sex


def phone_stands(phone: str) -> bool:
    """A mainland mobile number: eleven digits, 1 and then 3–9."""
    return (
        len(phone) == 11 and phone.isascii() and phone.isdigit() and phone[0] == "1" and phone[1] in "3456789"
    )


def hardship_of(stored: str, age: int, older_from: int) -> frozenset[Hardship]:
    """What was ticked, and 大龄 from the birth date."""
    ticked = {Hardship(part) for part in stored.split(",") if part}
    return frozenset(ticked | ({Hardship.OLDER} if age >= older_from else set()))


def _joined(hardship: frozenset[Hardship]) -> str:
    return ",".join(sorted(hardship - {Hardship.OLDER}))


def _set_trades(seeker: Seeker, trades: Mapping[str, SkillLevel]) -> None:
    """Exactly these, in this order; a trade that stays keeps its row."""
    kept = {trade.occupation_id: trade for trade in seeker.trades}
    seeker.trades = [kept.get(key) or SeekerTrade(occupation_id=key) for key in trades]
    for position, (trade, level) in enumerate(zip(seeker.trades, trades.values(), strict=True)):
        trade.level = level
        trade.position = position
