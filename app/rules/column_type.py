"""How a field's column is read: its polars type, its plain form, its reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from app.catalogue.base_table import FieldSpec, FieldType, TableSpec
from app.catalogue.catalogue import Catalogue
from app.rules.code_reading import code_reader
from app.rules.raw_text import UNREADABLE
from app.rules.reading import (
    DITTO,
    ERROR_WORDS,
    INVISIBLE,
    SHORTENED,
    TEXT_PLACEHOLDERS,
    Reader,
    integer_reader,
    number_reader,
    read_boolean,
    read_date,
    read_identifier,
    read_lines,
    read_name,
    read_string,
    read_year_month,
)

# What fits a 64-bit integer column whatever its digits are.
INTEGER_DIGITS = 18
# Behind a figure in this unit it says what is known: 93.59% is 93.59.
PERCENT = "%"
# In the label of every field that names a person.
PERSON_NAME = "姓名"
_NO_TEXTS = list(TEXT_PLACEHOLDERS | DITTO)
_NO_VALUE = f"^({ERROR_WORDS}|{SHORTENED})$"


@dataclass(frozen=True)
class ColumnType:
    """How the raw texts of one field become values of ``dtype``.

    ``convert`` takes a whole column and leaves null where a text is not in its
    plain form; ``read`` knows every form of one text.
    """

    dtype: pl.DataType
    convert: Callable[[pl.Series], pl.Series]
    read: Reader


# (id of catalogue, id of table) → both, which keeps the ids taken, and the types.
_KEPT: dict[tuple[int, int], tuple[Catalogue, TableSpec, Mapping[str, ColumnType]]] = {}
_MOST_KEPT = 512


def column_types(catalogue: Catalogue, spec: TableSpec) -> Mapping[str, ColumnType]:
    """Field code → column type; made once for each table of a catalogue."""
    place = (id(catalogue), id(spec))
    if place not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        types = {field.code: _column_type(catalogue, spec, field) for field in spec.fields}
        _KEPT[place] = (catalogue, spec, types)
        return types
    return _KEPT[place][2]


def _column_type(catalogue: Catalogue, spec: TableSpec, field: FieldSpec) -> ColumnType:
    stored = catalogue.stored_as(field)
    if stored.type in _SIMPLE_TYPES:
        return _SIMPLE_TYPES[stored.type]
    if stored.type is FieldType.NUMBER:
        sign = PERCENT if stored.unit == PERCENT else ""
        return _number_type(stored.precision or INTEGER_DIGITS, stored.scale or 0, sign)
    if stored.type is FieldType.CODE:
        return _code_type(catalogue, stored)
    if is_identifier(catalogue, spec, field):
        return ColumnType(pl.String(), _identifiers, read_identifier)
    if field.personal and PERSON_NAME in field.label:
        return ColumnType(pl.String(), _names, read_name)
    return ColumnType(pl.String(), _strings, read_string)


def is_identifier(catalogue: Catalogue, spec: TableSpec, field: FieldSpec) -> bool:
    """Whether a text field names or numbers something rather than telling of it.

    Such are references, the keys they name, and texts with a pattern or format.
    """
    if field.reference or field.pattern or field.format:
        return True
    return field.key and any(
        other.reference.table == spec.identifier and other.reference.field == field.code
        for table in catalogue.tables.values()
        for other in table.references
        if other.reference
    )


def _integers(raw: pl.Series) -> pl.Series:
    plain = raw.str.contains(rf"^-?[0-9]{{1,{INTEGER_DIGITS}}}$")
    return _where(plain, raw).cast(pl.Int64)


def _number_type(precision: int, scale: int, sign: str) -> ColumnType:
    whole = f"[0-9]{{1,{precision - scale}}}" if precision > scale else "0"
    decimals = rf"(\.[0-9]{{1,{scale}}})?" if scale else ""
    dtype = pl.Decimal(precision, scale)

    def convert(raw: pl.Series) -> pl.Series:
        return _where(raw.str.contains(f"^-?{whole}{decimals}$"), raw).cast(dtype)

    return ColumnType(dtype, convert, number_reader(precision, scale, sign))


def _booleans(raw: pl.Series) -> pl.Series:
    return _where(raw.is_in(["true", "false"]), raw) == "true"


def _dates(raw: pl.Series) -> pl.Series:
    plain = raw.str.contains(r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$")
    return _where(plain, raw).str.to_date("%Y-%m-%d", strict=False)


def _year_months(raw: pl.Series) -> pl.Series:
    return _where(raw.str.contains(r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])$"), raw)


def _code_type(catalogue: Catalogue, field: FieldSpec) -> ColumnType:
    codes = catalogue.code_lists[field.code_list or ""]

    def convert(raw: pl.Series) -> pl.Series:
        return _where(raw.is_in(list(codes.labels)), raw)

    return ColumnType(pl.String(), convert, code_reader(codes))


def _strings(raw: pl.Series) -> pl.Series:
    return _without(raw.str.strip_chars(), f"[{INVISIBLE}{UNREADABLE}]|{_NO_VALUE}")


def _names(raw: pl.Series) -> pl.Series:
    # Names with a blank are read one by one, and they are few.
    return _without(raw.str.strip_chars(), f"[{INVISIBLE}{UNREADABLE} \u3000\u00a0]|{_NO_VALUE}")


def _identifiers(raw: pl.Series) -> pl.Series:
    # Plain characters and ideographs are their own half-width form.
    return _without(raw.str.strip_chars(), f"[^!-~\u4e00-\u9fff]|{_NO_VALUE}")


def _without(texts: pl.Series, doubtful: str) -> pl.Series:
    plain = (texts != "") & ~texts.str.contains(doubtful) & ~texts.is_in(_NO_TEXTS)
    return _where(plain, texts)


def _where(plain: pl.Series, values: pl.Series) -> pl.Series:
    return values.set(~plain, None)


_SIMPLE_TYPES: Mapping[FieldType, ColumnType] = {
    FieldType.INTEGER: ColumnType(pl.Int64(), _integers, integer_reader(INTEGER_DIGITS)),
    FieldType.BOOLEAN: ColumnType(pl.Boolean(), _booleans, read_boolean),
    FieldType.DATE: ColumnType(pl.Date(), _dates, read_date),
    FieldType.YEARMONTH: ColumnType(pl.String(), _year_months, read_year_month),
    FieldType.TEXT: ColumnType(pl.String(), _strings, read_lines),
}
