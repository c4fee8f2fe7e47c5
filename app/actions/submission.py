"""The steps of a submission (第十条—第十二条): one function takes them all."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import (
    SEPARATED,
    sees_submission,
    why_not_collected,
    why_not_step,
)
from app.actions.audit_log import Deed, record, tidy_reason
from app.actions.cooperation_event import withdraw_open
from app.actions.finish import finish
from app.actions.finish_check import (
    refuse_unchecked,
    refuse_unsettled,
)
from app.actions.return_item import close_by_passing
from app.actions.returning import (
    SentBack,
    judged_items,
    reason_to_return,
    send_back,
    wanted_items,
)
from app.actions.second_person import Asked, seconded
from app.actions.submission_step import StepContext, StepRequest, hidden_in, judge
from app.domain.finding import REVIEW_POINTS
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.return_item import carries_items
from app.domain.submission import Status, Step, Verb, step_for
from app.models.audit_log import LONGEST_JOINED_REASON
from app.models.base_table import Store
from app.models.base_table_rows import fillers_of
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.judged_table import JudgedTables
from app.models.place_size import rows_left
from app.models.request import Request
from app.models.stored_check import hash_stored
from app.models.submission import Submission


def take_step(
    session: Session,
    store: Store,
    submission_id: int,
    request: StepRequest,
    *,
    by: Actor,
    now: datetime,
    judged: JudgedTables | None = None,
) -> Submission:
    """Take one step and record it, or raise Refused with nothing changed.

    Compare-and-swap on the version: of two equal clicks the second is told
    that somebody has dealt with the table already. A step that needs a second
    person is only asked for by the first; the submission then stays as it is.
    ``judged`` saves asking the rules of a table again for each of many submissions.
    """
    request = replace(request, reason=tidy_reason(request.reason, LONGEST_JOINED_REASON))
    with writing(session):
        context = replace(_enter(session, store, submission_id, request, by, now), judged=judged)
        step = step_for(context.submission.status, request.verb)
        if step is not None and step.needs_second:
            context = _with_reason(context, step)
            granted = _seconded(context)
            if granted is None:
                session.commit()
                return context.submission
            context = replace(context, request=_as_asked(request, granted, now))
        _carry_out(context)
        session.commit()
    return context.submission


def _seconded(context: StepContext) -> Request | None:
    """The request of the first person that this second one grants; None for the first."""
    request, session, submission = context.request, context.session, context.submission
    said = (session, context.store, submission, request.items, request.due_on)
    items = tuple(judged_items(*said, now=context.now))
    asked = Asked(request.reason, request.cause, items=items, due_on=request.due_on)
    return seconded(session, context.cycle, submission, asked, by=context.by, now=context.now)


def _as_asked(request: StepRequest, granted: Request, now: datetime) -> StepRequest:
    """The step as the first person asked for it."""
    due_on = granted.mended_by(now)
    return replace(request, reason=granted.reason, items=granted.wanted_items, due_on=due_on)


def carry_out_granted(
    session: Session,
    store: Store,
    submission: Submission,
    verb: Verb,
    granted: Request,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Take a step that somebody asked for and ``by`` has the right to grant; the caller commits.

    The caller holds the submission and has judged the request.
    """
    cycle = session.get_one(Cycle, submission.cycle_id)
    request = _as_asked(StepRequest(verb, submission.version), granted, now)
    _carry_out(StepContext(session, store, submission, cycle, request, by, now))


def _carry_out(context: StepContext) -> None:
    before, verb = context.submission.status, context.request.verb
    step = step_for(before, verb)
    if step is None:  # pragma: no cover - the policy has refused it already
        raise Refused(Message("This step does not exist."))
    context = _with_reason(context, step)
    if step.needs_reason and context.request.reason is None:
        raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
    EFFECTS[verb](context)
    _move(context, step.target)
    _record(context, before)


def _enter(
    session: Session,
    store: Store,
    submission_id: int,
    request: StepRequest,
    by: Actor,
    now: datetime,
) -> StepContext:
    submission = session.get(
        Submission, submission_id, with_for_update=True, populate_existing=True
    )
    if submission is None or not sees_submission(by, submission):
        raise Refused(Message("There is no such submission."), Reason.NOT_FOUND)
    refuse(why_not_collected(store, submission), Reason.NOT_FOUND)
    if submission.version != request.version:
        raise Refused(
            Message("This table has changed since the page was shown. See where it stands now."),
            Reason.CONFLICT,
        )
    # A page may have read the year a moment ago; it may be locked by now.
    cycle = session.get_one(Cycle, submission.cycle_id, populate_existing=True)
    fillers = fillers_of(session, submission) if request.verb in SEPARATED else ()
    refusal = why_not_step(by, submission, cycle, request.verb, fillers)
    if refusal is not None:
        raise Refused(refusal)
    return StepContext(session, store, submission, cycle, request, by, now)


def _with_reason(context: StepContext, step: Step) -> StepContext:
    """The same with what is said of a table that goes back: items, and a reason made of them."""
    request = context.request
    if not carries_items(step.verb, step.target):
        return context
    items = wanted_items(request.items, request.reason)
    reason = request.reason or reason_to_return(context.session, context.submission, items)
    return replace(context, request=replace(request, items=items, reason=reason))


def _move(context: StepContext, target: Status) -> None:
    submission = context.submission
    submission.status = target
    submission.status_since = context.now
    submission.version += 1
    submission.reason = context.request.reason


def _record(context: StepContext, before: Status) -> None:
    submission = context.submission
    deed = Deed(
        tag=f"submission.{context.request.verb}",
        subject=f"submission:{submission.id}",
        department=submission.department_code,
        before=before,
        after=submission.status,
        reason=submission.reason,
        content_hash=submission.content_hash,
        told=rows_left(context.session, context.store, submission),
    )
    record(context.session, deed, by=context.by, now=context.now)


def _review(context: StepContext) -> None:
    """The department's review with its four points (第五条第二款)."""
    points = context.request.points or {}
    answers = {point.value: points.get(point.value) for point in REVIEW_POINTS}
    if not all(isinstance(answer, bool) for answer in answers.values()):
        raise Refused(Message("Answer all four points of the review."), Reason.INVALID)
    if not all(answers.values()) and not context.request.reason:
        raise Refused(
            Message(
                "A point of the review is not met: send the table back or say why it may pass."
            ),
            Reason.INVALID,
        )
    submission = context.submission
    _close_items(context)
    submission.points = {point: answer is True for point, answer in answers.items()}
    submission.reviewed_at, submission.reviewed_by = context.now, context.by.number


def _confirm(context: StepContext) -> None:
    """The head confirms exactly what was reviewed, and reports it (第五条第三款)."""
    if not context.request.reauthenticated:
        raise Refused(Message("Enter your password once more to confirm."), Reason.INVALID)
    submission = context.submission
    place = (submission.table_identifier, context.cycle, submission.department_code)
    if hash_stored(context.session, context.store, *place) != submission.content_hash:
        raise Refused(
            Message("The data are not those that were reviewed. Send the table back."),
            Reason.CONFLICT,
        )
    _close_items(context)
    submission.confirmed_at, submission.confirmed_by = context.now, context.by.number
    if submission.first_reported_at is None:
        submission.first_reported_at = context.now
        submission.due_at = submission.due_by(context.cycle.due_at)
    submission.receipt_number = (
        f"{context.cycle.academic_year}-{submission.id}-{submission.version + 1}"
    )


def _receive(context: StepContext) -> None:
    submission = context.submission
    submission.received_at, submission.received_by = context.now, context.by.number


def _accept(context: StepContext) -> None:
    """No error is open, every explanation is adopted, a spot check is done if required (T13).

    A warning that became one only after finishing stops nothing: the office may send the table
    back. Of another system's table what was kept is accepted; its rows may have changed since.
    """
    submission = context.submission
    if submission.table_identifier in context.store.tables:
        judged = judge(context)
        refuse_unsettled(judged, hidden_in(context, judged))
        refuse_unchecked(context.session, judged.check.stored.spec, submission)
    _close_items(context)
    submission.accepted_at, submission.accepted_by = context.now, context.by.number


def _close_items(context: StepContext) -> None:
    """Nothing passes whose return items were not put right (T6, T8, T13)."""
    verb, by, now = context.request.verb, context.by, context.now
    close_by_passing(context.session, context.submission, verb, by=by, now=now)


def _send_back(context: StepContext) -> None:
    """Void what was approved, remember the content that came back and what is wrong with it."""
    submission, request = context.submission, context.request
    step = step_for(submission.status, request.verb)
    if step is not None and carries_items(step.verb, step.target):
        sent = SentBack(step.holder, request.items, request.due_on, context.by, context.now)
        send_back(context.session, context.store, submission, sent)
    submission.returned_hash = submission.content_hash
    submission.forget_approvals()


def _withdraw(context: StepContext) -> None:
    context.submission.forget_approvals()


def _exempt(context: StepContext) -> None:
    """Where there is nothing to report, other departments are asked for nothing (第十条第三款)."""
    reason, by, now = context.request.reason, context.by, context.now
    withdraw_open(context.session, context.submission, by=by, now=now, reason=reason)


def _nothing_more(context: StepContext) -> None:
    """The change of status says it all."""


EFFECTS: Mapping[Verb, Callable[[StepContext], None]] = {
    Verb.ENTER: _nothing_more,
    Verb.FINISH: finish,
    Verb.EXEMPT: _exempt,
    Verb.WITHDRAW: _withdraw,
    Verb.SEND_BACK: _send_back,
    Verb.REVIEW: _review,
    Verb.CONFIRM: _confirm,
    Verb.RECEIVE: _receive,
    Verb.ACCEPT: _accept,
    Verb.REOPEN: _send_back,
}
