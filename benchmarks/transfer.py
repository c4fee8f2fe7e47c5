"""Workbooks in and out, beside the bare reader, the bare driver and the bare writer."""

import tracemalloc
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from python_calamine import CalamineWorkbook
from sqlalchemy import delete
from sqlalchemy.orm import Session
from xlsxwriter import Workbook

from app.domain.message import Message
from app.exchange.base_table import import_rows
from app.exchange.export import ExportForm, Part, export_csv, export_workbook, exported_names
from app.exchange.import_result import ImportResult
from app.exchange.template_identity import Place
from app.exchange.uploaded_file import ImportMode
from app.models.base_table_rows import plain
from app.reports.base_table import RowsRequest
from app.reports.export import iterate_columns
from benchmarks.college import DEPARTMENT, NOW, TABLE, YEAR, College
from benchmarks.measure import Line, cpu_seconds, once

# performance.md: all errors told 1.6 × the reader, committed 2.2 × reader and executemany.
READ_TARGET = 1.6
WRITE_TARGET = 2.2
EXPORT_TARGET = 1.6
WRITER_TARGET = 0.3
FIRST_BYTE = 0.3
MEMORY = 40
MEGABYTE = 1024 * 1024


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
    """Processor time, first byte and memory of exports beside their floors.

    The floor of a workbook reads the same rows, puts them into the barest XML and packs that;
    XlsxWriter stands beside it for comparison.
    """
    _empty(college)
    college.fill(1, rows)
    read = cpu_seconds(lambda: _read(college), 1)
    floor = cpu_seconds(lambda: _barest(college), 1)
    ours = cpu_seconds(lambda: sum(map(len, _export(college))), 1)
    shown = f"export of {rows:,} rows, .xlsx"
    yield Line(f"{shown} beside the barest XML (CPU)", ours, floor, "s", EXPORT_TARGET)
    parts = list(_parts(college))
    bare = cpu_seconds(lambda: _bare_export(parts), 1) + read
    yield Line(f"{shown} beside XlsxWriter (CPU)", ours, bare, "s", WRITER_TARGET)
    first = once(lambda: next(_export(college)))
    yield Line(f"{shown}: first byte", first, None, "s", FIRST_BYTE)
    yield Line(f"{shown}: memory", _memory(college), None, "MB", MEMORY)
    ours = cpu_seconds(lambda: sum(map(len, _export_csv(college))), 1)
    yield Line(
        f"export of {rows:,} rows, .csv beside reading (CPU)", ours, read, "s", EXPORT_TARGET
    )


def _memory(college: College) -> float:
    """Megabytes that an export takes at most beyond what is held already, as Python counts."""
    tracemalloc.start()
    try:
        for _piece in _export(college):
            pass
        return tracemalloc.get_traced_memory()[1] / MEGABYTE
    finally:
        tracemalloc.stop()


def _read(college: College) -> int:
    return sum(len(part["sys_id"]) for part in _parts(college))


def _barest(college: College) -> int:
    """Rows as inline texts in a zip, cell by cell: no types, styles, marks or hidden sheet."""
    target = BytesIO()
    package = ZipFile(target, "w", ZIP_DEFLATED, compresslevel=1)
    with package, package.open("sheet1.xml", "w") as sheet:
        for part in _parts(college):
            rows = zip(*part.values(), strict=True)
            sheet.write("".join(map(_barest_row, rows)).encode())
    return len(target.getvalue())


def _barest_row(row: tuple[Any, ...]) -> str:
    texts = ["" if value is None else escape(str(value)) for value in row]
    cells = '</t></is></c><c t="inlineStr"><is><t>'.join(texts)
    return f'<row><c t="inlineStr"><is><t>{cells}</t></is></c></row>'


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


def _parts(college: College) -> Iterator[Part]:
    wanted = RowsRequest(period=college.period)
    names = exported_names(college.stored, ExportForm())
    with Session(college.engine) as session:
        yield from iterate_columns(session, college.store, TABLE, college.steward, wanted, names)


def _bare_export(parts: list[Part]) -> int:
    target = BytesIO()
    book = Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet()
    number = 0
    for part in parts:
        for row in zip(*part.values(), strict=True):
            for column, value in enumerate(map(plain, row)):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write_number(number, column, value)
            number += 1
    book.close()
    return len(target.getvalue())


def _place(college: College) -> Place:
    return Place(college.stored.spec.period_in(YEAR), DEPARTMENT)


def _export(college: College) -> Iterator[bytes]:
    return export_workbook(
        college.store.catalogue,
        college.stored,
        _parts(college),
        _place(college),
        {},
        ExportForm(),
        translate=Message.english,
        now=NOW,
    )


def _export_csv(college: College) -> Iterator[bytes]:
    return export_csv(
        college.store.catalogue,
        college.stored,
        _parts(college),
        _place(college),
        {},
        ExportForm(),
        translate=Message.english,
    )
