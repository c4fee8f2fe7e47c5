"""Where somebody works: one table, one period, one department, and what may be done there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.adopted_table import why_not_write_adopted
from app.access.contribution import why_not_contribute
from app.access.person import Actor
from app.access.policies import WORKING, why_locked, why_not_read, why_not_write
from app.access.scopes import read_scope
from app.domain.message import Message, Reason, Refused
from app.domain.period import Period
from app.domain.person import Function
from app.models.base_table import Store, StoredTable
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.reported_table import ReportedTable
from app.models.submission import Submission
from app.reports.assignment import departments_of_table
from app.reports.cycle import all_cycles, kept_cycle

WRITES = ("add", "edit", "delete", "import")
MEMBERS = (Function.DATA_STEWARD, Function.HEAD, Function.TEACHER)


@dataclass(frozen=True)
class Place:
    """One table in one period; ``department`` is None for all in scope.

    ``cycles`` are all collection years and ``reporting`` the departments that report the table,
    where they were read to find it; years come the latest first.
    """

    stored: StoredTable
    cycle: Cycle
    period: Period
    department: str | None
    cycles: Sequence[Cycle] = ()
    reporting: Sequence[str] | None = None


def find_table(store: Store, table: str) -> StoredTable:
    """The table of this identifier; Refused as not found when there is none."""
    stored = store.tables.get(table)
    if stored is None:
        raise Refused(
            Message("There is no base table %(table)s.", {"table": table}), Reason.NOT_FOUND
        )
    return stored


def find_place(
    session: Session,
    store: Store,
    actor: Actor,
    table: str,
    *,
    period: str | None = None,
    department: str | None = None,
) -> Place:
    """The place that was asked for.

    By default the period of the year people work in, and the actor's own
    department that reports the table; one who has none gets all he reaches.
    Raises Refused: no such table (not found), table or department out of
    reach (forbidden), no such period or department (invalid).
    """
    return find_place_in(
        session, actor, find_table(store, table), period=period, department=department
    )


def find_place_in(
    session: Session,
    actor: Actor,
    stored: StoredTable,
    *,
    period: str | None = None,
    department: str | None = None,
) -> Place:
    """``find_place`` in any table that is reported, another system's too."""
    refusal = why_not_read(actor, stored)
    if refusal is not None:
        raise Refused(refusal)
    cycles = all_cycles(session)
    cycle = find_cycle_of(cycles, stored, period)
    reporting = None
    if department is None:
        reporting = departments_of_table(session, cycle, stored.spec.identifier)
        own = actor.departments(*MEMBERS)
        department = next((code for code in reporting if code in own), None)
    else:
        _refuse_department(session, actor, stored, department)
    period_in = stored.spec.period_in(cycle.year)
    return Place(stored, cycle, period_in, department, cycles, reporting)


def find_cycle_of(cycles: Sequence[Cycle], stored: StoredTable, period: str | None) -> Cycle:
    """The collection year of a period's code, or the present one."""
    if period is None:
        found = kept_cycle(cycles)
        message = Message("There is no collection year yet. Ask the quality office to open one.")
    else:
        matching = (c for c in cycles if stored.spec.period_in(c.year).code == period)
        found = next(matching, None)
        message = Message(
            "Table %(table)s has no period %(period)s. Choose one of its periods.",
            {"table": stored.spec.title, "period": period},
        )
    if found is None:
        raise Refused(message, Reason.INVALID)
    return found


def why_ambiguous(
    session: Session,
    actor: Actor,
    table: str,
    place: Place,
    *,
    period: str | None,
    department: str | None,
) -> Message | None:
    """Why the place of a write has to be named: what was left out could be several.

    ``period`` and ``department`` are what was asked for, ``place`` what was found for it.
    """
    if period is None and sum(cycle.status in WORKING for cycle in all_cycles(session)) > 1:
        return Message("Several collection years are under way. Say which period you mean.")
    if department is None:
        own = actor.departments(*MEMBERS)
        if len(own.intersection(departments_of_table(session, place.cycle, table))) > 1:
            return Message(
                "Several of your departments report this table. Say which department you mean."
            )
    return None


def _refuse_department(
    session: Session, actor: Actor, stored: StoredTable, department: str
) -> None:
    if department in actor.departments(*MEMBERS):
        return
    found = session.get(Department, department)
    if found is None:
        raise Refused(
            Message("There is no department %(department)s.", {"department": department}),
            Reason.INVALID,
        )
    if not read_scope(actor, stored).enters_department(department):
        raise Refused(
            Message(
                "The rows of department %(department)s in table %(table)s are not yours to view.",
                {"department": found.name, "table": stored.spec.title},
            )
        )


def reporting_departments(session: Session, actor: Actor, place: Place) -> list[str]:
    """The codes of the departments that report the table, as far as the actor reaches them."""
    codes = place.reporting
    if codes is None:
        codes = departments_of_table(session, place.cycle, place.stored.spec.identifier)
    own = actor.departments(*MEMBERS)
    scope = read_scope(actor, place.stored)
    return [code for code in codes if scope.enters_department(code) or code in own]


def only_one_reporting(session: Session, actor: Actor, place: Place) -> tuple[Place, list[str]]:
    """The place and who reports there; where it is one department only, that one is chosen."""
    reporting = reporting_departments(session, actor, place)
    if place.department is None and len(reporting) == 1:
        place = replace(place, department=reporting[0])
    return place, reporting


def why_locked_at(
    place: Place, submission: Submission | None, *, is_assigned: bool
) -> Message | None:
    """Why rows cannot change at the place; nothing can be said while no department is chosen."""
    if place.department is None:
        return None
    return why_locked(place.cycle, submission, is_assigned=is_assigned)


def submission_at(session: Session, place: Place) -> Submission | None:
    """The submission of the place's department, None where there is none."""
    if place.department is None:
        return None
    query = select(Submission).where(
        Submission.cycle_id == place.cycle.id,
        Submission.table_identifier == place.stored.spec.identifier,
        Submission.department_code == place.department,
    )
    return session.scalar(query)


def submissions_by_table(
    session: Session, actor: Actor, cycle: Cycle | None
) -> dict[tuple[str, str], Submission]:
    """(table, department) → submission, of the actor's own departments."""
    own = actor.departments(*MEMBERS)
    if cycle is None or not own:
        return {}
    query = select(Submission).where(
        Submission.cycle_id == cycle.id, Submission.department_code.in_(sorted(own))
    )
    return {(s.table_identifier, s.department_code): s for s in session.scalars(query)}


def _why_not_without_department(actor: Actor, stored: StoredTable, action: str) -> Message:
    if not actor.may(action, stored.spec.identifier):
        return Message("You have no right to change table %(table)s.", {"table": stored.spec.title})
    return Message("Choose a department first; rows are changed in one only.")


def _why_not_change(
    actor: Actor, stored: StoredTable, action: str, department: str
) -> Message | None:
    """Another system's table may be one that can only be read, whoever asks."""
    limited = None
    if isinstance(stored, ReportedTable) and action != "import":
        limited = why_not_write_adopted(actor, stored.live, action)
    return limited or why_not_write(actor, stored, action, department)


def _why_not_part(
    actor: Actor, stored: StoredTable, cycle: Cycle | None, department: str
) -> Message | None:
    """Who contributes to a table of others does so in the year that he was asked in."""
    if cycle is None:
        return None
    return why_not_contribute(actor, stored, stored.spec.period_in(cycle.year).code, department)


def rights_at(
    actor: Actor,
    stored: StoredTable,
    cycle: Cycle | None,
    department: str | None,
    submission: Submission | None,
    *,
    is_assigned: bool,
) -> Mapping[str, Message | None]:
    """Why each of add, edit, delete, import and export may not be done; None where it may."""
    rights: dict[str, Message | None] = {}
    for action in WRITES:
        if department is None:
            rights[action] = _why_not_without_department(actor, stored, action)
        else:
            rights[action] = (
                _why_not_change(actor, stored, action, department)
                or why_locked(cycle, submission, is_assigned=is_assigned)
                or _why_not_part(actor, stored, cycle, department)
            )
    rights["export"] = why_not_read(actor, stored, "export")
    return rights
