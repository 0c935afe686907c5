"""The job board: what a visitor sees of the published postings, ranked for this person (S6–S8)."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from db.models import (
    HOLDS_OPENING,
    Employer,
    GuidanceWage,
    Hall,
    Occupation,
    Posting,
    Referral,
    ReferralState,
)
from db.store import Store
from kiosk.clock import Clock
from kiosk.errors import NotFound
from kiosk.jobs import ranking, search
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
from kiosk.jobs.facts import Facts
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
        self._facts: Facts | None = None
        self._lock = threading.Lock()

    def summary(self) -> BoardSummary:
        """How many postings take people now, and how many people they want."""
        with self._store.read() as session, self._lock:
            rows = self._fresh(session).rows
            left = rows["left"][ranking.open_now(rows, self._clock.local())]
            return BoardSummary(len(left), int(left.sum()))

    def trades(self, seeker: SeekerCard | None = None) -> tuple[TradeGroup, ...]:
        """All trades in their groups with their open postings; what the law closes to this person is left out."""
        closed = self._closed_trades(seeker)
        with self._store.read() as session, self._lock:
            facts = self._fresh(session)
            open_rows = facts.rows[ranking.open_now(facts.rows, self._clock.local())]
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
            TradeGroup(name, heads[name].group_en, heads[name].icon, tuple(tiles))
            for name, tiles in groups.items()
        )

    def find(self, query: JobQuery, seeker: SeekerCard | None = None) -> JobList:
        """Ranked ids of everything that fits the query and that the law lets this person do."""
        now = self._clock.local()
        with self._store.read() as session:
            hits = search.matching(session, query.text) if query.text.strip() else None
            with self._lock:
                facts = self._fresh(session)
                rows = facts.rows
                chosen = ranking.open_now(rows, now)
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
                at = ranking.order(rows, fit.points, query.sort, chosen).tolist()
                ids = tuple(facts.ids[index] for index in at)
                bits = fit.reasons[at].tolist()
        spelled = {value: ranking.reasons_of(value) for value in set(bits)}
        return JobList(ids, dict(zip(ids, map(spelled.__getitem__, bits), strict=True)), hidden, len(ids))

    def cards(self, ids: Sequence[UUID], reasons: Mapping[UUID, tuple[Reason, ...]]) -> tuple[JobCard, ...]:
        """One page of the list, in the order asked for; a posting that is gone is left out."""
        with self._store.read() as session:
            found = {
                row.Posting.id: row
                for row in session.execute(
                    select(Posting, Occupation.name, Occupation.icon)
                    .join(Occupation, Occupation.key == Posting.occupation_id)
                    .where(Posting.id.in_(ids))
                )
            }
            left = self._left(session, [row.Posting for row in found.values()])
            with self._lock:
                facts = self._fresh(session)
            return tuple(
                _card(found[posting], left[posting], facts, reasons.get(posting, ()))
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
                    )
                ).first()
            )
            with self._lock:
                facts = self._fresh(session)
            return JobDetail(
                card=_card(row, self._left(session, [job])[posting], facts, ()),
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
        with self._store.read() as session, self._lock:
            km = self._fresh(session).km(latitude, longitude)
        return None if np.isnan(km) else km

    def _fresh(self, session: Session) -> Facts:
        if self._facts is None:
            hall = session.scalars(select(Hall)).first()
            self._facts = Facts(self._law, hall.latitude if hall else 0.0, hall.longitude if hall else 0.0)
        self._facts.refresh(session)
        return self._facts

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

    @staticmethod
    def _left(session: Session, postings: Sequence[Posting]) -> dict[UUID, int]:
        taken: dict[UUID, int] = {}
        for posting in session.scalars(
            select(Referral.posting_id).where(
                Referral.posting_id.in_([job.id for job in postings]), Referral.state.in_(HOLDS_OPENING)
            )
        ):
            taken[posting] = taken.get(posting, 0) + 1
        return {job.id: max(0, job.openings - taken.get(job.id, 0)) for job in postings}


def _card(row: Row[*tuple[object, ...]], left: int, facts: Facts, reasons: tuple[Reason, ...]) -> JobCard:
    job: Posting = row.Posting
    km = facts.km(job.latitude, job.longitude)
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
