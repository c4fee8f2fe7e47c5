"""Tables of other systems that departments report, in the shape of base tables.

A ``ReportedTable`` is read, checked and kept like a base table; what another system writes in its
own way (periods, departments) is compared in that way, so that its indexes serve (decision record
0017).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Column, ColumnElement, and_
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.catalogue.adopted_table import AdoptedColumn, AdoptedTable
from app.catalogue.catalogue import Catalogue
from app.catalogue.reported_table import reported_columns
from app.catalogue.reporting import Reporting
from app.domain.message import Reason, Refused
from app.models.adopted_row import shown_value
from app.models.adopted_table import LiveTable, live_tables
from app.models.base_table import Store, StoredTable, build_store
from app.models.database import is_passing
from app.models.database_fault import fault_of, refusal_message
from app.rules.adopted_value import UnfitError, compared_value


@dataclass(frozen=True)
class ReportedTable(StoredTable):
    """An adopted table with its own ways of writing periods and departments."""

    live: LiveTable
    report: Reporting

    def in_place(self, period: str, department: str | None = None) -> ColumnElement[bool]:
        """The rows of a period and, if named, a department, both by the college's codes."""
        return in_place(self.live, self.report, period, department)

    def of_departments(self, codes: Collection[str]) -> ColumnElement[bool]:
        """The rows of these departments."""
        owns = self.report.own_departments(codes)
        return _among(self.live, self.live.spec.mapping.department, owns)

    def knows(self, department: str) -> bool:
        """Whether the table has a code for the department."""
        return bool(self.report.own_departments([department]))

    def selected(self, dialect: str) -> Sequence[ColumnElement[Any]]:
        """What is read of a row: the reported columns, texts at their whole length."""
        return self.live.whole({column.code for column in self._reported}, dialect)

    def row_id(self, row: RowMapping) -> str:
        """The row's id as it stands in addresses."""
        return self.live.row_id({str(code): value for code, value in row.items()})

    def values_of(self, row: RowMapping) -> dict[str, object]:
        """Field code → value as people would type it."""
        return {
            column.code: shown_value(column.kind, row[column.code]) for column in self._reported
        }

    @cached_property
    def _reported(self) -> tuple[AdoptedColumn, ...]:
        return tuple(reported_columns(self.live.spec))


def in_place(
    live: LiveTable, report: Reporting, period: str, department: str | None = None
) -> ColumnElement[bool]:
    """The rows of a period and, if named, a department, both by the college's codes."""
    parts = [_among(live, live.spec.mapping.period, report.own_periods(period))]
    if department is not None:
        owns = report.own_departments([department])
        parts.append(_among(live, live.spec.mapping.department, owns))
    return and_(*parts)


def usual_values(live: LiveTable, period: str | None, department: str | None) -> dict[str, str]:
    """How the table writes a place, by the columns that tell it.

    What it writes in several ways is left to people.
    """
    mapping, report = live.spec.mapping, live.spec.report
    if report is None:
        return {}
    owns = {
        mapping.period or "": report.own_periods(period or ""),
        mapping.department or "": report.own_departments([department] if department else []),
    }
    return {code: own[0] for code, own in owns.items() if len(own) == 1}


def _among(live: LiveTable, code: str | None, owns: Collection[str]) -> ColumnElement[bool]:
    """Whether the column holds one of the values; one that it cannot hold is in no row.

    Untyped, MySQL would find the text of a code in every number 0.
    """
    column = live.spec.by_code[code or ""]
    typed = []
    for own in owns:
        try:
            typed.append(compared_value(column, own))
        except UnfitError:
            continue
    return live.columns[column.code].in_(typed)


def build_whole_store(catalogue: Catalogue, adopted: Mapping[str, AdoptedTable]) -> Store:
    """Base tables, adopted tables, and those among them that departments report."""
    store = build_store(catalogue, live_tables(adopted))
    of_others = {
        name: _reported(catalogue, live)
        for name, live in store.adopted.items()
        if name in catalogue.adopted
    }
    return replace(store, of_others=of_others)


def _reported(catalogue: Catalogue, live: LiveTable) -> ReportedTable:
    spec, mapping = catalogue.adopted[live.spec.identifier], live.spec.mapping
    report = live.spec.report
    if report is None:
        raise ValueError(f"{spec.identifier} is not reported")
    columns: dict[str, Column[Any]] = {code: live.columns[code] for code in spec.by_code}
    return ReportedTable(
        spec=spec,
        table=live.table,
        columns=columns,
        identity=live.identity,
        period=live.columns[mapping.period or ""],
        department=live.columns[mapping.department or ""],
        person=None,
        version=None,
        key=None,
        live=live,
        report=report,
    )


@contextmanager
def told_by_the_database(session: Session, stored: StoredTable) -> Iterator[None]:
    """Reading another system's table: where it is gone or was altered, that is told in words.

    Raises Refused (conflict); what the transaction held before stays. Base tables are ours, and
    what is wrong with them is a fault of ours.
    """
    if not isinstance(stored, ReportedTable):
        yield
        return
    try:
        with session.begin_nested():
            yield
    except DBAPIError as error:
        if is_passing(error):
            raise
        message = refusal_message(stored.live.spec, fault_of(error), error)
        raise Refused(message, Reason.CONFLICT) from error
