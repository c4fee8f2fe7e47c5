"""Data of former years: years that were never collected here, filled from old workbooks (第十二条).

They are kept as accepted snapshots from the start, so that last year's values, taking over and
trends read them like any other year.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_not_history, why_not_prepare_cycle
from app.actions.audit_log import Deed, record
from app.actions.base_table import HISTORY, apply_changes
from app.actions.row_change import DELETE, INSERT, Change, Outcome
from app.actions.snapshot import keep_snapshot
from app.domain.cycle import CycleStatus
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.period import AcademicYear
from app.domain.submission import Status
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import submission_of
from app.models.carried_row import CarriedRow
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.stored_check import check_stored, read_place
from app.models.submission import Submission

# Three to five years make a trend; nobody has older workbooks that still say the same.
OLDEST = 10


def add_history_year(session: Session, year: AcademicYear, *, by: Actor, now: datetime) -> Cycle:
    """Make a past year that holds former data; it is locked from the start. Raises Refused."""
    refuse(why_not_prepare_cycle(by))
    with writing(session):
        _refuse_unfit(session, year, now)
        cycle = Cycle(
            academic_year=year.code,
            status=CycleStatus.LOCKED,
            is_history=True,
            due_at=_last_day(year),
            locked_at=now,
            locked_by=by.number,
        )
        session.add(cycle)
        _flush_or_conflict(session, year)
        record(session, Deed("cycle.history", f"cycle:{cycle.id}"), by=by, now=now)
        session.commit()
    return cycle


def replace_history(
    session: Session,
    store: Store,
    table: str,
    cycle: Cycle,
    department: str,
    rows: Sequence[Mapping[str, object]],
    *,
    by: Actor,
    now: datetime,
    partial: bool = False,
    dry_run: bool = True,
) -> Outcome:
    """Let the rows be all that a department reported of a table in a year of history.

    The outcome has a result per row; those of the rows that go are left out. Raises Refused:
    forbidden, or locked where something was built on the rows that are there.
    """
    stored = store.tables[table]
    refuse(why_not_history(by, cycle))
    period = stored.spec.period_in(cycle.year).code
    refuse(_why_built_on(session, cycle, table, department), Reason.LOCKED)
    gone = _deletions(session, stored, period, department)
    outcome = apply_changes(
        session,
        store,
        table,
        [*gone, *(Change(INSERT, row) for row in rows)],
        by=by,
        now=now,
        period=period,
        department=department,
        way=HISTORY,
        partial=partial,
        dry_run=dry_run,
        alongside=lambda _results: _accept(
            session, store, stored, cycle, department, by=by, now=now
        ),
    )
    return Outcome(outcome.results[len(gone) :], outcome.written)


def _refuse_unfit(session: Session, year: AcademicYear, now: datetime) -> None:
    """History is over, not too old, and ends before the first year that is collected here."""
    present = AcademicYear.of(now.date()).start_year
    if not present - OLDEST <= year.start_year < present:
        raise Refused(
            Message(
                "Only the past %(count)s academic years can hold former data.", {"count": OLDEST}
            ),
            Reason.INVALID,
        )
    collected = select(Cycle.academic_year).where(Cycle.is_history.is_(False))
    first = session.scalar(collected.order_by(Cycle.academic_year).limit(1))
    if first is not None and first <= year.code:
        raise Refused(
            Message(
                "%(year)s was or is collected here. Former data go into years before %(first)s.",
                {"year": year.code, "first": first},
            ),
            Reason.INVALID,
        )


def _last_day(year: AcademicYear) -> datetime:
    return datetime(year.start_year + 1, 8, 31, tzinfo=UTC)


def _flush_or_conflict(session: Session, year: AcademicYear) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused(
            Message("The year %(year)s exists already.", {"year": year.code}), Reason.CONFLICT
        ) from error


def _why_built_on(session: Session, cycle: Cycle, table: str, department: str) -> Message | None:
    """Why the rows cannot be replaced: others were taken from them."""
    submission = submission_of(session, cycle, table, department)
    if submission is None:
        return None
    built = select(exists().where(CarriedRow.content_hash == submission.content_hash))
    if not session.scalar(built):
        return None
    return Message(
        "Rows of the next year were taken over from these data, so they are not replaced any more."
    )


def _deletions(session: Session, stored: StoredTable, period: str, department: str) -> list[Change]:
    return [
        Change(DELETE, id=stored.row_id(row), version=stored.version_of(row))
        for row in read_place(session, stored, period, department)
    ]


def _accept(
    session: Session,
    store: Store,
    stored: StoredTable,
    cycle: Cycle,
    department: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Keep what was written as an accepted snapshot; the caller commits."""
    table = stored.spec.identifier
    check = check_stored(session, store, table, cycle, department)
    submission = submission_of(session, cycle, table, department, for_update=True)
    if submission is None:
        submission = Submission(
            cycle_id=cycle.id,
            table_identifier=table,
            department_code=department,
            period=stored.spec.period_in(cycle.year).code,
            version=0,
        )
    before = submission.content_hash
    submission.status, submission.status_since = Status.LOCKED, now
    submission.version += 1
    submission.content_hash = check.content_hash
    submission.finished_at = submission.accepted_at = now
    submission.finished_by = submission.accepted_by = by.number
    session.add(submission)
    session.flush()
    keep_snapshot(session, submission, check, by=by, now=now)
    deed = Deed(
        "cycle.history_import",
        f"cycle:{cycle.id}",
        department,
        before=before,
        after=f"{table}: {len(check.rows)}",
        content_hash=check.content_hash,
    )
    record(session, deed, by=by, now=now)
