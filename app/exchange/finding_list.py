"""Findings as a workbook: one line each, words only, never a formula."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO

from app.exchange.sheet import LAST_ROW, OPTIONAL_COLOUR, heading_format, sheet_name
from app.exchange.workbook_file import workbook_file

FIRST_ROW = 1


def finding_workbook(
    title: str,
    headings: Sequence[tuple[str, int]],
    lines: Iterable[Sequence[str]],
    *,
    now: datetime,
) -> IO[bytes]:
    """An open temporary file with the .xlsx, at its beginning.

    ``headings`` are words and widths in characters; lines beyond a sheet's last row are left out.
    """
    with workbook_file(title, now) as (target, book):
        sheet = book.add_worksheet(sheet_name(title, set()))
        look = heading_format(book, OPTIONAL_COLOUR)
        wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for column, (words, width) in enumerate(headings):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, words, look)
        for row, line in enumerate(lines, start=FIRST_ROW):
            if row > LAST_ROW:
                break
            for column, text in enumerate(line):
                sheet.write_string(row, column, text, wrapped)
        sheet.freeze_panes(FIRST_ROW, 0)
        sheet.autofilter(0, 0, FIRST_ROW, len(headings) - 1)
    return target
