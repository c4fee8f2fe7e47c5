"""Who asks another department for its part in a table, who answers, who rules (第十条第三款)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, true

from app.access.person import ANSWERING, Actor
from app.access.policies import WORKING
from app.access.roles import COOPERATION
from app.domain.cooperation import (
    STATUS_HOLDERS,
    CooperationHolder,
    CooperationStatus,
    CooperationStep,
    CooperationVerb,
    cooperation_step_for,
)
from app.domain.labels import label
from app.domain.message import Message
from app.domain.person import Function
from app.models.base_table import Store
from app.models.cooperation import Cooperation
from app.models.cycle import Cycle
from app.models.submission import Submission

# Steps after which the department that was asked may change rows of the table.
OPENING = frozenset({CooperationVerb.SEND, CooperationVerb.SEND_BACK, CooperationVerb.ORDER})
NOT_YOURS: Mapping[CooperationHolder, Message] = {
    CooperationHolder.ASKER: Message(
        "Only those who asked can do this: the data steward or the head of the department that"
        " reports the table, or the quality office where that asked."
    ),
    CooperationHolder.LEAD: Message(
        "Only the data steward or the head of the department that reports the table can do this."
    ),
    CooperationHolder.PARTNER: Message(
        "Only the data steward or the head of the department that was asked can do this."
    ),
    CooperationHolder.EITHER: Message(
        "Only the data steward or the head of one of the two departments can do this."
    ),
    CooperationHolder.QA_OFFICE: Message("Only the quality office rules on this."),
}


@dataclass(frozen=True)
class Standing:
    """A request with what has to be known of it to judge a step.

    ``rows`` is how many rows were contributed on it that are still there, ``appealed_by`` the
    number of whoever brought it before the quality office last.
    """

    request: Cooperation
    submission: Submission
    cycle: Cycle
    rows: int
    appealed_by: str | None = None


def why_not_read_cooperation(actor: Actor) -> Message | None:
    """Why the actor may not see co-operation requests at all."""
    if actor.may("read", COOPERATION):
        return None
    return Message("You have no right to view co-operation requests.")


def sees_cooperation(actor: Actor, request: Cooperation, submission: Submission) -> bool:
    """Whether the request exists for the actor; for who is asked, once it was sent."""
    if not actor.may("read", COOPERATION):
        return False
    if actor.holds(Function.QA_OFFICE):
        return request.by_office or request.sent_at is not None
    own = actor.departments(*ANSWERING)
    is_drafted_here = submission.department_code in own and not request.by_office
    was_sent = request.sent_at is not None
    return is_drafted_here or (
        was_sent and bool({submission.department_code, request.partner_code} & own)
    )


def cooperations_seen(actor: Actor) -> ColumnElement[bool]:
    """``sees_cooperation`` as a condition of a select that joins the submission."""
    if not actor.may("read", COOPERATION):
        return false()
    was_sent = Cooperation.sent_at.is_not(None)
    if actor.holds(Function.QA_OFFICE):
        return or_(Cooperation.by_office, was_sent)
    own = sorted(actor.departments(*ANSWERING))
    leads = Submission.department_code.in_(own)
    return or_(
        and_(leads, Cooperation.by_office.is_(False)),
        and_(was_sent, or_(leads, Cooperation.partner_code.in_(own))),
    )


def why_not_request_cooperation(
    actor: Actor, store: Store, submission: Submission, cycle: Cycle
) -> Message | None:
    """Why the actor may not ask other departments for their part in the table now."""
    if not actor.may(CooperationVerb.REQUEST.value, COOPERATION):
        return Message("You have no right to ask other departments for their part.")
    leads = submission.department_code in actor.departments(*ANSWERING)
    if not leads and not actor.holds(Function.QA_OFFICE):
        return NOT_YOURS[CooperationHolder.LEAD]
    return why_not_asked_for(store, submission, cycle)


def why_not_asked_for(store: Store, submission: Submission, cycle: Cycle) -> Message | None:
    """Why nobody can contribute to the table as it stands."""
    if submission.table_identifier not in store.tables:
        return Message(
            "This table belongs to another system, where every department keeps its own rows; other"
            " departments cannot contribute rows to it here."
        )
    if cycle.status not in WORKING:
        return Message("The collection year %(year)s is not open.", {"year": cycle.academic_year})
    if not submission.status.is_editable:
        return Message(
            "The table is %(status)s and cannot be changed now. It has to be sent back or"
            " withdrawn first.",
            {"status": label(submission.status)},
        )
    return None


def why_not_cooperation_step(
    actor: Actor, store: Store, standing: Standing, verb: CooperationVerb, now: datetime
) -> Message | None:
    """Why the actor may not take the step with the request now."""
    step = cooperation_step_for(standing.request.status, verb)
    if not actor.may(verb.value, COOPERATION):
        return Message("You have no right to %(verb)s.", {"verb": label(verb)})
    if step is None:
        return why_over(standing.request, verb)
    if not holds_step(actor, step, standing):
        return NOT_YOURS[step.holder]
    return _why_not_now(store, standing, step, now) or _why_not_separate(actor, standing, step)


def why_over(request: Cooperation, verb: CooperationVerb) -> Message | None:
    """Why nothing of the kind can be done with the request as it stands, whoever asks."""
    if cooperation_step_for(request.status, verb) is not None:
        return None
    return Message(
        "The co-operation request is %(status)s; %(verb)s is not possible in this state.",
        {"status": label(request.status), "verb": label(verb)},
    )


def holds_step(actor: Actor, step: CooperationStep, standing: Standing) -> bool:
    """Whether it is the actor's side that takes the step."""
    own, request = actor.departments(*ANSWERING), standing.request
    is_office = actor.holds(Function.QA_OFFICE)
    leads = standing.submission.department_code in own
    asks_for_office = request.by_office and is_office
    match step.holder:
        case CooperationHolder.ASKER:
            return asks_for_office if request.by_office else leads
        case CooperationHolder.LEAD:
            return leads or asks_for_office
        case CooperationHolder.PARTNER:
            return request.partner_code in own
        case CooperationHolder.EITHER:
            return leads or asks_for_office or request.partner_code in own
        case CooperationHolder.QA_OFFICE:
            return is_office


def _why_not_now(
    store: Store, standing: Standing, step: CooperationStep, now: datetime
) -> Message | None:
    cycle, request = standing.cycle, standing.request
    if cycle.status not in WORKING:
        return Message("The collection year %(year)s is not open.", {"year": cycle.academic_year})
    if step.when_overdue and not request.is_overdue(now):
        return Message(
            "The department that was asked still has time to answer. You can appeal to the quality"
            " office once the due date has passed."
        )
    # A refusal that is brought before the office opens the request again.
    reopens = (step.source, step.verb) == (CooperationStatus.REFUSED, CooperationVerb.APPEAL)
    if step.verb in OPENING or reopens:
        return why_not_asked_for(store, standing.submission, cycle)
    return _why_rows_stay(standing, step)


def _why_rows_stay(standing: Standing, step: CooperationStep) -> Message | None:
    """Rows are never left behind by a request that came to nothing."""
    rows = {"count": standing.rows}
    if not standing.rows:
        return None
    if step.verb is CooperationVerb.CANCEL:
        return Message(
            "%(count)s rows were contributed on this request already. Confirm it, or let the"
            " department that was asked delete them first.",
            rows,
        )
    if step.verb is CooperationVerb.REFUSE:
        return Message(
            "Your department has contributed %(count)s rows on this request already. Answer it, or"
            " delete the rows first.",
            rows,
        )
    return None


def _why_not_separate(actor: Actor, standing: Standing, step: CooperationStep) -> Message | None:
    """Nobody rules between his own department and another one, nor on what he asked himself."""
    if step.holder is not CooperationHolder.QA_OFFICE:
        return None
    own = actor.departments(Function.DATA_STEWARD, Function.HEAD, Function.TEACHER)
    if own & {standing.submission.department_code, standing.request.partner_code}:
        return Message(
            "You belong to one of the two departments; another person of the quality office has to"
            " rule."
        )
    if actor.number in {standing.request.asked_by, standing.appealed_by}:
        return Message(
            "You have asked for this or brought it before the quality office yourself; another"
            " person of the quality office has to rule."
        )
    return None


def why_open_cooperation(count: int) -> Message | None:
    """Why a table cannot be finished: other departments' parts are not settled (第十条第三款)."""
    if not count:
        return None
    return Message(
        "%(count)s co-operation requests of this table are not settled. Confirm what was answered;"
        " where a department does not answer in time, appeal to the quality office.",
        {"count": count},
    )


def awaited_of(actor: Actor) -> ColumnElement[bool]:
    """The requests where it is the actor's move; the select joins the submission."""
    own, is_office = sorted(actor.departments(*ANSWERING)), actor.holds(Function.QA_OFFICE)
    leads = Submission.department_code.in_(own)
    asks_for_office = Cooperation.by_office if is_office else false()
    sides: Mapping[CooperationHolder, ColumnElement[bool]] = {
        CooperationHolder.ASKER: or_(
            and_(Cooperation.by_office.is_(False), leads), asks_for_office
        ),
        CooperationHolder.LEAD: or_(leads, asks_for_office),
        CooperationHolder.PARTNER: Cooperation.partner_code.in_(own),
        CooperationHolder.QA_OFFICE: true() if is_office else false(),
    }
    moves = (
        and_(Cooperation.status == status, sides[holder])
        for status, holder in STATUS_HOLDERS.items()
    )
    return and_(cooperations_seen(actor), or_(*moves))
