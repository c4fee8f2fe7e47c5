"""Who does what with teachers' records, and whose rows they close (第十条第二款, 第十一条)."""

from app.access.person import Actor
from app.access.policies import WORKING, sees_submission, why_locked
from app.access.roles import STEWARDS_VERBS, TEACHER_RECORD, TEACHERS_VERBS
from app.access.scopes import write_scope
from app.domain.cycle import CycleStatus
from app.domain.labels import label
from app.domain.message import Message
from app.domain.person import Function
from app.domain.teacher_record import (
    AFTERWARDS,
    RecordStatus,
    RecordVerb,
    record_step_for,
)
from app.models.base_table import StoredTable
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.models.teacher_record import RecordStanding, TeacherRecord

# About what somebody else has entered on the teacher's behalf.
ON_BEHALF = frozenset({RecordVerb.CONFIRM, RecordVerb.OBJECT})


def why_not_own_data(actor: Actor) -> Message | None:
    """Why the actor has no page of data about himself."""
    if actor.holds(Function.TEACHER) and actor.may(RecordVerb.SUBMIT.value, TEACHER_RECORD):
        return None
    return Message("This page is for teachers, who fill in data about themselves there.")


def sees_records(actor: Actor, submission: Submission) -> bool:
    """Whether the records of a department's teachers exist for the actor."""
    return actor.may("read", TEACHER_RECORD) and sees_submission(actor, submission)


def why_not_take(actor: Actor, department: str, verb: RecordVerb) -> Message | None:
    """Why the actor never takes the step with records of the department, wherever they stand."""
    if not actor.may(verb.value, TEACHER_RECORD):
        return Message("You have no right to %(verb)s.", {"verb": label(verb)})
    if verb in STEWARDS_VERBS and not actor.holds(Function.DATA_STEWARD, department):
        return Message("Only the data steward of the department can do this.")
    return None


def why_not_record_step(
    actor: Actor,
    submission: Submission,
    cycle: Cycle,
    teacher: RecordStanding,
    verb: RecordVerb,
) -> Message | None:
    """Why the actor may not take the step with this teacher's record now."""
    refusal = why_not_take(actor, submission.department_code, verb)
    if refusal is not None:
        return refusal
    if verb in TEACHERS_VERBS and actor.number != teacher.person_number:
        return Message("Only the teacher himself can do this.")
    return why_impossible(teacher, verb) or why_records_closed(submission, cycle, verb)


def why_impossible(teacher: RecordStanding, verb: RecordVerb) -> Message | None:
    """Why nobody takes the step with the record as it stands."""
    if record_step_for(teacher.status, verb) is None:
        return Message(
            "The record is %(status)s; %(verb)s is not possible in this state.",
            {"status": label(teacher.status), "verb": label(verb)},
        )
    if verb in ON_BEHALF and not teacher.waits_for_confirmation:
        return Message("Nothing entered on the teacher's behalf waits for his confirmation.")
    return None


def why_records_closed(submission: Submission, cycle: Cycle, verb: RecordVerb) -> Message | None:
    """Why the step is not taken now: records stand still with their table.

    What changes nothing of the data is possible until the year is archived.
    """
    if verb in AFTERWARDS:
        is_over = cycle.status is CycleStatus.ARCHIVED
        year = {"year": cycle.academic_year}
        return Message("The collection year %(year)s is locked.", year) if is_over else None
    if cycle.status not in WORKING:
        return Message("The collection year %(year)s is not open.", {"year": cycle.academic_year})
    return why_locked(cycle, submission, is_assigned=True)


def writes_own_rows(actor: Actor, stored: StoredTable, department: str) -> bool:
    """Whether the actor changes rows of the department about himself only."""
    scope = write_scope(actor, stored)
    return scope.person is not None and not scope.covers_department(department)


def why_closed_to_teacher(record: TeacherRecord | None) -> Message | None:
    """Why the teacher may not change rows about himself; before any step they are open."""
    if record is None or record.status.is_open:
        return None
    if record.status is RecordStatus.SUBMITTED:
        return Message(
            "You have handed this over, so it cannot be changed now. Take it back first on the"
            " page “My data”."
        )
    return Message(
        "Your record is %(status)s, so it cannot be changed now. Ask the data steward of the"
        " department to send it back to you.",
        {"status": label(record.status)},
    )


def why_closed_to_others(record: TeacherRecord) -> Message | None:
    """Why nobody else may change rows that the teacher stands for, or of whom nothing comes."""
    if record.status is RecordStatus.MISSING:
        return Message(
            "%(name)s is recorded as missing. Send the record back or take it up first; then rows"
            " can be entered and somebody answers for them.",
            {"name": record.person_name},
        )
    if not record.is_his_word:
        return None
    return Message(
        "%(name)s has handed this over himself. Send it back to him with the reason instead of"
        " changing it.",
        {"name": record.person_name},
    )


def why_not_settled(waiting: int) -> Message | None:
    """Why a table cannot be finished: records of its teachers are open (第十条第二款)."""
    if not waiting:
        return None
    return Message(
        "The records of %(count)s teachers are neither taken up nor recorded as missing. Settle"
        " them on the page of the teachers' records first.",
        {"count": waiting},
    )
