"""What is read of base tables: the list of tables and the rows of one.

Everything passes the scope of ``app.access.scopes``; counts never block the
page beyond one statement each.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, Text, false, func, literal, or_, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.access.masks import hidden_fields
from app.access.person import Actor
from app.access.policies import why_not_read
from app.access.row_filter import Filter, filter_condition, refuse_hidden
from app.access.scopes import condition, read_scope, rows_of
from app.domain.finding import Finding
from app.domain.message import Message, Reason, Refused
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import cycle_of_period, identity_of
from app.models.cycle import Cycle
from app.models.row_order import Ordered
from app.models.stored_check import existing_references
from app.reports.reference import Labels, told_labels
from app.reports.related_filter import named_with_in_fields, related_to_fields
from app.reports.row_cursor import RowCursor, Stretch, Way, read_stretch

LARGEST_PAGE = 500
# Counting stops here; the page says "more than".
COUNTED = 10_000


@dataclass(frozen=True)
class RowsRequest:
    """Which rows are wanted: of one period, perhaps of one department.

    ``search`` is looked for in all text columns; ``sort`` are field codes, a
    leading ``-`` for descending; ``offset`` and ``limit`` count rows, the mark
    ``cursor`` goes before ``offset``. Who has read the period's ``cycle``
    already spares it being read again.
    """

    period: str
    department: str | None = None
    search: str = ""
    filter: Filter | None = None
    sort: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 200
    cycle: Cycle | None = None
    cursor: RowCursor | None = None


@dataclass(frozen=True)
class Row:
    """One row: id and version as opaque text, values by field code."""

    id: str
    version: str
    department: str | None
    values: Mapping[str, object]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class FoundRow:
    """One row, the code of the period it belongs to, and ``labels`` as a page has them."""

    row: Row
    period: str
    labels: Labels


@dataclass(frozen=True)
class RowsPage:
    """A page of rows; ``count`` is exact unless ``count_exact`` is False.

    ``labels`` maps reference fields to the keys on the page and what people call them;
    ``previous`` and ``next`` are the marks to read on from, None at either end.
    """

    rows: Sequence[Row]
    offset: int
    count: int
    count_exact: bool
    labels: Labels
    previous: RowCursor | None = None
    next: RowCursor | None = None

    @property
    def has_more(self) -> bool:
        """Whether there are rows after these."""
        return self.next is not None


def read_rows(
    session: Session, store: Store, table: str, actor: Actor, wanted: RowsRequest
) -> RowsPage:
    """A page of the rows the actor may see, each with its findings.

    Raises Refused when the table may not be read at all.
    """
    stored = store.tables[table]
    query = chosen_rows(store, table, actor, wanted)
    order = _order(stored, wanted.sort)

    def read(
        order: Sequence[Ordered], condition: ColumnElement[bool], offset: int, limit: int
    ) -> Sequence[RowMapping]:
        page = query.where(condition).order_by(*(each.sql for each in order))
        return session.execute(page.offset(offset).limit(limit)).mappings().all()

    way = Way(order, _dialect(session), read, lambda row: tuple(row[o.column] for o in order))
    cursor = wanted.cursor or RowCursor(wanted.offset)
    found = read_stretch(cursor, max(1, min(wanted.limit, LARGEST_PAGE)), way)
    rows, keys = _rows(session, store, stored, wanted.period, found.rows, wanted.cycle)
    count, exact = _count(session, query, found)
    labels = _labels(session, store, stored, actor, wanted.department, keys)
    return RowsPage(rows, found.offset, count, exact, labels, found.previous, found.next)


def read_row(session: Session, store: Store, table: str, actor: Actor, row_id: str) -> FoundRow:
    """One row in the actor's scope with the period and department it stands in.

    Raises Refused: forbidden without the right to the table, not found for a
    row that does not exist or lies out of scope.
    """
    stored = store.tables[table]
    refusal = why_not_read(actor, stored)
    if refusal is not None:
        raise Refused(refusal, Reason.FORBIDDEN)
    missing = Refused(Message("There is no such row in your scope."), Reason.NOT_FOUND)
    identity = identity_of(stored, row_id)
    if identity is None:
        raise missing
    query = select(stored.table).where(condition(read_scope(actor, stored), stored))
    for column, value in zip(stored.identity, identity, strict=True):
        query = query.where(column == value)
    read = session.execute(query).mappings().first()
    if read is None:
        raise missing
    period = read[stored.period] if stored.period is not None else ""
    rows, found = _rows(session, store, stored, period, [read])
    labels = _labels(session, store, stored, actor, rows[0].department, found)
    return FoundRow(rows[0], period, labels)


def iterate_rows(
    session: Session, store: Store, table: str, actor: Actor, wanted: RowsRequest
) -> Iterator[RowMapping]:
    """All rows the actor may see and export, streamed in pages by the driver."""
    query = exportable(store, table, actor, rows_query(store, table, actor, wanted))
    yield from session.execute(query.execution_options(yield_per=1000)).mappings()


def exportable(
    store: Store, table: str, actor: Actor, query: Select[tuple[object, ...]]
) -> Select[tuple[object, ...]]:
    """Of rows that the actor may read, those that he may export as well."""
    if table not in actor.access:
        return query
    stored = store.tables[table]
    return query.where(condition(read_scope(actor, stored, "export"), stored))


def rows_query(
    store: Store, table: str, actor: Actor, wanted: RowsRequest
) -> Select[tuple[object, ...]]:
    """The select behind pages and exports: scope, filter, search, stable order."""
    order = _order(store.tables[table], wanted.sort)
    return chosen_rows(store, table, actor, wanted).order_by(*(each.sql for each in order))


def chosen_rows(
    store: Store, table: str, actor: Actor, wanted: RowsRequest
) -> Select[tuple[object, ...]]:
    """The same in no order: what is counted and added up."""
    stored = store.tables[table]
    refusal = why_not_read(actor, stored)
    if refusal is not None:
        raise Refused(refusal, Reason.FORBIDDEN)
    query = rows_of(stored, read_scope(actor, stored), wanted.period, wanted.department)
    hidden = hidden_fields(actor, stored, wanted.department)
    labels = {code: stored.spec.by_code[code].label for code in hidden}
    refuse_hidden(labels, wanted.sort, wanted.filter)
    if wanted.filter is not None:
        related = related_to_fields(store, actor, stored, wanted.cycle)
        query = query.where(filter_condition(stored, wanted.filter, related))
    if wanted.search.strip():
        text = wanted.search.strip()
        named = named_with_in_fields(store, actor, stored, wanted.cycle, text)
        query = query.where(or_(_search(stored, hidden, text), *named))
    return query


def _rows(
    session: Session,
    store: Store,
    stored: StoredTable,
    period: str,
    read: Sequence[RowMapping],
    cycle: Cycle | None = None,
) -> tuple[list[Row], Labels]:
    """The rows with their findings, and the keys they name with their labels.

    Both are missing in a period that no cycle collects; former data are held to no rules.
    """
    if cycle is None and read:
        cycle = cycle_of_period(session, stored, period)
    values = [stored.values_of(row) for row in read]
    findings: Sequence[tuple[Finding, ...]] = [()] * len(read)
    existing: Labels = {}
    if cycle is not None and read:
        existing = existing_references(session, store, stored, cycle, values)
        if not cycle.is_history:
            year = stored.spec.period_in(cycle.year)
            findings = store.row_findings.of(stored.spec, values, existing, year)
    rows = [
        Row(
            stored.row_id(row),
            stored.version_of(row),
            row[stored.department] if stored.department is not None else None,
            row_values,
            found,
        )
        for row, row_values, found in zip(read, values, findings, strict=True)
    ]
    return rows, existing


def _labels(
    session: Session,
    store: Store,
    stored: StoredTable,
    actor: Actor,
    department: str | None,
    found: Labels,
) -> Labels:
    """The labels that checking the references has found, as far as the actor may see them."""
    if not found:
        return {}
    hidden = hidden_fields(actor, stored, department)
    return told_labels(session, store, stored, actor, hidden, found)


def _search(stored: StoredTable, hidden: frozenset[str], looked_for: str) -> ColumnElement[bool]:
    """Rows with the text in any text column that is shown; case does not matter."""
    wanted = looked_for.lower()
    columns = [
        column
        for code, column in stored.columns.items()
        if isinstance(column.type, String | Text) and code not in hidden
    ]
    texts = [func.lower(column) for column in columns]
    return or_(false(), *(text.contains(wanted, autoescape=True) for text in texts))


def _order(stored: StoredTable, sort: Sequence[str]) -> list[Ordered]:
    """The wanted columns and always the identity, each once, so that pages are stable."""
    order: dict[str, Ordered] = {}
    for word in sort:
        column = stored.columns.get(word.removeprefix("-"))
        if column is None:
            raise Refused(
                Message("There is no field %(field)s to sort by.", {"field": word}), Reason.INVALID
            )
        falling = word.startswith("-")
        order.setdefault(
            column.key, Ordered(column.key, column, column.type, falling, bool(column.nullable))
        )
    falling = bool(sort) and sort[-1].startswith("-")
    for column in stored.identity:
        order.setdefault(
            column.key, Ordered(column.key, column, column.type, falling, nullable=False)
        )
    return list(order.values())


def _count(
    session: Session, query: Select[tuple[object, ...]], page: Stretch[RowMapping]
) -> tuple[int, bool]:
    """How many rows there are, counted no further than ``COUNTED``."""
    if page.next is None and (page.rows or page.offset == 0):
        return page.offset + len(page.rows), True
    limited = query.with_only_columns(literal(1)).limit(COUNTED + 1).subquery()
    counted = session.scalar(select(func.count()).select_from(limited)) or 0
    return (COUNTED, False) if counted > COUNTED else (counted, True)


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name
