"""Opening a year (第八条): what it needs, the catalogue it keeps, a submission for every table."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.assignment import why_not_open
from app.actions.assignment import add_submissions
from app.actions.base_table import Told
from app.domain.message import Reason, Refused
from app.models.assignment import Assignment
from app.models.assignment_plan import all_departments, plans_of, readiness_of
from app.models.base_table import Store
from app.models.cycle import CatalogueRevision, Cycle


def refuse_unready(session: Session, store: Store, cycle: Cycle, *, now: datetime) -> None:
    """Refuse while no plan is published, tables lack departments or departments people."""
    readiness = readiness_of(
        session,
        cycle,
        store.catalogue,
        plans_of(session, cycle),
        all_departments(session),
        now.date(),
    )
    lacking = why_not_open(readiness)
    if lacking is not None:
        raise Refused(lacking[0], Reason.INVALID, lacking[1])


def open_year(
    session: Session, store: Store, cycle: Cycle, revision: bytes, *, now: datetime, told: Told
) -> None:
    """Begin the submissions of the year; ``told`` is called with progress and may raise.

    The caller holds the year and commits, so that all of it happens or nothing. ``revision`` are
    the packed files of the catalogue.
    """
    refuse_unready(session, store, cycle, now=now)
    _keep_revision(session, store, cycle, revision, now)
    query = select(Assignment).where(Assignment.cycle_id == cycle.id)
    add_submissions(session, store, cycle, session.scalars(query).all(), now=now, told=told)
    cycle.opened_at = now


def _keep_revision(
    session: Session, store: Store, cycle: Cycle, content: bytes, now: datetime
) -> None:
    digest = store.catalogue.digest
    if session.get(CatalogueRevision, digest) is None:
        session.add(CatalogueRevision(digest=digest, content=content, stored_at=now))
        session.flush()
    cycle.catalogue_digest = digest
