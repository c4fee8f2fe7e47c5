"""Rows of a table by what one or two of their columns hold: how many, and one column added up.

Exactly the rows that the filter and the search show and that the actor may see; masked columns
neither make groups nor are added. The database does the work, for a limited time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.access.masks import hidden_fields, seen
from app.access.person import Actor
from app.domain.message import Message, Reason, Refused
from app.models.adopted_order import UNORDERED
from app.models.adopted_row import AdoptedRow, shown_value
from app.models.adopted_table import LiveTable
from app.models.base_table import Store
from app.reports.adopted_reference import adopted_labels
from app.reports.adopted_table import AdoptedRequest, adopted_query
from app.reports.base_table import RowsRequest, chosen_rows
from app.reports.reference import Labels, read_labels
from app.reports.totals import (
    ROWS,
    Measured,
    Total,
    expressions,
    in_adopted_time,
    in_time,
    measured_column,
    measured_field,
    total_of,
)

MOST_GROUPS = 500
MOST_COLUMNS = 2
# Of a long text the beginning tells one group from another well enough to be shown.
LONGEST_KEY = 200
DISTINCT = "* distinct"


@dataclass(frozen=True)
class RowGroup:
    """The rows with the same ``keys``; ``total`` and ``distinct`` are of the measured column."""

    keys: tuple[object, ...]
    rows: int
    total: Total | None = None
    distinct: int | None = None


@dataclass(frozen=True)
class RowGroups:
    """Groups by their keys; ``has_more`` when there are more than ``MOST_GROUPS``.

    ``labels`` maps reference columns to the keys and what people call them.
    """

    groups: Sequence[RowGroup]
    has_more: bool
    labels: Labels


@dataclass(frozen=True)
class Grouping:
    """By which columns rows are put together, and of which one more is told than their number."""

    by: tuple[str, ...]
    of: str | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """Every column that is looked at."""
        return self.by if self.of is None else (*self.by, self.of)


def group_rows(
    session: Session,
    store: Store,
    table: str,
    actor: Actor,
    wanted: RowsRequest,
    grouping: Grouping,
) -> RowGroups:
    """The groups of the rows of a base table. Raises Refused as reading them does."""
    stored = store.tables[table]
    query = chosen_rows(store, table, actor, wanted)
    known = {code: field.label for code, field in stored.spec.by_code.items()}
    hidden = hidden_fields(actor, stored, wanted.department)
    _check(grouping, known, {code: known[code] for code in hidden})
    keys = [stored.columns[code].label(code) for code in grouping.by]
    order = [stored.columns[code] for code in grouping.by]
    measured = None if grouping.of is None else measured_field(stored, grouping.of)
    with in_time(session, stored.spec.title):
        read = _read(session, query.with_only_columns(*keys), order, measured)
    groups = [_group(row, tuple(row[code] for code in grouping.by), measured) for row in read]
    some = groups[:MOST_GROUPS]
    labels: Labels = {}
    if wanted.cycle is not None:
        references = {field.code for field in stored.spec.references}
        asked = {code: keys for code, keys in _keys(grouping, some).items() if code in references}
        labels = read_labels(session, store, stored, actor, wanted.cycle, asked, hidden)
    return RowGroups(some, len(groups) > MOST_GROUPS, labels)


def group_adopted_rows(
    session: Session,
    store: Store,
    live: LiveTable,
    actor: Actor,
    wanted: AdoptedRequest,
    grouping: Grouping,
) -> RowGroups:
    """The groups of the rows of an adopted table. Raises Refused as reading them does."""
    query: Select[Any] = adopted_query(live, actor, wanted)
    live = seen(actor, live)
    kinds = {column.code: column for column in live.spec.shown}
    masked = {column.code: column.label for column in live.spec.columns if column.masked}
    grouped = {code: each.label for code, each in kinds.items() if each.kind not in UNORDERED}
    _check(grouping, grouped, masked)
    dialect = session.get_bind().dialect.name
    shown = {expression.name: expression for expression in live.selected(dialect)}
    keys = [shown[code] for code in grouping.by]
    order = [live.columns[code] for code in grouping.by]
    measured = None if grouping.of is None else measured_column(live, kinds[grouping.of], dialect)
    with in_adopted_time(session, live):
        read = _read(session, query.add_columns(*keys), order, measured)
    groups = [
        _group(row, tuple(_shown(kinds[code].kind, row[code]) for code in grouping.by), measured)
        for row in read
    ]
    some = groups[:MOST_GROUPS]
    labels = adopted_labels(session, store, live, actor, _as_rows(kinds, grouping, some))
    return RowGroups(some, len(groups) > MOST_GROUPS, labels)


def _keys(grouping: Grouping, groups: Sequence[RowGroup]) -> dict[str, set[object]]:
    """The values that groups have in each of their columns."""
    return {
        code: {group.keys[place] for group in groups} - {None}
        for place, code in enumerate(grouping.by)
    }


def _as_rows(
    codes: Iterable[str], grouping: Grouping, groups: Sequence[RowGroup]
) -> list[AdoptedRow]:
    """Groups as rows of which only the keys are known, to be labelled as rows are."""
    nothing: dict[str, object] = dict.fromkeys(codes)
    return [
        AdoptedRow("", "", nothing | dict(zip(grouping.by, group.keys, strict=True)), {})
        for group in groups
    ]


def _read(
    session: Session,
    query: Select[Any],
    order: Sequence[ColumnElement[Any]],
    measured: Measured | None,
) -> Sequence[RowMapping]:
    selected = query.add_columns(*expressions({} if measured is None else {ROWS: measured}))
    if measured is not None:
        selected = selected.add_columns(func.count(measured.filled.distinct()).label(DISTINCT))
    grouped = selected.group_by(*order).order_by(*order).limit(MOST_GROUPS + 1)
    return session.execute(grouped).mappings().all()


def _group(row: RowMapping, keys: tuple[object, ...], measured: Measured | None) -> RowGroup:
    if measured is None:
        return RowGroup(keys, row[ROWS])
    return RowGroup(keys, row[ROWS], total_of(ROWS, measured, row), row[DISTINCT])


def _shown(kind: Any, value: object) -> object:
    shown = shown_value(kind, value)
    return shown[:LONGEST_KEY] if isinstance(shown, str) else shown


def _check(grouping: Grouping, known: Mapping[str, str], hidden: Mapping[str, str]) -> None:
    """Refused for columns that do not exist, cannot make groups, or are masked."""
    if not 1 <= len(set(grouping.by)) == len(grouping.by) <= MOST_COLUMNS:
        raise Refused(Message("Choose one or two different fields to group by."), Reason.INVALID)
    for code in grouping.codes:
        if code in hidden:
            raise Refused(
                Message(
                    "The field %(field)s is not shown to you, so rows cannot be grouped by it and"
                    " it cannot be added up.",
                    {"field": hidden[code]},
                )
            )
        if code not in known:
            raise Refused(
                Message("Rows cannot be grouped by the field %(field)s.", {"field": code}),
                Reason.INVALID,
            )
