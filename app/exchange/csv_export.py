"""Rows as CSV: some thousand lines at a time, in an encoding that Excel opens."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from typing import cast

from app.exchange.cell import FORMULA_STARTS, Cell
from app.exchange.row_identity import TEXTS
from app.exchange.sheet_rows import Columns
from app.rules.reading import text_of

BYTE_ORDER_MARK = "\ufeff"
LINE_END = "\r\n"
# A field with one of these is quoted.
QUOTED = (",", '"', "\r", "\n")
EMPTY = '""'
SAME_WHEN_EQUAL = frozenset({date, type(None)})
# Stands between texts that are looked at together.
BORDER = "\x00"
# Of what an encoding does not know.
REPLACED = "replace"


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
    writer = csv.writer(buffer, lineterminator=LINE_END)
    writer.writerows([harmless(text) for text in head] for head in heads)
    yield buffer.getvalue().encode(encoding.value, REPLACED)
    for part in parts:
        yield _lines(part).encode(encoding.value, REPLACED)


def harmless(text: str) -> str:
    """The text, with an apostrophe before what looks like a formula."""
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def _lines(part: Columns) -> str:
    """The lines of some rows. A column is looked at as a whole: most hold nothing special."""
    columns = [_fields(column) for column in part]
    if len(columns) == 1:  # a line without anything is no row to whoever reads it
        columns = [[field or EMPTY for field in columns[0]]]
    lines = [*map(",".join, zip(*columns, strict=True)), ""]
    return LINE_END.join(lines)


def _fields(column: Sequence[Cell]) -> Sequence[str]:
    """What stands between the commas for each of the cells."""
    kinds = {*map(type, column)}
    if not kinds <= TEXTS:
        return _fields_of_kinds(column, kinds)
    whole = cast(Sequence[str | None], column)
    texts = cast(Sequence[str], whole) if kinds == {str} else [text or "" for text in whole]
    return [*map(_field, texts)] if _has_special(texts) else texts


def _fields_of_kinds(column: Sequence[Cell], kinds: set[type]) -> Sequence[str]:
    """The same for what is not text alone; equal numbers of one type need not look equal."""
    if kinds <= SAME_WHEN_EQUAL:
        known = {value: text_of(value) or "" for value in {*column}}
        return [known[value] for value in column]
    if kinds == {Decimal}:
        return [f"{value:f}" for value in column]
    return [_field(value) if isinstance(value, str) else text_of(value) or "" for value in column]


def _has_special(texts: Sequence[str]) -> bool:
    """Whether any text may have to be quoted, or led by an apostrophe."""
    joined = BORDER.join(("", *texts))
    return any(each in joined for each in QUOTED) or any(
        start in joined and BORDER + start in joined for start in FORMULA_STARTS
    )


def _field(text: str) -> str:
    """A text as a field: harmless, and quoted where it holds what ends a field."""
    text = harmless(text)
    if any(each in text for each in QUOTED):
        return '"' + text.replace('"', '""') + '"'
    return text
