"""Who confirms for a year that a department's head and data stewards stay who they are."""

from app.access.appointment import NOT_ONESELF
from app.access.person import Actor
from app.access.policies import overlooks_college
from app.access.roles import PERSON
from app.domain.message import Message
from app.domain.person import Function

# Who is confirmed anew each year: those a department cannot report without.
CONFIRMED = (Function.HEAD, Function.DATA_STEWARD)


def sees_appointments_of(actor: Actor, department: str) -> bool:
    """Whether the actor sees who holds office in the department in a year."""
    own = actor.departments(Function.HEAD, Function.DATA_STEWARD)
    return overlooks_college(actor) or department in own


def why_not_confirm(
    actor: Actor, function: Function, department: str, number: str
) -> Message | None:
    """Why the actor may not confirm that the person keeps the function in the department.

    The quality office confirms heads and data stewards, a head the data stewards of his department.
    """
    is_head_of_them = function is Function.DATA_STEWARD and actor.holds(Function.HEAD, department)
    decides = actor.holds(Function.QA_OFFICE) or is_head_of_them
    if function not in CONFIRMED or not actor.may("assign", PERSON) or not decides:
        return Message(
            "The quality office confirms heads and data stewards, a head the data stewards of his"
            " own department."
        )
    return NOT_ONESELF if number == actor.number else None
