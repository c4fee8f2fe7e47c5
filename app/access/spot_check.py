"""Who may draw rows for a spot check, see them and enter what was found (V16)."""

from app.access.person import Actor
from app.access.policies import overlooks_college
from app.access.roles import SPOT_CHECK
from app.access.scopes import read_scope
from app.domain.message import Message
from app.domain.person import Function
from app.domain.submission import Status
from app.models.base_table import StoredTable
from app.models.submission import Submission

# What the department can no longer change by itself.
DRAWABLE = frozenset({Status.SUBMITTED, Status.UNDER_QA_REVIEW, Status.ACCEPTED, Status.LOCKED})


def why_not_read_spot_checks(actor: Actor) -> Message | None:
    """Why the actor has no page of spot checks at all."""
    if actor.may("read", SPOT_CHECK):
        return None
    return Message(
        "You have no right to view spot checks. If you need it for your work, ask the quality"
        " office to grant it."
    )


def sees_checks_of(actor: Actor, stored: StoredTable, department: str) -> bool:
    """Whether the actor sees the spot checks of a table of a department.

    Drawn are any of its rows, so only who reads all of them by his roles as they are now. Leaders
    see checks without a right to the table itself, unless their rows of it were narrowed.
    """
    if actor.holds(Function.LEADER) and stored.spec.identifier not in actor.access:
        return True
    if not read_scope(actor, stored).covers_department(department):
        return False
    own = actor.departments(Function.DATA_STEWARD, Function.HEAD)
    return overlooks_college(actor) or department in own


def why_not_check(actor: Actor, department: str) -> Message | None:
    """Why the actor may neither draw rows of a department nor enter results about them.

    Nobody checks the data of his own department (规章 separation of duties).
    """
    if not (actor.may("check", SPOT_CHECK) and actor.holds(Function.QA_OFFICE)):
        return Message("Only the quality office draws spot checks and enters their results.")
    if department in actor.departments(*Function):
        return Message("Nobody checks the data of his own department; somebody else has to.")
    return None


def why_not_draw(actor: Actor, stored: StoredTable, submission: Submission) -> Message | None:
    """Why no rows of the submission can be drawn by the actor now."""
    refusal = why_not_check(actor, submission.department_code)
    if refusal is None and not sees_checks_of(actor, stored, submission.department_code):
        return Message(
            "You do not read all rows of this table, and any of them may be drawn. Somebody else of"
            " the quality office has to draw them."
        )
    if refusal is None and submission.status not in DRAWABLE:
        return Message(
            "Rows are drawn from a table that has been reported. This one is not, or has been"
            " sent back."
        )
    if refusal is None and submission.nil_reason is not None:
        return Message("The department reported that it has no rows, so there is nothing to draw.")
    return refusal
