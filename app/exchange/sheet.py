"""Sheets of workbooks: their names, their columns' letters, their heading row."""

import re
from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.exchange.cell import Column
from app.exchange.heading import marked

LONGEST_NAME = 31
# The last row of a sheet, counted from 0.
LAST_ROW = 1_048_575
MOST_COLUMNS = 16_384
HEADING_HEIGHT = 36
REQUIRED_COLOUR = "#FCE4D6"
OPTIONAL_COLOUR = "#DDEBF7"
_ILLEGAL = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")


def sheet_name(title: str, taken: set[str]) -> str:
    """A legal name that begins like ``title``; adds it, folded, to ``taken``."""
    clean = _ILLEGAL.sub(" ", title).strip(" '") or "-"
    name = clean[:LONGEST_NAME].rstrip(" '")
    count = 1
    while name.casefold() in taken:
        count += 1
        ending = f" {count}"
        name = clean[: LONGEST_NAME - len(ending)].rstrip(" '") + ending
    taken.add(name.casefold())
    return name


def column_letters(index: int) -> str:
    """The letters of a column counted from 0: A, B, … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def write_headings(
    book: Workbook, sheet: Worksheet, row: int, columns: Sequence[Column], first: int = 0
) -> None:
    """The heading row: required fields carry a mark and a colour of their own."""
    required = heading_format(book, REQUIRED_COLOUR)
    optional = heading_format(book, OPTIONAL_COLOUR)
    sheet.set_row(row, HEADING_HEIGHT)
    for index, column in enumerate(columns, start=first):
        look = required if column.field.required else optional
        sheet.write_string(row, index, marked(column.field, column.heading), look)


def heading_format(book: Workbook, colour: str) -> Format:
    """The look of a heading."""
    return book.add_format(
        {
            "bold": True,
            "text_wrap": True,
            "valign": "vcenter",
            "align": "center",
            "border": 1,
            "bg_color": colour,
            "num_format": "@",
        }
    )
