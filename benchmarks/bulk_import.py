"""A list of students of 20 columns with planted errors, brought in by import.

Beside it the floor: the file read by calamine alone and checked by polars alone, and for writing
the good rows sent by the driver alone in one statement, without a change log.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import polars as pl
from python_calamine import CalamineWorkbook
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session
from xlsxwriter import Workbook

from app.access.roles import TABLE_ACTIONS
from app.actions.assignment import Proposed, assign
from app.catalogue.base_table import FieldType, TableSpec
from app.catalogue.catalogue import Catalogue
from app.domain.assignment import AssignmentKind
from app.exchange.base_table import import_rows
from app.exchange.heading import headings
from app.exchange.import_result import ImportResult
from app.exchange.uploaded_file import ImportMode
from app.models.base_table import StoredTable, create_missing
from app.models.cycle import Cycle
from app.rules.base_table import key_of
from benchmarks.college import DEPARTMENT, NOW, YEAR, College, office
from benchmarks.measure import Line, peak_over, resident
from tests.factories import plausible_row, seed_catalogue

TABLE = "student"
NAMED = "class_group"
CLASSES = 60
# Every so many rows have one error.
ERROR_EACH = 20
CHECK_TARGET = 1.6
WRITE_TARGET = 2.2
MEMORY_TARGET = 200.0
MEGABYTE = 1024 * 1024
# What stands wrong in a row, one after the other: field code → value.
ERRORS: tuple[Mapping[str, object], ...] = (
    {"gender": "男人家"},
    {"birth_date": "二〇〇五年"},
    {"class_code": "NOWHERE"},
    {"arrears": "很多"},
    {"id_card_no": "710000197001011234"},
    {"email": "no address"},
    {"study_years": -3},
    {"student_no": "K-1"},
)


def measures(college: College, kind: str, rows: int) -> Iterator[Line]:
    """Time and processor time of a dry run and of the import itself, and the memory they take."""
    spec = college.store.catalogue.tables[TABLE]
    content = _workbook(rows)
    college = prepared(college)
    errors = rows // ERROR_EACH
    shown = f"import of {rows:,} × {len(spec.fields)} with {errors:,} errors, {kind}"
    idle = resident()
    results: list[ImportResult] = []
    peak = peak_over(idle, lambda: results.append(_import(college, content)))
    yield Line(f"{shown}: memory of a dry run", peak / MEGABYTE, None, "MB", MEMORY_TARGET)
    dry = [_taken(lambda: _import(college, content)) for _ in range(2)]
    _refuse_other(results[0], errors, rows)
    read = [_taken(lambda: _bare_check(college, content)) for _ in range(2)]
    written = _written(college, _good_rows(college, content))
    empty(college.store.tables[TABLE], college)
    digest, spent = results[0].digest, []
    peak = peak_over(idle, lambda: spent.append(_taken(lambda: _import(college, content, digest))))
    yield Line(f"{shown}: memory of writing", peak / MEGABYTE, None, "MB", MEMORY_TARGET)
    for place, unit in enumerate(("", ", CPU")):
        ours, floor = min(each[place] for each in dry), min(each[place] for each in read)
        yield Line(f"{shown}: dry run{unit}", ours, floor, "s", CHECK_TARGET)
        floor += written[place]
        yield Line(f"{shown}: written{unit}", spent[0][place], floor, "s", WRITE_TARGET)
    empty(college.store.tables[TABLE], college)


def _taken(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    began, spent = perf_counter(), process_time()
    work()
    return perf_counter() - began, process_time() - spent


def _refuse_other(result: ImportResult, errors: int, rows: int) -> None:
    found = {finding.row for finding in result.findings}
    if len(found) != errors:
        raise RuntimeError(f"{len(found)} of {errors} bad rows found")
    if result.created + result.rejected != rows:
        raise RuntimeError(f"{result.created} created of {rows}")


def _import(college: College, content: bytes, digest: str | None = None) -> ImportResult:
    with Session(college.engine) as session:
        return import_rows(
            session,
            college.store,
            TABLE,
            content,
            "students.xlsx",
            by=college.steward,
            now=NOW,
            period=college.period,
            department=DEPARTMENT,
            mode=ImportMode.UPSERT,
            dry_run=digest is None,
            partial=digest is not None,
            digest=digest,
        )


def prepared(college: College) -> College:
    """The college with the classes that students are in, and the right to students."""
    tables = [college.store.tables[name] for name in (TABLE, NAMED)]
    rights = {(f"can_{action}", TABLE) for action in TABLE_ACTIONS}
    with college.engine.begin() as connection:
        create_missing(connection, tables)
        connection.execute(delete(tables[1].table))
        connection.execute(insert(tables[1].table), [_class(college, n) for n in range(CLASSES)])
    with Session(college.engine) as session:
        cycle = session.query(Cycle).filter_by(academic_year=YEAR.code).one()
        owed = Proposed(TABLE, DEPARTMENT, AssignmentKind.RESPONSIBLE)
        assign(session, college.store, cycle, [owed], by=office(), now=NOW)
        session.commit()
    steward = replace(college.steward, permissions=college.steward.permissions | rights)
    period = college.store.tables[TABLE].spec.period_in(YEAR).code
    return replace(college, steward=steward, period=period)


def _class(college: College, number: int) -> dict[str, object]:
    stored = college.store.tables[NAMED]
    values = plausible_row(stored.spec, college.store.catalogue, number)
    return values | {
        "sys_period": stored.spec.period_in(YEAR).code,
        "sys_department": DEPARTMENT,
        "sys_version": 1,
        "sys_key": key_of(values[field.code] for field in stored.spec.key_fields),
    }


def _workbook(rows: int) -> bytes:
    """The file, made in a process that takes what it needed of memory away with it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "students.xlsx"
        maker = get_context("spawn").Process(target=_write_workbook, args=(str(path), rows))
        maker.start()
        maker.join()
        return path.read_bytes()


def _write_workbook(path: str, rows: int) -> None:
    catalogue = seed_catalogue()
    spec = catalogue.tables[TABLE]
    book = Workbook(path)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    texts = headings(spec)
    sheet.write_row(0, 0, [texts[field.code] for field in spec.fields])
    for number in range(1, rows + 1):
        for column, value in enumerate(typed_row(catalogue, spec, number).values()):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            else:
                sheet.write(number, column, value)
    book.close()


def typed_row(catalogue: Catalogue, spec: TableSpec, number: int) -> dict[str, object]:
    """What a person types in row ``number``: labels for codes, 是 and 否, real dates."""
    row = plausible_row(spec, catalogue, number)
    row |= {"class_code": f"K{number % CLASSES:05}", "name": f"学生{number}"}
    # As the digit of the identity number says, whatever else the list of genders holds.
    row |= {
        "student_no": f"2025{number:08}",
        "gender": "21"[int(str(row["id_card_no"])[16]) % 2],
        # Of an age and a length that no rule warns of.
        "admitted_on": "2025-09",
        "study_years": Decimal(3),
    }
    for field in spec.fields:
        value = row[field.code]
        codes = catalogue.code_list_of(field)
        if codes is not None:
            row[field.code] = codes.labels[str(value)]
        elif isinstance(value, bool):
            row[field.code] = "是" if value else "否"
        elif isinstance(value, Decimal):
            row[field.code] = float(value)
    if number % ERROR_EACH == 0:
        row |= ERRORS[number // ERROR_EACH % len(ERRORS)]
    return row


def _bare_read(content: bytes) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return book.get_sheet_by_index(0).to_python()


def _bare_check(college: College, content: bytes) -> tuple[pl.DataFrame, pl.Series]:
    """The cells as columns of text and whether a row is good, by a polars check of each column."""
    spec = college.store.tables[TABLE].spec
    columns = list(zip(*_bare_read(content)[1:], strict=True))
    frame = pl.DataFrame(
        {
            field.code: pl.Series(map(_bare_text, column), dtype=pl.String)
            for field, column in zip(spec.fields, columns, strict=True)
        }
    )
    good = pl.all_horizontal(_bare_rules(college, spec))
    return frame, frame.select(good.alias("good"))["good"]


def _bare_text(value: object) -> str | None:
    return None if value == "" else str(value)


def _bare_rules(college: College, spec: TableSpec) -> list[pl.Expr]:
    rules = [pl.col(spec.fields[0].code).is_unique()]
    known = [f"K{number:05}" for number in range(CLASSES)]
    for field in spec.fields:
        cell, codes = pl.col(field.code), college.store.catalogue.code_list_of(field)
        if field.required:
            rules.append(cell.is_not_null())
        if codes is not None:
            rules.append(cell.is_in(list(codes.codes)))
        elif field.reference is not None:
            rules.append(cell.is_in(known))
        elif field.type is FieldType.NUMBER:
            rules.append(cell.cast(pl.Float64, strict=False) >= 0)
        elif field.type is FieldType.DATE:
            rules.append(cell.str.to_date(strict=False).is_not_null())
        elif field.type is FieldType.BOOLEAN:
            rules.append(cell.is_in(["是", "否"]))
        else:
            rules.append(cell.str.len_chars() <= (field.max_length or 7))
            rules.append(cell.str.contains(field.pattern or "."))
    return rules


def _good_rows(college: College, content: bytes) -> list[tuple[object, ...]]:
    frame, good = _bare_check(college, content)
    return [
        (*line, college.period, DEPARTMENT, 1, f"{number:064}")
        for number, line in enumerate(frame.filter(good).with_columns(_STORABLE).rows())
    ]


def _written(college: College, ready: list[tuple[object, ...]]) -> tuple[float, float]:
    """Seconds, on the clock and of the processor, of inserting rows by the driver alone."""
    stored = college.store.tables[TABLE]
    names = [*stored.columns, "sys_period", "sys_department", "sys_version", "sys_key"]
    mark = "?" if college.engine.dialect.name == "sqlite" else "%s"
    marks = ", ".join([mark] * len(names))
    statement = f"INSERT INTO {stored.table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
    with college.engine.begin() as connection:
        return _taken(lambda: connection.exec_driver_sql(statement, ready))


# Typed as the columns are; what codes are written as does not matter to the driver.
_STORABLE = [
    (pl.col("^is_.*$") == "是"),
    pl.col("study_years", "arrears").cast(pl.Float64),
    pl.col("ethnicity", "student_source", "enrollment_method", "from_army").str.head(8),
]


def empty(stored: StoredTable, college: College) -> None:
    """Take every row of the table away."""
    with college.engine.begin() as connection:
        connection.execute(delete(stored.table))
