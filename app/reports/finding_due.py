"""Which tables the register of findings does not know as they are now.

Their rows or those they are compared with have changed, or somebody has taken a step with them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.policies import WORKING
from app.models.audit_log import ChangeSet, newest_change
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.finding import TableCheck
from app.models.rule_revision import last_changes
from app.models.submission import Submission
from app.rules.rule_book import rule_book

# What leaves no trace among the changes of rows — materials, tables of other systems, rules that
# were written anew — is found so often.
WHOLE_EVERY = timedelta(days=1)


class Due(StrEnum):
    """How much is to be checked."""

    CHANGED = "changed"
    WHOLE = "whole"


def working_cycles(session: Session) -> Sequence[Cycle]:
    """The years in which departments report."""
    query = select(Cycle).where(Cycle.status.in_(sorted(WORKING)), Cycle.is_history.is_(False))
    return session.scalars(query.order_by(Cycle.academic_year)).all()


def what_is_due(session: Session, *, now: datetime) -> Due | None:
    """Whether anything may have to be checked; which tables, only the rules can say."""
    newest = newest_change(session)
    due = None
    for cycle in working_cycles(session):
        last_step = _last_step(session, cycle)
        if last_step is None:
            continue  # Nobody reports anything yet.
        known = func.min(TableCheck.change_set_id), func.min(TableCheck.looked_at)
        change, looked_at = session.execute(
            select(*known).where(TableCheck.cycle_id == cycle.id)
        ).one()
        if looked_at is None or now - looked_at >= WHOLE_EVERY:
            return Due.WHOLE
        # A rule that was published or switched off says something else of the same rows.
        if newest > change or max([last_step, *last_changes(session).values()]) > looked_at:
            due = Due.CHANGED
    return due


def due_tables(session: Session, store: Store, cycle: Cycle, *, whole: bool) -> list[str]:
    """The reported tables of the year that have to be checked, by identifier."""
    query = select(Submission.table_identifier).where(Submission.cycle_id == cycle.id).distinct()
    tables = sorted(table for table in session.scalars(query) if table in store.reported)
    if whole:
        return tables
    changes = dict(
        session.execute(
            select(ChangeSet.table_identifier, func.max(ChangeSet.id)).group_by(
                ChangeSet.table_identifier
            )
        ).all()
    )
    steps = dict(
        session.execute(
            select(Submission.table_identifier, func.max(Submission.status_since))
            .where(Submission.cycle_id == cycle.id)
            .group_by(Submission.table_identifier)
        ).all()
    )
    for table, at in last_changes(session).items():
        steps[table] = max(at, steps.get(table, at))
    query_of_notes = select(TableCheck).where(TableCheck.cycle_id == cycle.id)
    notes = {note.table_identifier: note for note in session.scalars(query_of_notes)}
    read = _tables_read(store)
    return [
        table
        for table in tables
        if _is_due(notes.get(table), read.get(table, {table}) | {table}, changes, steps)
    ]


def has_changed_since(
    session: Session, store: Store, cycle: Cycle, table: str, note: TableCheck | None
) -> bool:
    """Whether what the rules of a table look at has changed since the register noted it."""
    if note is None or note.looked_at is None:
        return True
    read = sorted(_tables_read(store).get(table, set()) | {table})
    changes = select(ChangeSet.id).where(
        ChangeSet.id > note.change_set_id, ChangeSet.table_identifier.in_(read)
    )
    steps = select(Submission.id).where(
        Submission.cycle_id == cycle.id,
        Submission.table_identifier.in_(read),
        Submission.status_since > note.looked_at,
    )
    if any(session.scalar(each.limit(1)) is not None for each in (changes, steps)):
        return True
    published = last_changes(session)
    return any(published[each] > note.looked_at for each in read if each in published)


def _is_due(
    note: TableCheck | None,
    read: set[str],
    changes: Mapping[str, int],
    steps: Mapping[str, datetime],
) -> bool:
    if note is None or note.looked_at is None:
        return True
    looked_at = note.looked_at
    return any(changes.get(table, 0) > note.change_set_id for table in read) or any(
        table in steps and steps[table] > looked_at for table in read
    )


def _tables_read(store: Store) -> dict[str, set[str]]:
    """Table → the tables that its rules look at."""
    return {
        table: {name for rule in rules for name in rule.tables}
        for table, rules in rule_book(store.catalogue).in_force.items()
    }


def _last_step(session: Session, cycle: Cycle) -> datetime | None:
    query = select(func.max(Submission.status_since)).where(Submission.cycle_id == cycle.id)
    return session.scalar(query)
