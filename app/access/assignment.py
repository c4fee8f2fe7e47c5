"""Who may assign tables, and what stands against an assignment (第四条, 第十条第三款)."""

from collections.abc import Mapping
from datetime import date

from app.access.person import Actor
from app.access.policies import WORKING
from app.access.roles import ASSIGNMENT
from app.domain.assignment import AssignmentKind, TableAssignment
from app.domain.cycle import CycleStatus
from app.domain.labels import label
from app.domain.message import Message
from app.domain.person import Function
from app.domain.submission import Status
from app.models.assignment_plan import Readiness
from app.models.base_table import StoredTable
from app.models.cycle import Cycle
from app.models.department import Department

ASSIGNABLE = WORKING | {CycleStatus.PREPARING}
REPORTED = frozenset({Status.SUBMITTED, Status.UNDER_QA_REVIEW, Status.ACCEPTED, Status.LOCKED})
# How many names a message lists.
LISTED = 50


def why_not_read_assignments(actor: Actor) -> Message | None:
    """Why the actor may not see which department has which table."""
    if actor.may("read", ASSIGNMENT):
        return None
    return Message("You have no right to view the assignments.")


def why_not_assign(actor: Actor) -> Message | None:
    """Why the actor may not assign tables or change departments in any year."""
    if not actor.may("assign", ASSIGNMENT) or not actor.holds(Function.QA_OFFICE):
        return Message("Only the quality office assigns tables to departments.")
    return None


def why_not_assign_in(actor: Actor, cycle: Cycle) -> Message | None:
    """Why the actor may not change the assignments of this year."""
    refusal = why_not_assign(actor)
    if refusal is None and cycle.status not in ASSIGNABLE:
        return Message(
            "The collection year %(year)s is %(status)s; its assignments stay as they are.",
            {"year": cycle.academic_year, "status": label(cycle.status)},
        )
    return refusal


def why_not_plan(
    plan: TableAssignment,
    before: TableAssignment,
    departments: Mapping[str, Department],
    day: date,
) -> Message | None:
    """Why a table cannot be assigned like this, whatever the state of its work.

    A department that has the table already may stay in it after its end.
    """
    for code in (*plan.departments, *plan.guidance):
        department = departments.get(code)
        if department is None:
            return Message("There is no department %(department)s.", {"department": code})
        if code not in before.kinds and not department.is_active_on(day):
            return Message(
                "%(department)s has been abolished. Choose another department.",
                {"department": department.name},
            )
    if plan.kind is AssignmentKind.RESPONSIBLE and len(plan.departments) > 1:
        return Message("Only one department can be responsible for a table.")
    both = sorted(set(plan.departments) & set(plan.guidance))
    if both:
        return Message(
            "%(department)s cannot report the table and only give guidance for it.",
            {"department": departments[both[0]].name},
        )
    if plan.guidance and plan.kind is not AssignmentKind.OWN_STAFF:
        return Message(
            "Guidance goes with tables that several departments fill in, each for itself."
        )
    return None


def why_unknown(
    stored: StoredTable, plan: TableAssignment, departments: Mapping[str, Department]
) -> Message | None:
    """Why a table of another system cannot be reported by one of the departments."""
    unknown = [code for code in plan.departments if not stored.knows(code)]
    if not unknown:
        return None
    return Message(
        "%(table)s has no code for %(department)s, so that it has no rows there. Whoever looks"
        " after the platform adds the code to “departments” in overrides.yaml.",
        {"table": stored.spec.title, "department": departments[unknown[0]].name},
    )


def why_stays(status: Status) -> Message | None:
    """Why a table cannot leave its department in this status, None where it can."""
    if status.is_editable:
        return None
    parameters = {"status": label(status)}
    if status in REPORTED:
        return Message(
            "The table is %(status)s and stays with its department. If it has to change hands,"
            " send it back or open it again first.",
            parameters,
        )
    if status is Status.EXEMPT:
        return Message(
            "The table is %(status)s for its department. Open it again first.", parameters
        )
    return Message(
        "The table is %(status)s. Ask the department to withdraw it or send it back first, then"
        " give it to another department.",
        parameters,
    )


def why_not_open(readiness: Readiness) -> tuple[Message, tuple[Message, ...]] | None:
    """What stands against opening a year: the reason and everything that is lacking."""
    tables = [Message("%(table)s", {"table": spec.title}) for spec in readiness.unassigned]
    unpublished = [Message("work plan: not published")] if readiness.lacks_plan else []
    kinds = [
        (
            Message("The work plan of the year has not been published yet."),
            unpublished,
        ),
        (
            Message("%(count)s tables have no responsible department yet.", {"count": len(tables)}),
            tables,
        ),
        (
            Message("Tables are assigned to departments that have been abolished."),
            [_of_abolished(spec.title, found.name) for spec, found in readiness.abolished],
        ),
        (
            Message("Departments that report lack a head or a data steward."),
            [_lacking(found.name, function) for found, function in readiness.lacking],
        ),
        (
            Message("A phase of the year is due on a day that has passed. Set its days anew."),
            [
                Message("%(phase)s: the due day has passed", {"phase": label(each)})
                for each in readiness.over
            ],
        ),
    ]
    present = [(reason, details) for reason, details in kinds if details]
    if not present:
        return None
    reason = present[0][0]
    if len(present) > 1:
        reason = Message("The collection year cannot be opened yet; this is lacking:")
    return reason, tuple(detail for _, details in present for detail in details[:LISTED])


def _of_abolished(table: str, department: str) -> Message:
    return Message("%(table)s (%(department)s)", {"table": table, "department": department})


def _lacking(department: str, function: Function) -> Message:
    return Message(
        "%(department)s has no %(function)s in office",
        {"department": department, "function": label(function)},
    )
