"""The line under a grid: how many cells of each column are filled, sums and averages.

One statement for all columns, over exactly the rows that the filter and the search show and that
the actor may see. Sums are exact: databases add decimals, SQLite whole numbers of the last digit.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, cast, func
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.masks import hidden_fields, seen
from app.access.person import Actor
from app.catalogue.adopted_table import AdoptedColumn, ColumnKind
from app.catalogue.base_table import FieldType
from app.domain.message import Message, Reason, Refused
from app.models.adopted_table import TEXTS, LiveTable
from app.models.base_table import Store, StoredTable
from app.models.time_limit import TooSlowError, time_limited
from app.reports.adopted_table import AdoptedRequest, adopted_query, refusal_of
from app.reports.base_table import RowsRequest, chosen_rows

SECONDS = 5.0
# Decimals of an average beyond those of the column.
FINER = 2
ADDED = frozenset({FieldType.INTEGER, FieldType.NUMBER})
ADDED_KINDS = frozenset({ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.FLOAT})
ROWS = "*"


@dataclass(frozen=True)
class Total:
    """One column: filled cells; sum and average are None where there is nothing to add."""

    filled: int
    sum: Decimal | None = None
    average: Decimal | None = None


@dataclass(frozen=True)
class Totals:
    """The number of rows, and field code → total."""

    rows: int
    fields: Mapping[str, Total]


@dataclass(frozen=True)
class Measured:
    """How a column is counted and added; the sum is ``shifted`` digits too large."""

    filled: ColumnElement[Any]
    added: ColumnElement[Any] | None = None
    shifted: int = 0


def total_rows(
    session: Session, store: Store, table: str, actor: Actor, wanted: RowsRequest
) -> Totals:
    """The totals of the rows of a base table. Raises Refused as reading them does."""
    stored = store.tables[table]
    query = chosen_rows(store, table, actor, wanted)
    hidden = hidden_fields(actor, stored, wanted.department)
    measured = {
        code: measured_field(stored, code) for code in stored.spec.by_code if code not in hidden
    }
    with in_time(session, stored.spec.title):
        selected = query.with_only_columns(*expressions(measured))
        return _totals(measured, session.execute(selected).mappings().one())


def total_adopted_rows(
    session: Session, live: LiveTable, actor: Actor, wanted: AdoptedRequest
) -> Totals:
    """The totals of the rows of an adopted table. Raises Refused as reading them does."""
    query: Select[Any] = adopted_query(live, actor, wanted)
    live = seen(actor, live)
    dialect = session.get_bind().dialect.name
    measured = {
        column.code: measured_column(live, column, dialect)
        for column in live.spec.shown
        if not column.masked
    }
    with in_adopted_time(session, live):
        selected = query.add_columns(*expressions(measured))
        return _totals(measured, session.execute(selected).mappings().one())


@contextmanager
def in_time(session: Session, title: str) -> Iterator[None]:
    """Add up for a limited time; raises Refused where that does not do."""
    try:
        with time_limited(session, SECONDS):
            yield
    except TooSlowError as error:
        raise Refused(
            Message(
                "Adding up table %(table)s takes too long. Choose fewer rows by a filter first.",
                {"table": title},
            ),
            Reason.BUSY,
        ) from error


@contextmanager
def in_adopted_time(session: Session, live: LiveTable) -> Iterator[None]:
    """The same for an adopted table, which may be gone or altered: that is told in words."""
    try:
        with in_time(session, live.spec.title):
            yield
    except DBAPIError as error:
        raise refusal_of(session, live, error) from error


def measured_field(stored: StoredTable, code: str) -> Measured:
    """How a field of a base table is added up."""
    column = stored.columns[code]
    is_text = isinstance(column.type, String)
    added = func.sum(column) if stored.spec.by_code[code].type in ADDED else None
    return Measured(func.nullif(column, "") if is_text else column, added)


def measured_column(live: LiveTable, column: AdoptedColumn, dialect: str) -> Measured:
    """How a column of an adopted table is added up."""
    sql: ColumnElement[Any] = live.columns[column.code]
    filled = func.nullif(sql, "") if column.kind in TEXTS else sql
    if column.kind not in ADDED_KINDS:
        return Measured(filled)
    if dialect == "sqlite" and column.kind is ColumnKind.NUMBER and column.scale is not None:
        # SQLite keeps decimals as binary fractions, whose sum is a little beside the right one.
        whole = cast(func.round(sql * 10**column.scale), BigInteger)
        return Measured(filled, func.sum(whole), column.scale)
    return Measured(filled, func.sum(sql))


def expressions(measured: Mapping[str, Measured]) -> list[ColumnElement[Any]]:
    """Names that no code of a column can have: codes are words."""
    found: list[ColumnElement[Any]] = [func.count().label(ROWS)]
    for code, each in measured.items():
        found.append(func.count(each.filled).label(f"{code} filled"))
        if each.added is not None:
            found.append(each.added.label(f"{code} sum"))
    return found


def _totals(measured: Mapping[str, Measured], read: RowMapping) -> Totals:
    return Totals(read[ROWS], {code: total_of(code, each, read) for code, each in measured.items()})


def total_of(code: str, each: Measured, read: RowMapping) -> Total:
    """The total that was read under the names of ``code``."""
    filled = read[f"{code} filled"]
    added = None if each.added is None else read[f"{code} sum"]
    if added is None or not filled:
        return Total(filled)
    number = Decimal(str(added))
    if not number.is_finite():
        return Total(filled)
    number = number.scaleb(-each.shifted)
    return Total(filled, number, _average(number, filled))


def _average(added: Decimal, count: int) -> Decimal:
    exponent = added.as_tuple().exponent
    decimals = max(0, -exponent if isinstance(exponent, int) else 0) + FINER
    with localcontext(prec=120):
        return (added / count).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
