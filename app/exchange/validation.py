"""What Excel itself lets people type into a template's columns.

A help for those who fill it in; the rules of the platform decide.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from app.catalogue.base_table import FieldSpec, FieldType, Reference
from app.domain.message import Message
from app.exchange.cell import EXACT_DIGITS, NO, YES, Column, Translate

# Excel's limits for the title and the text of its own message.
LONGEST_TITLE = 32
LONGEST_MESSAGE = 255
FIRST_DAY = date(1900, 3, 1)
LAST_DAY = date(2099, 12, 31)
TITLE = Message("This value does not fit")
NOT_LISTED = Message("Not in the list")


def list_name(code_list: str) -> str:
    """The workbook's name for the labels of a code list."""
    return f"list_{code_list}"


def reference_list_name(reference: Reference) -> str:
    """The workbook's name for the rows that a reference may name."""
    return f"rows_{reference.table}__{reference.field}"


def reference_validation(column: Column, translate: Translate) -> Mapping[str, object]:
    """Offers the list of rows that the column may name.

    What is not in the list may stay: the key alone does, and the list is as old as the file.
    """
    reference = column.field.reference
    advice = Message(
        "%(label)s: this is not in the list. Choose from the drop-down list, or keep it if it is"
        " the number or code alone.",
        {"label": column.field.label},
    )
    return {
        "validate": "list",
        "source": "" if reference is None else f"={reference_list_name(reference)}",
        "error_type": "information",
        "ignore_blank": True,
        "error_title": translate(NOT_LISTED)[:LONGEST_TITLE],
        "error_message": translate(advice)[:LONGEST_MESSAGE],
    }


def validation_of(column: Column, translate: Translate) -> Mapping[str, object] | None:
    """XlsxWriter's options for the column, None where anything may be typed.

    A reference that has no list may say key and label, so no length is asked of it.
    """
    if column.field.reference is not None:
        return None
    options = _criteria(column.stored, translate)
    if options is None:
        return None
    return {
        **options,
        "ignore_blank": True,
        "error_title": translate(TITLE)[:LONGEST_TITLE],
        "error_message": translate(_advice(column))[:LONGEST_MESSAGE],
    }


def heading_validation(translate: Translate) -> Mapping[str, object]:
    """Refuses typing over a heading, which the import needs to find the columns."""
    advice = Message("Headings are needed to read the file back; do not change them.")
    return {
        "validate": "custom",
        "value": "=FALSE",
        "ignore_blank": False,
        "error_title": translate(TITLE)[:LONGEST_TITLE],
        "error_message": translate(advice)[:LONGEST_MESSAGE],
    }


def _criteria(field: FieldSpec, translate: Translate) -> Mapping[str, object] | None:
    match field.type:
        case FieldType.CODE | FieldType.BOOLEAN:
            words = [translate(YES), translate(NO)]
            is_code = field.type is FieldType.CODE
            source = f"={list_name(field.code_list or '')}" if is_code else words
            return {"validate": "list", "source": source}
        case FieldType.INTEGER | FieldType.NUMBER:
            low, high = bounds(field)
            kind = "integer" if field.type is FieldType.INTEGER else "decimal"
            return _between(kind, float(low), float(high))
        case FieldType.DATE:
            return _between("date", FIRST_DAY, LAST_DAY)
        case FieldType.YEARMONTH:
            return _between("length", 6, 10)
        case _ if field.max_length:
            return {"validate": "length", "criteria": "<=", "value": field.max_length}
    return None


def _between(kind: str, low: object, high: object) -> Mapping[str, object]:
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}


def bounds(field: FieldSpec) -> tuple[Decimal, Decimal]:
    """The least and the largest number the field takes, both included."""
    digits = EXACT_DIGITS
    scale = 0
    if field.type is FieldType.NUMBER:
        scale = field.scale or 0
        digits = min((field.precision or digits) - scale, digits - scale)
    largest = Decimal(10) ** digits - Decimal(1).scaleb(-scale)
    low = -largest if field.minimum is None else field.minimum
    return low, (largest if field.maximum is None else field.maximum)


def _advice(column: Column) -> Message:
    """What to type instead."""
    stored = column.stored
    label = {"label": column.field.label}
    match stored.type:
        case FieldType.CODE | FieldType.BOOLEAN:
            return Message("%(label)s: choose an entry from the drop-down list.", label)
        case FieldType.INTEGER | FieldType.NUMBER:
            return _number_advice(column)
        case FieldType.DATE:
            return Message("%(label)s: type a date like 2025-09-01.", label)
        case FieldType.YEARMONTH:
            return Message("%(label)s: type a month like 2025-09.", label)
        case _:
            return Message(
                "%(label)s: at most %(count)s characters.", {**label, "count": stored.max_length}
            )


def _number_advice(column: Column) -> Message:
    """Only limits the catalogue names are worth telling."""
    stored = column.stored
    whole = stored.type is FieldType.INTEGER
    parameters: dict[str, object] = {
        "label": column.field.label,
        "number": Message("a whole number") if whole else Message("a number"),
        "minimum": stored.minimum,
        "maximum": stored.maximum,
    }
    if stored.minimum is not None and stored.maximum is not None:
        return Message("%(label)s: type %(number)s from %(minimum)s to %(maximum)s.", parameters)
    if stored.minimum is not None:
        return Message("%(label)s: type %(number)s of at least %(minimum)s.", parameters)
    if stored.maximum is not None:
        return Message("%(label)s: type %(number)s of at most %(maximum)s.", parameters)
    return Message("%(label)s: type %(number)s.", parameters)
