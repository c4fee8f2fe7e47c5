"""What is read of collection years."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.cycle import CycleStatus
from app.domain.message import Message, Reason, Refused
from app.models.cycle import Cycle


def all_cycles(session: Session) -> Sequence[Cycle]:
    """Every collection year, the latest first."""
    return session.scalars(select(Cycle).order_by(Cycle.academic_year.desc())).all()


def collected_cycles(session: Session) -> Sequence[Cycle]:
    """The years that were or are collected here, the latest first: no years of history."""
    return [cycle for cycle in all_cycles(session) if not cycle.is_history]


def current_cycle(cycles: Sequence[Cycle]) -> Cycle | None:
    """The year people report and look at: the latest open one, else the latest one prepared."""
    prepared = [cycle for cycle in cycles if not cycle.is_provisional]
    return next(iter([*_working(cycles), *_collected(prepared), *_collected(cycles)]), None)


def kept_cycle(cycles: Sequence[Cycle]) -> Cycle | None:
    """The year whose rows are kept now: the latest open one, else the latest, provisional too."""
    return next(iter([*_working(cycles), *_collected(cycles)]), None)


def _working(cycles: Sequence[Cycle]) -> Sequence[Cycle]:
    return [c for c in cycles if c.status in {CycleStatus.OPEN, CycleStatus.CLOSED}]


def _collected(cycles: Sequence[Cycle]) -> Sequence[Cycle]:
    return [cycle for cycle in cycles if not cycle.is_history]


def cycle_named(cycles: Sequence[Cycle], academic_year: str) -> Cycle:
    """The year that is called so; Refused as not found when there is none."""
    found = next((cycle for cycle in cycles if cycle.academic_year == academic_year), None)
    if found is None:
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    return found
