"""Cells that a merged cell covers are told; ranges made up to keep a server busy are refused."""

import pytest

from app.domain.message import Refused
from app.exchange.covered_cell import covered_cells
from app.exchange.heading_row import HeadingRow
from app.exchange.spreadsheet import SheetCells
from tests.factories import seed_catalogue

ROWS = [["代码", "名称"], ["C1", "高等数学"], ["C2", ""], ["", ""]]


def sheet(*merged: tuple[tuple[int, int], tuple[int, int]], rows: int = 0) -> SheetCells:
    return SheetCells("课程", [*ROWS, *([["C9", ""]] * rows)], frozenset(), merged)


def heading() -> HeadingRow:
    spec = seed_catalogue().tables["course"]
    return HeadingRow(spec, 0, ROWS[0], ROWS[0], {"code": 0, "name": 1})


def test_a_covered_cell_names_the_one_that_has_the_value() -> None:
    assert covered_cells(sheet(((1, 1), (3, 1))), heading()) == {(3, "name"): "B2"}


def test_ranges_that_cover_the_same_cells_again_and_again_are_refused() -> None:
    rows = 50_000
    whole = ((1, 0), (rows, 1))

    with pytest.raises(Refused, match="merges more cells"):
        covered_cells(sheet(*[whole] * 10_000, rows=rows), heading())
