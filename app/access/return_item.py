"""Who sees, answers and judges return items (第十一条, 第十二条)."""

from collections.abc import Collection, Iterable

from app.access.person import Actor
from app.access.policies import sees_submission, why_locked, why_not_step
from app.access.roles import RETURN_ITEM
from app.domain.labels import label
from app.domain.message import Message
from app.domain.person import Function
from app.domain.return_item import (
    PASSING,
    ItemState,
    ItemVerb,
    Side,
    item_step_for,
    passed_level,
)
from app.domain.submission import Verb
from app.models.cycle import Cycle
from app.models.return_item import ReturnItem
from app.models.submission import Submission

# The right that each verb needs.
RIGHTS = {
    ItemVerb.CHANGE: "answer",
    ItemVerb.EXPLAIN: "answer",
    ItemVerb.CLOSE: "close",
    ItemVerb.REOPEN: "reopen",
}


def sees_item(actor: Actor, submission: Submission, item: ReturnItem) -> bool:
    """Whether the item exists for the actor: whoever follows the submission sees all of them.

    A teacher sees those that are addressed to him, as long as he fills in there.
    """
    if sees_submission(actor, submission):
        return True
    return item.addressee_number == actor.number and _fills(actor, submission)


def why_not_item_step(
    actor: Actor,
    submission: Submission,
    cycle: Cycle,
    item: ReturnItem,
    verb: ItemVerb,
    fillers: Collection[str] = (),
) -> Message | None:
    """Why the actor, who sees the item, may not answer or judge it now.

    ``fillers`` are those who changed rows of the submission: they judge nothing of it.
    """
    step = item_step_for(item.state, verb)
    if step is None:
        return Message(
            "The return item is %(state)s; this is not possible now.", {"state": label(item.state)}
        )
    if not actor.may(RIGHTS[verb], RETURN_ITEM):
        return Message("You have no right to %(verb)s.", {"verb": label(verb)})
    if step.holder is Side.REVIEWER:
        # Whoever may let the table pass says whether it was put right.
        return why_not_step(actor, submission, cycle, PASSING[item.level], fillers)
    return _why_not_answered_by(actor, submission, item) or why_locked(
        cycle, submission, is_assigned=True
    )


def _why_not_answered_by(actor: Actor, submission: Submission, item: ReturnItem) -> Message | None:
    if actor.holds(Function.DATA_STEWARD, submission.department_code):
        return None
    if item.addressee_number == actor.number and _fills(actor, submission):
        return None
    return Message("A return item is answered by whom it is addressed to, or by the data steward.")


def _fills(actor: Actor, submission: Submission) -> bool:
    return submission.department_code in actor.departments(Function.DATA_STEWARD, Function.TEACHER)


def why_items_wait(
    items: Iterable[ReturnItem], verb: Verb, *, is_taken: bool = False
) -> Message | None:
    """Why return items stand in the way of a step of the submission.

    Nothing is finished with an open item, nothing passes the level that raised one before it is
    closed. What is about the whole table is answered by finishing itself, which ``is_taken``
    says has happened, and closed by passing.
    """
    if verb is Verb.FINISH:
        left = [item for item in items if item.state.is_open and (is_taken or not item.is_whole)]
        told = Message(
            "%(count)s return items are not answered. Mark each as changed, or explain it.",
            {"count": len(left)},
        )
    else:
        level = passed_level(verb)
        of_level = [item for item in items if item.level is level]
        left = [item for item in of_level if not _closes_by_itself(item)]
        told = Message(
            "%(count)s return items are not closed. Close those that were put right, or open"
            " them again and send the table back.",
            {"count": len(left)},
        )
    return told if left else None


def _closes_by_itself(item: ReturnItem) -> bool:
    return item.state is ItemState.CLOSED or (item.is_whole and item.state.is_answered)
