"""Who makes, sees and signs the sheets of confirmed tables (第五条第三款)."""

from app.access.person import Actor
from app.access.policies import reports_to
from app.access.roles import RECEIPT
from app.domain.message import Message
from app.domain.person import Function


def sees_receipts(actor: Actor, department: str) -> bool:
    """Whether the department's sheets exist for the actor."""
    return actor.may("read", RECEIPT) and reports_to(actor, department)


def why_not_read_receipts(actor: Actor) -> Message | None:
    """Why the actor may not see confirmation sheets at all."""
    if actor.may("read", RECEIPT):
        return None
    return Message("You have no right to view confirmation sheets.")


def why_not_issue(actor: Actor, department: str) -> Message | None:
    """Why the actor may not make a sheet of what the department has confirmed."""
    if actor.may("issue", RECEIPT) and actor.holds(Function.HEAD, department):
        return None
    return Message("Only the head of the department makes the sheet that he signs.")


def why_not_add_scan(actor: Actor, department: str) -> Message | None:
    """Why the actor may not add the scan of a signed sheet."""
    is_own = department in actor.departments(Function.HEAD, Function.DATA_STEWARD)
    if actor.may("add", RECEIPT) and is_own:
        return None
    return Message("Only the data steward and the head of the department add the signed sheet.")
