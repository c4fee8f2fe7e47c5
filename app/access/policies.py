"""Policies: may this person do this to this object now (decision 6).

Each ``why_not_…`` returns the reason as a message, or None when it may be
done. The button and the server ask the same function.
"""

from collections.abc import Collection

from app.access.contribution import why_contribution_over
from app.access.masks import why_not_key
from app.access.person import Actor
from app.access.roles import BOARD, CYCLE, CYCLE_HOLDER_FUNCTION, SUBMISSION
from app.access.scopes import keeps_own_rows, read_scope, write_scope
from app.catalogue.base_table import FilledBy, TableSpec
from app.domain.cycle import CycleStatus, CycleVerb, cycle_step_for
from app.domain.labels import label
from app.domain.message import Message
from app.domain.person import Function
from app.domain.submission import Holder, Step, Verb, step_for
from app.models.base_table import Store, StoredTable
from app.models.cycle import Cycle
from app.models.submission import Submission

# A cycle in which submissions move; after the due date late ones still do.
WORKING = frozenset({CycleStatus.OPEN, CycleStatus.CLOSED})
# Steps that whoever worked on the data may not take; they ask for its fillers.
SEPARATED = frozenset({Verb.CONFIRM, Verb.RECEIVE, Verb.ACCEPT})
HOLDER_FUNCTIONS = {
    Holder.FILLER: (Function.DATA_STEWARD, Function.TEACHER),
    Holder.STEWARD: (Function.DATA_STEWARD,),
    Holder.HEAD: (Function.HEAD,),
}


def why_not_read(actor: Actor, stored: StoredTable, action: str = "list") -> Message | None:
    """Why the actor may not read, export or pick from the table."""
    identifier = stored.spec.identifier
    masked = why_not_key(actor, stored, "list", action)
    if masked is not None:
        return masked
    if action == "list":
        if read_scope(actor, stored).is_open:
            return None
    elif actor.may(action, identifier):
        return None
    return Message(
        "You have no right to view table %(table)s. If you need it for your work,"
        " ask the quality office to grant it.",
        {"table": stored.spec.title},
    )


def why_not_write(
    actor: Actor, stored: StoredTable, action: str, department: str
) -> Message | None:
    """Why the actor may not add, edit, delete or import rows of a department."""
    table = {"table": stored.spec.title}
    if not actor.may(action, stored.spec.identifier):
        over = why_contribution_over(actor, stored, department)
        return over or Message("You have no right to change table %(table)s.", table)
    masked = why_not_key(actor, stored, "list", action)
    if masked is not None:
        return masked
    scope = write_scope(actor, stored)
    contributes = any(part.place == department for part in scope.contributions)
    if contributes or scope.covers_department(department):
        return None
    if keeps_own_rows(actor, stored, scope, department):
        return None
    if stored.spec.filled_by is FilledBy.TEACHER and actor.holds(Function.TEACHER, department):
        return Message("Table %(table)s is filled in by teachers of another kind.", table)
    return Message(
        "These rows of table %(table)s belong to another department; only its data steward"
        " changes them.",
        table,
    )


def why_locked(
    cycle: Cycle | None, submission: Submission | None, *, is_assigned: bool
) -> Message | None:
    """Why rows of a period and department cannot change now (第七条, INV5)."""
    if cycle is None:
        return Message("There is no collection year for this period yet.")
    if cycle.is_history:
        return Message(
            "%(year)s holds data of former years. Only the quality office replaces them, as a"
            " whole.",
            {"year": cycle.academic_year},
        )
    if cycle.status in {CycleStatus.LOCKED, CycleStatus.ARCHIVED}:
        return Message("The collection year %(year)s is locked.", {"year": cycle.academic_year})
    if not is_assigned:
        return Message(
            "This table is not assigned to the department in the collection year %(year)s.",
            {"year": cycle.academic_year},
        )
    if submission is not None and not submission.status.is_editable:
        return Message(
            "The table is %(status)s and cannot be changed now. It has to be sent back or"
            " withdrawn first.",
            {"status": label(submission.status)},
        )
    return None


def why_not_carried(spec: TableSpec) -> Message | None:
    """Why rows of the table are never taken over."""
    if spec.carried_forward:
        return None
    return Message(
        "Table %(table)s tells what happened in one year, so last year's rows are not taken over."
        " Enter this year's.",
        {"table": spec.title},
    )


def why_unconfirmed(waiting: int) -> Message | None:
    """Why a table cannot be finished: rows taken over from last year wait (第十条, 第十一条)."""
    if not waiting:
        return None
    return Message(
        "%(count)s rows were taken over from last year and nobody has confirmed them. Confirm that"
        " they are as last year, or correct them.",
        {"count": waiting},
    )


def sees_submission(actor: Actor, submission: Submission) -> bool:
    """Whether the submission exists for the actor at all."""
    return actor.may("read", SUBMISSION) and reports_to(actor, submission.department_code)


def why_not_collected(store: Store, submission: Submission) -> Message | None:
    """Why nothing can be done with a submission: its table has left the catalogue since."""
    if submission.table_identifier in store.reported:
        return None
    return Message(
        "Table %(table)s is not collected any more. If it should be, whoever looks after the"
        " platform marks it as reported again.",
        {"table": submission.table_identifier},
    )


def reports_to(actor: Actor, department: str) -> bool:
    """Whether the actor follows what the department reports, by his functions alone."""
    if overlooks_college(actor):
        return True
    return department in actor.departments(Function.DATA_STEWARD, Function.HEAD)


def overlooks_college(actor: Actor) -> bool:
    """Whether the actor's functions make him follow every department's reporting."""
    return actor.holds(Function.QA_OFFICE) or actor.holds(Function.LEADER)


def why_not_read_board(actor: Actor) -> Message | None:
    """Why the actor may not see how far departments and tables are."""
    if actor.may("read", BOARD):
        return None
    return Message(
        "You have no right to view the board. If you need it for your work, ask the quality"
        " office to grant it."
    )


def why_not_step(
    actor: Actor,
    submission: Submission,
    cycle: Cycle,
    verb: Verb,
    fillers: Collection[str] = (),
) -> Message | None:
    """Why the actor may not take the step now.

    ``fillers`` are the numbers of those who changed rows of the submission,
    the last one first.
    """
    step = step_for(submission.status, verb)
    if step is None:
        return Message(
            "The table is %(status)s; %(verb)s is not possible in this state.",
            {"status": label(submission.status), "verb": label(verb)},
        )
    if cycle.status not in WORKING and not _prepares(cycle, step):
        return Message("The collection year %(year)s is not open.", {"year": cycle.academic_year})
    if step.holder is Holder.CYCLE:
        return Message("This happens together with the collection year as a whole.")
    if not actor.may(verb.value, SUBMISSION):
        return Message("You have no right to %(verb)s.", {"verb": label(verb)})
    return _why_not_holder(actor, submission, step) or _why_not_separate(
        actor, submission, step, fillers
    )


def _prepares(cycle: Cycle, step: Step) -> bool:
    return cycle.status is CycleStatus.PREPARING and step.verb is Verb.ENTER


def _why_not_holder(actor: Actor, submission: Submission, step: Step) -> Message | None:
    department = submission.department_code
    if step.holder is Holder.QA_OFFICE:
        if not actor.holds(Function.QA_OFFICE):
            return Message("Only the quality office can do this.")
        return None
    if any(actor.holds(function, department) for function in HOLDER_FUNCTIONS[step.holder]):
        return None
    if step.holder is Holder.HEAD:
        return Message("Only the head of the department can do this.")
    return Message("Only the data steward of the department can do this.")


def _why_not_separate(
    actor: Actor, submission: Submission, step: Step, fillers: Collection[str]
) -> Message | None:
    """Separation of duties (第五条, 第十二条): checked apart from roles."""
    if step.verb is Verb.CONFIRM and actor.number in {submission.reviewed_by, *list(fillers)[:1]}:
        return Message(
            "Whoever reviewed or last edited the data cannot confirm them; another person has to."
        )
    if step.holder is not Holder.QA_OFFICE or step.verb not in {Verb.RECEIVE, Verb.ACCEPT}:
        return None
    if _handles_alone(actor, submission, step):
        return Message(
            "These are data of your own office and you took them up yourself; a second person of"
            " the quality office has to accept them."
        )
    own = actor.departments(Function.DATA_STEWARD, Function.HEAD, Function.TEACHER)
    handled = {submission.finished_by, submission.reviewed_by, submission.confirmed_by, *fillers}
    if submission.department_code in own or actor.number in handled:
        return Message(
            "You belong to the department or worked on these data; a second person of the"
            " quality office has to check them."
        )
    return None


def why_not_prepare_cycle(actor: Actor) -> Message | None:
    """Why the actor may not set up a collection year and assign its tables (第四条)."""
    if not actor.may(CycleVerb.OPEN.value, CYCLE):
        return Message("You have no right to do this with a collection year.")
    if not actor.holds(Function.QA_OFFICE):
        return Message("Only the quality office can do this.")
    return None


def why_not_history(actor: Actor, cycle: Cycle | None) -> Message | None:
    """Why the actor may not bring data of former years into the year (第十二条)."""
    refusal = why_not_prepare_cycle(actor)
    if refusal is None and (cycle is None or not cycle.is_history):
        return Message("Data of former years go into years that were made for them only.")
    return refusal


def _handles_alone(actor: Actor, submission: Submission, step: Step) -> bool:
    """Whether one person alone would judge the quality office's own data."""
    is_own = any(held.department == submission.department_code for held in actor.appointments)
    return step.verb is Verb.ACCEPT and is_own and submission.received_by == actor.number


def why_not_cycle_step(actor: Actor, cycle: Cycle, verb: CycleVerb) -> Message | None:
    """Why the actor may not take the step of the collection year."""
    if cycle.is_history:
        return Message("A year that holds former data was not collected here and takes no steps.")
    step = cycle_step_for(cycle.status, verb)
    if step is None:
        return Message(
            "The collection year is %(status)s; this is not possible now.",
            {"status": label(cycle.status)},
        )
    if not actor.may(verb.value, CYCLE):
        return Message("You have no right to do this with a collection year.")
    if not actor.holds(CYCLE_HOLDER_FUNCTION[step.holder]):
        return Message("Only the quality office can do this.")
    return _why_not_yet(cycle, verb)


def _why_not_yet(cycle: Cycle, verb: CycleVerb) -> Message | None:
    """What has to be there before the step, whoever takes it."""
    if verb is CycleVerb.OPEN and cycle.is_provisional:
        return Message(
            "Rows are kept in this year already. Prepare it first, with its due date; then open it."
        )
    if verb is CycleVerb.ARCHIVE:
        return Message(
            "The signed report and its hand-over package have to exist before the year is archived."
        )
    return None
