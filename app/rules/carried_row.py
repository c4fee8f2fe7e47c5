"""What a row of last year becomes in this one: kept, cleared or moved on, field by field."""

import re
from collections.abc import Mapping
from datetime import date

from app.catalogue.base_table import Carrying, FieldSpec, TableSpec
from app.rules.base_table import key_of

# What a value of a year says: ``2024``, ``2024-09``, ``2024-2025``.
YEARS = re.compile(r"(?:19|20|21)[0-9]{2}")


def carried_values(spec: TableSpec, values: Mapping[str, object]) -> dict[str, object]:
    """The values that the row begins with in the next year; what the table has no more is gone."""
    return {
        field.code: _carried(field, values[field.code])
        for field in spec.fields
        if field.code in values and field.carrying is not Carrying.CLEAR
    }


def carried_key(spec: TableSpec, values: Mapping[str, object]) -> str:
    """The key under which the row of last year stands in the next year."""
    moved = carried_values(spec, values)
    return key_of_row(spec, moved)


def key_of_row(spec: TableSpec, values: Mapping[str, object]) -> str:
    """The key of a row that has been stored or kept once; empty in a single-row table."""
    codes = [field.code for field in spec.key_fields]
    return key_of([values.get(code) for code in codes]) if codes else ""


def _carried(field: FieldSpec, value: object) -> object:
    if field.carrying is not Carrying.NEXT or value is None:
        return value
    if isinstance(value, date):
        return _year_later(value)
    if isinstance(value, int):
        return value + 1
    return YEARS.sub(lambda year: str(int(year[0]) + 1), str(value))


def _year_later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        # The 29th of February.
        return day.replace(year=day.year + 1, day=28)
