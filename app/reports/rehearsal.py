"""The rehearsal of a collection year: what would go wrong with today's people and assignments.

Nothing is written: the year is walked with hypothetical submissions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.rehearsal import why_not_rehearse, why_not_rehearsed
from app.catalogue.appraisal import Scheme
from app.domain.assignment import TableAssignment
from app.domain.cycle import CycleStatus
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.period import LOCAL_ZONE
from app.domain.rehearsal import Remark, RemarkKind, worst_first
from app.domain.work_plan import Phase, PhaseDates
from app.models.assignment_plan import all_departments, plans_of, unassigned_in
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.work_plan import phases_of
from app.reports.office_actor import last_days, offices_on
from app.reports.rehearsed_load import nobody_spare, overloads, unlucky_dates
from app.reports.rehearsed_remark import ACTING, Rehearsed, dead_ends
from app.reports.rehearsed_score import Spread, spreads_of


@dataclass(frozen=True)
class Rehearsal:
    """What the rehearsal says; ``days`` are those on which people and rights were looked at."""

    cycle: Cycle
    days: Sequence[date]
    departments: int
    tables: int
    remarks: Sequence[Remark]
    spreads: Sequence[Spread]

    def of_kind(self, kind: RemarkKind) -> list[Remark]:
        """The remarks of one kind, the worst first."""
        return [remark for remark in self.remarks if remark.kind is kind]


def read_rehearsal(
    session: Session,
    store: Store,
    scheme: Scheme,
    actor: Actor,
    cycle_id: int,
    *,
    now: datetime,
) -> Rehearsal:
    """Rehearse the year; ``now`` is on the clock of the college. Raises Refused."""
    refuse(why_not_rehearse(actor))
    cycle = session.get(Cycle, cycle_id)
    if cycle is None:
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    refuse(why_not_rehearsed(cycle), Reason.CONFLICT)
    phases, plans = phases_of(session, cycle), plans_of(session, cycle)
    begins = first_day(cycle, phases, now.date())
    days = sorted({begins, *(day for day in _due_days(cycle, phases) if day >= begins)})
    departments = all_departments(session)
    known = Rehearsed(
        store=store,
        cycle=cycle,
        departments=departments,
        owed=_owed(store, cycle, phases, plans),
        offices=offices_on(session, days, ACTING),
        last=last_days(session, ACTING),
        phases=phases,
        unassigned=unassigned_in(store.catalogue, plans),
    )
    return Rehearsal(
        cycle=cycle,
        days=days,
        departments=len(known.owed),
        tables=known.tables_of(list(known.owed)),
        remarks=_remarks(known, now.date()),
        spreads=spreads_of(scheme, departments, known.owed, now),
    )


def _remarks(known: Rehearsed, today: date) -> list[Remark]:
    # In an open year some dates are over as a matter of course.
    begins = today if known.cycle.status is CycleStatus.PREPARING else date.min
    dates = unlucky_dates(known, begins)
    return worst_first([*dead_ends(known), *nobody_spare(known), *overloads(known), *dates])


def first_day(cycle: Cycle, phases: Mapping[Phase, PhaseDates], today: date) -> date:
    """The day on which people begin: today, or with the first phase of a year in preparation."""
    if cycle.status is CycleStatus.PREPARING and phases:
        return max(today, min(each.begins_on for each in phases.values()))
    return today


def _due_days(cycle: Cycle, phases: Mapping[Phase, PhaseDates]) -> set[date]:
    moments = [cycle.due_at, *(each.due_at for each in phases.values())]
    return {moment.astimezone(LOCAL_ZONE).date() for moment in moments}


def _owed(
    store: Store,
    cycle: Cycle,
    phases: Mapping[Phase, PhaseDates],
    plans: Mapping[str, TableAssignment],
) -> dict[str, dict[str, datetime]]:
    """Department → table → when it is due for all, in printed order."""
    owed: dict[str, dict[str, datetime]] = {}
    for name, spec in store.catalogue.reported.items():
        phase = phases.get(spec.phase)
        for code in plans[name].departments if name in plans else ():
            owed.setdefault(code, {})[name] = cycle.due_at if phase is None else phase.due_at
    return dict(sorted(owed.items()))
