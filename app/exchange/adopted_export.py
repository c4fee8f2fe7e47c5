"""Exporting rows of an adopted table as a workbook or as CSV, sent while they are read.

Numbers stay numbers where Excel keeps all their digits; everything else is text, so that leading
zeros survive and nothing is taken for a formula. Masked columns show their ends only.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import islice

from xlsxwriter.workbook import Workbook

from app.catalogue.adopted_table import AdoptedColumn, AdoptedTable, ColumnKind
from app.domain.message import Message
from app.exchange.cell import EXACT_DIGITS, LONGEST_TEXT, NO, YES, Cell, Translate
from app.exchange.csv_export import CsvForm, csv_lines
from app.exchange.export_sheet import (
    TEXT,
    HeadedColumn,
    SheetHead,
    begin_sheet,
    refuse_too_many,
)
from app.exchange.mask import masked
from app.exchange.sheet_rows import Columns
from app.exchange.streamed_workbook import StreamedSheet, streamed_workbook
from app.models.adopted_row import AdoptedRow

NUMERIC = frozenset({ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.FLOAT})
CUT = Message("%(beginning)s… (%(count)s characters, cut)")
NARROWEST, WIDEST = 10, 40
ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class AdoptedForm:
    """Which columns are shown, in which order (None for all), and what stands around the rows."""

    columns: tuple[str, ...] | None = None
    with_identifiers: bool = False
    footer: str = ""
    count: int | None = None


def export_adopted_workbook(
    spec: AdoptedTable,
    rows: Iterable[AdoptedRow],
    form: AdoptedForm,
    *,
    translate: Translate,
    now: datetime,
) -> Iterator[bytes]:
    """The .xlsx in pieces; rows are read as they are wanted."""
    columns = _chosen(spec, form.columns)
    refuse_too_many(form.count or 0)

    def fill(book: Workbook) -> list[StreamedSheet]:
        head = SheetHead(
            spec.title,
            footer=form.footer,
            with_identifiers=form.with_identifiers,
            count=form.count,
        )
        sheet, first, formats = begin_sheet(book, head, [_headed(column) for column in columns])
        parts = _limited(_parts(columns, rows, translate))
        return [StreamedSheet(sheet, first, formats, parts)]

    return streamed_workbook(spec.title, now, fill)


def export_adopted_csv(
    spec: AdoptedTable,
    rows: Iterable[AdoptedRow],
    form: AdoptedForm,
    *,
    translate: Translate,
    encoding: CsvForm = CsvForm.UTF_8,
) -> Iterator[bytes]:
    """The same rows as CSV."""
    columns = _chosen(spec, form.columns)
    heads = [[column.label for column in columns]]
    if form.with_identifiers:
        heads.insert(0, [column.code for column in columns])
    return csv_lines(heads, _parts(columns, rows, translate), encoding)


def _chosen(spec: AdoptedTable, codes: Sequence[str] | None) -> list[AdoptedColumn]:
    """The columns that are wanted, in the wanted order, as far as they are shown."""
    known = {column.code: column for column in spec.shown}
    return [known[code] for code in (known if codes is None else codes)]


def _headed(column: AdoptedColumn) -> HeadedColumn:
    width = max(NARROWEST, min(WIDEST, len(column.label) * 2 + 4))
    is_number = column.kind in NUMERIC and not column.masked
    look = {"valign": "top"} if is_number else TEXT
    return HeadedColumn(column.label, column.code, width, look=look)


def _parts(
    columns: Sequence[AdoptedColumn], rows: Iterable[AdoptedRow], translate: Translate
) -> Iterator[Columns]:
    pending = iter(rows)
    while some := list(islice(pending, ROWS_AT_ONCE)):
        yield [[_cell(column, row, translate) for row in some] for column in columns]


def _limited(parts: Iterable[Columns]) -> Iterator[Columns]:
    number = 0
    for part in parts:
        number += len(part[0])
        refuse_too_many(number)
        yield part


def _cell(column: AdoptedColumn, row: AdoptedRow, translate: Translate) -> Cell:
    value = row.values[column.code]
    if value is None:
        return None
    exact = _exact(column, value)
    return _text(column, row, translate)[:LONGEST_TEXT] if exact is None else exact


def _exact(column: AdoptedColumn, value: object) -> Decimal | None:
    """The value as a number, where Excel keeps it as it is."""
    if column.kind not in NUMERIC or column.masked or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    is_exact = number.is_finite() and len(number.normalize().as_tuple().digits) <= EXACT_DIGITS
    return number if is_exact else None


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
