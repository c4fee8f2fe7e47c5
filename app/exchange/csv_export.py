"""Rows as CSV: some thousand lines at a time, in an encoding that Excel opens."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from io import StringIO

from app.exchange.cell import FORMULA_STARTS, Cell
from app.exchange.sheet_rows import Columns
from app.rules.reading import text_of

BYTE_ORDER_MARK = "\ufeff"


class CsvForm(StrEnum):
    """The encoding: UTF-8 with a mark that Excel and WPS know it by, or that of older programs."""

    UTF_8 = "utf-8"
    GB18030 = "gb18030"


def csv_lines(
    heads: Sequence[Sequence[str]], parts: Iterable[Columns], encoding: CsvForm
) -> Iterator[bytes]:
    """The lines, a piece for each part of the rows.

    Text that a spreadsheet would take for a formula is led by an apostrophe. Half a character,
    which no encoding knows, becomes a question mark.
    """
    buffer = StringIO(newline="")
    if encoding is CsvForm.UTF_8:
        buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([harmless(text) for text in head] for head in heads)
    for part in parts:
        yield _taken(buffer, encoding)
        writer.writerows(zip(*(_texts(column) for column in part), strict=True))
    yield _taken(buffer, encoding)


def harmless(text: str) -> str:
    """The text, with an apostrophe before what looks like a formula."""
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def _texts(column: Sequence[Cell]) -> list[str]:
    return [
        "" if value is None else harmless(value) if isinstance(value, str) else text_of(value) or ""
        for value in column
    ]


def _taken(buffer: StringIO, encoding: CsvForm) -> bytes:
    content = buffer.getvalue().encode(encoding.value, "replace")
    buffer.seek(0)
    buffer.truncate()
    return content
