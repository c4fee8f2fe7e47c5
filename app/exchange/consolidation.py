"""The workbook of the whole college for a locked year (第十二条).

One sheet per base table, named with its printed number, with the rows of all
departments; a sheet of contents tells who reported what, with the hash of the
content. Tables are taken one at a time, so memory holds one of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.catalogue.catalogue import Catalogue
from app.domain.labels import label
from app.domain.message import Message
from app.exchange.cell import (
    Column,
    ColumnFormat,
    Translate,
    column_format,
    columns_of,
    widths,
    write_cell,
)
from app.exchange.export import DEPARTMENT_HEADING, DEPARTMENT_WIDTH
from app.exchange.export_sheet import refuse_too_many
from app.exchange.sheet import OPTIONAL_COLOUR, heading_format, sheet_name, write_headings
from app.exchange.workbook_file import workbook_file
from app.reports.consolidation import ConsolidatedTable, Part

HEADING_ROW = 2
CONTENTS_HEADING_ROW = 2
CONTENTS_HEADINGS = (
    (Message("Table number"), 10),
    (Message("Table"), 36),
    (Message("Period"), 20),
    (DEPARTMENT_HEADING, 20),
    (Message("Status"), 14),
    (Message("Row count"), 8),
    (Message("Reason for reporting nothing"), 30),
    (Message("Content hash"), 68),
)


@dataclass(frozen=True)
class _Work:
    book: Workbook
    catalogue: Catalogue
    translate: Translate
    unmasked: bool


def consolidation_workbook(
    catalogue: Catalogue,
    title: str,
    tables: Iterable[ConsolidatedTable],
    *,
    unmasked: bool,
    translate: Translate,
    now: datetime,
) -> IO[bytes]:
    """An open temporary file with the .xlsx, at its beginning.

    ``title`` names the collection year; ``tables`` is read once and lazily.
    """
    taken: set[str] = set()
    with workbook_file(title, now) as (target, book):
        work = _Work(book, catalogue, translate, unmasked)
        contents = book.add_worksheet(sheet_name(translate(Message("Contents")), taken))
        row = _begin_contents(work, contents, title)
        for table in tables:
            name = sheet_name(table.spec.title, taken)
            _fill_table(work, book.add_worksheet(name), table)
            for part in table.parts:
                _write_contents(work, contents, row, table, part, name)
                row += 1
    return target


def _begin_contents(work: _Work, sheet: Worksheet, title: str) -> int:
    """The head of the contents; returns the row of its first line."""
    sheet.write_string(0, 0, title, work.book.add_format({"bold": True, "font_size": 14}))
    look = heading_format(work.book, OPTIONAL_COLOUR)
    for index, (heading, width) in enumerate(CONTENTS_HEADINGS):
        sheet.set_column(index, index, width)
        sheet.write_string(CONTENTS_HEADING_ROW, index, work.translate(heading), look)
    sheet.freeze_panes(CONTENTS_HEADING_ROW + 1, 0)
    return CONTENTS_HEADING_ROW + 1


def _write_contents(
    work: _Work, sheet: Worksheet, row: int, table: ConsolidatedTable, part: Part, name: str
) -> None:
    spec = table.spec
    place = name.replace("'", "''")
    sheet.write_string(row, 0, spec.number)
    sheet.write_url(row, 1, f"internal:'{place}'!A1", string=spec.name)
    sheet.write_string(row, 2, _period(work, table))
    sheet.write_string(row, 3, part.department)
    sheet.write_string(row, 4, work.translate(label(part.status)))
    sheet.write_number(row, 5, part.row_count)
    sheet.write_string(row, 6, part.nil_reason or "")
    sheet.write_string(row, 7, part.content_hash or "")


def _period(work: _Work, table: ConsolidatedTable) -> str:
    return f"{table.period.code} {work.translate(label(table.period.kind))}"


def _fill_table(work: _Work, sheet: Worksheet, table: ConsolidatedTable) -> None:
    """Title, period, headings, and the rows of one department after the other."""
    columns = columns_of(
        work.catalogue, table.spec, work.translate, unmasked=work.unmasked, masks=table.masks
    )
    formats = [column_format(work.book, column) for column in columns]
    text = work.book.add_format({"num_format": "@", "valign": "top"})
    sheet.set_column(0, 0, DEPARTMENT_WIDTH)
    for index, column in enumerate(columns, start=1):
        sheet.set_column(index, index, widths(columns)[column.field.code])
    sheet.write_string(0, 0, table.spec.title, work.book.add_format({"bold": True}))
    sheet.write_string(1, 0, _period(work, table))
    look = heading_format(work.book, OPTIONAL_COLOUR)
    sheet.write_string(HEADING_ROW, 0, work.translate(DEPARTMENT_HEADING), look)
    write_headings(work.book, sheet, HEADING_ROW, columns, 1)
    sheet.freeze_panes(HEADING_ROW + 1, 1)
    row = HEADING_ROW + 1
    for part in table.parts:
        row = _write_part(sheet, row, part, columns, [ColumnFormat(text, text), *formats])


def _write_part(
    sheet: Worksheet,
    row: int,
    part: Part,
    columns: tuple[Column, ...],
    formats: list[ColumnFormat],
) -> int:
    """The rows of one department from ``row`` on; returns the next free row.

    A field the frame does not have, because it was not collected yet, is empty.
    """
    if part.frame is None:
        return row
    present = [column for column in columns if column.field.code in part.frame.columns]
    places = {column.field.code: index for index, column in enumerate(columns, start=1)}
    frame = part.frame.select(column.field.code for column in present)
    for values in frame.iter_rows():
        refuse_too_many(row)
        write_cell(sheet, row, 0, part.department, formats[0])
        for column, value in zip(present, values, strict=True):
            index = places[column.field.code]
            shown = None if value is None else column.show(value)
            write_cell(sheet, row, index, shown, formats[index])
        row += 1
    return row
