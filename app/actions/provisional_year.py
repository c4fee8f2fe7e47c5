"""The year after a locked one, in which rows are kept before anybody prepares it (第七条)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.assignment import assign, last_plans, proposed_by
from app.actions.audit_log import Deed, record
from app.domain.cycle import CycleStatus
from app.domain.message import Message, Reason, Refused
from app.domain.period import AcademicYear
from app.models.base_table import Store
from app.models.cycle import Cycle


def refuse_out_of_turn(session: Session, year: AcademicYear, present: AcademicYear) -> None:
    """Refuse the year after the present one while this one has been left out.

    A prepared year cannot be taken away again, and takes its assignments from the one before.
    """
    query = select(Cycle.academic_year, Cycle.is_provisional).where(~Cycle.is_history)
    found = {row.academic_year: row.is_provisional for row in session.execute(query)}
    if year > present and found and found.get(present.code, True):
        raise Refused(
            Message("Prepare %(year)s first, then the year after it.", {"year": present.code}),
            Reason.INVALID,
        )


def keep_next_year(
    session: Session, store: Store, cycle: Cycle, *, by: Actor, now: datetime
) -> None:
    """Set the next year up with this one's assignments, unless it is there; the caller commits.

    Departments keep rows in it from now on. Its due date counts for nothing until the quality
    office prepares it.
    """
    year = cycle.year.next.code
    if session.scalar(select(Cycle.id).where(Cycle.academic_year == year)) is not None:
        return
    following = Cycle(
        academic_year=year,
        status=CycleStatus.PREPARING,
        due_at=cycle.due_at.replace(year=cycle.due_at.year + 1, day=min(cycle.due_at.day, 28)),
        version=1,
        is_provisional=True,
    )
    try:
        with session.begin_nested():
            session.add(following)
    except IntegrityError:
        return  # Somebody has prepared it at this very moment.
    cycles = session.scalars(select(Cycle)).all()
    plans = last_plans(session, store.catalogue, cycles, following, now.date())
    assign(session, store, following, proposed_by(plans.values()), by=by, now=now)
    deed = Deed("cycle.keep", f"cycle:{following.id}", after=CycleStatus.PREPARING)
    record(session, deed, by=by, now=now)
