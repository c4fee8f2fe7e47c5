"""The file somebody sent, given back with every error marked where it is.

Bad cells are coloured and carry what is wrong as a note; a sheet lists all errors with links to
them. The marked file can be mended and sent again: old marks go with every new reading.
"""

from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO

import orjson
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.domain.message import Message
from app.exchange.cell import LONGEST_TEXT, Translate
from app.exchange.confined import confined
from app.exchange.file_kind import open_spreadsheet
from app.exchange.marking import AUTHOR, MARK, WIDTHS, CellFault, Marking, marking_of, quoted
from app.exchange.package import ZIP_START
from app.exchange.sheet import column_letters, sheet_name
from app.exchange.spreadsheet import Cells
from app.rules.raw_text import UNREADABLE

MARKER = "app.exchange.confined_marker"
LIST_NAME = Message("List of errors")
HEADINGS = (
    Message("Cell"),
    Message("Field"),
    Message("What was typed"),
    Message("What is wrong and what to do"),
)
# A larger workbook is written anew, without its colours and widths: keeping them takes long.
MOST_KEPT_CELLS = 200_000
LARGEST_MARKED = 64 * 1024 * 1024
NOTE_SCALE = {"x_scale": 2, "y_scale": 1.5, "author": AUTHOR}


def error_workbook(
    content: bytes,
    file_name: str,
    sheet: str,
    faults: Sequence[CellFault],
    translate: Translate,
    *,
    cell_count: int,
) -> bytes:
    """An .xlsx of the file with its ``faults`` marked on ``sheet``, which had so many cells.

    A workbook keeps what it looks like, unless it is very large or cannot be marked; it and all
    other files are read once more and written anew then. Raises Refused as reading the file did.
    """
    headings = [translate(heading) for heading in HEADINGS]
    marking = marking_of(sheet, translate(LIST_NAME), headings, faults)
    kept = None
    if content.startswith(ZIP_START) and cell_count <= MOST_KEPT_CELLS:
        kept = _marked(content, marking)
    if kept:
        return kept
    cells = next(s.cells for s in open_spreadsheet(content, file_name).visible() if s.name == sheet)
    return _rewritten(cells, marking)


def _marked(content: bytes, marking: Marking) -> bytes | None:
    """The workbook itself with its marks; None where it is no .xlsx that can be marked."""
    with confined(MARKER) as process:
        if process.stdin is None or process.stdout is None:  # pragma: no cover - were asked for
            return None
        try:
            process.stdin.write(orjson.dumps(asdict(marking)) + b"\n" + content)
            process.stdin.close()
        except BrokenPipeError:
            return None
        found = process.stdout.read(LARGEST_MARKED)
        return found if process.wait() == 0 and found.startswith(ZIP_START) else None


def _rewritten(cells: Cells, marking: Marking) -> bytes:
    """What the cells hold, written anew with the marks, row by row."""
    target = BytesIO()
    book = Workbook(target, {"constant_memory": True})
    taken: set[str] = set()
    name, title = sheet_name(marking.sheet, taken), sheet_name(marking.title, taken)
    page = book.add_worksheet(name)
    look = book.add_format({"bg_color": f"#{MARK}"})
    notes = dict(marking.notes)
    for row, line in enumerate(cells):
        for column, value in enumerate(line):
            note = notes.pop(f"{column_letters(column)}{row + 1}", None)
            if note is not None:
                page.write_comment(row, column, note, NOTE_SCALE)
            _put(page, row, column, value, None if note is None else look)
    _list(book, title, quoted(name), marking)
    book.close()
    return target.getvalue()


def _put(page: Worksheet, row: int, column: int, value: object, look: Format | None) -> None:
    match value:
        case None | "":
            page.write_blank(row, column, None, look)
        case bool():
            page.write_boolean(row, column, value, look)
        case int() | float():
            page.write_number(row, column, value, look)
        case _:
            text = str(value).removeprefix(UNREADABLE)
            page.write_string(row, column, text[:LONGEST_TEXT], look)


def _list(book: Workbook, title: str, sheet: str, marking: Marking) -> None:
    page = book.add_worksheet(title)
    bold = book.add_format({"bold": True})
    for index, width in enumerate(WIDTHS):
        page.set_column(index, index, width)
    page.freeze_panes(1, 0)
    for number, (first, *texts) in enumerate(marking.lines):
        if number:
            page.write_url(number, 0, f"internal:{sheet}!{first}", string=first)
        else:
            page.write_string(0, 0, first, bold)
        for index, text in enumerate(texts, start=1):
            page.write_string(number, index, text, None if number else bold)
