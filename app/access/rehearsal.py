"""Who may rehearse a collection year, and which years can be rehearsed (第四条, 第八条)."""

from app.access.person import Actor
from app.access.policies import overlooks_college
from app.access.roles import ASSIGNMENT, PERMISSION, PERSON, WORK_PLAN
from app.access.work_plan import why_not_read_preparation
from app.domain.cycle import CycleStatus
from app.domain.labels import label
from app.domain.message import Message
from app.domain.rehearsal import Mending
from app.models.cycle import Cycle

# Years that are still ahead or under way.
REHEARSED = frozenset({CycleStatus.PREPARING, CycleStatus.OPEN})
READ_WITH = {
    Mending.IN_PEOPLE: PERSON,
    Mending.IN_ASSIGNMENTS: ASSIGNMENT,
    Mending.IN_PREPARATION: WORK_PLAN,
    Mending.IN_PERMISSIONS: PERMISSION,
}


def why_not_rehearse(actor: Actor) -> Message | None:
    """Why the actor may not rehearse any year: it tells of everybody in the college."""
    refusal = why_not_read_preparation(actor)
    if refusal is None and not overlooks_college(actor):
        return Message("Only the quality office and the college's leaders rehearse a year.")
    return refusal


def why_not_rehearsed(cycle: Cycle) -> Message | None:
    """Why there is nothing to rehearse in the year."""
    if cycle.is_history or cycle.status not in REHEARSED:
        return Message(
            "The collection year is %(status)s; only a year in preparation or an open one is"
            " rehearsed.",
            {"status": label(cycle.status)},
        )
    if cycle.is_provisional:
        return Message(
            "The year has not been prepared yet. Prepare it with its due date; then rehearse it."
        )
    return None


def may_mend(actor: Actor, mending: Mending) -> bool:
    """Whether the actor can look at the page where a remark is mended."""
    return actor.may("read", READ_WITH[mending])
