"""What a workbook of one part says of itself and of its rows, beside what every template says.

On the hidden sheet stand the token of the part and, for every row, its id, its version and a hash
of what it showed. A hidden column of the data carries the mark of each row, so that a row is known
after sorting, inserting and correcting its key, and one that was copied from somebody else's file
is known, too.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from app.exchange.cell import Column
from app.exchange.heading import ROW_MARK, fold
from app.exchange.spreadsheet import Cells
from app.rules.raw_text import NUMERIC, raw_text

PART = "part"
ROW = "row"
BETWEEN = "\x1f"
MIDNIGHT = "T00:00:00"
HASH_LENGTH = 20


@dataclass(frozen=True)
class HandedRow:
    """A row as it was handed out: id, version, the hash of what its cells showed."""

    id: str
    version: str
    digest: str


@dataclass(frozen=True)
class PartIdentity:
    """The token of a part and the rows it was handed out with, by their marks."""

    token: str
    rows: Mapping[str, HandedRow]


def mark_of(part: int, position: int) -> str:
    """The mark of a row: the part's number and the row's place in it, from 1."""
    return f"{part}-{position}"


def part_lines(identity: PartIdentity) -> list[tuple[str, ...]]:
    """The lines of the hidden sheet."""
    rows = [(ROW, mark, row.id, row.version, row.digest) for mark, row in identity.rows.items()]
    return [(PART, identity.token), *rows]


def read_part(cells: Cells) -> PartIdentity | None:
    """What the hidden sheet says of a part; None where it belongs to an ordinary template."""
    lines = [[str(cell) for cell in line] for line in cells]
    token = next((line[1] for line in lines if line[0] == PART and len(line) > 1), "")
    if not token:
        return None
    rows = {
        line[1]: HandedRow(line[2], line[3], line[4])
        for line in lines
        if line[0] == ROW and len(line) > 4
    }
    return PartIdentity(token, rows)


def row_digest(columns: Sequence[Column], shown: Mapping[str, object]) -> str:
    """A hash of what the cells of a row show, alike when they are written and when they return.

    ``shown`` maps field codes to cell values; a file that was saved by another program has the
    same values in other types.
    """
    texts = [_plain(column, shown.get(column.field.code)) for column in columns]
    return hashlib.sha256(BETWEEN.join(texts).encode()).hexdigest()[:HASH_LENGTH]


def _plain(column: Column, value: object) -> str:
    text = (raw_text(column.stored, value) or "").strip().removesuffix(MIDNIGHT)
    if not text or column.stored.type not in NUMERIC:
        return text
    try:
        number = Decimal(text).normalize()
    except InvalidOperation:
        return text
    return f"{number:f}" if number.is_finite() and abs(number.adjusted()) < len(text) + 9 else text


def marks_in(cells: Cells, heading: int) -> Mapping[int, str]:
    """Excel row → its mark, of the rows below the heading row (from 0) that have one."""
    if heading >= len(cells):
        return {}
    places = [place for place, cell in enumerate(cells[heading]) if fold(str(cell)) == ROW_MARK]
    if not places:
        return {}
    column = places[-1]
    return {
        number: str(line[column]).strip()
        for number, line in enumerate(cells[heading + 1 :], start=heading + 2)
        if column < len(line) and str(line[column]).strip()
    }


def shown_by(columns: Sequence[Column], values: Mapping[str, object]) -> dict[str, object]:
    """Field code → what the cell of a stored row shows."""
    return {
        column.field.code: None
        if (value := values[column.field.code]) is None
        else column.show(value)
        for column in columns
    }
