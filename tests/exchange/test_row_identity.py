"""Marks of rows: what they say when a workbook comes back sorted, copied, cut or typed in."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from app.exchange.row_identity import (
    Marking,
    ReturnedRow,
    RowMark,
    digests,
    mark_text,
    marking_lines,
    read_mark,
    read_marking,
    returned_rows,
)

CODES = ("code", "name")


def digest(*cells: object) -> str:
    return digests([[cell] for cell in cells])[0]


def mark(row_id: str, *cells: object) -> RowMark:
    return RowMark(row_id, "1", digest(*cells))


FIRST, SECOND = mark("1", "a", "甲"), mark("2", "b", "乙")


def test_a_mark_is_read_as_it_was_written() -> None:
    composite = "~WyJhIiwiYiJd"

    assert read_mark(mark_text(composite, "7", digest("a"))) == RowMark(composite, "7", digest("a"))


@pytest.mark.parametrize(
    "cell", [None, "", 12.5, "12", "1.2", "1.2.3", ".1." + "0" * 16, "x" * 5000]
)
def test_what_is_no_mark_says_nothing(cell: object) -> None:
    assert read_mark(cell) is None


def test_the_hidden_sheet_tells_the_fields_and_the_count() -> None:
    lines = [["version", "1"], *map(list, marking_lines(CODES, "12"))]

    assert read_marking(lines) == Marking(CODES, 12)
    assert read_marking([["version", "1"]]) is None
    assert read_marking([["marked", "a"], ["rows", "9" * 5_000]]) == Marking(("a",), None)


@pytest.mark.parametrize(
    ("went", "came"),
    [
        (Decimal("3.50"), 3.5),
        (12, 12.0),
        (None, ""),
        (date(2025, 9, 1), datetime(2025, 9, 1)),  # noqa: DTZ001 - as a cell is read
        ("两\r\n行", "两\n行"),
        ("\x07铃 ", "铃"),
        ("半\ud800个", "半个"),
        (Decimal("-0.0"), 0.0),
    ],
)
def test_a_spreadsheet_s_own_ways_touch_nothing(went: object, came: object) -> None:
    assert digest(went) == digest(came)


def test_truth_values_and_numbers_differ() -> None:
    assert digest(True) != digest(1)


def test_rows_that_went_and_came_are_untouched_whatever_their_order() -> None:
    assert returned_rows([SECOND, FIRST], [SECOND.digest, FIRST.digest]) == [
        ReturnedRow(SECOND, is_touched=False),
        ReturnedRow(FIRST, is_touched=False),
    ]


def test_an_edited_row_keeps_its_mark_even_where_the_key_was_corrected() -> None:
    assert returned_rows([FIRST, SECOND], [digest("a1", "甲"), SECOND.digest])[0] == ReturnedRow(
        FIRST
    )


def test_a_copy_of_a_row_is_a_new_row() -> None:
    found = returned_rows([FIRST, FIRST], [digest("c", "甲"), FIRST.digest])

    assert found == [ReturnedRow(None), ReturnedRow(FIRST, is_touched=False)]


def test_cells_sorted_without_their_marks_are_known_by_what_they_show() -> None:
    third = mark("3", "c", "丙")

    found = returned_rows([FIRST, SECOND, third], [SECOND.digest, FIRST.digest, digest("d", "丙")])

    assert found == [
        ReturnedRow(SECOND, is_touched=False),
        ReturnedRow(FIRST, is_touched=False),
        ReturnedRow(None),
    ]
