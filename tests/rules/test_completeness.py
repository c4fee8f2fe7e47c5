"""The formula of completeness: cells and rows of those expected."""

import pytest

from app.catalogue.base_table import FieldSpec, FieldType
from app.rules.completeness import Completeness, Share, completeness_of, tally
from tests.factories import table_of

SPEC = table_of(
    FieldSpec("number", "编号", FieldType.STRING, required=True, key=True, max_length=9),
    FieldSpec("name", "名称", FieldType.STRING, required=True, max_length=9),
    FieldSpec("note", "备注", FieldType.STRING, max_length=9),
)
WHOLE = {"number": "1", "name": "甲", "note": "乙"}
HALF = {"number": "2", "name": None, "note": ""}


@pytest.mark.parametrize(
    ("rows", "missing", "required", "optional", "counted"),
    [
        ([WHOLE], 0, Share(2, 2), Share(1, 1), Share(1, 1)),
        ([WHOLE, HALF], 0, Share(3, 4), Share(1, 2), Share(2, 2)),
        # What is not there lacks its required cells too.
        ([WHOLE], 3, Share(2, 8), Share(1, 1), Share(1, 4)),
        ([], 2, Share(0, 4), Share(0, 0), Share(0, 2)),
    ],
)
def test_cells_and_rows_are_counted(rows, missing, required, optional, counted) -> None:
    found = completeness_of(SPEC, tally(SPEC, rows), missing=missing)

    assert found == Completeness(required, optional, counted)
    assert found.cells == required + optional


def test_no_and_zero_are_answers() -> None:
    spec = table_of(
        FieldSpec("is_open", "是否", FieldType.BOOLEAN, required=True),
        FieldSpec("count", "数", FieldType.INTEGER, required=True),
    )

    counted = tally(spec, [{"is_open": False, "count": 0}])

    assert completeness_of(spec, counted).required == Share(2, 2)


def test_a_nil_return_is_complete() -> None:
    found = completeness_of(SPEC, tally(SPEC, []), missing=5, is_nil=True)

    assert found == Completeness()
    assert found.rows.percent == 100


@pytest.mark.parametrize(
    ("share", "percent"), [(Share(1, 3), 33.3), (Share(1999, 2000), 99.9), (Share(5, 5), 100)]
)
def test_per_cents_are_rounded_down(share: Share, percent: float) -> None:
    assert share.percent == percent


def test_places_add_up_by_their_cells() -> None:
    one = completeness_of(SPEC, tally(SPEC, [WHOLE]))
    other = completeness_of(SPEC, tally(SPEC, [HALF]), missing=1)

    assert (one + other).required == Share(3, 6)
    assert (one + other).rows == Share(2, 3)
