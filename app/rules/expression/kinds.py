"""What kinds of values a condition works with, and which columns have them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from app.catalogue.base_table import FieldSpec, FieldType, TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.code_list import CodeList
from app.domain.message import Message

# Columns that stand for the period, beside those of the fields: no field code begins so.
PERIOD_START = "\ufdd0start"
PERIOD_END = "\ufdd0end"


class Kind(StrEnum):
    """A kind of value; only values that fit are compared with each other."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    MONTH = "month"
    TRUTH = "truth"
    # The literal null, which fits everything.
    NOTHING = "nothing"
    # What has a fault already: no further one is told of it.
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Value:
    """A part of a condition: its kind, how it is calculated, its codes where it has any.

    ``literal`` is what was written where the part is a text in quotation marks.
    """

    kind: Kind
    built: pl.Expr
    codes: CodeList | None = None
    literal: str | None = None


KIND_NAMES: Mapping[Kind, Message] = {
    Kind.NUMBER: Message("a number"),
    Kind.TEXT: Message("a text"),
    Kind.DATE: Message("a date"),
    Kind.MONTH: Message("a month"),
    Kind.TRUTH: Message("true or false"),
    Kind.NOTHING: Message("nothing"),
    Kind.UNKNOWN: Message("unknown"),
}
UNKNOWN = Value(Kind.UNKNOWN, pl.lit(None))

_KINDS = {
    FieldType.STRING: Kind.TEXT,
    FieldType.TEXT: Kind.TEXT,
    FieldType.CODE: Kind.TEXT,
    FieldType.INTEGER: Kind.NUMBER,
    FieldType.NUMBER: Kind.NUMBER,
    FieldType.BOOLEAN: Kind.TRUTH,
    FieldType.DATE: Kind.DATE,
    FieldType.YEARMONTH: Kind.MONTH,
}


def column_value(catalogue: Catalogue, field: FieldSpec) -> Value:
    """The column of a field as a value; numbers are calculated with as floating point."""
    stored = catalogue.stored_as(field)
    kind = _KINDS[stored.type]
    column = pl.col(field.code)
    built = column.cast(pl.Float64) if kind is Kind.NUMBER else column
    return Value(kind, built, catalogue.code_list_of(stored))


def names_of(spec: TableSpec) -> dict[str, FieldSpec]:
    """What a condition may call each field: its code, or its label in quotation marks.

    Of equal labels the first one counts.
    """
    names = {field.label: field for field in reversed(spec.fields)}
    return {**names, **spec.by_code}
