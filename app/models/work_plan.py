"""Work plans (采集工作方案) and the phases of a collection year (第七条, 第八条)."""

from datetime import date, datetime, time
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.period import LOCAL_ZONE
from app.domain.work_plan import LAST_PHASE, Phase, PhaseDates
from app.models.cycle import Cycle
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored

LAST_MOMENT = time(23, 59, 59)


class WorkPlan(Base):
    """One version of a year's work plan, a draft until it is published, never changed after.

    ``number`` counts the versions of the year; at most the last one is a draft. Its file, if it
    has one, is an ``AttachedFile``.
    """

    __tablename__ = "sd_work_plan"
    __table_args__ = (
        UniqueConstraint("cycle_id", "number"),
        CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name="published_pair"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("sd_cycle.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Timestamp())
    changed_by: Mapped[str] = mapped_column(String(32))
    changed_by_name: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    published_by: Mapped[str | None] = mapped_column(String(64), default=None)


class CyclePhase(Base):
    """When a phase of a year begins, and the last day of those before the last one."""

    __tablename__ = "sd_cycle_phase"
    __table_args__ = (TABLE_OPTIONS,)

    cycle_id: Mapped[int] = mapped_column(
        ForeignKey("sd_cycle.id"), primary_key=True, autoincrement=False
    )
    phase: Mapped[Phase] = mapped_column(stored(Phase), primary_key=True)
    begins_on: Mapped[date]
    last_day: Mapped[date | None] = mapped_column(default=None)


class PhaseDays(NamedTuple):
    """The days of a phase as they are set; the last phase has no last day of its own."""

    begins_on: date
    last_day: date | None


def phases_of(session: Session, cycle: Cycle) -> dict[Phase, PhaseDates]:
    """The phases of the year in their order; empty where none were set."""
    query = select(CyclePhase).where(CyclePhase.cycle_id == cycle.id)
    found = {
        each.phase: PhaseDays(each.begins_on, each.last_day) for each in session.scalars(query)
    }
    return dated(found, cycle.due_at)


def phases_over(session: Session, cycle: Cycle, day: date) -> tuple[Phase, ...]:
    """The phases before the last one that were due before ``day``."""
    phases = phases_of(session, cycle)
    return tuple(
        phase
        for phase, own in phases.items()
        if phase is not LAST_PHASE and own.due_at.date() < day
    )


def dated(days: dict[Phase, PhaseDays], due_at: datetime) -> dict[Phase, PhaseDates]:
    """The phases with the moments at which they end; the last one ends at ``due_at``."""
    return {
        phase: PhaseDates(phase, days[phase].begins_on, _end(phase, days[phase], due_at))
        for phase in Phase
        if phase in days
    }


def _end(phase: Phase, days: PhaseDays, due_at: datetime) -> datetime:
    """A last day that is lacking is that of the year."""
    if phase is LAST_PHASE or days.last_day is None:
        return due_at.astimezone(LOCAL_ZONE)
    return datetime.combine(days.last_day, LAST_MOMENT, LOCAL_ZONE)


def plans_of_year(session: Session, cycle: Cycle) -> list[WorkPlan]:
    """All versions of the year's work plan, the latest first."""
    query = select(WorkPlan).where(WorkPlan.cycle_id == cycle.id)
    return list(session.scalars(query.order_by(WorkPlan.number.desc())))


def has_published_plan(session: Session, cycle: Cycle) -> bool:
    """Whether any version of the year's work plan was published."""
    query = select(WorkPlan.id).where(
        WorkPlan.cycle_id == cycle.id, WorkPlan.published_at.is_not(None)
    )
    return session.scalars(query.limit(1)).first() is not None
