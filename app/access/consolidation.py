"""Who may see which of the college's consolidated data (第十二条)."""

from app.access.person import Actor
from app.access.policies import WORKING, overlooks_college, why_not_prepare_cycle
from app.access.roles import CONSOLIDATION
from app.domain.consolidation import Reading
from app.domain.cycle import OVER
from app.domain.message import Message
from app.domain.person import Function
from app.models.cycle import Cycle


def why_not_read_consolidated(actor: Actor, action: str = "read") -> Message | None:
    """Why the actor may not see, or export, consolidated data at all."""
    if actor.may(action, CONSOLIDATION):
        return None
    return Message("You have no right to view the consolidated data.")


def why_not_unreviewed(actor: Actor, cycle: Cycle) -> Message | None:
    """Why the actor may not see data of the year that nobody has reviewed yet."""
    if not overlooks_college(actor):
        return Message("Data that are not reviewed yet are shown to the quality office only.")
    if actor.holds(Function.QA_OFFICE) or cycle.shows_unreviewed:
        return None
    return Message(
        "The quality office has not released data that are not reviewed yet for leaders to see."
    )


def why_not_ready(cycle: Cycle, reading: Reading) -> Message | None:
    """Why the year has no data of this kind, whoever asks."""
    year = {"year": cycle.academic_year}
    if reading is Reading.FINAL and cycle.status not in OVER:
        return Message(
            "The collection year %(year)s is not locked yet, so there is nothing to consolidate.",
            year,
        )
    if reading is not Reading.FINAL and cycle.status in OVER:
        return Message("The collection year %(year)s is locked; its final data count.", year)
    if reading is not Reading.FINAL and cycle.status not in WORKING:
        return Message("The collection year %(year)s is not open.", year)
    return None


def why_not_show_unreviewed(actor: Actor, cycle: Cycle) -> Message | None:
    """Why the actor may not decide whether leaders see data that are not reviewed yet."""
    return why_not_prepare_cycle(actor) or why_not_ready(cycle, Reading.UNREVIEWED)
