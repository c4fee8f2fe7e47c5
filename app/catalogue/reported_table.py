"""Adopted tables as tables that departments report: one description made from another.

What the collection year needs of a base table (``TableSpec``) follows from the columns and from
what people say under ``report:``; nothing is described twice (decision record 0017).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.catalogue.adopted_table import AdoptedColumn, AdoptedTable, ColumnKind
from app.catalogue.base_table import FieldSpec, FieldType, FilledBy, TableKind, TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.code_list import CodeItem, CodeList
from app.catalogue.fault import CatalogueError, all_placed, listed
from app.catalogue.reporting import Reporting
from app.domain.message import Message
from app.domain.period import AcademicYear

# Told by their size only, so there is nothing to report.
NOT_REPORTED = frozenset({ColumnKind.BINARY})
PERIOD_KINDS = frozenset(
    {ColumnKind.STRING, ColumnKind.TEXT, ColumnKind.CHOICE, ColumnKind.INTEGER, ColumnKind.DATE}
)
DEPARTMENT_KINDS = PERIOD_KINDS - {ColumnKind.DATE}
# Decimal digits that a frame holds; whole numbers beyond those of an INTEGER are decimals too.
MOST_DIGITS = 38
INTEGER_DIGITS = 18
WIDE_DIGITS = 20
# The database has its own bound; a rule of ours would only repeat it.
UNBOUNDED = 2**31
SAMPLE = AcademicYear(2025)


def department_faults(table: AdoptedTable) -> list[Message]:
    """What in the codes under ``mapping:`` does not fit the column."""
    pairs, code = table.mapping.departments, table.mapping.department
    if not pairs or (table.report is not None and table.report.departments == pairs):
        return []
    if code is None:
        faults = [Message("mapping names no column that plays %(part)s", {"part": "department"})]
    else:
        faults = _unheld(table.by_code[code], [own for own, _code in pairs])
    return all_placed("mapping: departments", faults)


def reporting_faults(table: AdoptedTable, *, knows_period: bool = True) -> list[Message]:
    """Everything that keeps the table from being reported.

    Whether the column can hold its periods is left out where their words are at fault.
    """
    if table.report is None:
        return []
    return all_placed("report", list(_faults(table, table.report, knows_period=knows_period)))


def _unheld(column: AdoptedColumn, owns: Sequence[str]) -> list[Message]:
    return [
        Message("%(column)s cannot hold “%(value)s”", {"column": column.code, "value": own})
        for own in owns
        if not _holds(column, own)
    ]


def with_reported(catalogue: Catalogue, tables: Mapping[str, AdoptedTable], file: str) -> Catalogue:
    """The catalogue with the adopted tables that are reported.

    The departments that any of the tables names are looked up too. Raises CatalogueError with
    everything that contradicts the catalogue, each naming ``file`` and place.
    """
    marked = {
        name: table
        for name, table in tables.items()
        if table.report is not None and name not in catalogue.tables
    }
    faults: list[Message] = []
    specs: dict[str, TableSpec] = {}
    chapters = dict(catalogue.chapters)
    numbers = {spec.number: name for name, spec in catalogue.tables.items()}
    known = {department.code for department in catalogue.departments}
    for name, table in marked.items():
        spec = spec_of(table)
        own = _faults_within(table, spec, chapters, numbers, known)
        faults += all_placed(f"{file}: {name}: report", list(own))
        numbers[spec.number] = name
        chapters.setdefault(spec.chapter, table.group)
        specs[name] = spec
    for name, table in tables.items():
        codes = {code for _own, code in table.mapping.departments}
        if table.report is None or table.report.departments != table.mapping.departments:
            faults += all_placed(f"{file}: {name}: mapping", _unknown_departments(codes - known))
    if faults:
        raise CatalogueError(faults)
    lists = {codes.identifier: codes for table in marked.values() for codes in code_lists_of(table)}
    return replace(
        catalogue, adopted=specs, chapters=chapters, code_lists={**catalogue.code_lists, **lists}
    )


def spec_of(table: AdoptedTable) -> TableSpec:
    """The description of a table that is marked as reported."""
    report = table.report
    if report is None:
        raise ValueError(f"{table.identifier} is not reported")
    return TableSpec(
        identifier=table.identifier,
        number=report.number,
        name=table.label,
        chapter=report.chapter or report.number.split(".")[0],
        kind=TableKind.LIST,
        period=report.period,
        filled_by=FilledBy.STEWARD,
        tier=report.tier,
        fields=tuple(_field(table, report, column) for column in reported_columns(table)),
        point=report.point,
        guidance=table.help,
    )


def reported_columns(table: AdoptedTable) -> list[AdoptedColumn]:
    """The columns that are reported: those shown, and the key, which tells rows apart."""
    return [
        column
        for column in table.columns
        if column.kind not in NOT_REPORTED and (not column.hidden or column.code in table.key)
    ]


def code_lists_of(table: AdoptedTable) -> list[CodeList]:
    """A list of codes for every column whose values the database enumerates."""
    return [
        CodeList(
            _list_name(table, column),
            column.label,
            tuple(CodeItem(value, value) for value in column.values),
        )
        for column in reported_columns(table)
        if _is_enumerated(column)
    ]


def _field(table: AdoptedTable, report: Reporting, column: AdoptedColumn) -> FieldSpec:
    kind = _field_type(column)
    is_wide = kind is FieldType.NUMBER and column.kind is ColumnKind.INTEGER
    return FieldSpec(
        code=column.code,
        label=column.label,
        type=kind,
        required=column.required or column.code in report.required,
        key=column.code in table.key,
        max_length=column.max_length or UNBOUNDED,
        precision=WIDE_DIGITS if is_wide else column.precision,
        scale=0 if is_wide else column.scale,
        code_list=_list_name(table, column) if kind is FieldType.CODE else None,
        minimum=None if column.minimum is None else Decimal(column.minimum),
        maximum=None if column.maximum is None else Decimal(column.maximum),
        guidance=column.help,
        personal=column.masked,
        mask=column.masked,
    )


_PLAIN_TYPES: Mapping[ColumnKind, FieldType] = {
    ColumnKind.BOOLEAN: FieldType.BOOLEAN,
    ColumnKind.DATE: FieldType.DATE,
    ColumnKind.TEXT: FieldType.TEXT,
    ColumnKind.JSON: FieldType.TEXT,
    ColumnKind.OPAQUE: FieldType.TEXT,
}


def _field_type(column: AdoptedColumn) -> FieldType:
    """The type that takes every value of the column; what has none of its own is its text."""
    if _is_enumerated(column):
        return FieldType.CODE
    if column.kind is ColumnKind.INTEGER:
        bounds = (column.minimum, column.maximum)
        is_small = all(b is not None and abs(b) < 10**INTEGER_DIGITS for b in bounds)
        return FieldType.INTEGER if is_small else FieldType.NUMBER
    if column.kind is ColumnKind.NUMBER:
        fits = column.scale is not None and 0 < (column.precision or 0) <= MOST_DIGITS
        return FieldType.NUMBER if fits else FieldType.STRING
    return _PLAIN_TYPES.get(column.kind, FieldType.STRING)


def _is_enumerated(column: AdoptedColumn) -> bool:
    return column.kind is ColumnKind.CHOICE and bool(column.values)


def _list_name(table: AdoptedTable, column: AdoptedColumn) -> str:
    # A dot keeps it apart from the lists of the catalogue, whose names have none.
    return f"{table.identifier}.{column.code}"


def _faults(table: AdoptedTable, report: Reporting, *, knows_period: bool) -> Iterator[Message]:
    """What in the table itself keeps it from being reported."""
    if not table.key:
        yield Message("rows have to be told apart; name the columns that do so by key")
    parts = {"period": table.mapping.period, "department": table.mapping.department}
    for part, code in parts.items():
        if code is None:
            yield Message("mapping names no column that plays %(part)s", {"part": part})
            continue
        column = table.by_code[code]
        if column.kind not in (PERIOD_KINDS if part == "period" else DEPARTMENT_KINDS):
            told = {"column": code, "kind": column.kind.value, "part": part}
            yield Message("%(column)s is %(kind)s and cannot play %(part)s", told)
        elif column.masked or column.hidden:
            told = {"column": code, "part": part}
            yield Message("%(column)s is hidden or masked and cannot play %(part)s", told)
        elif part == "department":
            yield from _unheld(column, [own for own, _code in report.departments])
        elif knows_period:
            yield from _unheld(column, _samples(report))
    unknown = sorted(set(report.required) - {column.code for column in reported_columns(table)})
    if unknown:
        yield Message("required names no such columns: %(columns)s", {"columns": listed(unknown)})


def _samples(report: Reporting) -> tuple[str, ...]:
    return report.own_periods(report.period_in(SAMPLE).code)


def _holds(column: AdoptedColumn, text: str) -> bool:
    match column.kind:
        case ColumnKind.INTEGER:
            # As the database gives it back: 01 would come as 1.
            is_whole = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
            return is_whole and str(int(text)) == text
        case ColumnKind.DATE:
            return _is_date(text)
        case ColumnKind.CHOICE:
            # Enumerations grow year by year; those of the sample year may not be in it yet.
            return True
        case _:
            return 0 < len(text) <= (column.max_length or UNBOUNDED)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _faults_within(
    table: AdoptedTable,
    spec: TableSpec,
    chapters: Mapping[str, str],
    numbers: Mapping[str, str],
    departments: set[str],
) -> Iterator[Message]:
    """What contradicts the catalogue or a table before."""
    if spec.number in numbers:
        told = {"number": spec.number, "table": numbers[spec.number]}
        yield Message("the number %(number)s is that of %(table)s", told)
    if spec.chapter not in chapters and not table.group:
        yield Message(
            "there is no chapter %(chapter)s; name an existing one or give the table a group",
            {"chapter": spec.chapter},
        )
    report = table.report
    codes = {code for _own, code in report.departments} if report else set()
    yield from _unknown_departments(codes - departments)


def _unknown_departments(codes: set[str]) -> list[Message]:
    return [
        Message("there is no department %(department)s", {"department": code})
        for code in sorted(codes)
    ]
