"""Which tables the register of findings does not know as they are now.

Their rows or those they are compared with have changed, or somebody has taken a step with them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.policies import WORKING
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.finding import TableCheck
from app.models.finding_check import Counted, counted, tables_followed
from app.models.submission import Submission

# What leaves no trace among what is counted — materials, tables of other systems, the catalogue —
# is found so often.
WHOLE_EVERY = timedelta(days=1)


@dataclass(frozen=True)
class FailedCheck:
    """A table whose check failed as a whole, so many times, and when it is tried again."""

    table: str
    failures: int
    retry_at: datetime


def working_cycles(session: Session) -> Sequence[Cycle]:
    """The years in which departments report."""
    query = select(Cycle).where(Cycle.status.in_(sorted(WORKING)), Cycle.is_history.is_(False))
    return session.scalars(query.order_by(Cycle.academic_year)).all()


def is_check_due(session: Session, *, now: datetime) -> bool:
    """Whether any table may have to be checked; which ones, only the rules can say."""
    for cycle in working_cycles(session):
        notes, counts = _notes(session, cycle), counted(session, cycle)
        for table in _reported(session, cycle):
            note = notes.get(table)
            if _is_due(note, () if note is None else note.known, counts, now):
                return True
    return False


def due_tables(
    session: Session, store: Store, cycle: Cycle, *, now: datetime, whole: bool = False
) -> list[str]:
    """The reported tables of the year that have to be checked, by identifier."""
    tables = [table for table in _reported(session, cycle) if table in store.reported]
    if whole:
        return tables
    notes, counts = _notes(session, cycle), counted(session, cycle)
    follows = tables_followed(store)
    return [table for table in tables if _is_due(notes.get(table), follows[table], counts, now)]


def absent_tables(session: Session, store: Store, cycle: Cycle) -> list[str]:
    """Tables that are reported in the year but are no longer here, so that nothing is asked."""
    return [table for table in _reported(session, cycle) if table not in store.reported]


def failed_checks(session: Session, cycle: Cycle) -> Iterator[FailedCheck]:
    """The tables that could not be checked the last time."""
    for table, note in sorted(_notes(session, cycle).items()):
        if note.retry_at is not None:
            yield FailedCheck(table, note.failures, note.retry_at)


def has_changed_since(
    session: Session, store: Store, cycle: Cycle, table: str, note: TableCheck | None
) -> bool:
    """Whether what the rules of a table look at has changed since the register noted it."""
    if note is None or note.checked_at is None:
        return True
    follows = tables_followed(store).get(table, frozenset({table}))
    counts = counted(session, cycle, follows)
    return any(counts.get(each) != note.known.get(each) for each in follows)


def _is_due(
    note: TableCheck | None, follows: Collection[str], counts: Counted, now: datetime
) -> bool:
    if note is None:
        return True
    if note.retry_at is not None:
        return note.retry_at <= now
    if note.checked_at is None or now - note.checked_at >= WHOLE_EVERY:
        return True
    return any(counts.get(table) != note.known.get(table) for table in follows)


def _reported(session: Session, cycle: Cycle) -> list[str]:
    query = select(Submission.table_identifier).where(Submission.cycle_id == cycle.id).distinct()
    return sorted(session.scalars(query))


def _notes(session: Session, cycle: Cycle) -> Mapping[str, TableCheck]:
    query = select(TableCheck).where(TableCheck.cycle_id == cycle.id)
    found = session.scalars(query.execution_options(populate_existing=True))
    return {note.table_identifier: note for note in found}
