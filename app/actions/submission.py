"""The steps of a submission (第十条—第十二条): one function takes them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.masks import hidden_fields
from app.access.person import Actor
from app.access.policies import (
    SEPARATED,
    sees_submission,
    why_not_collected,
    why_not_step,
    why_unconfirmed,
)
from app.actions.audit_log import Deed, record, tidy_reason
from app.actions.finding_register import hold_register, keep_place
from app.actions.finish_attempt import keep_attempt
from app.actions.finish_check import (
    refuse_errors,
    refuse_unsettled,
    refuse_warnings,
    summary_of,
)
from app.actions.guidance import refuse_unread
from app.actions.snapshot import keep_snapshot
from app.actions.supporting_material import keep_materials, materials_changed
from app.domain.finding import REVIEW_POINTS
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.submission import Status, Verb, step_for
from app.models.audit_log import AuditEntry
from app.models.base_table import Store
from app.models.base_table_rows import fillers_of
from app.models.carried_row import count_waiting
from app.models.cycle import Cycle
from app.models.database import begin_write, writing
from app.models.judged_place import JudgedPlace, judge_place
from app.models.stored_check import StoredCheck, hash_stored
from app.models.submission import Submission

LONGEST_NIL_REASON = 500


@dataclass(frozen=True)
class StepRequest:
    """What a person asks for.

    ``version`` is that of the submission as the person saw it; ``points`` are
    the four answers of the department's review (第五条第二款);
    ``reauthenticated`` says that the person has just proved who he is.
    """

    verb: Verb
    version: int
    reason: str | None = None
    points: Mapping[str, bool] | None = None
    reauthenticated: bool = False


@dataclass(frozen=True)
class _Context:
    session: Session
    store: Store
    submission: Submission
    cycle: Cycle
    request: StepRequest
    by: Actor
    now: datetime


def take_step(
    session: Session,
    store: Store,
    submission_id: int,
    request: StepRequest,
    *,
    by: Actor,
    now: datetime,
) -> Submission:
    """Take one step and record it, or raise Refused with nothing changed.

    Compare-and-swap on the version: of two equal clicks the second is told
    that somebody has dealt with the table already.
    """
    request = replace(request, reason=tidy_reason(request.reason))
    with writing(session):
        context = _enter(session, store, submission_id, request, by, now)
        before = context.submission.status
        step = step_for(before, request.verb)
        if step is None:  # pragma: no cover - the policy has refused it already
            raise Refused(Message("This step does not exist."))
        if step.needs_reason and request.reason is None:
            raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
        EFFECTS[request.verb](context)
        _move(context, step.target)
        _record(context, before)
        session.commit()
    return context.submission


def begin_entering(
    session: Session, submission: Submission | None, *, by: Actor, now: datetime
) -> None:
    """The first stored row begins the entry (T1), recorded like any step; the caller commits."""
    if submission is None or submission.status is not Status.NOT_STARTED:
        return
    submission.status = Status.ENTERING
    submission.version += 1
    submission.status_since = now
    deed = Deed(
        tag=f"submission.{Verb.ENTER}",
        subject=f"submission:{submission.id}",
        department=submission.department_code,
        before=Status.NOT_STARTED,
        after=Status.ENTERING,
    )
    record(session, deed, by=by, now=now)


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
    )
    record(context.session, deed, by=context.by, now=context.now)


def _finish(context: _Context) -> None:
    """Check everything, keep a snapshot and name its hash (T3, T4, T12)."""
    submission, request = context.submission, context.request
    spec = context.store.catalogue.reported[submission.table_identifier]
    refuse_unread(context.session, context.store.catalogue, spec, context.by)
    refuse(why_unconfirmed(_waiting(context)), Reason.INVALID)
    judged = _judge(context)
    check = judged.check
    if not check.rows and not request.reason:
        raise Refused(
            Message("The table has no rows. To report that there is nothing, say why."),
            Reason.INVALID,
        )
    _refuse_open(context, judged)
    _refuse_unchanged(context, check)
    by, now = context.by, context.now
    keep_attempt(context.session, submission, judged, by=by, now=now)
    snapshot = keep_snapshot(context.session, submission, check, by=by, now=now)
    keep_materials(context.session, submission, snapshot, check, by=by, now=now)
    _forget_approvals(submission)
    hold_register(context.session, context.cycle, submission.table_identifier)
    keep_place(context.session, context.cycle, submission.department_code, judged, now=now)
    submission.finding_summary = summary_of(judged)
    submission.content_hash = check.content_hash
    submission.nil_reason = None if check.rows else tidy_reason(request.reason, LONGEST_NIL_REASON)
    submission.finished_at, submission.finished_by = context.now, context.by.number


def _judge(context: _Context) -> JudgedPlace:
    """Everything that the rules say of the table now."""
    submission = context.submission
    place = (submission.table_identifier, context.cycle, submission.department_code)
    return judge_place(context.session, context.store, *place)


def _refuse_open(context: _Context, judged: JudgedPlace) -> None:
    """Refuse finishing while errors are open, which is kept, or warnings nobody has explained."""
    hidden = _hidden(context, judged.check)
    if judged.open_errors:
        _keep_blocked_attempt(context, judged)
        refuse_errors(judged.open_errors, hidden)
    refuse_warnings(judged.open_warnings, hidden)


def _hidden(context: _Context, check: StoredCheck) -> frozenset[str]:
    return hidden_fields(context.by, check.stored, context.submission.department_code)


def _refuse_unchanged(context: _Context, check: StoredCheck) -> None:
    """What came back is not handed over again as it is without a word."""
    submission = context.submission
    if submission.status is not Status.RETURNED or context.request.reason:
        return
    if check.content_hash != submission.returned_hash:
        return
    if not materials_changed(context.session, submission, check):
        raise Refused(
            Message("Nothing was changed since the table was sent back. Mend it or explain why."),
            Reason.INVALID,
        )


def _waiting(context: _Context) -> int:
    """How many rows taken over from last year nobody has confirmed."""
    submission = context.submission
    return count_waiting(
        context.session,
        submission.table_identifier,
        submission.period,
        submission.department_code,
    )


def _keep_blocked_attempt(context: _Context, judged: JudgedPlace) -> None:
    """The refused attempt itself is evidence for the appraisal (第十七条).

    Once per content: clicking again without mending anything counts no more.
    """
    content_hash = judged.check.content_hash
    context.session.rollback()
    begin_write(context.session)
    # Locked once more, so that two clicks at once leave one entry.
    submission = context.session.get_one(
        Submission, context.submission.id, with_for_update=True, populate_existing=True
    )
    keep_attempt(context.session, submission, judged, by=context.by, now=context.now)
    tag, subject = "submission.finish_refused", f"submission:{submission.id}"
    known = select(AuditEntry.id).where(
        AuditEntry.subject == subject,
        AuditEntry.tag == tag,
        AuditEntry.content_hash == content_hash,
    )
    if context.session.scalar(known.limit(1)) is not None:
        context.session.commit()
        return
    deed = Deed(
        tag=tag,
        subject=subject,
        department=submission.department_code,
        before=submission.status,
        after=submission.status,
        reason=str(len(judged.open_errors)),
        content_hash=content_hash,
    )
    record(context.session, deed, by=context.by, now=context.now)
    context.session.commit()


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
    submission.points = {point: answer is True for point, answer in answers.items()}
    submission.reviewed_at, submission.reviewed_by = context.now, context.by.number


def _confirm(context: _Context) -> None:
    """The head confirms exactly what was reviewed, and reports it (第五条第三款)."""
    if not context.request.reauthenticated:
        raise Refused(Message("Enter your password once more to confirm."), Reason.INVALID)
    submission = context.submission
    stored_hash = hash_stored(
        context.session,
        context.store,
        submission.table_identifier,
        context.cycle,
        submission.department_code,
    )
    if stored_hash != submission.content_hash:
        raise Refused(
            Message("The data are not those that were reviewed. Send the table back."),
            Reason.CONFLICT,
        )
    submission.confirmed_at, submission.confirmed_by = context.now, context.by.number
    if submission.first_reported_at is None:
        submission.first_reported_at = context.now
        submission.due_at = submission.due_by(context.cycle.due_at)
    submission.receipt_number = (
        f"{context.cycle.academic_year}-{submission.id}-{submission.version + 1}"
    )


def _receive(context: _Context) -> None:
    context.submission.received_at = context.now
    context.submission.received_by = context.by.number


def _accept(context: _Context) -> None:
    """No error is open, and every explanation that was given is adopted (T13).

    A warning that became one only after finishing stops nothing: the office may send the table
    back. Of another system's table what was kept is accepted; its rows may have changed since.
    """
    if context.submission.table_identifier in context.store.tables:
        judged = _judge(context)
        refuse_unsettled(judged, _hidden(context, judged.check))
    context.submission.accepted_at = context.now
    context.submission.accepted_by = context.by.number


def _send_back(context: _Context) -> None:
    """Void what was approved and remember the content that came back."""
    context.submission.returned_hash = context.submission.content_hash
    _forget_approvals(context.submission)


def _withdraw(context: _Context) -> None:
    _forget_approvals(context.submission)


def _nothing_more(context: _Context) -> None:
    """The change of status says it all."""


def _forget_approvals(submission: Submission) -> None:
    submission.points = None
    for name in ("reviewed", "confirmed", "received", "accepted"):
        setattr(submission, f"{name}_at", None)
        setattr(submission, f"{name}_by", None)


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
