"""Changing the same fields of many rows at once; ends in the one write path (decision 5)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.access.masks import hidden_in_row
from app.access.person import Actor
from app.access.policies import why_not_write
from app.actions.base_table import apply_changes
from app.actions.row_change import UPDATE, Change, Outcome
from app.domain.message import refuse
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import latest_change
from app.rules.find_text import TextSearch

# What people read in a cell of the field with this value; None where no text is looked for.
Shown = Callable[[str, object], str | None]


@dataclass(frozen=True)
class FieldEdit:
    """What becomes of one field in every row: a new value (None empties it) or other words in it.

    With ``search`` only cells that hold its text are changed, and ``value`` takes its place there.
    """

    field: str
    value: object = None
    search: TextSearch | None = None


@dataclass(frozen=True)
class BulkEdit:
    """What became, or would become, of the rows that are touched at all.

    ``seen`` is the latest change of the place: the confirmation of a trial repeats it.
    """

    outcome: Outcome
    seen: int


def apply_bulk_edit(
    session: Session,
    store: Store,
    table: str,
    rows: Sequence[RowMapping],
    edits: Sequence[FieldEdit],
    shown: Shown,
    *,
    by: Actor,
    now: datetime,
    period: str,
    department: str,
    dry_run: bool = False,
    seen: int | None = None,
) -> BulkEdit:
    """Change the rows as far as they can be; the others are told with their reasons.

    Raises Refused as ``apply_changes`` does, also where no row is to be changed.
    """
    stored = store.tables[table]
    refuse(why_not_write(by, stored, "edit", department))
    latest = latest_change(session, table, period, department)
    made = (_change(stored, row, edits, shown, by, department) for row in rows)
    outcome = apply_changes(
        session,
        store,
        table,
        [change for change in made if change.values],
        by=by,
        now=now,
        period=period,
        department=department,
        partial=True,
        dry_run=dry_run,
        seen=seen,
    )
    return BulkEdit(outcome, latest)


def _change(
    stored: StoredTable,
    row: RowMapping,
    edits: Sequence[FieldEdit],
    shown: Shown,
    by: Actor,
    department: str,
) -> Change:
    """The change of one row; nothing is looked for in cells that are masked for the person."""
    before = stored.values_of(row)
    hidden = hidden_in_row(by, stored, department, before)
    values: dict[str, object] = {}
    for edit in edits:
        if edit.search is None:
            values[edit.field] = edit.value
        elif edit.field not in hidden:
            values |= _replaced(edit, edit.search, before, shown)
    return Change(UPDATE, values, stored.row_id(row), stored.version_of(row))


def _replaced(
    edit: FieldEdit, search: TextSearch, before: Mapping[str, object], shown: Shown
) -> dict[str, object]:
    text = shown(edit.field, before[edit.field]) if edit.field in before else None
    if text is None or not search.is_in(text):
        return {}
    return {edit.field: search.replaced_in(text, str(edit.value or "")) or None}
