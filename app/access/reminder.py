"""Who reminds others of tables that were not reported, and who sets when that happens (第七条)."""

from collections.abc import Iterator

from app.access.person import Actor
from app.access.roles import REMINDER
from app.domain.message import Message
from app.domain.person import Function


def why_not_remind(actor: Actor) -> Message | None:
    """Why the actor may not remind anybody by hand."""
    if not actor.may("remind", REMINDER):
        return Message("You have no right to remind others of what they have to report.")
    if not any(actor.holds(function) for function in REMINDING):
        return Message(
            "The quality office, heads of departments and data stewards remind others; you hold"
            " none of these functions today."
        )
    return None


REMINDING = (Function.QA_OFFICE, Function.HEAD, Function.DATA_STEWARD)


def reminding_as(actor: Actor, department: str) -> Iterator[Function]:
    """As what the actor reminds people of a department.

    The quality office reminds whoever has the next step, the head his stewards, the data steward
    the teachers.
    """
    if actor.holds(Function.QA_OFFICE):
        yield Function.QA_OFFICE
    for function in (Function.HEAD, Function.DATA_STEWARD):
        if actor.holds(function, department):
            yield function


def why_not_read_reminders(actor: Actor) -> Message | None:
    """Why the actor may not see how reminders are set and what was sent outside."""
    if actor.may("read", REMINDER):
        return None
    return Message("You have no right to view how reminders are set.")


def why_not_set_reminders(actor: Actor) -> Message | None:
    """Why the actor may not set when people are reminded."""
    if actor.may("edit", REMINDER):
        return None
    return Message("Only the quality office sets when people are reminded.")
