"""The referral desk: one seeker to one posting, and the match slip that says so (S9; 38号 二, 003 ¶10)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import (
    Employer,
    Hall,
    Occupation,
    Origin,
    Posting,
    PostingState,
    PrintJob,
    Referral,
    ReferralState,
    ReviewState,
    Seeker,
)
from db.print_journal import enqueue
from db.store import Store
from kiosk import words
from kiosk.clock import Clock
from kiosk.errors import Banned, ForbiddenWork, NotFound, PostingClosed, PostingFull, Refused, UnderAge
from kiosk.identity import number as id_number
from kiosk.identity.document import Sex
from kiosk.identity.slip_code import CodeKind, SlipCode, SlipCodes, slip_number
from kiosk.jobs.bans import ban_of
from kiosk.jobs.board import JobBoard
from kiosk.jobs.cards import Handover, JobDetail
from kiosk.jobs.openings import taken
from kiosk.jobs.work_law import WorkLaw, work_law
from kiosk.language import Language
from kiosk.printing_desk import PrintDesk
from kiosk.seekers.card import WORKING_AGE, SeekerCard
from kiosk.settings import Settings
from kiosk.staff import audit
from printing import bitmap, slip_json
from printing.profile import profile
from printing.slip import Slip
from printing.slips.match_slip import MatchSlip, match_slip

OPEN = (ReferralState.ISSUED, ReferralState.MET, ReferralState.HIRED)


class ReferralDesk:
    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Clock,
        codes: SlipCodes,
        board: JobBoard,
        printing: PrintDesk | None = None,
        law: WorkLaw | None = None,
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._codes = codes
        self._board = board
        self._printing = printing or PrintDesk(store)
        self._law = law or work_law()
        self._profile = profile(settings.printers[0].profile if settings.printers else "generic-80")

    def refer(self, seeker: SeekerCard, posting_id: UUID, language: Language | None = None) -> Handover:
        """Write the referral and queue its slip, in one transaction. Asked again, the same slip comes back.

        Raises PostingFull, PostingClosed, ForbiddenWork, UnderAge, NotFound, Refused(reason=too_many_open).
        """
        language = language or Language()
        now = self._clock.now()
        with self._store.write() as session:
            self._lapse(session, now)
            posting = session.get(Posting, posting_id)
            person = session.get(Seeker, seeker.id)
            if posting is None or person is None:
                raise NotFound(what="posting" if posting is None else "seeker")
            held = session.scalars(
                select(Referral).where(
                    Referral.seeker_id == person.id,
                    Referral.posting_id == posting.id,
                    Referral.state.in_(OPEN),
                )
            ).first()
            if held is not None:
                job = session.scalars(
                    select(PrintJob)
                    .where(PrintJob.document == document(held.id))
                    .order_by(PrintJob.copy.desc())
                ).first()
                if job is None:
                    raise NotFound(what="print_job")
                referral, print_job, slip = held, job.id, slip_json.decode(job.slip)
            else:
                self._check(session, person, posting, now)
                referral = self._write(session, person, posting, now)
                slip = self._slip(session, referral, person, posting, language)
                print_job = self._queue(session, referral, slip, now)
        self._printing.wake()
        detail = self._board.detail(posting_id, seeker)
        return self._handover(referral, detail, print_job, slip, repeated=held is not None)

    def lapse_due(self) -> int:
        """Referrals nobody confirmed in time give their opening back; how many."""
        with self._store.write() as session:
            return self._lapse(session, self._clock.now())

    def valid_until(self, posting: Posting, issued: datetime) -> datetime:
        """The set hours after issue, and never past the posting's last hour."""
        zone = self._clock.zone
        last_day = datetime.combine(posting.ends_on, time(), zone)
        if posting.closes_minute <= posting.opens_minute:
            last_day += timedelta(days=1)
        over = last_day + timedelta(minutes=posting.closes_minute)
        return min(issued + timedelta(hours=self._settings.referral.valid_hours), over)

    def _check(self, session: Session, person: Seeker, posting: Posting, now: datetime) -> None:
        employer = session.get_one(Employer, posting.employer_id)
        over = self.valid_until(posting, now) <= now
        if posting.state is not PostingState.PUBLISHED or employer.state is not ReviewState.APPROVED or over:
            raise PostingClosed(posting=str(posting.id))
        age = id_number.age_on(person.birth, self._clock.today())
        if age < WORKING_AGE:  # 004 annex 2 art. 7(一)
            raise UnderAge()
        for rule in self._law.rules_for(age, Sex(person.sex)):  # 004 annex 2 art. 7(二)
            if rule.hits(posting.occupation_id, filter(None, posting.conditions.split(","))):
                raise ForbiddenWork(rule=rule.key)
        today = self._clock.today()
        if ban_of(session, today, employer=employer.id) is not None:  # 004 annex 2 art. 12
            raise PostingClosed(posting=str(posting.id))
        ban = ban_of(session, today, person=person.number_index)
        if ban is not None:  # 004 annex 2 art. 10
            raise Banned(reason=f"ban_{ban.reason.value}", until=ban.until.isoformat())
        gone = taken(session, self._store.origin.hall_id, [posting.id])
        if gone.get(posting.id, 0) >= posting.openings:
            raise PostingFull(posting=str(posting.id))
        held = session.scalar(
            select(func.count()).where(
                Referral.seeker_id == person.id, Referral.state == ReferralState.ISSUED
            )
        )
        if (held or 0) >= self._settings.referral.most_open:
            raise Refused(reason="too_many_open", most=self._settings.referral.most_open)

    def _write(self, session: Session, person: Seeker, posting: Posting, now: datetime) -> Referral:
        origin = session.get_one(Origin, 1)
        origin.slip_serial += 1
        referral = Referral(
            id=uuid7(),
            seeker_id=person.id,
            posting_id=posting.id,
            slip_number=slip_number(origin.device_number, origin.slip_serial),
            slip_serial=origin.slip_serial,
            state=ReferralState.ISSUED,
            issued_at=now,
            valid_until=self.valid_until(posting, now),
        )
        session.add(referral)
        audit.record(session, now, audit.KIOSK, "referral_issued", str(referral.id), posting=str(posting.id))
        return referral

    def _slip(
        self, session: Session, referral: Referral, person: Seeker, posting: Posting, language: Language
    ) -> Slip:
        hall = session.get_one(Hall, self._store.origin.hall_id)
        employer = session.get_one(Employer, posting.employer_id)
        trade = session.scalars(select(Occupation).where(Occupation.key == posting.occupation_id)).one()
        number = self._store.keys.open(person.number_sealed, person.id.bytes)
        device = self._store.origin.device_number
        local = self._clock.local
        say = language.text
        km = self._board.km(posting.latitude, posting.longitude)
        values = MatchSlip(
            hall_name=hall.name,
            station=say("{number} 号自助机", number=device),
            number=referral.slip_number,
            code=self._codes.make(SlipCode(CodeKind.MATCH_SLIP, device, referral.slip_serial)),
            seeker_name=person.name if self._settings.slips.full_name else id_number.mask_name(person.name),
            seeker_number_masked=id_number.mask(number),
            seeker_phone_masked=mask_phone(person.phone or ""),
            occupation=posting.title,
            level=f"{language.pick(trade.name, trade.name_en)} {words.level_text(posting.level, language)}",
            employer=employer.name,
            contact_name=posting.contact_name,
            contact_phone=posting.contact_phone,
            place=posting.place,
            distance_text=words.km_text(km, language),
            start_text=self._start_text(posting, language),
            hours_text=words.hours_text(posting.opens_minute, posting.closes_minute, language),
            pay_text=words.pay_text(posting.pay, posting.pay_unit, language),
            settlement_text=words.settlement_text(posting.settlement, language),
            openings_note=say("{count} 人", count=posting.openings),
            issued_at_text=words.moment_text(local(referral.issued_at), language),
            valid_until_text=words.moment_text(local(referral.valid_until), language),
            hotline=f"{hall.hotline} / {hall.complaint_line}",
            notes=(
                say("零工市场求职、对接全程免费，不收费。"),
                say("遇到收费、扣证件、欠薪，请打服务与投诉电话。"),
            ),
            language="en" if language.code == "en" else "zh",
        )
        return match_slip(values)

    def _start_text(self, posting: Posting, language: Language) -> str:
        now = self._clock.local()
        first = max(posting.starts_on, now.date())
        begun = first == now.date() and posting.opens_minute <= now.hour * 60 + now.minute
        if begun and first < posting.ends_on:  # today's shift has begun: tomorrow is the first one to come to
            first += timedelta(days=1)
        return words.moment_text(
            datetime.combine(first, time(posting.opens_minute // 60, posting.opens_minute % 60)), language
        )

    def _queue(self, session: Session, referral: Referral, slip: Slip, now: datetime) -> UUID:
        expires = now + self._settings.paper_lives
        job = enqueue(session, document(referral.id), slip.kind, slip_json.encode(slip), expires)
        return job.id

    def _handover(
        self, referral: Referral, detail: JobDetail, print_job: UUID, slip: Slip, *, repeated: bool
    ) -> Handover:
        return Handover(
            referral=referral.id,
            slip_number=referral.slip_number,
            print_job=print_job,
            preview=bitmap.preview(slip, self._profile),
            job=detail.card,
            contact_name=detail.contact_name,
            contact_phone=detail.contact_phone,
            issued_at=self._clock.local(referral.issued_at),
            valid_until=self._clock.local(referral.valid_until),
            repeated=repeated,
        )

    @staticmethod
    def _lapse(session: Session, now: datetime) -> int:
        due = session.scalars(
            select(Referral).where(Referral.state == ReferralState.ISSUED, Referral.valid_until <= now)
        ).all()
        for referral in due:
            referral.state = ReferralState.LAPSED
            referral.reason = "not_confirmed"
        session.flush()
        return len(due)


def document(referral: UUID) -> str:
    """What the print journal calls this slip."""
    return f"referral:{referral}"


def mask_phone(phone: str) -> str:
    """139 **** 1234."""
    return f"{phone[:3]} **** {phone[-4:]}" if len(phone) == 11 else ""
