"""What becomes of the work when a table changes hands in a year under way (第四条, T16).

The submission and its rows go to the department that takes the table over:
status, history and snapshots stay with it, the rows keep their ids. The rules
are those of decision record 0010. Rows of another system's table are not moved (record 0017): the
taker reports those that are his there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.assignment import why_stays
from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.actions.carried_row import move_carried
from app.actions.contributed_row import move_contributed
from app.actions.cooperation_event import withdraw_open
from app.actions.record_guard import move_records
from app.actions.row_attachment import move_attachments
from app.actions.row_write import log_moved
from app.domain.assignment import TableAssignment
from app.domain.message import Message, Reason, Refused
from app.domain.submission import Status
from app.models.audit_log import AuditEntry
from app.models.base_table import Store, StoredTable
from app.models.cooperation import Cooperation
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.notice import Reminder
from app.models.reported_table import ReportedTable
from app.models.request import Request
from app.models.stored_check import read_place
from app.models.submission import Submission
from app.models.teacher_record import TeacherRecord


@dataclass(frozen=True)
class Reassignment:
    """What happens to a table's submissions.

    ``moved`` goes from ``source`` to ``taker``; ``removed`` are submissions on
    which nobody has done anything. ``refusal`` says why it cannot be done.
    """

    table: str
    moved: Submission | None = None
    source: str | None = None
    taker: str | None = None
    removed: tuple[Submission, ...] = ()
    needs_reason: bool = False
    refusal: Message | None = None


def settle(
    session: Session,
    store: Store,
    cycle: Cycle,
    before: TableAssignment,
    after: TableAssignment,
    names: Mapping[str, str],
) -> Reassignment:
    """Decide what becomes of the submissions of departments that lose the table."""
    stored = store.reported[after.table]
    dropped = [code for code in before.departments if code not in after.departments]
    added = [code for code in after.departments if code not in before.departments]
    leaving = list(_submissions(session, cycle, after.table, dropped))
    for submission in leaving:
        reason = why_stays(submission.status)
        if reason is not None:
            return Reassignment(after.table, refusal=_at(names, submission, reason))
    worked = [one for one in leaving if has_work(session, stored, one)]
    if worked and (len(worked) > 1 or len(added) != 1):
        return Reassignment(after.table, refusal=_at(names, worked[0], _WORK))
    if not added or not leaving or (len(leaving) > 1 and not worked):
        return Reassignment(after.table, removed=tuple(leaving))
    moved, taker = (worked or leaving)[0], added[0]
    others = tuple(one for one in leaving if one is not moved)
    if _has_rows(session, stored, moved.period, taker):
        refusal = Message(
            "%(department)s has rows of this table and period already; they would mix with those"
            " that move. Delete them first.",
            {"department": names[taker]},
        )
        return Reassignment(after.table, refusal=refusal)
    source = moved.department_code
    return Reassignment(after.table, moved, source, taker, others, needs_reason=bool(worked))


_WORK = Message(
    "Work on this table is under way. Name the one department that takes it over; to drop the"
    " table altogether, set it as not applicable instead."
)


def _at(names: Mapping[str, str], submission: Submission, reason: Message) -> Message:
    department = names[submission.department_code]
    return Message("%(table)s: %(reason)s", {"table": department, "reason": reason})


def has_work(session: Session, stored: StoredTable, submission: Submission) -> bool:
    """Whether anything was entered or done, so that the submission cannot just go away."""
    if submission.status is not Status.NOT_STARTED:
        return True
    subject = f"submission:{submission.id}"
    done = select(
        exists().where(AuditEntry.subject == subject)
        | exists().where(Request.submission_id == submission.id)
        | exists().where(Cooperation.submission_id == submission.id)
        | exists().where(
            TeacherRecord.cycle_id == submission.cycle_id,
            TeacherRecord.table_identifier == submission.table_identifier,
            TeacherRecord.department_code == submission.department_code,
        )
    )
    return bool(session.scalar(done)) or _has_rows(
        session, stored, submission.period, submission.department_code
    )


def carry_out(
    session: Session,
    store: Store,
    cycle: Cycle,
    moves: Sequence[Reassignment],
    *,
    by: Actor,
    now: datetime,
    reason: str | None,
) -> None:
    """Remove and move submissions with their rows; the caller commits."""
    _remove(session, [submission for move in moves for submission in move.removed])
    for move in moves:
        if move.moved is None or move.source is None or move.taker is None:
            continue
        names = _names(session, (move.source, move.taker))
        submission = move.moved
        submission.department_code = move.taker
        submission.version += 1
        _move_rows(session, store.reported[move.table], move, by=by, now=now, reason=reason)
        withdraw_open(session, submission, partner=move.taker, by=by, now=now, reason=reason)
        move_records(session, cycle.id, move.table, move.source, move.taker)
        deed = Deed(
            tag="submission.assign",
            subject=f"submission:{submission.id}",
            department=move.taker,
            before=names[move.source],
            after=names[move.taker],
            reason=reason,
        )
        record(session, deed, by=by, now=now)


def _remove(session: Session, submissions: Sequence[Submission]) -> None:
    """Nobody has worked on them; that people were reminded of them is of no use any more."""
    numbers = [submission.id for submission in submissions]
    session.execute(delete(Reminder).where(Reminder.submission_id.in_(numbers)))
    for submission in submissions:
        session.delete(submission)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused(
            Message(
                "Something has been recorded for one of these tables just now. Nothing was saved;"
                " load the page again."
            ),
            Reason.CONFLICT,
        ) from error


def _move_rows(
    session: Session,
    stored: StoredTable,
    move: Reassignment,
    *,
    by: Actor,
    now: datetime,
    reason: str | None,
) -> None:
    """The rows of the submission's period become the taker's; every row is logged."""
    if stored.department is None or stored.period is None or move.moved is None:
        return
    if isinstance(stored, ReportedTable):
        return
    period, source = move.moved.period, move.source or ""
    rows = read_place(session, stored, period, source)
    if not rows:
        return
    values: dict[str, object] = {stored.department.name: move.taker}
    if stored.version is not None:
        values[stored.version.name] = stored.version + 1
    session.execute(update(stored.table).where(stored.in_place(period, source)).values(values))
    departments = (source, move.taker or "")
    log_moved(session, stored, rows, period, departments, by=by, now=now, reason=reason)
    move_attachments(session, move.table, period, departments)
    move_carried(session, move.table, period, *departments)
    move_contributed(session, move.table, period, *departments)


def _submissions(
    session: Session, cycle: Cycle, table: str, departments: Sequence[str]
) -> Iterable[Submission]:
    """Their submissions, locked so that nobody works on them meanwhile."""
    query = (
        select(Submission)
        .where(
            Submission.cycle_id == cycle.id,
            Submission.table_identifier == table,
            Submission.department_code.in_(departments),
        )
        .order_by(Submission.department_code)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all() if departments else ()


def _has_rows(session: Session, stored: StoredTable, period: str, department: str) -> bool:
    # Another system's rows are there whoever reports them, and stay with their department.
    if stored.department is None or stored.period is None or isinstance(stored, ReportedTable):
        return False
    found = exists().where(stored.in_place(period, department))
    return bool(session.scalar(select(found)))


def _names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    return {code: session.get_one(Department, code).name for code in codes}
