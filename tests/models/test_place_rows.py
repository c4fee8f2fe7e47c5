"""Rows kept as columns are told as they were stored."""

from decimal import Decimal
from typing import Any

import pytest

from app.models import place_rows
from app.models.base_table import build_store
from app.models.place_rows import GatheredRows, gathered
from tests.factories import plausible_row, seed_catalogue

CATALOGUE = seed_catalogue()
STORED = build_store(CATALOGUE).tables["course"]


def stored_rows(count: int) -> list[dict[str, Any]]:
    """Field code → value of rows of the table."""
    return [plausible_row(STORED.spec, CATALOGUE, number) for number in range(count)]


def as_read(rows: list[dict[str, Any]]) -> list[Any]:
    """The same as a driver gives them, by the columns they stand in."""
    (identity,) = STORED.identity
    return [
        {identity: position, **{STORED.columns[code]: value for code, value in row.items()}}
        for position, row in enumerate(rows)
    ]


@pytest.mark.parametrize("different", [0, 3, 5_000])
def test_rows_come_back_as_they_were(monkeypatch: pytest.MonkeyPatch, different: int) -> None:
    monkeypatch.setattr(place_rows, "MOST_DIFFERENT", different)
    rows = stored_rows(12) * 2
    found = GatheredRows(STORED)
    for start in range(0, 24, 5):
        found.add(as_read(rows)[start : start + 5])

    values = found.rows().values

    assert (list(values), [values[row] for row in range(24)]) == (rows, rows)
    assert (values[3:5], values[-1], len(values)) == (rows[3:5], rows[-1], 24)


def test_equal_texts_are_kept_once_and_amounts_of_another_scale_apart() -> None:
    (row,) = stored_rows(1)
    amounts = [Decimal("1.0"), Decimal("1.00"), Decimal("1.0")]
    # Three texts that are equal and not the same object.
    rows = [{**row, "course_name": "".join(["课", "程"]), "credit": each} for each in amounts]

    columns = gathered(STORED, as_read(rows)).columns

    assert len(set(map(id, columns["course_name"]))) == 1
    assert [str(each) for each in columns["credit"]] == ["1.0", "1.00", "1.0"]


def test_no_rows_have_every_column() -> None:
    rows = GatheredRows(STORED).rows()

    assert (len(rows), list(rows.values), list(rows.columns)) == (0, [], list(STORED.columns))
