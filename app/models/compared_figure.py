"""The figures of all departments that are compared, this year and in the years before."""

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select
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

    Who may see them is decided where they are shown.
    """
    found = {}
    for comparison in comparisons:
        stored = store.tables[comparison.table]
        years = [year]
        while len(years) <= YEARS:
            years.append(years[-1].previous)
        present, *before = (
            _by_department(session, stored, comparison, stored.spec.period_in(each).code)
            for each in years
        )
        found[comparison.identifier] = Figures(present, before)
    return found


def _by_department(
    session: Session, stored: StoredTable, comparison: Comparison, period: str
) -> Mapping[str, float]:
    if stored.department is None:
        return {}
    # Sums keep the type of their column: as such SQLite keeps decimals as whole numbers.
    if comparison.figure is Figure.COUNT:
        total, count = func.count(), func.count()
    else:
        column = stored.columns[comparison.field]
        total, count = func.sum(column), func.count(column)
    query = (
        select(stored.department, total, count)
        .where(stored.in_place(period))
        .group_by(stored.department)
        .order_by(stored.department)
    )
    shared = comparison.figure is Figure.MEAN
    return {
        code: float(value) / (number if shared else 1)
        for code, value, number in session.execute(query)
        if value is not None
    }
