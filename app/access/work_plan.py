"""Who reads, writes and publishes the work plan of a year and sets its phases (第八条)."""

from app.access.person import Actor
from app.access.roles import WORK_PLAN
from app.domain.cycle import OVER
from app.domain.labels import label
from app.domain.message import Message
from app.domain.person import Function
from app.models.cycle import Cycle


def why_not_read_preparation(actor: Actor) -> Message | None:
    """Why the actor may not see how the collection is prepared."""
    if actor.may("read", WORK_PLAN):
        return None
    return Message(
        "You have no right to view how the collection is prepared. If you need it for your work,"
        " ask the quality office to grant it."
    )


def why_not_plan(actor: Actor, cycle: Cycle) -> Message | None:
    """Why the actor may not write the year's work plan."""
    if not (actor.may("edit", WORK_PLAN) and actor.holds(Function.QA_OFFICE)):
        return Message("Only the quality office writes the work plan and sets the phases.")
    if cycle.status in OVER:
        return Message(
            "The collection year %(year)s is %(status)s; how it was prepared stays as it is.",
            {"year": cycle.academic_year, "status": label(cycle.status)},
        )
    return None


def why_not_set_phases(actor: Actor, cycle: Cycle) -> Message | None:
    """Why the actor may not set the year's phases, which end with its due date."""
    refusal = why_not_plan(actor, cycle)
    if refusal is None and cycle.is_provisional:
        return Message("Prepare this year first, with its due date; then set its phases.")
    return refusal
