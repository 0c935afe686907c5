"""The job board: what a visitor sees of the published postings, ranked for this person (S6–S8)."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import UUID

import numpy as np
from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from db.models import (
    Employer,
    GuidanceWage,
    Occupation,
    Posting,
    Referral,
    ReferralState,
)
from db.store import Store
from kiosk.clock import Clock
from kiosk.errors import NotFound
from kiosk.jobs import ranking, search
from kiosk.jobs.bans import banned_employers
from kiosk.jobs.cards import (
    BoardSummary,
    JobCard,
    JobDetail,
    JobList,
    JobQuery,
    Reason,
    TradeGroup,
    TradeTile,
)
from kiosk.jobs.facts import SHOWN, Facts
from kiosk.jobs.openings import taken
from kiosk.jobs.work_law import WorkLaw, work_law
from kiosk.seekers.card import SeekerCard
from kiosk.settings import Settings


class JobBoard:
    """Reads only. Safe to call from several threads."""

    def __init__(self, store: Store, settings: Settings, clock: Clock, law: WorkLaw | None = None) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._law = law or work_law()
        self._facts = Facts(self._law, lambda: store.origin.hall_id)
        self._lock = threading.Lock()

    def summary(self) -> BoardSummary:
        """How many postings take people now, and how many people they want."""
        with self._store.read() as session, self._fresh(session) as facts:
            rows = facts.rows
            left = rows["left"][self._open(session, facts)]
            return BoardSummary(len(left), int(left.sum()))

    def trades(self, seeker: SeekerCard | None = None) -> tuple[TradeGroup, ...]:
        """All trades in their groups with their open postings; what the law closes to this person is left out."""
        closed = self._closed_trades(seeker)
        with self._store.read() as session, self._fresh(session) as facts:
            lawful = self._lawful(facts, seeker)
            open_rows = facts.rows[lawful & self._open(session, facts)]
            counts = np.bincount(open_rows["occupation"], minlength=len(facts.occupations))
            groups: dict[str, list[TradeTile]] = {}
            heads: dict[str, Occupation] = {}
            for trade in session.scalars(select(Occupation).order_by(Occupation.position)):
                if trade.key in closed:
                    continue
                at = facts.occupations.get(trade.key)
                jobs = 0 if at is None else int(counts[at])
                heads.setdefault(trade.group, trade)
                groups.setdefault(trade.group, []).append(
                    TradeTile(trade.key, trade.name, trade.name_en, trade.icon, jobs)
                )
        return tuple(
            TradeGroup(name, heads[name].group_en, heads[name].group_icon, tuple(tiles))
            for name, tiles in groups.items()
        )

    def find(self, query: JobQuery, seeker: SeekerCard | None = None) -> JobList:
        """Ranked ids of everything that fits the query and that the law lets this person do."""
        now = self._clock.local()
        with self._store.read() as session:
            hits = search.every_match(session, query.text) if query.text.strip() else None
            with self._fresh(session) as facts:
                rows = facts.rows
                chosen = self._open(session, facts)
                chosen &= ranking.asked_for(rows, query, facts.occupations, now)
                if hits is not None:
                    chosen &= np.isin(rows["number"], hits)
                lawful = self._lawful(facts, seeker)
                hidden = int((chosen & ~lawful).sum())
                chosen &= lawful
                fit = ranking.fit(
                    rows,
                    {
                        facts.occupations[key]: level
                        for key, level in (seeker.trades if seeker else {}).items()
                        if key in facts.occupations
                    },
                    seeker.hardship if seeker else frozenset(),
                    self._settings.ranking,
                    now,
                )
                at = ranking.order(rows, fit.points, query.sort, chosen, now)
                ids = tuple(map(facts.ids.__getitem__, at.tolist()))
        return JobList(ids, ReasonsOf(ids, facts, chosen, fit), hidden, len(ids))

    def cards(self, ids: Sequence[UUID], reasons: Mapping[UUID, tuple[Reason, ...]]) -> tuple[JobCard, ...]:
        """One page of the list, in the order asked for; a posting that is gone is left out."""
        with self._store.read() as session:
            found = {
                row.Posting.id: row
                for row in session.execute(
                    select(Posting, Occupation.name, Occupation.icon)
                    .join(Occupation, Occupation.key == Posting.occupation_id)
                    .join(Employer, Employer.id == Posting.employer_id)
                    .where(Posting.id.in_(ids), *SHOWN)
                )
            }
            left = self._left(session, [row.Posting for row in found.values()])
            with self._fresh(session) as facts:
                km = {
                    posting: facts.km(row.Posting.latitude, row.Posting.longitude)
                    for posting, row in found.items()
                }
            return tuple(
                _card(found[posting], left[posting], km[posting], reasons.get(posting, ()))
                for posting in ids
                if posting in found
            )

    def detail(self, posting: UUID, seeker: SeekerCard | None = None) -> JobDetail:
        """Everything about one posting. Raises NotFound."""
        with self._store.read() as session:
            row = session.execute(
                select(Posting, Occupation.name, Occupation.icon, Employer.name.label("employer"))
                .join(Occupation, Occupation.key == Posting.occupation_id)
                .join(Employer, Employer.id == Posting.employer_id)
                .where(Posting.id == posting)
            ).one_or_none()
            if row is None:
                raise NotFound(what="posting")
            job = row.Posting
            wage = session.scalars(
                select(GuidanceWage).where(
                    GuidanceWage.occupation_id == job.occupation_id, GuidanceWage.unit == job.pay_unit
                )
            ).first()
            taken = (
                seeker
                and session.scalars(
                    select(Referral.id).where(
                        Referral.seeker_id == seeker.id,
                        Referral.posting_id == posting,
                        Referral.state.in_((ReferralState.ISSUED, ReferralState.MET, ReferralState.HIRED)),
                        # one that nobody confirmed in time is as good as lapsed
                        or_(Referral.state != ReferralState.ISSUED, Referral.valid_until > self._clock.now()),
                    )
                ).first()
            )
            with self._fresh(session) as facts:
                km = facts.km(job.latitude, job.longitude)
            return JobDetail(
                card=_card(row, self._left(session, [job])[posting], km, ()),
                description=job.description,
                level=job.level,
                employer=row.employer,
                contact_name=job.contact_name,
                contact_phone=job.contact_phone,
                openings=job.openings,
                conditions=tuple(filter(None, job.conditions.split(","))),
                guidance=(wage.low, wage.middle, wage.high) if wage else None,
                taken_slip=taken or None,
            )

    def km(self, latitude: float | None, longitude: float | None) -> float | None:
        """Distance from the hall, None where the place has no position."""
        with self._store.read() as session, self._fresh(session) as facts:
            km = facts.km(latitude, longitude)
        return None if np.isnan(km) else km

    @contextmanager
    def _fresh(self, session: Session) -> Iterator[Facts]:
        """The facts in step with the store, for this thread alone until the block ends."""
        session.connection()  # before the lock: who waits for one of the two must not hold the other
        with self._lock:
            self._facts.refresh(session)
            yield self._facts

    def _open(self, session: Session, facts: Facts) -> ranking.Mask:
        """Takes people now, and its employer may take part (004 annex 2 art. 12)."""
        mask = ranking.open_now(facts.rows, self._clock.local())
        banned = banned_employers(session, self._clock.today())
        if banned:
            mask &= ~np.isin(facts.rows["employer"], [facts.employers.get(key, -1) for key in banned])
        return mask

    def _lawful(self, facts: Facts, seeker: SeekerCard | None) -> ranking.Mask:
        mask = np.ones(len(facts.rows), np.bool_)
        for rule in self._law.rules_for(seeker.age, seeker.sex) if seeker else ():
            closed = [facts.occupations[key] for key in rule.occupations if key in facts.occupations]
            mask &= ~np.isin(facts.rows["occupation"], closed)
            mask &= (facts.rows["conditions"] & np.uint64(facts.condition_bits(rule.conditions))) == 0
            mask &= not rule.everything
        return mask

    def _closed_trades(self, seeker: SeekerCard | None) -> set[str]:
        rules = self._law.rules_for(seeker.age, seeker.sex) if seeker else ()
        return {key for rule in rules for key in rule.occupations}

    def _left(self, session: Session, postings: Sequence[Posting]) -> dict[UUID, int]:
        gone = taken(session, self._store.origin.hall_id, [job.id for job in postings])
        return {job.id: max(0, job.openings - gone.get(job.id, 0)) for job in postings}


class ReasonsOf(Mapping[UUID, tuple[Reason, ...]]):
    """The reasons of a list's postings, spelled out for the page that asks: 100,000 at once would take a while."""

    def __init__(self, ids: tuple[UUID, ...], facts: Facts, chosen: ranking.Mask, fit: ranking.Fit) -> None:
        self._ids = ids
        self._at = facts.at  # only ever grows at its end
        self._chosen = chosen
        self._bits = fit.reasons

    def __getitem__(self, posting: UUID) -> tuple[Reason, ...]:
        at = self._at[posting]
        if at >= len(self._chosen) or not self._chosen[at]:
            raise KeyError(posting)
        return ranking.reasons_of(int(self._bits[at]))

    def __iter__(self) -> Iterator[UUID]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def _card(row: Row[*tuple[object, ...]], left: int, km: float, reasons: tuple[Reason, ...]) -> JobCard:
    job: Posting = row.Posting
    return JobCard(
        id=job.id,
        title=job.title,
        occupation=row.name,
        icon=row.icon,
        pay=job.pay,
        pay_unit=job.pay_unit,
        settlement=job.settlement,
        place=job.place,
        km=None if np.isnan(km) else km,
        starts_on=job.starts_on,
        ends_on=job.ends_on,
        opens_minute=job.opens_minute,
        closes_minute=job.closes_minute,
        openings_left=left,
        urgent=job.urgent,
        benefits=tuple(filter(None, job.benefits.split(","))),
        reasons=reasons,
    )
