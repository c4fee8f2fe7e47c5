"""Workbooks in and out, beside the bare reader, the bare driver and the bare writer."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook
from sqlalchemy import delete
from sqlalchemy.orm import Session
from xlsxwriter import Workbook

from app.domain.message import Message
from app.exchange.base_table import ImportMode, ImportResult, import_rows
from app.exchange.export import ExportForm, export_csv, export_workbook
from app.exchange.template_identity import Place
from app.models.base_table_rows import plain
from app.reports.base_table import RowsRequest, iterate_rows
from benchmarks.college import DEPARTMENT, NOW, TABLE, YEAR, College
from benchmarks.measure import Line, once

# performance.md: all errors told 1.6 × the reader, committed 2.2 × reader and executemany.
READ_TARGET = 1.6
WRITE_TARGET = 2.2
EXPORT_TARGET = 1.6


def import_measures(college: College, kind: str, rows: int) -> Iterator[Line]:
    """A dry run beside reading alone; both steps beside reading and writing alone."""
    content = _workbook(college, rows)
    read = once(lambda: _bare_read(content))
    written = once(lambda: _bare_write(college, content))
    _empty(college)
    results: list[ImportResult] = []
    dry = once(lambda: results.append(_import(college, content)))
    digest = results[0].digest
    wet = once(lambda: results.append(_import(college, content, digest)))
    if results[1].created != rows or not results[1].written:
        raise RuntimeError(f"imported {results[1].created} of {rows} rows")
    shown = f"import of {rows:,} rows, {kind}"
    yield Line(f"{shown}: dry run beside calamine", dry, read, "s", READ_TARGET)
    yield Line(
        f"{shown}: write beside calamine and executemany", wet, read + written, "s", WRITE_TARGET
    )
    _empty(college)


def export_measures(college: College, rows: int) -> Iterator[Line]:
    """A workbook beside XlsxWriter alone, CSV beside the same rows read alone."""
    _empty(college)
    college.fill(1, rows)
    values = [list(row.values()) for row in map(_plain_row, _rows(college))]
    floor = once(lambda: _bare_export(values))
    ours = once(lambda: _export(college))
    yield Line(f"export of {rows:,} rows, .xlsx beside XlsxWriter", ours, floor, "s", EXPORT_TARGET)
    floor = once(lambda: [list(row.values()) for row in map(_plain_row, _rows(college))])
    ours = once(lambda: sum(len(part) for part in _export_csv(college)))
    yield Line(
        f"export of {rows:,} rows, .csv beside reading the rows", ours, floor, "s", EXPORT_TARGET
    )


def _import(college: College, content: bytes, digest: str | None = None) -> ImportResult:
    with Session(college.engine) as session:
        return _import_in(session, college, content, digest)


def _import_in(
    session: Session, college: College, content: bytes, digest: str | None
) -> ImportResult:
    return import_rows(
        session,
        college.store,
        TABLE,
        content,
        "rows.xlsx",
        by=college.steward,
        now=NOW,
        period=college.period,
        department=DEPARTMENT,
        mode=ImportMode.UPSERT,
        dry_run=digest is None,
        digest=digest,
    )


def _workbook(college: College, rows: int) -> bytes:
    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, list(college.stored.columns))
    for number in range(1, rows + 1):
        row = college.row(number)
        sheet.write_row(number, 0, [_cell(row[code]) for code in college.stored.columns])
    book.close()
    return target.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def _bare_read(content: bytes) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return book.get_sheet_by_index(0).to_python()


def _bare_write(college: College, content: bytes) -> None:
    """The cells as they were read, by the driver alone: one statement for all rows."""
    _empty(college)
    system = ("sys_period", "sys_department", "sys_version", "sys_key")
    names = [*college.stored.columns, *system]
    rows = [
        (*line, college.period, DEPARTMENT, 1, f"{number:064}")
        for number, line in enumerate(_bare_read(content)[1:])
    ]
    mark = "?" if college.engine.dialect.name == "sqlite" else "%s"
    marks = ", ".join([mark] * len(names))
    statement = f"INSERT INTO {college.stored.table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
    with college.engine.begin() as connection:
        connection.exec_driver_sql(statement, rows)


def _empty(college: College) -> None:
    with college.engine.begin() as connection:
        connection.execute(delete(college.stored.table))


def _rows(college: College) -> Iterator[Any]:
    wanted = RowsRequest(period=college.period)
    with Session(college.engine) as session:
        yield from iterate_rows(session, college.store, TABLE, college.steward, wanted)


def _plain_row(row: Any) -> dict[str, object]:
    return {code: plain(value) for code, value in row.items()}


def _bare_export(rows: list[list[object]]) -> int:
    target = BytesIO()
    book = Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write_number(number, column, value)
    book.close()
    return len(target.getvalue())


def _place(college: College) -> Place:
    return Place(college.stored.spec.period_in(YEAR), DEPARTMENT)


def _export(college: College) -> int:
    with export_workbook(
        college.store.catalogue,
        college.stored,
        _rows(college),
        _place(college),
        {},
        ExportForm(),
        translate=Message.english,
        now=NOW,
    ) as file:
        return len(file.read())


def _export_csv(college: College) -> Iterator[bytes]:
    return export_csv(
        college.store.catalogue,
        college.stored,
        _rows(college),
        _place(college),
        {},
        ExportForm(),
        translate=Message.english,
    )
