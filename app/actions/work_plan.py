"""Writing and publishing the work plan of a year, and setting its phases (第七条, 第八条)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.work_plan import why_not_plan, why_not_set_phases
from app.actions.attached_file import attach
from app.actions.audit_log import Deed, record
from app.actions.supporting_material import MaterialDraft
from app.domain.cycle import CycleStatus
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.work_plan import LAST_PHASE, LONGEST_PLAN, Phase, why_not_phases
from app.models.attached_file import FileOwner, files_of
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.submission import Submission
from app.models.work_plan import CyclePhase, PhaseDays, WorkPlan, dated, phases_of, plans_of_year


@dataclass(frozen=True)
class PlanDraft:
    """What was written; ``version`` is that of the draft that was seen, 0 where none was.

    ``published`` is the number of the published version that was seen last, 0 where none was.
    """

    text: str
    version: int = 0
    published: int = 0
    file: MaterialDraft | None = None
    publishes: bool = False


def save_plan(
    session: Session, cycle_id: int, draft: PlanDraft, *, by: Actor, now: datetime
) -> WorkPlan:
    """Keep the draft of the year's plan, and publish it where that is asked. Raises Refused."""
    text = draft.text.strip()
    if len(text) > LONGEST_PLAN:
        message = Message("The plan has at most %(count)s characters.", {"count": LONGEST_PLAN})
        raise Refused(message, Reason.INVALID)
    with writing(session):
        cycle = locked_cycle(session, cycle_id)
        refuse(why_not_plan(by, cycle))
        plan = _draft_of(session, cycle, (draft.published, draft.version))
        plan.text, plan.version = text, (plan.version or 0) + 1
        plan.changed_at, plan.changed_by, plan.changed_by_name = now, by.number, by.name
        session.add(plan)
        session.flush()
        if draft.file is not None:
            attach(session, FileOwner.WORK_PLAN, plan.id, draft.file, by=by, now=now)
        if draft.publishes:
            _publish(session, plan, by, now)
        verb = "publish" if draft.publishes else "draft"
        deed = Deed(f"work_plan.{verb}", f"cycle:{cycle.id}", after=f"#{plan.number}")
        record(session, deed, by=by, now=now)
        session.commit()
        return plan


def locked_cycle(session: Session, cycle_id: int) -> Cycle:
    """The year, locked and read anew; Refused as not found where there is none."""
    cycle = session.get(Cycle, cycle_id, with_for_update=True, populate_existing=True)
    if cycle is None or cycle.is_history:
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    return cycle


def _draft_of(session: Session, cycle: Cycle, seen: tuple[int, int]) -> WorkPlan:
    """The draft that was seen, or a new version after the published ones.

    ``seen`` is the number of the last published version and the version of the draft.
    """
    plans = plans_of_year(session, cycle)
    published = next((plan.number for plan in plans if plan.published_at is not None), 0)
    draft = next((plan for plan in plans if plan.published_at is None), None)
    if seen != (published, 0 if draft is None else draft.version):
        raise Refused(
            Message(
                "Somebody has changed the plan meanwhile. What you wrote stands below; compare it"
                " with theirs and save again."
            ),
            Reason.CONFLICT,
        )
    return draft or WorkPlan(cycle_id=cycle.id, number=published + 1, version=0)


def _publish(session: Session, plan: WorkPlan, by: Actor, now: datetime) -> None:
    if not plan.text and not files_of(session, FileOwner.WORK_PLAN, [plan.id]):
        raise Refused(
            Message("Write the plan or attach its file first; an empty one is not published."),
            Reason.INVALID,
        )
    plan.published_at, plan.published_by = now, by.name


def set_phases(
    session: Session,
    store: Store,
    cycle_id: int,
    days: Mapping[Phase, PhaseDays],
    *,
    version: int,
    by: Actor,
    now: datetime,
) -> Cycle:
    """Set the days of the three phases, or take them away where ``days`` is empty.

    Whoever is late already stays late: a later day is for what is not due yet (第七条).
    """
    with writing(session):
        cycle = locked_cycle(session, cycle_id)
        refuse(why_not_set_phases(by, cycle))
        if cycle.version != version:
            raise Refused(
                Message("Somebody has changed this collection year already. Reload the page."),
                Reason.CONFLICT,
            )
        _refuse_phases(session, cycle, days, now)
        before = _told(session, cycle)
        _replace_phases(session, cycle, days)
        if cycle.status is not CycleStatus.PREPARING:
            _move_due_dates(session, store, cycle, now)
        cycle.version += 1
        after = _told(session, cycle)
        deed = Deed("work_plan.assign", f"cycle:{cycle.id}", before=before, after=after)
        record(session, deed, by=by, now=now)
        session.commit()
        return cycle


def _refuse_phases(
    session: Session, cycle: Cycle, days: Mapping[Phase, PhaseDays], now: datetime
) -> None:
    """Refuse days that contradict, or that would make somebody late from one moment to the next."""
    if not days:
        return
    wanted = dated(dict(days), cycle.due_at)
    refuse(why_not_phases(wanted, cycle.due_at), Reason.INVALID)
    present = phases_of(session, cycle)
    for phase, own in wanted.items():
        is_as_before = phase in present and present[phase].due_at == own.due_at
        if own.is_over(now) and not is_as_before and phase is not LAST_PHASE:
            raise Refused(
                Message("A phase cannot end on a day that has passed."),
                Reason.INVALID,
            )


def _replace_phases(session: Session, cycle: Cycle, days: Mapping[Phase, PhaseDays]) -> None:
    session.execute(delete(CyclePhase).where(CyclePhase.cycle_id == cycle.id))
    session.add_all(
        CyclePhase(
            cycle_id=cycle.id,
            phase=phase,
            begins_on=own.begins_on,
            last_day=None if phase is LAST_PHASE else own.last_day,
        )
        for phase, own in days.items()
    )
    session.flush()


def _move_due_dates(session: Session, store: Store, cycle: Cycle, now: datetime) -> None:
    """Give every submission that is not settled the due date of its phase."""
    phases = phases_of(session, cycle)
    query = select(Submission).where(
        Submission.cycle_id == cycle.id, Submission.first_reported_at.is_(None)
    )
    for submission in session.scalars(query.with_for_update()):
        spec = store.catalogue.reported.get(submission.table_identifier)
        if spec is None:
            continue
        own = phases.get(spec.phase)
        phase_due_at = None if own is None or spec.phase is LAST_PHASE else own.due_at
        submission.move_due_date(cycle.due_at, cycle.due_at, phase_due_at, now)


def _told(session: Session, cycle: Cycle) -> str | None:
    """The phases as the audit log keeps them."""
    told = [
        f"{each.phase} {each.begins_on}..{each.due_at.date()}"
        for each in phases_of(session, cycle).values()
    ]
    return "; ".join(told) or None
