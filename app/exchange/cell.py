"""Cells of workbooks: how a stored value is shown, formatted and written."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.catalogue.base_table import FieldSpec, FieldType, TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.code_list import CodeList
from app.domain.message import Message, Reason, Refused
from app.exchange.heading import headings
from app.exchange.mask import masked

Translate = Callable[[Message], str]
Cell = str | int | bool | Decimal | date | None

# Excel cuts a longer text off without a word.
LONGEST_TEXT = 32_767
# Excel keeps fifteen digits of a number; longer ones are written as text.
EXACT_DIGITS = 15
# Excel's calendar is right from here on; earlier days are written as text.
FIRST_DAY = date(1900, 3, 1)
# A spreadsheet takes text that begins like this for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
NOTHING_NAMED: Mapping[str, Mapping[str, str]] = MappingProxyType({})
YES = Message("yes")
NO = Message("no")


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    ``stored`` is the field whose type the values have (a reference has that of
    the key it names); ``show`` turns a stored value into what the cell shows.
    """

    field: FieldSpec
    stored: FieldSpec
    heading: str
    show: Callable[[Any], Cell]


def columns_of(
    catalogue: Catalogue,
    spec: TableSpec,
    translate: Translate,
    *,
    with_labels: bool = True,
    unmasked: bool = False,
    masks: Collection[str] = (),
    named: Mapping[str, Mapping[str, str]] = NOTHING_NAMED,
) -> tuple[Column, ...]:
    """The table's fields as columns in their printed order.

    ``with_labels`` shows labels and yes/no words instead of codes; masked
    fields show their ends only unless ``unmasked``, those in ``masks`` always.
    ``named`` maps the codes of reference fields to keys and what they are shown as.
    """
    texts = headings(spec)
    columns = []
    for field in spec.fields:
        stored = catalogue.stored_as(field)
        show: Callable[[Any], Cell] = as_it_is
        codes = catalogue.code_list_of(stored)
        if with_labels and codes is not None:
            show = _reader_of(shown_codes(codes))
        elif with_labels and stored.type is FieldType.BOOLEAN:
            show = _reader_of({True: translate(YES), False: translate(NO)})
        elif field.code in named:
            show = _reader_of(named[field.code])
        if field.code in masks or (field.mask and not unmasked):
            show = masked
        columns.append(Column(field, stored, texts[field.code], show))
    return tuple(columns)


def shown_codes(codes: CodeList) -> Mapping[str, str]:
    """Code → its label, or the code itself where two codes share a label."""
    return {
        item.code: item.label if codes.codes[item.label] == item.code else item.code
        for item in codes.items
    }


def _reader_of(texts: Mapping[Any, str]) -> Callable[[Any], Cell]:
    """Value → its text; a code the list no longer has is shown as it is stored."""

    def show(value: Any) -> Cell:
        shown: Cell = texts.get(value, value)
        return shown

    return show


def as_it_is(value: Any) -> Cell:
    """The stored value itself."""
    shown: Cell = value
    return shown


def is_text(column: Column) -> bool:
    """Whether the column's cells are text to Excel, so that 0012 stays 0012."""
    return column.stored.type not in {FieldType.INTEGER, FieldType.NUMBER, FieldType.DATE}


@dataclass(frozen=True)
class ColumnFormat:
    """The formats of one column: of its cells and of text like a formula."""

    plain: Format
    quoted: Format


def column_format(book: Workbook, column: Column, **more: object) -> ColumnFormat:
    """The formats for the column's values in this workbook."""
    properties = {**look_of(column), **more}
    quoted = {**properties, "num_format": "@", "quote_prefix": True}
    return ColumnFormat(book.add_format(properties), book.add_format(quoted))


def look_of(column: Column) -> dict[str, object]:
    """XlsxWriter's properties of the column's cells."""
    properties: dict[str, object] = {"num_format": number_format(column), "valign": "top"}
    if column.stored.type is FieldType.TEXT:
        properties["text_wrap"] = True
    return properties


def number_format(column: Column) -> str:
    """Excel's number format: text for text, so that leading zeros stay.

    Numbers show all decimals of their scale and those typed beyond it.
    """
    match column.stored.type:
        case FieldType.INTEGER:
            return "0"
        case FieldType.NUMBER:
            scale = column.stored.scale or 0
            return "0." + "0" * scale + "##" if scale else "0"
        case FieldType.DATE:
            return "yyyy-mm-dd"
        case _:
            return "@"


def write_cell(sheet: Worksheet, row: int, column: int, value: Cell, formats: ColumnFormat) -> None:
    """Write what a cell shows; text is never taken for a formula.

    Raises Refused for a text no cell can hold whole.
    """
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, value, formats.plain)
        case str():
            if len(value) > LONGEST_TEXT:
                raise Refused(
                    Message(
                        "A text of row %(row)s is too long for a workbook. Export as CSV instead.",
                        {"row": row + 1},
                    ),
                    Reason.INVALID,
                )
            risky = value.startswith(FORMULA_STARTS)
            sheet.write_string(row, column, value, formats.quoted if risky else formats.plain)
        case date() if value >= FIRST_DAY:
            sheet.write_datetime(row, column, value, formats.plain)
        case int() | Decimal() if fits_exactly(value):
            sheet.write_number(row, column, value, formats.plain)
        case _:
            sheet.write_string(row, column, str(value), formats.quoted)


def fits_exactly(value: int | Decimal) -> bool:
    """Whether Excel keeps all digits of the number."""
    if isinstance(value, int):
        return value in range(1 - 10**EXACT_DIGITS, 10**EXACT_DIGITS)
    return len(value.normalize().as_tuple().digits) <= EXACT_DIGITS


def widths(columns: tuple[Column, ...]) -> Mapping[str, float]:
    """Field code → width in characters, from type, length and heading."""
    return {column.field.code: _width(column) for column in columns}


def _width(column: Column) -> float:
    by_type = {
        FieldType.INTEGER: 9,
        FieldType.NUMBER: 12,
        FieldType.DATE: 12,
        FieldType.YEARMONTH: 10,
        FieldType.BOOLEAN: 7,
        FieldType.CODE: 16,
        FieldType.TEXT: 40,
    }
    wanted = by_type.get(column.stored.type) or min(32, max(10, column.stored.max_length or 12))
    # The heading wraps over two lines; a Chinese character takes two places.
    return float(max(wanted, min(30, len(column.heading) + 4)))
