"""Finishing a submission: what stands in the way, and what is kept of it (T3, T4, T12)."""

from app.access.policies import why_unconfirmed
from app.actions.audit_log import tidy_reason
from app.actions.cooperation_check import refuse_open_cooperation
from app.actions.finding_register import hold_register, keep_place
from app.actions.finish_attempt import keep_attempt, keep_blocked_attempt
from app.actions.finish_check import refuse_errors, refuse_warnings, summary_of
from app.actions.guidance import refuse_unread
from app.actions.record_guard import refuse_unsettled_records
from app.actions.return_item import answer_by_finishing
from app.actions.snapshot import count_changes, keep_snapshot
from app.actions.submission_step import StepContext, hidden_in, judge
from app.actions.supporting_material import keep_materials, materials_changed
from app.domain.message import Message, Reason, Refused, refuse
from app.models.carried_row import count_waiting
from app.models.judged_place import JudgedPlace
from app.models.stored_check import StoredCheck


def finish(context: StepContext) -> None:
    """Check everything, keep a snapshot and name its hash (T3, T4, T12)."""
    submission, request = context.submission, context.request
    spec = context.store.catalogue.reported[submission.table_identifier]
    refuse_unread(context.session, context.store.catalogue, spec, context.by)
    refuse(why_unconfirmed(_waiting(context)), Reason.INVALID)
    refuse_open_cooperation(context.session, submission)
    judged = judge(context)
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


def _refuse_open(context: StepContext, judged: JudgedPlace) -> None:
    """Refuse finishing while errors are open, which is kept, or warnings nobody has explained."""
    hidden = hidden_in(context, judged)
    if judged.open_errors:
        submission_id = context.submission.id
        keep_blocked_attempt(context.session, submission_id, judged, by=context.by, now=context.now)
        refuse_errors(judged.open_errors, hidden)
    refuse_warnings(judged.open_warnings, hidden)
    refuse_unsettled_records(context.session, context.store, context.submission, context.cycle)


def _answer_items(context: StepContext, check: StoredCheck) -> None:
    """What came back is not handed over again as it is without a word (第十一条)."""
    submission = context.submission
    is_changed = check.content_hash != submission.returned_hash or materials_changed(
        context.session, submission, check
    )
    said = (context.session, submission, context.request.reason)
    answer_by_finishing(*said, is_changed=is_changed, by=context.by, now=context.now)


def _waiting(context: StepContext) -> int:
    """How many rows taken over from last year nobody has confirmed."""
    submission = context.submission
    place = (submission.table_identifier, submission.period, submission.department_code)
    return count_waiting(context.session, *place)
