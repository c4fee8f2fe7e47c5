"""From whatever a caller hands over (JSON, Excel, form) to raw text.

Raw text is what a person would have typed: rules read it, so that every door
into the platform is checked alike (decision 5).
"""

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

from app.catalogue.base_table import FieldSpec, FieldType

# Begins the raw text of something that is no cell value, such as a list, or
# whose digits are lost. A noncharacter: it can stand in no real text.
UNREADABLE = "\ufdd0"
# Excel counts days from here; right from 1 March 1900 on.
SERIAL_ZERO = date(1899, 12, 30)
# 18 May 1927 to 31 December 9999. Smaller numbers are years, larger ones digits of a date.
SERIALS = range(10_000, 2_958_466)
MONTHS_AS_NUMBERS = range(100_000, 1_000_000)
# From here on a floating-point number may have lost digits of an identifier.
LAST_EXACT_FLOAT = 10**15
LONGEST_INTEGER_BITS = 10_000
LONGEST_EXPONENT = 400
NUMERIC = frozenset({FieldType.INTEGER, FieldType.NUMBER})


def raw_text(field: FieldSpec, value: object) -> str | None:
    """The raw text of ``value`` for ``field``; None for an empty cell.

    Whole floats lose their ``.0``; numbers in date fields are Excel serial
    numbers (1900 system) where they can be; dates are ISO; a list or mapping
    becomes a text that no field accepts. Never raises.
    """
    if value is None:
        return None
    known = _BY_TYPE.get(type(value))
    if known is not None:
        return known(field, value)
    for kind, convert in _CONVERSIONS:
        if isinstance(value, kind):
            return convert(field, value)
    return UNREADABLE + type(value).__name__


def repaired(text: str | None) -> str | None:
    """``text`` without halves of characters, which no database can store."""
    if text is None:
        return None
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return text if clean == text else UNREADABLE + clean


def _integer(field: FieldSpec, value: int) -> str:
    if value.bit_length() > LONGEST_INTEGER_BITS:
        return f"{UNREADABLE}{value.bit_length()} bits"
    if field.type in {FieldType.DATE, FieldType.YEARMONTH}:
        return _serial(field, value) or str(int(value))
    return str(int(value))


def _float(field: FieldSpec, value: float) -> str:
    if not isfinite(value):
        return UNREADABLE + repr(float(value))
    if value.is_integer():
        whole = _integer(field, int(value))
        lossy = abs(value) >= LAST_EXACT_FLOAT and field.type not in NUMERIC
        return UNREADABLE + whole if lossy else whole
    if field.type is FieldType.DATE:
        return _serial(field, int(value)) or _decimal(Decimal(repr(float(value))))
    if field.type is FieldType.YEARMONTH:
        return _year_and_month(field, value)
    text = repr(float(value))
    return _decimal(Decimal(text)) if "e" in text else text


def _year_and_month(field: FieldSpec, value: float) -> str:
    """Excel drops the last zero of 2025.10, so that 2025.1 is two months."""
    text = _decimal(Decimal(repr(float(value))))
    if int(value) in SERIALS:
        return _serial(field, int(value)) or text
    return f"{text}/{text}0" if text.endswith(".1") else text


def _serial(field: FieldSpec, number: int) -> str | None:
    if field.type is FieldType.YEARMONTH and number in MONTHS_AS_NUMBERS:
        return None
    if number not in SERIALS:
        return None
    return (SERIAL_ZERO + timedelta(days=number)).isoformat()


def _decimal(value: Decimal) -> str:
    if not value.is_finite() or abs(value.adjusted()) > LONGEST_EXPONENT:
        return str(value)
    if value.is_zero():
        value = abs(value)
    return f"{value:f}"


# In this order: a truth value is an integer to Python.
_CONVERSIONS: tuple[tuple[type | tuple[type, ...], Callable[[FieldSpec, Any], str]], ...] = (
    (str, lambda _field, value: str.__str__(value)),
    (bool, lambda _field, value: "true" if value else "false"),
    (int, _integer),
    (float, _float),
    (Decimal, lambda _field, value: _decimal(value)),
    ((date, time), lambda _field, value: value.isoformat()),
)
_BY_TYPE: Mapping[type, Callable[[FieldSpec, Any], str]] = {
    kind: convert
    for kinds, convert in _CONVERSIONS
    for kind in (kinds if isinstance(kinds, tuple) else (kinds,))
}
