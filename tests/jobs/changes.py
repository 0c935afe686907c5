"""Changes to a hall's postings, as tests make them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Employer, Posting, PostingState
from db.store import Store

TODAY = date(2026, 11, 20)
OWN = {"id", "hall_id", "device_id", "created_at", "updated_at", "version"}


def add_posting(session: Session, **values: Any) -> Posting:
    """A posting like the hall's first one but for `values`; day work for adults, 08:00–18:00, today."""
    model = session.scalars(select(Posting).order_by(Posting.id)).first()
    assert model is not None
    said = {column.key: getattr(model, column.key) for column in Posting.__table__.columns}
    plain = {
        "starts_on": TODAY,
        "ends_on": TODAY,
        "opens_minute": 480,
        "closes_minute": 1080,
        "conditions": "",
        "urgent": False,
        "public_welfare": False,
        "openings": 10,
        "state": PostingState.PUBLISHED,
    }
    posting = Posting(**{key: value for key, value in said.items() if key not in OWN} | plain | values)
    session.add(posting)
    session.flush()
    return posting


def new_posting(store: Store, **values: Any) -> UUID:
    with store.write() as session:
        return add_posting(session, **values).id


def change_posting(store: Store, posting: UUID, **values: Any) -> None:
    with store.write() as session:
        row = session.get_one(Posting, posting)
        for name, value in values.items():
            setattr(row, name, value)


def change_employer(store: Store, posting: UUID, **values: Any) -> None:
    with store.write() as session:
        row = session.get_one(Employer, session.get_one(Posting, posting).employer_id)
        for name, value in values.items():
            setattr(row, name, value)
