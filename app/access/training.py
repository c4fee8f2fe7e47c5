"""Who plans training, signs in and notes attendance; who records mobilisation meetings."""

from datetime import date

from app.access.person import Actor
from app.access.policies import overlooks_college
from app.access.roles import MOBILISATION_MEETING, TRAINING
from app.domain.cycle import OVER
from app.domain.labels import label
from app.domain.message import Message
from app.domain.period import LOCAL_ZONE
from app.domain.person import Function
from app.domain.training import (
    Attendance,
    AttendanceVerb,
    SessionVerb,
    TrainingHolder,
    attendance_step,
    session_step,
)
from app.models.cycle import Cycle
from app.models.training import TrainingSession

# Who has to attend (第八条: 务必参加).
MUST_ATTEND = Function.DATA_STEWARD
RECORDING = (Function.DATA_STEWARD, Function.HEAD)


def why_not_read_training(actor: Actor) -> Message | None:
    """Why the actor may not see the training sessions."""
    if actor.may("read", TRAINING):
        return None
    return Message("You have no right to view the training sessions.")


def why_not_edit_training(actor: Actor, cycle: Cycle) -> Message | None:
    """Why the actor may not plan training in the year, or decide that there is none."""
    if not (actor.may("edit", TRAINING) and actor.holds(Function.QA_OFFICE)):
        return Message("Only the quality office plans training and notes who attended.")
    return _why_over(cycle)


def why_not_session_step(
    actor: Actor, cycle: Cycle, session: TrainingSession, verb: SessionVerb
) -> Message | None:
    """Why the actor may not take the step with the session."""
    refusal = why_not_edit_training(actor, cycle)
    if refusal is None and session_step(session.status, verb) is None:
        return Message(
            "The training session is %(status)s; %(verb)s is not possible in this state.",
            {"status": label(session.status), "verb": label(verb)},
        )
    return refusal


def why_not_attendance(
    actor: Actor,
    cycle: Cycle,
    session: TrainingSession,
    number: str,
    attendance: Attendance,
    verb: AttendanceVerb,
    today: date,
) -> Message | None:
    """Why the actor may not say this of the attendance of the person with the ``number``.

    One signs in on the day of the session, which is a day of the college like ``today``.
    """
    step = attendance_step(session.status, attendance, verb)
    holder = TrainingHolder.ATTENDEE if verb is AttendanceVerb.SIGN_IN else TrainingHolder.QA_OFFICE
    if holder is TrainingHolder.QA_OFFICE:
        refusal = why_not_edit_training(actor, cycle)
    elif not actor.may("sign_in", TRAINING) or number != actor.number:
        refusal = Message("Everybody signs in for himself; the quality office notes the others.")
    elif not actor.holds(MUST_ATTEND):
        refusal = Message("Data stewards sign in; nobody else has to attend.")
    elif session.begins_at.astimezone(LOCAL_ZONE).date() != today:
        refusal = Message("Sign in on the day of the training itself.")
    else:
        refusal = _why_over(cycle)
    if refusal is None and step is None:
        return Message(
            "The training session is %(status)s and your attendance is %(attendance)s; this is not"
            " possible any more.",
            {"status": label(session.status), "attendance": label(attendance)},
        )
    return refusal


def sees_meetings_of(actor: Actor, department: str) -> bool:
    """Whether the actor sees the meetings of the department."""
    if not actor.may("read", MOBILISATION_MEETING):
        return False
    return overlooks_college(actor) or department in actor.departments(*RECORDING)


def why_not_record_meeting(actor: Actor, cycle: Cycle, department: str) -> Message | None:
    """Why the actor may not record a meeting of the department in the year."""
    if not actor.may("edit", MOBILISATION_MEETING) or department not in actor.departments(
        *RECORDING
    ):
        return Message("The head and the data stewards of a department record its meetings.")
    return _why_over(cycle)


def _why_over(cycle: Cycle) -> Message | None:
    if cycle.status not in OVER:
        return None
    return Message(
        "The collection year %(year)s is %(status)s; how it was prepared stays as it is.",
        {"year": cycle.academic_year, "status": label(cycle.status)},
    )
