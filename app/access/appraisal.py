"""Who may see and change the appraisal of a year (第十七条)."""

from app.access.person import Actor
from app.access.roles import APPRAISAL
from app.domain.appraisal import AppraisalStatus, AppraisalVerb
from app.domain.cycle import CycleStatus
from app.domain.message import Message
from app.domain.person import Function
from app.models.appraisal import Appraisal
from app.models.cycle import Cycle

# The years whose data no longer change by themselves.
APPRAISABLE = frozenset({CycleStatus.CLOSED, CycleStatus.LOCKED, CycleStatus.ARCHIVED})


def why_not_read_appraisals(actor: Actor) -> Message | None:
    """Why the actor has no page of appraisals at all."""
    if actor.may("read", APPRAISAL) and (overlooks_appraisals(actor) or own_departments(actor)):
        return None
    return Message(
        "You have no right to view the appraisal. If you need it for your work, ask the quality"
        " office to grant it."
    )


def overlooks_appraisals(actor: Actor) -> bool:
    """Whether the actor sees all departments, drafts too."""
    return actor.holds(Function.QA_OFFICE) or actor.holds(Function.LEADER)


def own_departments(actor: Actor) -> frozenset[str]:
    """The departments whose result the actor sees once it is published."""
    return actor.departments(Function.HEAD, Function.DATA_STEWARD)


def why_not_draft(actor: Actor, cycle: Cycle) -> Message | None:
    """Why the actor may not begin the appraisal of the collection year."""
    refusal = _why_not(actor, AppraisalVerb.DRAFT)
    if refusal is None and cycle.is_history:
        return Message("A year that holds former data is never appraised.")
    if refusal is None and cycle.status not in APPRAISABLE:
        return Message(
            "The collection year %(year)s is not closed yet; it is appraised afterwards.",
            {"year": cycle.academic_year},
        )
    return refusal


def why_not_appraise(actor: Actor, appraisal: Appraisal) -> Message | None:
    """Why the actor may not count again, enter scores or adjust."""
    return _why_not(actor, AppraisalVerb.APPRAISE) or _why_published(appraisal)


def why_not_publish(actor: Actor, appraisal: Appraisal, pending: int) -> Message | None:
    """Why the actor may not publish; ``pending`` scores are still to be entered."""
    refusal = _why_not(actor, AppraisalVerb.PUBLISH) or _why_published(appraisal)
    if refusal is None and pending:
        return Message(
            "%(count)s scores are still to be entered by hand; enter them first.",
            {"count": pending},
        )
    return refusal


def _why_not(actor: Actor, verb: AppraisalVerb) -> Message | None:
    if not actor.may(verb.value, APPRAISAL):
        return Message("You have no right to change the appraisal.")
    if not actor.holds(Function.QA_OFFICE):
        return Message("Only the quality office can do this.")
    return None


def _why_published(appraisal: Appraisal) -> Message | None:
    if appraisal.status is AppraisalStatus.PUBLISHED:
        return Message("The appraisal is published; its scores are final.")
    return None
