"""What a row of last year becomes in this one, field by field."""

from datetime import date
from decimal import Decimal

import pytest

from app.catalogue.base_table import Carrying, FieldSpec, FieldType
from app.domain.period import PeriodKind
from app.rules.carried_row import carried_key, carried_values, key_of_row
from tests.factories import table_of

KEY = FieldSpec("code", "代码", FieldType.STRING, key=True, max_length=20)


def carried(value: object, **described: object) -> object:
    """What becomes of the value of a field that is described so."""
    field = FieldSpec("value", "值", FieldType.STRING, max_length=20, **described)
    return carried_values(table_of(KEY, field), {"code": "A", "value": value}).get("value")


def test_a_value_is_kept_unless_something_is_said() -> None:
    assert carried("甲") == "甲"


def test_a_value_of_the_year_is_left_empty() -> None:
    assert carried("12 天", carried=Carrying.CLEAR) is None


def test_money_of_a_calendar_year_of_its_own_is_left_empty() -> None:
    assert carried(Decimal("3.50"), period=PeriodKind.CALENDAR_YEAR) is None
    kept = carried(Decimal("3.50"), period=PeriodKind.CALENDAR_YEAR, carried=Carrying.KEEP)
    assert kept == Decimal("3.50")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (2024, 2025),
        ("2024", "2025"),
        ("2024-2025", "2025-2026"),
        ("2024-09", "2025-09"),
        (date(2024, 9, 1), date(2025, 9, 1)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (None, None),
    ],
)
def test_a_year_moves_on_where_the_catalogue_says_so(before: object, after: object) -> None:
    assert carried(before, carried=Carrying.NEXT) == after


def test_a_row_is_found_again_though_its_key_names_the_year() -> None:
    year = FieldSpec("year", "年", FieldType.STRING, key=True, max_length=9, carried=Carrying.NEXT)
    table = table_of(KEY, year)

    before = {"code": "A", "year": "2024-2025"}

    assert carried_key(table, before) == key_of_row(table, {"code": "A", "year": "2025-2026"})


def test_fields_that_the_table_has_no_more_are_gone() -> None:
    assert carried_values(table_of(KEY), {"code": "A", "old": 1}) == {"code": "A"}
