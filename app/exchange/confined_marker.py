"""Marks cells of an .xlsx workbook for ``error_workbook``; runs as a process of its own.

A line of JSON with the ``Marking`` comes in on the standard input, then the file; the marked file
goes out, with its colours, widths, lists and hidden sheets. Nothing goes out where that fails: a
workbook can make its reader build far more than it has bytes.
"""

import sys
from io import BytesIO

import orjson
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.exchange.confined import confine
from app.exchange.marking import AUTHOR, MARK, WIDTHS, Marking, quoted
from app.exchange.sheet import column_letters

# The parts of a workbook are written aside before they are packed.
LARGEST_PART = 256 * 1024 * 1024
NOTE_SIZE = {"width": 320, "height": 120}


def marked(content: bytes, marking: Marking) -> bytes:
    """The workbook with its cells marked, those of an earlier reading no more."""
    book = load_workbook(BytesIO(content))
    if marking.title in book.sheetnames and marking.title != marking.sheet:
        del book[marking.title]
    page: Worksheet = book[marking.sheet]
    clear(page)
    for address, note in marking.notes.items():
        cell = page[address]
        cell.fill = PatternFill("solid", fgColor=MARK)
        if not isinstance(cell, MergedCell):
            cell.comment = Comment(plain(note), AUTHOR, **NOTE_SIZE)
    add_list(book, marking)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def clear(page: Worksheet) -> None:
    """Take the marks of an earlier reading away; only cells that the file has are looked at."""
    # Going through rows would make all cells that lie between.
    for cell in page._cells.values():
        is_ours = not isinstance(cell, MergedCell) and cell.comment is not None
        if is_ours and cell.comment is not None and cell.comment.author == AUTHOR:
            cell.comment = None
            cell.fill = PatternFill()


def add_list(book: Workbook, marking: Marking) -> None:
    """The sheet with all errors, after the others."""
    page: Worksheet = book.create_sheet(marking.title)
    for number, line in enumerate(marking.lines, start=1):
        for index, text in enumerate(line, start=1):
            write(page.cell(number, index), text)
        link = page.cell(number, 1)
        if number > 1:
            link.hyperlink = f"#{quoted(marking.sheet)}!{line[0]}"
            link.font = Font(color="0563C1", underline="single")
    for index, width in enumerate(WIDTHS):
        page.column_dimensions[column_letters(index)].width = width
        page.cell(1, index + 1).font = Font(bold=True)
    page.freeze_panes = "A2"


def write(cell: Cell | MergedCell, text: str) -> None:
    """Write a text as text, whatever it looks like."""
    cell.value = plain(text)
    cell.data_type = "s"


def plain(text: str) -> str:
    """The text without characters that no workbook keeps."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def main() -> None:
    """Mark the file on the standard input."""
    confine(LARGEST_PART)
    marking = Marking(**orjson.loads(sys.stdin.buffer.readline()))
    sys.stdout.buffer.write(marked(sys.stdin.buffer.read(), marking))


if __name__ == "__main__":
    main()
