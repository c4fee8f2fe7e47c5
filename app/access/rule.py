"""Who may read the quality rules and who writes them.

A rule holds no data: everybody who fills in, reviews or judges may know by what it is judged. To
write one takes the quality office (第五条), whose rules then hold for every department.
"""

from app.access.person import Actor
from app.access.roles import RULE
from app.domain.message import Message


def why_not_read_rules(actor: Actor) -> Message | None:
    """Why the actor may not look at the rules."""
    if actor.may("read", RULE):
        return None
    return Message(
        "You have no right to view the quality rules. They are open to the quality office, heads of"
        " department and data stewards."
    )


def why_not_change_rules(actor: Actor) -> Message | None:
    """Why the actor may not write, publish or switch off rules, nor try them on data."""
    if actor.may("edit", RULE):
        return None
    return Message("Only the quality office writes rules. Tell it what should be changed.")
