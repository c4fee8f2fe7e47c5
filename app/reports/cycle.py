"""What is read of collection years."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.cycle import CycleStatus
from app.models.cycle import Cycle


def all_cycles(session: Session) -> Sequence[Cycle]:
    """Every collection year, the latest first."""
    return session.scalars(select(Cycle).order_by(Cycle.academic_year.desc())).all()


def current_cycle(cycles: Sequence[Cycle]) -> Cycle | None:
    """The year people work in: the latest open one, else the latest of all."""
    working = [c for c in cycles if c.status in {CycleStatus.OPEN, CycleStatus.CLOSED}]
    return next(iter([*working, *cycles]), None)
