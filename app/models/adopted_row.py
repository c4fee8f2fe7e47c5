"""Rows of adopted tables as they are read: what is shown of a value, which row an id names."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.engine import Result

from app.catalogue.adopted_table import ColumnKind
from app.models.adopted_table import BEGINNING, LONGEST_SHOWN, LiveTable, length_code
from app.models.row_id import decode_row_id
from app.rules.adopted_value import UnfitError, key_value

# From here on JavaScript would round a whole number.
LARGE = 2**53


@dataclass(frozen=True)
class AdoptedRow:
    """One row; ``cut`` are the codes of texts too long to be shown whole, with their lengths."""

    id: str
    version: str
    values: Mapping[str, object]
    cut: Mapping[str, int]


def key_condition(live: LiveTable, row_id: str) -> ColumnElement[bool] | None:
    """The row of this id; None where the id cannot be one of the table."""
    try:
        values = decode_row_id(row_id)
        codes = live.spec.key
        if not codes or len(values) != len(codes):
            return None
        columns = [live.spec.by_code[code] for code in codes]
        typed = [key_value(c, v) for c, v in zip(columns, values, strict=True)]
    except (ValueError, UnfitError):
        return None
    return and_(*(c == value for c, value in zip(live.identity, typed, strict=True)))


def rows_read(result: Result[Any]) -> list[dict[str, object]]:
    """The rows by the names they were read under; much faster than looking each name up."""
    keys = list(result.keys())
    return [dict(zip(keys, row, strict=True)) for row in result]


def row_of(live: LiveTable, row: Mapping[str, object]) -> AdoptedRow:
    """What was read of a row, texts beyond all measure cut to their beginning."""
    values: dict[str, object] = {}
    for code, kind in live.kinds:
        value = row[code]
        # Most cells are empty, text or small numbers: a page has thousands of them.
        is_plain = value is None or type(value) is str
        if not is_plain and kind is ColumnKind.INTEGER and type(value) is int:
            is_plain = -LARGE < value < LARGE
        values[code] = value if is_plain else shown_value(kind, value)
    cut: dict[str, int] = {}
    for code in live.lengthy:
        length = row[length_code(code)]
        if isinstance(length, int) and length > LONGEST_SHOWN:
            cut[code] = length
            values[code] = str(values[code])[:BEGINNING]
    return AdoptedRow(live.row_id(row), live.version_of(row), values, cut)


def shown_value(kind: ColumnKind, value: object) -> object:
    """A value as JSON carries it: what a database may hold against its own type is shown too."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace") if kind is not ColumnKind.BINARY else len(value)
    if kind is ColumnKind.BOOLEAN and value in (0, 1):
        return bool(value)
    if isinstance(value, int) and abs(value) >= LARGE:
        return str(value)
    if isinstance(value, float) and value.is_integer() and kind is ColumnKind.INTEGER:
        return int(value)
    is_plain = isinstance(value, int) or (isinstance(value, float) and isfinite(value))
    return value if is_plain else str(value)
