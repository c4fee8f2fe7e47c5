"""What an export reads: how many rows there are about to be, and the rows column by column.

Both pass the scope of reading and of exporting. Rows are streamed in parts by the driver: a part
is a handful of columns rather than a thousand mappings, which are several times slower to make.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Text, func
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.models.base_table import Store, StoredTable
from app.reports.base_table import RowsRequest, chosen_rows, exportable, rows_query

ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class ExportSize:
    """How many rows there are, and how long the longest text is in any of them."""

    rows: int
    longest: int


def export_size(
    session: Session, store: Store, table: str, actor: Actor, wanted: RowsRequest
) -> ExportSize:
    """The size of what the actor may see and export, by one statement. Raises Refused."""
    query = exportable(store, table, actor, chosen_rows(store, table, actor, wanted))
    lengths = [func.max(_length(session, each)) for each in _texts(store.tables[table])]
    rows, *longest = session.execute(query.with_only_columns(func.count(), *lengths)).one()
    return ExportSize(rows, max((each or 0 for each in longest), default=0))


def iterate_columns(
    session: Session,
    store: Store,
    table: str,
    actor: Actor,
    wanted: RowsRequest,
    names: Sequence[str],
) -> Iterator[Mapping[str, Sequence[Any]]]:
    """All rows the actor may see and export, in parts: name of a column → its values."""
    query = exportable(store, table, actor, rows_query(store, table, actor, wanted))
    columns = [store.tables[table].table.c[name] for name in names]
    streamed = query.with_only_columns(*columns).execution_options(yield_per=ROWS_AT_ONCE)
    for rows in session.execute(streamed).partitions(ROWS_AT_ONCE):
        yield dict(zip(names, zip(*rows, strict=True), strict=True))


def _texts(stored: StoredTable) -> list[Column[Any]]:
    """The columns that hold texts of any length."""
    return [column for column in stored.columns.values() if isinstance(column.type, Text)]


def _length(session: Session, column: Column[Any]) -> ColumnElement[int]:
    """The number of characters; MySQL's ``length`` counts bytes."""
    is_mysql = session.get_bind().dialect.name in {"mysql", "mariadb"}
    return func.char_length(column) if is_mysql else func.length(column)
