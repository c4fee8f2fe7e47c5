"""What is odd about departments' figures, beside their own years and the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.finding import Finding
from app.domain.period import AcademicYear
from app.models.base_table import Store
from app.models.compared_figure import read_figures
from app.rules.comparison import compare


@dataclass(frozen=True)
class Oddity:
    """A figure of a department's table that is far from what it is compared with."""

    table: str
    department: str
    finding: Finding


def list_oddities(
    session: Session, store: Store, year: AcademicYear, table: str | None = None
) -> Sequence[Oddity]:
    """All of a year, or those of a table, in the order of the records, then of departments."""
    comparisons = [
        each
        for each in store.catalogue.comparisons
        if each.table in store.tables and table in {None, each.table}
    ]
    figures = read_figures(session, store, year, comparisons)
    return [
        Oddity(each.table, department, finding)
        for each in comparisons
        for department in figures[each.identifier].present
        for finding in compare(each, department, figures[each.identifier])
    ]
