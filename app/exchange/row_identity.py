"""Which row of a table a row of a returned workbook is, and whether anybody touched it (I11).

A workbook that leaves with rows carries a hidden column: of every row its id, its version and a
digest of what its cells showed. The hidden sheet tells which fields the digest covers and how many
rows went out. The marks move with their rows when people sort; a digest that still fits says that
nobody typed anything, whatever happened on the platform meanwhile.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from hashlib import blake2b
from math import isfinite
from typing import Any, cast

from xlsxwriter.worksheet import Worksheet

from app.domain.message import Message

MARK_HEADING = Message("Row mark (do not change)")
MARKED = "marked"
ROWS = "rows"
DIGEST_BYTES = 8
SEPARATOR = "."
LONGEST_MARK = 4000
# Digits of a number of rows.
LONGEST_COUNT = 9
# How the raw text of a day ends that a spreadsheet keeps as a moment.
MIDNIGHT = "T00:00:00"
TEXTS = frozenset({str, type(None)})
_BREAKS = re.compile("\r\n?")
# What no XML can carry, so that no sheet shows it.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class RowMark:
    """A row as it left: its id and version, opaque texts, and the digest of its cells."""

    id: str
    version: str
    digest: str


@dataclass(frozen=True)
class Marking:
    """What the hidden sheet says of the marks.

    ``codes`` are the fields of the digests, in this order; ``count`` of rows went out, None where
    that is not told.
    """

    codes: tuple[str, ...]
    count: int | None = None


@dataclass(frozen=True)
class ReturnedRow:
    """A row that came back. ``mark`` is None for one that did not leave from here."""

    mark: RowMark | None
    is_touched: bool = True


def marking_lines(codes: Sequence[str], count: str) -> Iterator[tuple[str, ...]]:
    """The lines for the hidden sheet; ``count`` is a number as text."""
    yield (MARKED, *codes)
    yield (ROWS, count)


def write_marks(
    sheet: Worksheet, row: int, column: int, heading: str, marks: Iterable[str]
) -> None:
    """The hidden column: its heading in ``row``, the marks of the rows below it."""
    sheet.set_column(column, column, None, None, {"hidden": True})
    for number, text in enumerate((heading, *marks), start=row):
        sheet.write_string(number, column, text)


def read_marking(rows: Sequence[Sequence[object]]) -> Marking | None:
    """What the cells of the hidden sheet say of marks; None where they say nothing."""
    lines = {str(row[0]): [str(cell) for cell in row[1:]] for row in rows if row}
    codes = tuple(code for code in lines.get(MARKED, []) if code)
    count = (lines.get(ROWS) or [""])[0].removesuffix(".0")
    is_count = count.isdecimal() and len(count) <= LONGEST_COUNT
    return Marking(codes, int(count) if is_count else None) if codes else None


def mark_text(row_id: str, version: str, digest: str) -> str:
    """What the hidden cell of a row holds."""
    return f"{row_id}{SEPARATOR}{version}{SEPARATOR}{digest}"


def read_mark(cell: object) -> RowMark | None:
    """The mark from its cell; None where somebody emptied it or typed something else."""
    if not isinstance(cell, str) or len(cell) > LONGEST_MARK:
        return None
    parts = cell.strip().split(SEPARATOR)
    if len(parts) != 3 or not parts[0] or len(parts[2]) != 2 * DIGEST_BYTES:
        return None
    return RowMark(*parts)


def digests(columns: Sequence[Sequence[object]]) -> list[str]:
    """The digest of every row from columns of equal length: what the cells show, or were read as.

    A cell that comes back from Excel, WPS or LibreOffice as it went has the same digest.
    """
    texts = [_texts(column) for column in columns]
    return [
        blake2b("\x1f".join(row).encode("utf-8", "replace"), digest_size=DIGEST_BYTES).hexdigest()
        for row in zip(*texts, strict=True)
    ]


def _texts(column: Sequence[object]) -> Sequence[str]:
    """The text of every cell; of equal values it is found once."""
    kinds = set(map(type, column))
    if kinds <= TEXTS:
        texts = cast(Sequence[str], column if kinds == {str} else [text or "" for text in column])
        joined = "\u00a6".join(("", *texts, ""))
        if joined.isprintable() and " \u00a6" not in joined and "\u00a6 " not in joined:
            return texts
    if len(kinds - {type(None)}) > 1:  # a truth value would be taken for the equal number
        return [cell_text(value) for value in column]
    shown = _SHOWN.get(kinds.pop(), cell_text) if len(kinds) == 1 else cell_text
    known = {value: shown(value) for value in set(column)}
    return [known[value] for value in column]


def cell_text(value: object) -> str:
    """A cell's value as one text, whichever type a spreadsheet gave it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return UNWRITABLE.sub("", _BREAKS.sub("\n", value)).strip().removesuffix(MIDNIGHT)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, float) and isfinite(value):
        return _number(Decimal(repr(value)))
    return _number(value) if isinstance(value, Decimal) else str(value)


def _number(value: Decimal) -> str:
    """All digits, without zeros at the end of decimals."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


# How the cells of a column of one kind are read, without asking each of them what it is.
_SHOWN: Mapping[type, Callable[[Any], str]] = {int: str, Decimal: _number}


def returned_rows(marks: Iterable[RowMark | None], present: Sequence[str]) -> list[ReturnedRow]:
    """What each row is, from its mark and the digest of its present cells.

    Cells that were sorted without the hidden column are known by what they show; then no other
    mark is trusted. A row that was copied within the file has left once only.
    """
    own = list(marks)
    by_digest = {mark.digest: mark for mark in own if mark is not None}
    found: list[ReturnedRow] = []
    taken: set[str] = set()
    is_torn = False
    for mark, digest in zip(own, present, strict=True):
        whole = mark if mark is not None and mark.digest == digest else by_digest.get(digest)
        is_torn = is_torn or (whole is not None and mark is not None and whole is not mark)
        if whole is not None:
            taken.add(whole.id)
        found.append(ReturnedRow(whole or mark, is_touched=whole is None))
    return [_trusted(row, taken, is_torn=is_torn) for row in found]


def _trusted(row: ReturnedRow, taken: set[str], *, is_torn: bool) -> ReturnedRow:
    """The row, without a mark that another one has the better right to."""
    if row.mark is None or not row.is_touched:
        return row
    if is_torn or row.mark.id in taken:
        return ReturnedRow(None)
    taken.add(row.mark.id)
    return row
