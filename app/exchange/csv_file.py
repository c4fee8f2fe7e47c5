"""Rows of a CSV file: text in UTF-8, or what Excel and WPS write in Chinese."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice

from app.domain.message import Message, Reason, Refused
from app.exchange.cell import FORMULA_STARTS
from app.exchange.package import too_large
from app.exchange.spreadsheet import Cells, SheetCells

# In this order: what is no UTF-8 may be almost anything to GB18030. UTF-16 is told by its mark.
ENCODINGS = ("utf-8-sig", "gb18030")
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = (",", "\t", ";")
LINES_LOOKED_AT = 30
MOST_CELLS = 5_000_000
# What the parser says of a text that ends between quotation marks.
NEVER_CLOSED = "unexpected end of data"
# Hardly any file of bytes is without these; a text never has them.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
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
        separator = self._separator()
        self._refuse_open_quotation(separator)
        try:
            for row in csv.reader(StringIO(self._text, newline=""), delimiter=separator):
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
        """The sign that parts the first lines alike: titles and notes above may have any other."""
        lines = list(islice(StringIO(self._text), LINES_LOOKED_AT))

        def cells_alike(separator: str) -> int:
            counts = Counter(line.count(separator) for line in lines)
            return max(count * times for count, times in counts.items()) if counts else 0

        return max(SEPARATORS, key=cells_alike)

    def _refuse_open_quotation(self, separator: str) -> None:
        """One mark that is never closed swallows all rows behind it without a word."""
        if self._text.count('"') % 2 == 0:
            return
        reader = csv.reader(StringIO(self._text, newline=""), delimiter=separator, strict=True)
        first = 1
        try:
            for _ in reader:
                first = reader.line_num + 1
        except csv.Error as error:
            if str(error) == NEVER_CLOSED:
                raise _open_quotation(first) from error


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


def is_table_of_text(content: bytes) -> bool:
    """Whether the file is text in columns, whatever it is called."""
    try:
        text = decoded(content)
    except Refused:
        return False
    first = text.lstrip().partition("\n")[0]
    is_markup = first.startswith("<")
    return not (is_markup or _NO_TEXT.search(text)) and any(map(first.count, SEPARATORS))


def _open_quotation(line: int) -> Refused:
    return Refused(
        Message(
            "The CSV file has a quotation mark in line %(line)s or below that is never closed: the"
            " rows behind it cannot be told apart. Delete it, or save the file as .xlsx.",
            {"line": line},
        ),
        Reason.INVALID,
    )


def _unreadable() -> Refused:
    return Refused(
        Message("The CSV file cannot be read as text. Save it again as CSV UTF-8 or as .xlsx."),
        Reason.INVALID,
    )
