"""What is read of submissions: lists, one in full, what may be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.access.cooperation import why_open_cooperation
from app.access.guidance import why_unread
from app.access.person import Actor
from app.access.policies import (
    overlooks_college,
    sees_submission,
    why_not_collected,
    why_not_read,
    why_not_step,
    why_unconfirmed,
)
from app.access.return_item import why_items_wait
from app.access.roles import FINDING, SUBMISSION
from app.access.scopes import read_scope
from app.catalogue.base_table import TableSpec
from app.domain.department import DepartmentKind
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.person import Function
from app.domain.submission import Holder, Status, Verb, steps_from
from app.models.audit_log import AuditEntry
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import fillers_of
from app.models.carried_row import waiting_of
from app.models.cooperation import Cooperation, open_cooperation_of
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.judged_place import JudgedPlace, judge_unless_large
from app.models.request import Request
from app.models.snapshot import Snapshot, find_snapshot, read_snapshot
from app.models.stored_check import StoredCheck, check_read, read_place
from app.models.submission import Submission
from app.reports.finding import PlaceFindings
from app.reports.finding_count import RuleCount, counts_of
from app.reports.guidance import unread_digest
from app.reports.registered_place import registered_place
from app.reports.return_item import NOTHING_RETURNED, Returned, read_returned

# Handed over and not settled yet: rules that compare with other tables may still find something.
REPORTED = frozenset({Status.AWAITING_CONFIRMATION, Status.SUBMITTED, Status.UNDER_QA_REVIEW})


@dataclass(frozen=True)
class SubmissionLine:
    """One submission as lists show it."""

    submission: Submission
    spec: TableSpec
    department: str
    kind: DepartmentKind
    is_late: bool
    permitted: tuple[Verb, ...]

    @property
    def status(self) -> Status:
        """Where the submission stands."""
        return self.submission.status

    @property
    def needs_attention(self) -> bool:
        """Whether it came back, or is missing after its due date."""
        is_missing = self.is_late and self.submission.first_reported_at is None
        return is_missing or self.status is Status.RETURNED

    @property
    def department_code(self) -> str:
        """Whose submission it is."""
        return self.submission.department_code


@dataclass(frozen=True)
class Move:
    """A step away from the present status and why it may not be taken, if so."""

    verb: Verb
    needs_reason: bool
    refusal: Message | None


@dataclass(frozen=True)
class SubmissionPage:
    """One submission in full: moves, history, present findings, row count.

    Of very many rows nobody has counted them before they are finished (``row_count`` None), and
    ``registered`` is what the register of findings has of them instead of ``judged``.

    ``check`` is None where the data cannot change any more, and for whoever
    may not read the rows: findings quote them. ``why_no_check`` says why rows
    that should be checked cannot be read at all. ``waiting`` rows were taken over from
    last year and nobody has confirmed them; ``open_cooperation`` requests to other departments
    are not settled. ``judged`` tells of every finding where it stands, as
    long as something becomes of it: until the table is accepted.
    """

    line: SubmissionLine
    cycle: Cycle
    moves: tuple[Move, ...]
    history: Sequence[AuditEntry]
    check: StoredCheck | None
    row_count: int | None
    why_no_check: Message | None = None
    waiting: int = 0
    judged: JudgedPlace | None = None
    registered: PlaceFindings | None = None
    returned: Returned = NOTHING_RETURNED
    was_asked_about: bool = False
    open_cooperation: int = 0
    was_shared: bool = False

    @cached_property
    def counts(self) -> Sequence[RuleCount]:
        """How many findings there are, by rule and state; none where they are not shown."""
        if self.registered is not None:
            return self.registered.counts
        return [] if self.judged is None else counts_of(self.judged.found)


@dataclass(frozen=True)
class _Asked:
    """What the rules say of the rows now, that there are too many to ask, or why they cannot be."""

    judged: JudgedPlace | None = None
    is_large: bool = False
    why_not: Message | None = None


def list_submissions(
    session: Session,
    store: Store,
    actor: Actor,
    cycle: Cycle,
    *,
    now: datetime,
    department: str | None = None,
    status: Status | None = None,
    table: str | None = None,
) -> list[SubmissionLine]:
    """The cycle's submissions that exist for the actor, by printed number.

    ``permitted`` ignores who filled the rows; the step itself asks that too.
    """
    if not actor.may("read", SUBMISSION):
        raise Refused(Message("You have no right to view submissions."), Reason.FORBIDDEN)
    query = (
        select(Submission, Department)
        .join(Department, Department.code == Submission.department_code)
        .where(Submission.cycle_id == cycle.id)
    )
    if department is not None:
        query = query.where(Submission.department_code == department)
    if status is not None:
        query = query.where(Submission.status == status)
    if table is not None:
        query = query.where(Submission.table_identifier == table)
    if not overlooks_college(actor):
        own = actor.departments(Function.DATA_STEWARD, Function.HEAD)
        query = query.where(Submission.department_code.in_(sorted(own)))
    lines = [
        _line(store, actor, cycle, submission, reporting, now)
        for submission, reporting in session.execute(query)
        if sees_submission(actor, submission)
        # A table of another system may be reported no more.
        and submission.table_identifier in store.reported
    ]
    return sorted(lines, key=lambda line: (line.spec.sort_key, line.submission.department_code))


def see_submission(
    session: Session, store: Store, actor: Actor, submission_id: int
) -> tuple[Submission, Cycle, str]:
    """A submission with its year and the name of its department; Refused where out of sight."""
    submission = session.get(Submission, submission_id)
    if submission is None or not sees_submission(actor, submission):
        raise Refused(Message("There is no such submission."), Reason.NOT_FOUND)
    refuse(why_not_collected(store, submission), Reason.NOT_FOUND)
    department = session.get_one(Department, submission.department_code)
    return submission, session.get_one(Cycle, submission.cycle_id), department.name


def read_submission(
    session: Session, store: Store, actor: Actor, submission_id: int, *, now: datetime
) -> SubmissionPage:
    """One submission in full; Refused as not found when it is out of sight."""
    known = _with_place(session, actor, submission_id)
    submission, cycle, waiting = known.submission, known.cycle, known.waiting
    refuse(why_not_collected(store, submission), Reason.NOT_FOUND)
    fillers = fillers_of(session, submission)
    history = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject == f"submission:{submission.id}")
        .order_by(AuditEntry.id.desc())
    ).all()
    asked = _ask(session, store, cycle, submission)
    stored = store.reported[submission.table_identifier]
    is_read = _reads_rows(actor, stored, submission.department_code)
    judged = asked.judged if is_read else None
    registered = None
    if asked.is_large and is_read and actor.may("read", FINDING):
        place = (stored, cycle, submission.department_code)
        registered = registered_place(session, store, actor, *place)
    returned = read_returned(session, stored, actor, submission, cycle, fillers, now=now)
    moves = moves_of(actor, cycle, submission, fillers)
    unread = _unread(session, store, actor, submission)
    return SubmissionPage(
        line=_line(store, actor, cycle, submission, known.department, now),
        cycle=cycle,
        moves=_items_first(_held_up(moves, known, unread), returned),
        history=history,
        check=judged.check if judged is not None and _may_change(submission) else None,
        row_count=_row_count(session, submission, asked),
        why_no_check=asked.why_not,
        waiting=waiting,
        judged=judged,
        registered=registered,
        returned=returned,
        was_asked_about=known.was_asked_about,
        open_cooperation=known.open_cooperation,
        was_shared=known.was_shared,
    )


def _row_count(session: Session, submission: Submission, asked: _Asked) -> int | None:
    """How many rows there are or were handed over; None where there are too many to count now."""
    if asked.judged is not None and _may_change(submission):
        return len(asked.judged.check.rows)
    if asked.is_large and submission.status.is_editable:
        return None
    return _snapshot_rows(session, submission)


@dataclass(frozen=True)
class _Known:
    """A submission with what one statement tells of it; rows may wait for being confirmed."""

    submission: Submission
    cycle: Cycle
    department: Department
    waiting: int
    was_asked_about: bool
    open_cooperation: int
    was_shared: bool


def _with_place(session: Session, actor: Actor, submission_id: int) -> _Known:
    """The submission; Refused as not found when it is out of sight."""
    waiting = waiting_of(Submission.table_identifier, Submission.period, Submission.department_code)
    asked = exists().where(Request.submission_id == Submission.id)
    parts = open_cooperation_of(Submission.id)
    shared = exists().where(Cooperation.submission_id == Submission.id)
    query = (
        select(
            *(Submission, Cycle, Department, waiting.scalar_subquery(), asked),
            *(parts.scalar_subquery(), shared),
        )
        .join(Cycle, Cycle.id == Submission.cycle_id)
        .join(Department, Department.code == Submission.department_code)
        .where(Submission.id == submission_id)
    )
    found = session.execute(query).one_or_none()
    if found is None or not sees_submission(actor, found[0]):
        raise Refused(Message("There is no such submission."), Reason.NOT_FOUND)
    submission, cycle, department, count, *flags = found
    # Rows that were handed over are not asked about any more.
    count = count if submission.status.is_editable else 0
    return _Known(submission, cycle, department, count, *flags)


def _ask(session: Session, store: Store, cycle: Cycle, submission: Submission) -> _Asked:
    """What the rules say until the table is accepted."""
    table, department = submission.table_identifier, submission.department_code
    # Of another system's table what was kept is judged no more.
    is_reported = submission.status in REPORTED and table in store.tables
    if not _may_change(submission) and not is_reported:
        return _Asked()
    try:
        judged = judge_unless_large(session, store, table, cycle, department)
        return _Asked(judged, is_large=judged is None)
    except Refused as refusal:
        # Steps that need no rows can still be taken.
        return _Asked(why_not=refusal.message)


def _may_change(submission: Submission) -> bool:
    """Whether the rows may change, or have been handed to the department's review just now."""
    return submission.status.is_editable or submission.status is Status.UNDER_REVIEW


def _unread(session: Session, store: Store, actor: Actor, submission: Submission) -> Message | None:
    """Why the actor cannot finish the table yet: notes that he has not acknowledged."""
    if not submission.status.is_editable or not actor.may(Verb.FINISH, SUBMISSION):
        return None
    spec = store.catalogue.reported[submission.table_identifier]
    is_read = unread_digest(session, store.catalogue, actor, spec) is None
    return why_unread(spec.chapter, is_read=is_read)


def _held_up(moves: tuple[Move, ...], known: _Known, unread: Message | None) -> tuple[Move, ...]:
    """The moves, finishing refused while notes are not read, rows or other departments wait."""
    reason = unread or why_unconfirmed(known.waiting)
    reason = reason or why_open_cooperation(known.open_cooperation)
    return tuple(
        replace(move, refusal=move.refusal or reason) if move.verb is Verb.FINISH else move
        for move in moves
    )


def _items_first(moves: tuple[Move, ...], returned: Returned) -> tuple[Move, ...]:
    """The moves, those refused for which return items wait."""
    items = [line.item for line in returned.lines]
    return tuple(
        replace(move, refusal=move.refusal or why_items_wait(items, move.verb)) for move in moves
    )


def moves_of(
    actor: Actor, cycle: Cycle, submission: Submission, fillers: Sequence[str] = ()
) -> tuple[Move, ...]:
    """Every step away from the present status with the reason against it."""
    return tuple(
        Move(
            step.verb,
            step.needs_reason,
            why_not_step(actor, submission, cycle, step.verb, fillers),
        )
        for step in steps_from(submission.status)
        if step.holder is not Holder.CYCLE
    )


def _line(
    store: Store,
    actor: Actor,
    cycle: Cycle,
    submission: Submission,
    department: Department,
    now: datetime,
) -> SubmissionLine:
    moves = moves_of(actor, cycle, submission)
    return SubmissionLine(
        submission=submission,
        spec=store.catalogue.reported[submission.table_identifier],
        department=department.name,
        kind=department.kind,
        is_late=submission.is_late(cycle.due_at, now),
        permitted=tuple(move.verb for move in moves if move.refusal is None),
    )


def _reads_rows(actor: Actor, stored: StoredTable, department: str) -> bool:
    """Whether the actor may read all the rows that a submission holds."""
    if why_not_read(actor, stored) is not None:
        return False
    return stored.department is None or read_scope(actor, stored).covers_department(department)


def reported_values(
    session: Session,
    store: Store,
    actor: Actor,
    stored: StoredTable,
    page: SubmissionPage,
    limit: int,
) -> Sequence[Mapping[str, object]]:
    """The first rows of another system's table as they would be or were reported.

    What was finished is shown as it was kept: other programs may have changed the table since.
    """
    submission = page.line.submission
    if not _reads_rows(actor, stored, submission.department_code):
        return ()
    if page.check is not None:
        return page.check.values[:limit]
    if page.row_count is None:
        place = (submission.period, submission.department_code)
        rows = read_place(session, stored, *place, limit)
        return check_read(session, store, stored, page.cycle, rows).values
    kept = find_snapshot(session, submission.id, submission.content_hash)
    return () if kept is None else read_snapshot(session, kept).head(limit).to_dicts()


def _snapshot_rows(session: Session, submission: Submission) -> int:
    query = select(func.max(Snapshot.row_count)).where(
        Snapshot.submission_id == submission.id,
        Snapshot.content_hash == submission.content_hash,
    )
    return session.scalar(query) or 0
