"""Exporting rows of an adopted table as a workbook or as CSV.

Numbers stay numbers where Excel keeps all their digits; everything else is text, so that leading
zeros survive and nothing is taken for a formula. Masked columns show their ends only.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import IO

from app.catalogue.adopted_table import AdoptedColumn, AdoptedTable, ColumnKind
from app.domain.message import Message
from app.exchange.cell import EXACT_DIGITS, LONGEST_TEXT, NO, YES, Translate
from app.exchange.export import (
    BYTE_ORDER_MARK,
    LINES_AT_ONCE,
    harmless,
    refuse_too_many,
    workbook_file,
)
from app.exchange.mask import masked
from app.exchange.sheet import OPTIONAL_COLOUR, heading_format, sheet_name
from app.models.adopted_row import AdoptedRow

NUMERIC = frozenset({ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.FLOAT})
CUT = Message("%(beginning)s… (%(count)s characters, cut)")
NARROWEST, WIDEST = 10, 40


def export_adopted_workbook(
    spec: AdoptedTable, rows: Iterable[AdoptedRow], *, translate: Translate, now: datetime
) -> IO[bytes]:
    """An open temporary file with the .xlsx, at its beginning; rows are read one by one."""
    with workbook_file(spec.title, now) as (target, book):
        sheet = book.add_worksheet(sheet_name(spec.title, set()))
        look = heading_format(book, OPTIONAL_COLOUR)
        text = book.add_format({"num_format": "@", "valign": "top"})
        for index, column in enumerate(spec.shown):
            width = max(NARROWEST, min(WIDEST, len(column.label) * 2 + 4))
            sheet.set_column(index, index, width)
            sheet.write_string(0, index, column.label, look)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            refuse_too_many(number)
            for index, column in enumerate(spec.shown):
                value = row.values[column.code]
                number_value = _exact(column, value)
                if number_value is not None:
                    sheet.write_number(number, index, number_value)
                elif value is not None:
                    shown = _text(column, row, translate)[:LONGEST_TEXT]
                    sheet.write_string(number, index, shown, text)
    return target


def export_adopted_csv(
    spec: AdoptedTable, rows: Iterable[AdoptedRow], *, translate: Translate
) -> Iterator[bytes]:
    """CSV in UTF-8 with a byte order mark, some hundred lines at a time."""
    buffer = StringIO(newline="")
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([harmless(column.label) for column in spec.shown])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_csv_text(column, row, translate) for column in spec.shown])
        if number % LINES_AT_ONCE == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _exact(column: AdoptedColumn, value: object) -> float | None:
    """The value as a number, where Excel keeps it as it is."""
    if column.kind not in NUMERIC or column.masked or isinstance(value, bool) or value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    is_exact = number.is_finite() and len(number.normalize().as_tuple().digits) <= EXACT_DIGITS
    return float(number) if is_exact else None


def _text(column: AdoptedColumn, row: AdoptedRow, translate: Translate) -> str:
    value = row.values[column.code]
    if column.code in row.cut:
        whole = {"beginning": str(value), "count": row.cut[column.code]}
        return translate(replace(CUT, parameters=whole))
    if column.masked:
        return str(masked(value))
    if isinstance(value, bool):
        return translate(YES if value else NO)
    return str(value)


def _csv_text(column: AdoptedColumn, row: AdoptedRow, translate: Translate) -> str:
    value = row.values[column.code]
    if value is None:
        return ""
    text = _text(column, row, translate)
    return text if _exact(column, value) is not None else harmless(text)
