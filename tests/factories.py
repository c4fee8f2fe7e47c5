"""Plausible values for any base table, made from its description alone.

They are invented: the places of identity and telephone numbers belong to
nobody, addresses end in example.com.
"""

import re
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from stdnum import ean
from stdnum.cn import ric, uscc

from app.catalogue.base_table import (
    FieldFormat,
    FieldSpec,
    FieldType,
    FilledBy,
    TableKind,
    TableSpec,
    Tier,
)
from app.catalogue.catalogue import Catalogue
from app.catalogue.code_list import CodeList
from app.catalogue.loader import load_catalogue
from app.domain.period import PeriodKind

SEED = Path(__file__).parents[1] / "seed"
# A number that has to be later is a year, and a recent one is the likely one.
EARLIEST_YEAR, RECENT_YEAR = Decimal(1900), Decimal(2020)
FIRST_DAY = date(1970, 1, 1)
DAYS = 14_000


@cache
def seed_catalogue() -> Catalogue:
    """The catalogue of the repository, read once for all tests."""
    return load_catalogue(SEED / "catalogue")


def catalogue_of(*tables: TableSpec, code_lists: tuple[CodeList, ...] = ()) -> Catalogue:
    """A small catalogue of these tables and code lists only."""
    return Catalogue(
        tables={table.identifier: table for table in tables},
        code_lists={code_list.identifier: code_list for code_list in code_lists},
        departments=(),
        chapters={"1": "示例"},
        digest="",
    )


def table_of(*fields: FieldSpec, identifier: str = "example") -> TableSpec:
    """A table with these fields; a list where one of them is a key."""
    return TableSpec(
        identifier=identifier,
        number="1.1",
        name="示例表",
        chapter="1",
        kind=TableKind.LIST if any(field.key for field in fields) else TableKind.SINGLE_ROW,
        period=PeriodKind.ACADEMIC_YEAR,
        filled_by=FilledBy.STEWARD,
        tier=Tier.CORE,
        fields=fields,
    )


def plausible_row(spec: TableSpec, catalogue: Catalogue, number: int) -> dict[str, object]:
    """Field code → typed value for row ``number`` of a table, every field filled.

    The same number gives the same row; different numbers give different keys
    (as long as a key is not made of codes only). A reference names the row of
    the same number in its table.
    """
    row = {field.code: plausible_value(field, catalogue, number) for field in spec.fields}
    if {"category", "is_core"} <= set(row):
        # Only a paper stands in a core journal.
        row["is_core"] = row["category"] == "4" and row["is_core"]
    return row


def plausible_value(field: FieldSpec, catalogue: Catalogue, number: int) -> object:
    """A typed value the field accepts: text, int, Decimal, bool or date."""
    stored = catalogue.stored_as(field)
    day = FIRST_DAY + timedelta(days=number % DAYS)
    value: object
    match stored.type:
        case FieldType.INTEGER:
            value = int(_between(stored, number, Decimal(999_999)))
        case FieldType.NUMBER:
            value = _number(stored, number)
        case FieldType.BOOLEAN:
            value = number % 2 == 0
        case FieldType.DATE:
            value = day
        case FieldType.YEARMONTH:
            value = f"{day:%Y-%m}"
        case FieldType.CODE:
            items = catalogue.code_lists[stored.code_list or ""].items
            value = items[number % len(items)].code
        case _:
            value = _text(stored, number)
    return value


def _between(field: FieldSpec, number: int, most: Decimal) -> Decimal:
    least = field.minimum if field.minimum is not None else Decimal(0)
    most = field.maximum if field.maximum is not None else most
    if EARLIEST_YEAR < least < RECENT_YEAR < most:
        least = RECENT_YEAR
    return least + Decimal(number) % (most - least + 1)


def _number(field: FieldSpec, number: int) -> Decimal:
    scale, precision = field.scale or 0, field.precision or 18
    value = _between(field, number, Decimal(10) ** (precision - scale) - 1)
    step = Decimal(1).scaleb(-scale)
    finest = value + step if field.maximum is None or value + step <= field.maximum else value
    return finest.quantize(step)


def _text(field: FieldSpec, number: int) -> str:
    if field.pattern:
        return _matching(field, number)
    if field.format:
        return _FORMATTED[field.format](number)
    if field.key:
        return f"K{number:05}"
    longest = field.max_length or 100
    text = f"{field.label}{number}"
    return text if len(text) <= longest else str(number)[-longest:]


def _matching(field: FieldSpec, number: int) -> str:
    shortest = len(str(number))
    for length in range(max(shortest, 6), (field.max_length or 20) + 1):
        text = f"{number:0{length}}"
        if re.fullmatch(field.pattern or "", text):
            return text
    raise ValueError(f"no plausible value for {field.code} with {field.pattern}")


def _id_card(number: int) -> str:
    born = FIRST_DAY + timedelta(days=number % DAYS)
    digits = f"710000{born:%Y%m%d}{number % 1000:03}"
    return digits + str(ric.calc_check_digit(digits + "0"))


def _social_credit_code(number: int) -> str:
    digits = f"91420600MA{number % 10_000_000:07}"
    return digits + str(uscc.calc_check_digit(digits + "0"))


def _isbn(number: int) -> str:
    digits = f"97870{number % 10_000_000:07}"
    return digits + str(ean.calc_check_digit(digits))


_FORMATTED = {
    FieldFormat.URL: lambda number: f"https://www.example.com/{number}",
    FieldFormat.PHONE: lambda number: f"0710-{number % 10_000:07}",
    FieldFormat.MOBILE: lambda number: f"1400{number % 10_000_000:07}",
    FieldFormat.EMAIL: lambda number: f"person{number}@example.com",
    FieldFormat.ID_CARD: _id_card,
    FieldFormat.SOCIAL_CREDIT_CODE: _social_credit_code,
    FieldFormat.ISBN: _isbn,
}
