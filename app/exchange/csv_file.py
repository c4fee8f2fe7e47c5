"""Rows of a CSV file: text in UTF-8, or what Excel and WPS write in Chinese."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from app.domain.message import Message, Reason, Refused
from app.exchange.cell import FORMULA_STARTS
from app.exchange.package import too_large
from app.exchange.spreadsheet import Cells, SheetCells

# In this order: what is no UTF-8 may be almost anything to GB18030. UTF-16 is told by its mark.
ENCODINGS = ("utf-8-sig", "gb18030")
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = (",", "\t", ";")
MOST_CELLS = 5_000_000
# The only sheet has to be called something.
NAME = "CSV"


class CsvFile:
    """A CSV file as a spreadsheet of one sheet. Raises Refused (invalid) for what is no text."""

    def __init__(self, content: bytes) -> None:
        self._text = decoded(content)

    def names(self) -> Sequence[str]:
        """The name of the only sheet."""
        return (NAME,)

    def visible(self) -> Iterator[SheetCells]:
        """The only sheet; every cell is text, as it would be typed."""
        yield SheetCells(NAME, self._rows())

    def named(self, _name: str) -> Cells | None:
        """There are no further sheets."""
        return None

    def _rows(self) -> list[list[str]]:
        rows, count = [], 0
        try:
            for row in csv.reader(StringIO(self._text, newline=""), delimiter=self._separator()):
                count += len(row)
                if count > MOST_CELLS:
                    raise too_large()
                rows.append([as_typed(text) for text in row])
        except csv.Error as error:
            raise _unreadable() from error
        width = max(map(len, rows), default=0)
        if width * len(rows) > MOST_CELLS:
            raise too_large()
        # Lines end where their last value stands; sheets are as wide everywhere.
        blank = [""] * width
        return [row + blank[len(row) :] if row else blank for row in rows]

    def _separator(self) -> str:
        """The sign that parts most cells in the first line with anything in it."""
        line = next((line for line in self._text.splitlines() if line.strip()), "")
        return max(SEPARATORS, key=line.count)


def as_typed(text: str) -> str:
    """The text without the apostrophe that our exports put before what looks like a formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def decoded(content: bytes) -> str:
    """The text of a file. Raises Refused where no encoding fits."""
    encodings = ("utf-16",) if content.startswith(WIDE_MARKS) else ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _unreadable()


def _unreadable() -> Refused:
    return Refused(
        Message("The CSV file cannot be read as text. Save it again as CSV UTF-8 or as .xlsx."),
        Reason.INVALID,
    )
