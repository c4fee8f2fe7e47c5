"""Reading an uploaded spreadsheet: bytes → rows of a base table with their places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.base_table import TableSpec
from app.domain.message import Message, Reason, Refused
from app.exchange.file_kind import open_spreadsheet
from app.exchange.heading_row import HeadingRow
from app.exchange.layout import Layout, WantedLayout
from app.exchange.sheet_layout import find_layout
from app.exchange.spreadsheet import SheetCells, Spreadsheet
from app.exchange.template_identity import (
    SHEET,
    TemplateIdentity,
    read_identity,
    why_foreign,
)
from app.rules.raw_text import UNREADABLE

# Many times what any table of the college has; more would take all memory and time.
MOST_ROWS = 200_000


@dataclass(frozen=True)
class UploadedRow:
    """One row: its number in Excel, raw values by field code, its department.

    An empty cell is None; ``department`` is the text of the column that names
    it, None where there is no such column or nothing in it.
    """

    number: int
    values: Mapping[str, object]
    department: str | None = None


@dataclass(frozen=True)
class Upload:
    """The rows of a workbook, the ``sheet`` and columns, from 0, that they were read from.

    ``lost`` are (Excel row, field code) of cells whose value is an error or a
    formula nobody has calculated; ``layout`` tells how the sheet was understood.
    """

    rows: tuple[UploadedRow, ...]
    columns: Mapping[str, int]
    department_column: int | None
    lost: frozenset[tuple[int, str]]
    sheet: str
    layout: Layout


def read_upload(
    content: bytes,
    file_name: str,
    spec: TableSpec,
    here: TemplateIdentity,
    layout: WantedLayout | None = None,
) -> Upload:
    """The rows of the visible sheet that has most of the table's headings.

    ``here`` names the table, period and department rows are wanted for, ``layout`` what is said
    of the file. Raises Refused (invalid) with words that say what to do, Misfit among them.
    """
    book = open_spreadsheet(content, file_name)
    _refuse_foreign(book, spec, here)
    sheet, heading, told = find_layout(book, spec, layout or WantedLayout())
    return _upload(sheet, heading, told)


def _refuse_foreign(book: Spreadsheet, spec: TableSpec, here: TemplateIdentity) -> None:
    """A workbook without our hidden sheet is judged by its headings alone."""
    cells = book.named(SHEET)
    identity = None if cells is None else read_identity(cells)
    refusal = why_foreign(identity, here, spec.title) if identity is not None else None
    if refusal is not None:
        raise Refused(refusal, Reason.INVALID)


def _upload(sheet: SheetCells, heading: HeadingRow, layout: Layout) -> Upload:
    cells, lost = sheet.cells, sheet.lost
    codes = {column: code for code, column in heading.columns.items()}
    lost_values = {
        (row + 1, codes[column])
        for row, column in lost
        if column in codes and row > heading.position
    }
    rows = []
    columns = tuple(heading.columns.items())
    # The parser leaves lost cells out, so the last rows may not be among ``cells``.
    last = max([len(cells), *(number for number, _ in lost_values)])
    blank = [""] * (1 + max(heading.columns.values(), default=0))
    skipped = {one.row for one in layout.skipped}
    lost_rows = {number for number, _ in lost_values}
    for position in range(heading.position + 1, last):
        number, line = position + 1, cells[position] if position < len(cells) else blank
        # Files may have a million empty rows; a row of lost cells is none.
        if line.count("") == len(line) and number not in lost_rows:
            continue
        values = {
            code: None if (value := line[column]).__class__ is str and not value.strip() else value
            for code, column in columns
        }
        if lost_values:
            values |= {code: UNREADABLE for code in values if (number, code) in lost_values}
        if number not in skipped and any(value is not None for value in values.values()):
            rows.append(UploadedRow(number, values, _text(line, heading.department_column)))
            _refuse_too_many(len(rows))
    return Upload(
        tuple(rows),
        heading.columns,
        heading.department_column,
        frozenset(lost_values),
        sheet.name,
        layout,
    )


def _refuse_too_many(count: int) -> None:
    if count > MOST_ROWS:
        raise Refused(
            Message(
                "The file has more than %(count)s rows. Divide it into several files and import"
                " them one after the other.",
                {"count": MOST_ROWS},
            ),
            Reason.INVALID,
        )


def _text(line: Sequence[object], column: int | None) -> str | None:
    if column is None or column >= len(line):
        return None
    return str(line[column]).strip() or None
