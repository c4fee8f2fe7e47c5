"""The file somebody sent, given back with every error marked where it is.

Bad cells are coloured and carry what is wrong as a note; a sheet lists all errors with links to
them. The marked file can be mended and sent again: old marks go with every new reading.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook as NewWorkbook

from app.domain.message import Message
from app.exchange.cell import LONGEST_TEXT, Translate
from app.exchange.file_kind import open_spreadsheet
from app.exchange.package import ZIP_START
from app.exchange.sheet import column_letters, sheet_name
from app.exchange.spreadsheet import Cells, Place
from app.rules.raw_text import UNREADABLE

# Notes are signed, so that those of an earlier reading are known.
AUTHOR = "statedata"
MARK = "FFC7CE"
LIST_NAME = Message("List of errors")
HEADINGS = (
    Message("Cell"),
    Message("Field"),
    Message("What was typed"),
    Message("What is wrong and what to do"),
)
WIDTHS = (10, 24, 24, 80)
# More would be too slow to mark; they are told on the page, and on the list as far as it goes.
MOST_MARKED = 2_000
MOST_LISTED = 20_000
# A larger workbook is written anew, without its colours and widths: keeping them takes memory.
MOST_KEPT_CELLS = 200_000
LONGEST_NOTE = 1_000
NOTE_SIZE = (320, 120)


@dataclass(frozen=True)
class CellFault:
    """What is wrong with a cell, or with a whole row; ``row`` counts from 1 as people do.

    ``column`` are letters, empty for the row as a whole.
    """

    row: int
    column: str
    field: str
    value: str
    message: str

    @property
    def address(self) -> str:
        """The cell to look at: of a whole row its first one."""
        return f"{self.column or 'A'}{self.row}"


class _Marked(Protocol):
    def mark(self, address: str, note: str) -> None:
        """Colour a cell and add a note to it."""

    def list(self, faults: Sequence[CellFault]) -> None:
        """Add the sheet with all errors, after the others."""

    def content(self) -> bytes:
        """The file."""


def error_workbook(
    content: bytes,
    file_name: str,
    sheet: str,
    faults: Sequence[CellFault],
    translate: Translate,
) -> bytes:
    """An .xlsx of the file with its ``faults`` marked on ``sheet``, which was read.

    The file has been read before, so that it is known to be safe. Raises Refused as that did.
    """
    marked = _marked(content, file_name, sheet, translate)
    notes: dict[str, list[str]] = {}
    for fault in faults[:MOST_LISTED]:
        notes.setdefault(fault.address, []).append(fault.message)
    for address, texts in list(notes.items())[:MOST_MARKED]:
        marked.mark(address, "\n".join(texts)[:LONGEST_NOTE])
    marked.list(faults[:MOST_LISTED])
    return marked.content()


def _marked(content: bytes, file_name: str, sheet: str, translate: Translate) -> _Marked:
    cells = next(s.cells for s in open_spreadsheet(content, file_name).visible() if s.name == sheet)
    count = len(cells) * max((len(row) for row in cells), default=0)
    if content.startswith(ZIP_START) and count <= MOST_KEPT_CELLS:
        try:
            return _Kept(content, sheet, translate)
        except Exception:  # noqa: S110 - it fails in many ways where ours reads on
            pass
    return _Rewritten(sheet, cells, translate)


class _Kept:
    """The workbook itself, with its colours, widths, lists and hidden sheets."""

    def __init__(self, content: bytes, sheet: str, translate: Translate) -> None:
        self._book = load_workbook(BytesIO(content))
        self._translate = translate
        title = translate(LIST_NAME)
        if title in self._book.sheetnames and title != sheet:
            del self._book[title]
        self._page: Worksheet = self._book[sheet]
        for row in self._page.iter_rows():
            for cell in row:
                _clear(cell)

    def mark(self, address: str, note: str) -> None:
        """Colour a cell and add a note to it."""
        cell = self._page[address]
        cell.fill = PatternFill("solid", fgColor=MARK)
        if not isinstance(cell, MergedCell):
            cell.comment = Comment(note, AUTHOR, NOTE_SIZE[1], NOTE_SIZE[0])

    def list(self, faults: Sequence[CellFault]) -> None:
        """Add the sheet with all errors, after the others."""
        page: Worksheet = self._book.create_sheet(self._translate(LIST_NAME))
        for index, heading in enumerate(HEADINGS, start=1):
            _write(page.cell(1, index), self._translate(heading)).font = Font(bold=True)
            page.column_dimensions[column_letters(index - 1)].width = WIDTHS[index - 1]
        page.freeze_panes = "A2"
        for number, fault in enumerate(faults, start=2):
            for index, text in enumerate(_line(fault), start=1):
                _write(page.cell(number, index), text)
            link = page.cell(number, 1)
            link.hyperlink = f"#{_quoted(self._page.title)}!{fault.address}"
            link.font = Font(color="0563C1", underline="single")

    def content(self) -> bytes:
        """The file."""
        target = BytesIO()
        self._book.save(target)
        return target.getvalue()


def _clear(cell: Cell | MergedCell) -> None:
    """Take a mark of an earlier reading away."""
    if isinstance(cell, MergedCell) or cell.comment is None or cell.comment.author != AUTHOR:
        return
    cell.comment = None
    cell.fill = PatternFill()


def _write(cell: Cell | MergedCell, text: str) -> Cell | MergedCell:
    """Write a text as text, whatever it looks like."""
    cell.value = text[:LONGEST_TEXT]
    cell.data_type = "s"
    return cell


class _Rewritten:
    """What the cells hold, written anew: for other kinds of files and very large ones."""

    def __init__(self, sheet: str, cells: Cells, translate: Translate) -> None:
        self._target = BytesIO()
        self._book = NewWorkbook(self._target, {"in_memory": True})
        self._translate = translate
        taken: set[str] = set()
        self._name = sheet_name(sheet, taken)
        self._list_name = sheet_name(translate(LIST_NAME), taken)
        self._page = self._book.add_worksheet(self._name)
        self._look = self._book.add_format({"bg_color": f"#{MARK}"})
        self._values: Mapping[Place, object] = dict(_filled(cells))
        self._page.set_column(0, max((len(row) for row in cells), default=1), 16)
        for place, value in self._values.items():
            self._put(place, value, None)

    def mark(self, address: str, note: str) -> None:
        """Colour a cell and add a note to it."""
        row, column = _place(address)
        self._put((row, column), self._values.get((row, column)), self._look)
        size = {"x_scale": 2, "y_scale": 1.5, "author": AUTHOR}
        self._page.write_comment(row, column, note, size)

    def list(self, faults: Sequence[CellFault]) -> None:
        """Add the sheet with all errors, after the others."""
        page = self._book.add_worksheet(self._list_name)
        bold = self._book.add_format({"bold": True})
        for index, heading in enumerate(HEADINGS):
            page.set_column(index, index, WIDTHS[index])
            page.write_string(0, index, self._translate(heading), bold)
        page.freeze_panes(1, 0)
        for number, fault in enumerate(faults, start=1):
            address, *texts = _line(fault)
            target = f"internal:{_quoted(self._name)}!{fault.address}"
            page.write_url(number, 0, target, string=address)
            for index, text in enumerate(texts, start=1):
                page.write_string(number, index, text[:LONGEST_TEXT])

    def content(self) -> bytes:
        """The file."""
        self._book.close()
        return self._target.getvalue()

    def _put(self, place: Place, value: object, look: Format | None) -> None:
        row, column = place
        match value:
            case None:
                self._page.write_blank(row, column, None, look)
            case bool():
                self._page.write_boolean(row, column, value, look)
            case int() | float():
                self._page.write_number(row, column, value, look)
            case _:
                text = str(value).removeprefix(UNREADABLE)
                self._page.write_string(row, column, text[:LONGEST_TEXT], look)


def _filled(cells: Cells) -> Iterator[tuple[Place, object]]:
    for row, line in enumerate(cells):
        for column, value in enumerate(line):
            if value not in (None, ""):
                yield (row, column), value


def _line(fault: CellFault) -> tuple[str, str, str, str]:
    return (fault.address, fault.field, fault.value, fault.message)


def _quoted(sheet: str) -> str:
    """A sheet's name as it stands in addresses."""
    return "'" + sheet.replace("'", "''") + "'"


def _place(address: str) -> Place:
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(address[len(letters) :]) - 1, column - 1
