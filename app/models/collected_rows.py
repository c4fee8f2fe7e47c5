"""What the college collected, read for the rules that look beyond one row (第五条第二款, 第十二条).

Such a rule compares a table with other tables and with the year before, whichever department
filled them: reading is without any scope. Who may see what it says is decided where it is shown.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import Term, Year
from app.domain.period import AcademicYear
from app.models.base_table import Store, StoredTable
from app.rules.coercion import coerce, raw_column
from app.rules.compiled_rule import CompiledRule
from app.rules.quality_rule import Collected


@dataclass(frozen=True)
class CollectedRows:
    """The rows of a table in a year with all that its rules compare them with.

    ``row_ids`` and ``departments`` belong to the rows of the table, in the order in which findings
    count them.
    """

    collected: Collected
    row_ids: Sequence[str]
    departments: Sequence[str]


def read_collected(
    session: Session, store: Store, year: AcademicYear, table: str, rules: Sequence[CompiledRule]
) -> CollectedRows:
    """The rows that ``rules`` of ``table`` look at, of ``year`` and the one before it.

    Only the columns that are looked at are read. Values that do not fit their field, such as those
    of a former catalogue, count as missing: they are told by the field's own rules.
    """
    spec = store.catalogue.tables[table]
    periods = {
        Year.THIS: spec.period_in(year),
        Year.PREVIOUS: spec.period_in(year.previous),
    }
    frames: dict[tuple[str, Year], pl.DataFrame] = {}
    row_ids: list[str] = []
    departments: list[str] = []
    for (name, which), codes in sorted(_looked_at(table, rules).items()):
        stored = store.tables[name]
        of = year if which is Year.THIS else year.previous
        read = _read(session, store.catalogue, stored, stored.spec.period_in(of).code, codes)
        frames[name, which] = read.frame
        if (name, which) == (table, Year.THIS):
            row_ids, departments = read.row_ids, read.departments
    return CollectedRows(Collected(periods, frames), row_ids, departments)


@dataclass(frozen=True)
class _Read:
    frame: pl.DataFrame
    row_ids: list[str]
    departments: list[str]


def _looked_at(
    table: str, rules: Sequence[CompiledRule]
) -> dict[tuple[str, Year], Collection[str]]:
    """Which columns of which table and year the rules look at."""
    codes: dict[tuple[str, Year], set[str]] = {(table, Year.THIS): set()}
    for compiled in rules:
        own = codes[table, Year.THIS]
        own |= {*compiled.condition.fields, *compiled.rule.fields, *compiled.rule.once_by}
        for term in compiled.terms.values():
            own |= set(term.term.by.values())
            there = codes.setdefault((term.term.table, term.term.year), set())
            there |= set(_columns_of(term.term))
            there |= set(term.where.fields) if term.where is not None else set()
    return dict(codes)


def _columns_of(term: Term) -> Iterator[str]:
    if term.column:
        yield term.column
    yield from term.by


def _read(
    session: Session, catalogue: Catalogue, stored: StoredTable, period: str, codes: Collection[str]
) -> _Read:
    """The columns, typed, with the ids and departments of their rows, in a stable order.

    A table without any column that is looked at still has its number of rows.
    """
    spec = stored.spec
    # One column at least, so that rows can be counted.
    wanted = [code for code in spec.by_code if code in codes] or [next(iter(spec.by_code))]
    department = [] if stored.department is None else [stored.department]
    selected = [*stored.identity, *department, *(stored.columns[code] for code in wanted)]
    query = select(*selected).where(stored.in_place(period)).order_by(*stored.identity)
    rows = session.execute(query).mappings().all()
    raw = pl.DataFrame(
        [
            raw_column(spec.by_code[code], [row[stored.columns[code]] for row in rows])
            for code in wanted
        ]
    )
    frame = coerce(spec, catalogue, raw, wanted).frame
    return _Read(
        frame,
        [stored.row_id(row) for row in rows],
        ["" if stored.department is None else row[stored.department] for row in rows],
    )
