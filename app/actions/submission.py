"""The steps of a submission (第十条—第十二条): one function takes them all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.finding import hidden_in_findings
from app.access.person import Actor
from app.access.policies import (
    SEPARATED,
    sees_submission,
    why_not_collected,
    why_not_step,
    why_unconfirmed,
)
from app.actions.audit_log import Deed, record, tidy_reason
from app.actions.cooperation_check import refuse_open_cooperation
from app.actions.finding_register import hold_register, keep_place
from app.actions.finish_attempt import keep_attempt, keep_blocked_attempt
from app.actions.finish_check import (
    refuse_errors,
    refuse_unchecked,
    refuse_unsettled,
    refuse_warnings,
    summary_of,
)
from app.actions.guidance import refuse_unread
from app.actions.record_guard import refuse_unsettled_records
from app.actions.return_item import answer_by_finishing, close_by_passing
from app.actions.returning import (
    SentBack,
    judged_items,
    reason_to_return,
    send_back,
    wanted_items,
)
from app.actions.second_person import Asked, seconded
from app.actions.snapshot import count_changes, keep_snapshot
from app.actions.supporting_material import keep_materials, materials_changed
from app.domain.finding import REVIEW_POINTS
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.request import Cause
from app.domain.return_item import WantedItem, carries_items
from app.domain.submission import Status, Step, Verb, step_for
from app.models.audit_log import LONGEST_JOINED_REASON
from app.models.base_table import Store
from app.models.base_table_rows import fillers_of
from app.models.carried_row import count_waiting
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.judged_place import JudgedPlace, judge_place
from app.models.judged_table import JudgedTables
from app.models.place_size import rows_left
from app.models.request import Request
from app.models.stored_check import StoredCheck, hash_stored
from app.models.submission import Submission


@dataclass(frozen=True)
class StepRequest:
    """What a person asks for.

    ``version`` is that of the submission as the person saw it; ``points`` are
    the four answers of the department's review (第五条第二款);
    ``reauthenticated`` says that the person has just proved who he is; ``cause`` is why
    accepted data have to be opened again; ``items`` say what is wrong with a table that is sent
    back, ``due_on`` by which day that is to be put right.
    """

    verb: Verb
    version: int
    reason: str | None = None
    points: Mapping[str, bool] | None = None
    reauthenticated: bool = False
    cause: Cause | None = None
    items: Sequence[WantedItem] = ()
    due_on: date | None = None


@dataclass(frozen=True)
class _Context:
    session: Session
    store: Store
    submission: Submission
    cycle: Cycle
    request: StepRequest
    by: Actor
    now: datetime
    judged: JudgedTables | None = None


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


def _seconded(context: _Context) -> Request | None:
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
    _carry_out(_Context(session, store, submission, cycle, request, by, now))


def _carry_out(context: _Context) -> None:
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
) -> _Context:
    submission = session.get(
        Submission, submission_id, with_for_update=True, populate_existing=True
    )
    if submission is None or not sees_submission(by, submission):
        raise Refused(Message("There is no such submission."), Reason.NOT_FOUND)
    refuse(why_not_collected(store, submission), Reason.NOT_FOUND)
    if submission.version != request.version:
        raise Refused(
            Message("Somebody has dealt with this table already. Reload to see where it stands."),
            Reason.CONFLICT,
        )
    # A page may have read the year a moment ago; it may be locked by now.
    cycle = session.get_one(Cycle, submission.cycle_id, populate_existing=True)
    fillers = fillers_of(session, submission) if request.verb in SEPARATED else ()
    refusal = why_not_step(by, submission, cycle, request.verb, fillers)
    if refusal is not None:
        raise Refused(refusal)
    return _Context(session, store, submission, cycle, request, by, now)


def _with_reason(context: _Context, step: Step) -> _Context:
    """The same with what is said of a table that goes back: items, and a reason made of them."""
    request = context.request
    if not carries_items(step.verb, step.target):
        return context
    items = wanted_items(request.items, request.reason)
    reason = request.reason or reason_to_return(context.session, context.submission, items)
    return replace(context, request=replace(request, items=items, reason=reason))


def _move(context: _Context, target: Status) -> None:
    submission = context.submission
    submission.status = target
    submission.status_since = context.now
    submission.version += 1
    submission.reason = context.request.reason


def _record(context: _Context, before: Status) -> None:
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


def _finish(context: _Context) -> None:
    """Check everything, keep a snapshot and name its hash (T3, T4, T12)."""
    submission, request = context.submission, context.request
    spec = context.store.catalogue.reported[submission.table_identifier]
    refuse_unread(context.session, context.store.catalogue, spec, context.by)
    refuse(why_unconfirmed(_waiting(context)), Reason.INVALID)
    refuse_open_cooperation(context.session, submission)
    judged = _judge(context)
    check = judged.check
    if not check.rows and not request.reason:
        raise Refused(
            Message("The table has no rows. To report that there is nothing, say why."),
            Reason.INVALID,
        )
    _refuse_open(context, judged)
    _answer_items(context, check)
    by, now = context.by, context.now
    keep_attempt(context.session, submission, judged, by=by, now=now)
    submission.change_counts = count_changes(context.session, submission, check)
    snapshot = keep_snapshot(context.session, submission, check, by=by, now=now)
    keep_materials(context.session, submission, snapshot, check, by=by, now=now)
    submission.forget_approvals()
    hold_register(context.session, context.cycle, submission.table_identifier)
    keep_place(context.session, context.cycle, submission.department_code, judged, now=now)
    submission.finding_summary = summary_of(judged)
    submission.content_hash = check.content_hash
    submission.nil_reason = None if check.rows else tidy_reason(request.reason)
    submission.finished_at, submission.finished_by = context.now, context.by.number


def _judge(context: _Context) -> JudgedPlace:
    """Everything that the rules say of the table now."""
    session, store, submission = context.session, context.store, context.submission
    table, cycle = submission.table_identifier, context.cycle
    judged = (context.judged or JudgedTables()).of(session, store, table, cycle)
    return judge_place(session, store, table, cycle, submission.department_code, judged)


def _refuse_open(context: _Context, judged: JudgedPlace) -> None:
    """Refuse finishing while errors are open, which is kept, or warnings nobody has explained."""
    hidden = _hidden(context, judged)
    if judged.open_errors:
        submission_id = context.submission.id
        keep_blocked_attempt(context.session, submission_id, judged, by=context.by, now=context.now)
        refuse_errors(judged.open_errors, hidden)
    refuse_warnings(judged.open_warnings, hidden)
    refuse_unsettled_records(context.session, context.store, context.submission, context.cycle)


def _hidden(context: _Context, judged: JudgedPlace) -> frozenset[str]:
    place = (judged.check.stored, context.submission.department_code)
    return hidden_in_findings(context.store, context.by, *place, judged)


def _answer_items(context: _Context, check: StoredCheck) -> None:
    """What came back is not handed over again as it is without a word (第十一条)."""
    submission = context.submission
    is_changed = check.content_hash != submission.returned_hash or materials_changed(
        context.session, submission, check
    )
    said = (context.session, submission, context.request.reason)
    answer_by_finishing(*said, is_changed=is_changed, by=context.by, now=context.now)


def _waiting(context: _Context) -> int:
    """How many rows taken over from last year nobody has confirmed."""
    submission = context.submission
    place = (submission.table_identifier, submission.period, submission.department_code)
    return count_waiting(context.session, *place)


def _review(context: _Context) -> None:
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


def _confirm(context: _Context) -> None:
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


def _receive(context: _Context) -> None:
    submission = context.submission
    submission.received_at, submission.received_by = context.now, context.by.number


def _accept(context: _Context) -> None:
    """No error is open, every explanation is adopted, a spot check is done if required (T13).

    A warning that became one only after finishing stops nothing: the office may send the table
    back. Of another system's table what was kept is accepted; its rows may have changed since.
    """
    submission = context.submission
    if submission.table_identifier in context.store.tables:
        judged = _judge(context)
        refuse_unsettled(judged, _hidden(context, judged))
        refuse_unchecked(context.session, judged.check.stored.spec, submission)
    _close_items(context)
    submission.accepted_at, submission.accepted_by = context.now, context.by.number


def _close_items(context: _Context) -> None:
    """Nothing passes whose return items were not put right (T6, T8, T13)."""
    verb, by, now = context.request.verb, context.by, context.now
    close_by_passing(context.session, context.submission, verb, by=by, now=now)


def _send_back(context: _Context) -> None:
    """Void what was approved, remember the content that came back and what is wrong with it."""
    submission, request = context.submission, context.request
    step = step_for(submission.status, request.verb)
    if step is not None and carries_items(step.verb, step.target):
        sent = SentBack(step.holder, request.items, request.due_on, context.by, context.now)
        send_back(context.session, context.store, submission, sent)
    submission.returned_hash = submission.content_hash
    submission.forget_approvals()


def _withdraw(context: _Context) -> None:
    context.submission.forget_approvals()


def _nothing_more(context: _Context) -> None:
    """The change of status says it all."""


EFFECTS: Mapping[Verb, Callable[[_Context], None]] = {
    Verb.ENTER: _nothing_more,
    Verb.FINISH: _finish,
    Verb.EXEMPT: _nothing_more,
    Verb.WITHDRAW: _withdraw,
    Verb.SEND_BACK: _send_back,
    Verb.REVIEW: _review,
    Verb.CONFIRM: _confirm,
    Verb.RECEIVE: _receive,
    Verb.ACCEPT: _accept,
    Verb.REOPEN: _send_back,
}
