"""How far a collection year is prepared: its plan, its phases, what it lacks (第七条—第九条)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.assignment import why_not_open
from app.access.person import Actor
from app.access.work_plan import why_not_plan, why_not_read_preparation, why_not_set_phases
from app.catalogue.catalogue import Catalogue
from app.domain.cycle import CycleStatus
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.work_plan import Phase, PhaseDates
from app.models.assignment_plan import Readiness, all_departments, plans_of, readiness_of
from app.models.attached_file import AttachedFile, FileOwner, files_of
from app.models.cycle import Cycle
from app.models.work_plan import WorkPlan, phases_of, plans_of_year


@dataclass(frozen=True)
class PlanVersion:
    """A version of the work plan with its files."""

    plan: WorkPlan
    files: Sequence[AttachedFile]


@dataclass(frozen=True)
class Preparation:
    """What has been prepared for a year.

    ``draft`` is a version that is not published yet and exists for those only who write it;
    ``refusal`` says why the reader may not change anything, ``no_phases`` why he may not set the
    phases, ``lacking`` what stands against opening the year: None once it is open or nothing does.
    """

    cycle: Cycle
    published: Sequence[PlanVersion]
    draft: PlanVersion | None
    phases: Mapping[Phase, PhaseDates]
    readiness: Readiness | None
    refusal: Message | None
    no_phases: Message | None

    @property
    def lacking(self) -> tuple[Message, tuple[Message, ...]] | None:
        """What stands against opening the year."""
        return None if self.readiness is None else why_not_open(self.readiness)


def read_preparation(
    session: Session, catalogue: Catalogue, actor: Actor, cycle: Cycle, *, now: datetime
) -> Preparation:
    """How the year is prepared. Raises Refused."""
    refuse(why_not_read_preparation(actor))
    refusal = why_not_plan(actor, cycle)
    plans = plans_of_year(session, cycle)
    files = files_of(session, FileOwner.WORK_PLAN, [plan.id for plan in plans])
    versions = [PlanVersion(plan, files.get(plan.id, ())) for plan in plans]
    drafts = [each for each in versions if each.plan.published_at is None]
    readiness = None
    if cycle.status is CycleStatus.PREPARING:
        departments = all_departments(session)
        owed = plans_of(session, cycle)
        readiness = readiness_of(session, cycle, catalogue, owed, departments, now.date())
    return Preparation(
        cycle=cycle,
        published=[each for each in versions if each.plan.published_at is not None],
        draft=drafts[0] if drafts and refusal is None else None,
        phases=phases_of(session, cycle),
        readiness=readiness,
        refusal=refusal,
        no_phases=why_not_set_phases(actor, cycle),
    )


def read_plan_file(session: Session, actor: Actor, number: int) -> AttachedFile:
    """A file of a work plan; one of a draft exists for those only who write it."""
    refuse(why_not_read_preparation(actor))
    file = session.get(AttachedFile, number)
    plan = None
    if file is not None and file.owner is FileOwner.WORK_PLAN:
        plan = session.get(WorkPlan, file.owner_id)
    if file is None or plan is None:
        raise _no_file()
    cycle = session.get_one(Cycle, plan.cycle_id)
    if plan.published_at is None and why_not_plan(actor, cycle) is not None:
        raise _no_file()
    return file


def _no_file() -> Refused:
    return Refused(Message("There is no such file."), Reason.NOT_FOUND)
