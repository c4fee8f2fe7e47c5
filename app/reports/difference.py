"""What changed in a submission: since it was reported last, and against last year (第十二条).

What was reported is read from its snapshots; while the table may change, its rows as they are now
stand against the last of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl
from sqlalchemy.orm import Session

from app.access.masks import hidden_fields
from app.access.person import Actor
from app.access.policies import sees_submission, why_not_collected, why_not_read
from app.access.scopes import read_scope
from app.catalogue.base_table import FieldSpec, TableSpec
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table import Store, StoredTable
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.last_year import last_year_of
from app.models.snapshot import find_snapshot, read_snapshot, snapshot_before
from app.models.stored_check import read_place
from app.models.submission import Submission
from app.rules.coercion import coerce, raw_frame
from app.rules.difference import (
    BEFORE,
    NEW,
    OLD,
    Counts,
    Difference,
    compare_frames,
    only_different,
)


class Against(StrEnum):
    """What the present content is compared with."""

    REPORT = "report"
    YEAR = "year"


class RowChange(StrEnum):
    """What became of a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class CellChange:
    """A field of a row with its old value and its new one."""

    field: FieldSpec
    before: object
    after: object


@dataclass(frozen=True)
class RowDifference:
    """A row of either content; ``number`` counts from 1 in the new one, None where it is gone.

    ``key`` maps the fields by which rows are told apart to their values.
    """

    change: RowChange
    number: int | None
    key: Mapping[str, object]
    cells: Sequence[CellChange]


@dataclass(frozen=True)
class DifferencePage:
    """The difference of a submission; ``refusal`` says why there is nothing to compare with.

    ``hidden`` are the fields whose values are masked for the reader; ``rows`` are those that the
    page asked for, of ``total``.
    """

    submission: Submission
    cycle: Cycle
    spec: TableSpec
    department: str
    hidden: frozenset[str]
    difference: Difference | None
    told: pl.DataFrame | None
    refusal: Message | None = None

    @property
    def counts(self) -> Counts:
        """How many rows and cells differ."""
        return Counts(0, 0, 0, 0) if self.difference is None else self.difference.counts

    @property
    def total(self) -> int:
        """How many rows there are to be shown."""
        return 0 if self.told is None else self.told.height

    def rows(self, start: int, length: int) -> list[RowDifference]:
        """So many of them, from one on."""
        if self.told is None or self.difference is None:
            return []
        shown = self.told.slice(start, length).iter_rows(named=True)
        fields = [self.spec.by_code[code] for code in self.difference.compared]
        return [_row(self.difference, fields, row) for row in shown]


def read_difference(
    session: Session,
    store: Store,
    actor: Actor,
    submission_id: int,
    against: Against,
    *,
    shows_all: bool = False,
) -> DifferencePage:
    """What differs, for whoever follows the submission and reads all its rows. Raises Refused."""
    submission = session.get(Submission, submission_id)
    if submission is None or not sees_submission(actor, submission):
        raise Refused(Message("There is no such submission."), Reason.NOT_FOUND)
    refuse(why_not_collected(store, submission), Reason.NOT_FOUND)
    stored = store.reported[submission.table_identifier]
    refuse(why_not_compare(actor, stored, submission.department_code), Reason.FORBIDDEN)
    cycle = session.get_one(Cycle, submission.cycle_id)
    place = (submission, cycle, stored.spec)
    department = session.get_one(Department, submission.department_code).name
    hidden = hidden_fields(actor, stored, submission.department_code)
    old = _old_content(session, stored, submission, cycle, against)
    if isinstance(old, Message):
        return DifferencePage(*place, department, hidden, None, None, old)
    new = _new_content(session, store, stored, submission)
    known = [code for code in new.columns if code in stored.columns]
    difference = compare_frames(read_snapshot(session, old), new.select(known), stored.key_codes)
    told = difference.frame if shows_all else only_different(difference)
    return DifferencePage(*place, department, hidden, difference, told)


def why_not_compare(actor: Actor, stored: StoredTable, department: str) -> Message | None:
    """Why the actor may not see what changed in all rows of a department."""
    refusal = why_not_read(actor, stored)
    if refusal is not None:
        return refusal
    scope = read_scope(actor, stored)
    if stored.department is None or (scope.covers_department(department) and not scope.within):
        return None
    return Message(
        "What changed in table %(table)s is shown to those who see all rows of the department.",
        {"table": stored.spec.title},
    )


def _old_content(
    session: Session,
    stored: StoredTable,
    submission: Submission,
    cycle: Cycle,
    against: Against,
) -> int | Message:
    """The snapshot to compare with, or why there is none."""
    if against is Against.YEAR:
        last = last_year_of(session, stored, cycle, submission.department_code)
        return last if isinstance(last, Message) else last.snapshot_id
    if submission.status.is_editable:
        found = find_snapshot(session, submission.id, submission.content_hash)
    else:
        contents = (submission.content_hash, submission.returned_hash)
        found = snapshot_before(session, submission.id, *contents)
    return found or Message("The table is reported for the first time; there is no report before.")


def _new_content(
    session: Session, store: Store, stored: StoredTable, submission: Submission
) -> pl.DataFrame:
    """The rows as they are now while they may change, else as they were reported."""
    kept = find_snapshot(session, submission.id, submission.content_hash)
    if kept is not None and not submission.status.is_editable:
        return read_snapshot(session, kept)
    rows = read_place(session, stored, submission.period, submission.department_code)
    raw = raw_frame(stored.spec, [stored.values_of(row) for row in rows])
    return coerce(stored.spec, store.catalogue, raw).frame


def _row(
    difference: Difference, fields: Sequence[FieldSpec], row: Mapping[str, object]
) -> RowDifference:
    change = RowChange.ADDED if row[OLD] is None else RowChange.REMOVED
    cells = [CellChange(f, row[f"{f.code}{BEFORE}"], row[f.code]) for f in fields]
    if row[OLD] is not None and row[NEW] is not None:
        told = [c for c in cells if c.field.code not in difference.keys and c.before != c.after]
        change = RowChange.CHANGED if told else RowChange.SAME
    elif change is RowChange.ADDED:
        told = [CellChange(c.field, None, c.after) for c in cells if c.after is not None]
    else:
        told = [CellChange(c.field, c.before, None) for c in cells if c.before is not None]
    number = row[NEW]
    return RowDifference(
        change=change,
        number=number + 1 if isinstance(number, int) else None,
        key={code: row[code] for code in difference.keys},
        cells=[cell for cell in told if cell.field.code not in difference.keys],
    )
