"""Rows as CSV, a column at a time: the same lines as cell by cell."""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from random import Random

import pytest

from app.exchange.cell import Cell
from app.exchange.csv_export import CsvForm, csv_lines, harmless
from app.rules.reading import text_of

PIECES = (
    "",
    "a",
    "社团",
    " ",
    ",",
    '"',
    "\r",
    "\n",
    "\t",
    "=",
    "+",
    "-",
    "@",
    "\x00",
    "'",
    "\ud800",
)
ODD: tuple[Cell, ...] = (None, True, False, 1, 0, -7, date(2025, 9, 1), "=1+1", "")
DECIMALS = (Decimal("1.0"), Decimal("1.00"), Decimal("-0.5"), Decimal("1E+3"))


def _by_cell(columns: Sequence[Sequence[Cell]], encoding: CsvForm) -> bytes:
    """The lines as the standard library writes them."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in zip(*columns, strict=True):
        shown = [text_of(value) or "" for value in row]
        cells = zip(row, shown, strict=True)
        writer.writerow([harmless(text) if isinstance(v, str) else text for v, text in cells])
    return buffer.getvalue().encode(encoding.value, "replace")


def _columns(random: Random, rows: int) -> list[list[Cell]]:
    texts: list[Cell] = [
        "".join(random.choices(PIECES, k=random.randint(0, 3))) for _ in range(rows)
    ]
    rare: list[Cell] = ["学生" for _ in range(rows)]
    rare[random.randrange(rows)] = random.choice(PIECES) + "x"
    gaps: list[Cell] = [random.choice([None, "教务处"]) for _ in range(rows)]
    days: list[Cell] = [random.choice([None, date(2025, 9, 1)]) for _ in range(rows)]
    sums: list[Cell] = list(random.choices(DECIMALS, k=rows))
    odd = random.choices([*ODD, *DECIMALS], k=rows)
    return [
        texts,
        rare,
        gaps,
        [None] * rows,
        days,
        sums,
        odd,
        random.choices([True, False], k=rows),
    ]


@pytest.mark.parametrize("encoding", list(CsvForm))
def test_columns_give_the_lines_of_single_cells(encoding: CsvForm) -> None:
    random = Random(7)  # noqa: S311 - cases of a test

    for _ in range(60):
        columns = _columns(random, random.randint(1, 12))

        head, *lines = csv_lines([["a"]], [columns], encoding)

        assert head.decode(encoding.value).removeprefix("\ufeff") == "a\r\n"
        assert b"".join(lines) == _by_cell(columns, encoding)


def test_an_empty_cell_alone_is_still_a_line() -> None:
    [_head, lines] = csv_lines([["a"]], [[["x", None, ""]]], CsvForm.UTF_8)

    assert lines == b'x\r\n""\r\n""\r\n'
