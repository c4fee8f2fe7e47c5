"""Texts of the field rules' findings: what is wrong and what to do.

Masked fields never echo what was typed; a text of None stands for one of too
many to be quoted.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.catalogue.base_table import FieldFormat, FieldSpec, FieldType
from app.catalogue.code_list import CodeList
from app.domain.message import Message
from app.rules.code_reading import suggestion
from app.rules.column_type import INTEGER_DIGITS
from app.rules.raw_text import UNREADABLE
from app.rules.reading import DITTO, clean_text, is_error_word

LONGEST_ECHO = 40
# So many of the names that are on no list are told; the others are counted.
MOST_NAMES = 5
MOST_CHOICES = 8
# The mark between things told one after another.
COMMA = "、"


def shown(field: FieldSpec, text: str | None) -> Message:
    """What was typed, in quotation marks; hidden where the field is masked."""
    echo = clean_text(text or "")
    if field.mask or not echo or UNREADABLE in echo:
        return Message("the value entered")
    return Message("“%(value)s”", {"value": _shortened(echo)})


def _shortened(text: str) -> str:
    return text[:LONGEST_ECHO] + "…" if len(text) > LONGEST_ECHO else text


def names_message(names: Sequence[str], count: int) -> str | Message:
    """Some of ``count`` names, and how many there are where not all of them are told."""
    told = COMMA.join(map(_shortened, names))
    if count <= len(names):
        return told
    return Message("%(names)s and others, %(count)s names in all", {"names": told, "count": count})


def names_of_terms(told: Sequence[tuple[str, str | Message]]) -> str | Message:
    """What is told for each of some terms, at least one; of several with their labels."""
    if len(told) == 1:
        return told[0][1]
    first, *others = (
        Message("%(names)s (%(label)s)", {"names": names, "label": label}) for label, names in told
    )
    for each in others:
        first = Message("%(first)s; %(then)s", {"first": first, "then": each})
    return first


def required_message(field: FieldSpec) -> Message:
    """A required value is missing."""
    return Message("Please fill in %(label)s.", {"label": field.label})


def type_message(field: FieldSpec, stored: FieldSpec, text: str | None) -> Message:
    """The text cannot be read as the field's type."""
    parameters = {"label": field.label, "value": shown(field, text)}
    match stored.type:
        case FieldType.INTEGER:
            return Message(
                "%(label)s: %(value)s is not a whole number. Type digits only.", parameters
            )
        case FieldType.NUMBER:
            return Message("%(label)s: %(value)s is not a number. Type digits only.", parameters)
        case FieldType.BOOLEAN:
            return Message("%(label)s: %(value)s is neither yes nor no.", parameters)
        case FieldType.DATE:
            return Message(
                "%(label)s: %(value)s is not a date. Write it like 2025-09-01.", parameters
            )
        case FieldType.YEARMONTH:
            return Message(
                "%(label)s: %(value)s is not a month. Write it like 2025-09.", parameters
            )
        case _:
            return _text_message(parameters, text or "")


def error_message(parameters: Mapping[str, object]) -> Message:
    """That a cell has no value but an error, or none at all; ``label`` is that of its field."""
    return Message(
        "%(label)s: the cell shows an error, or its formula was never calculated. Type the"
        " value itself.",
        parameters,
    )


def _text_message(parameters: dict[str, object], text: str) -> Message:
    if is_error_word(text):
        return error_message(parameters)
    if clean_text(text) in DITTO:
        return Message(
            "%(label)s: %(value)s is no value of its own. Fill in each row by itself.", parameters
        )
    return Message(
        "%(label)s: %(value)s cannot be kept as text. Type it as text; in a "
        "spreadsheet, format the cell as text first.",
        parameters,
    )


def code_message(
    field: FieldSpec, codes: CodeList, text: str | None, *, suggests: bool = True
) -> Message:
    """The text is in no entry of the code list; names what comes closest."""
    parameters: dict[str, object] = {
        "label": field.label,
        "value": shown(field, text),
        "list": codes.title,
    }
    nearest = suggestion(codes, text or "") if suggests and not field.mask else None
    if nearest:
        return Message(
            "%(label)s: %(value)s is not in the list “%(list)s”. Closest: %(suggestion)s.",
            {**parameters, "suggestion": nearest},
        )
    if len(codes.items) <= MOST_CHOICES:
        return Message(
            "%(label)s: %(value)s is not in the list “%(list)s”. Choose one of: %(choices)s.",
            {**parameters, "choices": COMMA.join(item.label for item in codes.items)},
        )
    return Message(
        "%(label)s: %(value)s is not in the list “%(list)s”. Choose one of its entries.",
        parameters,
    )


def digits_message(field: FieldSpec, stored: FieldSpec) -> Message:
    """More digits before the decimal point than the field holds."""
    if stored.type is FieldType.NUMBER:
        digits = (stored.precision or INTEGER_DIGITS) - (stored.scale or 0)
    else:
        digits = INTEGER_DIGITS
    return Message(
        "%(label)s may have at most %(digits)s digits before the decimal point. "
        "Check the number and its unit%(unit)s.",
        {"label": field.label, "digits": digits, "unit": _in_brackets(field)},
    )


def decimals_message(field: FieldSpec, stored: FieldSpec) -> Message:
    """More decimal places than the field holds; nothing is rounded silently."""
    if not stored.scale:
        return Message("%(label)s has to be a whole number.", {"label": field.label})
    return Message(
        "%(label)s may have at most %(scale)s decimal places. Round it yourself.",
        {"label": field.label, "scale": stored.scale},
    )


def length_message(field: FieldSpec, longest: int, text: str | None) -> Message:
    """More characters than the field holds."""
    if text is None:
        return Message(
            "%(label)s may have at most %(maximum)s characters. Shorten it.",
            {"label": field.label, "maximum": longest},
        )
    return Message(
        "%(label)s may have at most %(maximum)s characters, it has %(length)s. Shorten it.",
        {"label": field.label, "maximum": longest, "length": len(clean_text(text))},
    )


def range_message(field: FieldSpec, stored: FieldSpec) -> Message:
    """A number outside its bounds."""
    parameters: dict[str, object] = {"label": field.label, "unit": _in_brackets(field)}
    if stored.minimum is None:
        return Message(
            "%(label)s may be at most %(maximum)s%(unit)s.",
            {**parameters, "maximum": _plain(stored.maximum)},
        )
    parameters["minimum"] = _plain(stored.minimum)
    if stored.maximum is None:
        return Message("%(label)s has to be at least %(minimum)s%(unit)s.", parameters)
    return Message(
        "%(label)s has to be between %(minimum)s and %(maximum)s%(unit)s.",
        {**parameters, "maximum": _plain(stored.maximum)},
    )


def pattern_message(field: FieldSpec, text: str | None) -> Message:
    """A text that does not follow the field's pattern."""
    return Message(
        "%(label)s: %(value)s does not have the prescribed form. See the notes on this field.",
        {"label": field.label, "value": shown(field, text)},
    )


def format_message(field: FieldSpec, text: str | None) -> Message:
    """A text that does not follow its format."""
    parameters = {"label": field.label, "value": shown(field, text)}
    match field.format:
        case FieldFormat.URL:
            return Message(
                "%(label)s: %(value)s is not a web address. It begins with http:// or https://.",
                parameters,
            )
        case FieldFormat.MOBILE:
            return Message("%(label)s: %(value)s is not a mobile number of 11 digits.", parameters)
        case FieldFormat.PHONE:
            return Message(
                "%(label)s: %(value)s is not a telephone number. Write it like 0710-3345678.",
                parameters,
            )
        case FieldFormat.EMAIL:
            return Message("%(label)s: %(value)s is not an e-mail address.", parameters)
        case FieldFormat.ID_CARD:
            return Message(
                "%(label)s: %(value)s has a wrong form or check digit. Compare it with the card.",
                parameters,
            )
        case _:
            return Message(
                "%(label)s: %(value)s has a wrong form or check digit. Compare it with the "
                "original.",
                parameters,
            )


def reference_message(field: FieldSpec, table: str, text: str | None) -> Message:
    """A value that names no row of the table it refers to."""
    return Message(
        "%(label)s: %(value)s does not exist in table %(table)s. Choose an existing one or "
        "ask for it to be entered there first.",
        {"label": field.label, "value": shown(field, text), "table": table},
    )


def _in_brackets(field: FieldSpec) -> str | Message:
    return Message(" (%(unit)s)", {"unit": field.unit}) if field.unit else ""


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}"
