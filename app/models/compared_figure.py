"""The figures of all departments that are compared, this year and in the years before."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session

from app.catalogue.comparison import Comparison, Figure
from app.domain.period import AcademicYear
from app.models.base_table import Store, StoredTable
from app.rules.comparison import Figures

# So many years before are looked at.
YEARS = 5


def read_figures(
    session: Session, store: Store, year: AcademicYear, comparisons: Iterable[Comparison]
) -> dict[str, Figures]:
    """Identifier of a comparison → its figures; without any scope, as all rules read.

    One statement for all comparisons of a table. Who may see them is decided where they are shown.
    """
    by_table: dict[str, list[Comparison]] = {}
    for comparison in comparisons:
        by_table.setdefault(comparison.table, []).append(comparison)
    found: dict[str, Figures] = {}
    for table, some in by_table.items():
        found |= _figures_of(session, store.tables[table], year, some)
    return found


def _figures_of(
    session: Session, stored: StoredTable, year: AcademicYear, comparisons: Sequence[Comparison]
) -> dict[str, Figures]:
    if stored.department is None or stored.period is None:
        return {each.identifier: Figures({}) for each in comparisons}
    years = [year]
    while len(years) <= YEARS:
        years.append(years[-1].previous)
    codes = [stored.spec.period_in(each).code for each in years]
    place = (stored.period, stored.department)
    figures = [figure for each in comparisons for figure in _figures(stored, each)]
    query = select(*place, *figures).where(stored.period.in_(codes)).group_by(*place)
    told: list[dict[str, dict[str, float]]] = [{code: {} for code in codes} for _ in comparisons]
    for period, department, *values in session.execute(query.order_by(*place)):
        for by_period, total, count in zip(told, values[::2], values[1::2], strict=True):
            if total is not None:
                by_period[period][department] = float(total) / count
    return {
        each.identifier: Figures(by_period[codes[0]], [by_period[code] for code in codes[1:]])
        for each, by_period in zip(comparisons, told, strict=True)
    }


def _figures(stored: StoredTable, comparison: Comparison) -> Sequence[ColumnElement[Any]]:
    """What is divided by what; sums keep the type of their column: SQLite keeps decimals whole."""
    if comparison.figure is Figure.COUNT:
        return func.count(), literal(1)
    column = stored.columns[comparison.field]
    shared = comparison.figure is Figure.MEAN
    return func.sum(column), func.count(column) if shared else literal(1)
