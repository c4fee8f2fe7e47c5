"""Reading what is typed into a column of an adopted table (decision record 0016).

The database is the rule book of such a table: what its column cannot hold is refused here, in
words and before the database has to; what only it can judge (checks, keys) it says itself.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from app.catalogue.adopted_table import AdoptedColumn, ColumnKind
from app.domain.message import Message
from app.rules.finding_messages import COMMA
from app.rules.raw_text import UNREADABLE
from app.rules.reading import (
    BOOLEANS,
    Fault,
    clean_text,
    half_width,
    number_reader,
    read_date,
)

LONGEST_ECHO = 40
MOST_CHOICES = 8
# Digits of the longest DECIMAL there is (MySQL); PostgreSQL's may be longer.
MOST_DIGITS = 65
MOST_DECIMALS = 30
_SEPARATORS = re.compile("[,，、;；]")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
_TIME = re.compile(r"(-?\d{1,3}):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,6})?)?", re.ASCII)


class UnfitError(ValueError):
    """A value that the column cannot hold, with the reason to show."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.english())
        self.message = message


def read_value(column: AdoptedColumn, raw: object) -> object:
    """What is to be written for ``raw`` (text, number, truth value, None for an empty cell).

    None where the cell becomes empty, else as ``compared_value``. Raises UnfitError.
    """
    if not column.editable:
        raise UnfitError(
            Message("%(label)s is filled in by the database.", {"label": column.label})
            if column.generated
            else Message("%(label)s cannot be changed here.", {"label": column.label})
        )
    if not _text_of(raw).strip():
        return _empty(column)
    return compared_value(column, raw)


def compared_value(column: AdoptedColumn, raw: object) -> object:
    """``raw`` in the form in which the database compares and keeps values of ``column``.

    Text for dates, times, choices and JSON; int, Decimal, float and bool for the rest. Raises
    UnfitError, also for kinds that are never compared.
    """
    text = _text_of(raw)
    reader = READERS.get(column.kind)
    if reader is None:
        raise _unfit(column, text, Message("%(label)s: rows cannot be chosen by %(value)s."))
    if "\x00" in text or UNREADABLE in text or _is_broken(text):
        raise _unfit(column, text, Message("%(label)s: %(value)s cannot be kept as text."))
    return reader(column, text)


def key_value(column: AdoptedColumn, raw: object) -> object:
    """A part of a key as it was read, blanks and all. Raises UnfitError."""
    if column.kind not in {ColumnKind.STRING, ColumnKind.TEXT}:
        return compared_value(column, raw)
    text = str(raw)
    if "\x00" in text or _is_broken(text):
        raise _unfit(column, text, Message("%(label)s: %(value)s cannot be kept as text."))
    return text


def _text_of(raw: object) -> str:
    match raw:
        case None:
            return ""
        case bool():
            return "true" if raw else "false"
        case float() if raw.is_integer():
            return str(int(raw))
        case list() | dict():
            return json.dumps(raw, ensure_ascii=False)
        case _:
            return str(raw)


def _is_broken(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _empty(column: AdoptedColumn) -> object:
    if column.nullable:
        return None
    if column.kind in {ColumnKind.STRING, ColumnKind.TEXT} and not column.required:
        return ""
    raise UnfitError(Message("Please fill in %(label)s.", {"label": column.label}))


def _unfit(column: AdoptedColumn, text: str, message: Message, **more: object) -> UnfitError:
    """The message with the column's label and what was typed; masked columns never echo it."""
    echo = clean_text(text)
    if column.masked or not echo:
        value = Message("the value entered")
    else:
        cut = echo if len(echo) <= LONGEST_ECHO else echo[:LONGEST_ECHO] + "…"
        value = Message("“%(value)s”", {"value": cut})
    parameters = {"label": column.label, "value": value, **more}
    return UnfitError(replace(message, parameters=parameters))


def _line(column: AdoptedColumn, text: str) -> str:
    return _fitting(column, clean_text(text, keep_lines=True))


def _lines(column: AdoptedColumn, text: str) -> str:
    return _fitting(column, text.replace("\r\n", "\n"))


def _fitting(column: AdoptedColumn, text: str) -> str:
    if column.max_length is not None and len(text) > column.max_length:
        raise UnfitError(
            Message(
                "%(label)s may have at most %(maximum)s characters, it has %(length)s. Shorten it.",
                {"label": column.label, "maximum": column.max_length, "length": len(text)},
            )
        )
    return text


def _integer(column: AdoptedColumn, text: str) -> int:
    read = number_reader(MOST_DIGITS, 0)(text)
    if not isinstance(read.value, Decimal):
        raise _unfit(
            column, text, Message("%(label)s: %(value)s is not a whole number. Type digits only.")
        )
    number = int(read.value)
    low, high = column.minimum, column.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        bounds = {"minimum": low, "maximum": high}
        message = Message("%(label)s has to be between %(minimum)s and %(maximum)s.")
        raise _unfit(column, text, message, **bounds)
    return number


def _number(column: AdoptedColumn, text: str) -> Decimal:
    precision, scale = column.precision or MOST_DIGITS * 2, column.scale
    read = number_reader(precision, MOST_DECIMALS if scale is None else scale)(text)
    if read.fault is Fault.DIGITS:
        message = Message("%(label)s may have at most %(digits)s digits before the decimal point.")
        raise _unfit(column, text, message, digits=precision - (scale or 0))
    if read.fault is Fault.DECIMALS:
        message = Message("%(label)s may have at most %(scale)s decimal places. Round it yourself.")
        raise _unfit(column, text, message, scale=scale)
    if not isinstance(read.value, Decimal):
        raise _unfit(
            column, text, Message("%(label)s: %(value)s is not a number. Type digits only.")
        )
    return read.value if scale is not None else read.value.normalize()


def _float(column: AdoptedColumn, text: str) -> float:
    plain = half_width(text)
    # A comma that sets no thousands apart would make a hundred times as much.
    plain = plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain
    try:
        number = float(Decimal(plain))
    except (InvalidOperation, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise _unfit(
            column, text, Message("%(label)s: %(value)s is not a number. Type digits only.")
        )
    return number


def _boolean(column: AdoptedColumn, text: str) -> bool:
    value = BOOLEANS.get(half_width(text).casefold())
    if value is None:
        raise _unfit(column, text, Message("%(label)s: %(value)s is neither yes nor no."))
    return value


def _date(column: AdoptedColumn, text: str) -> str:
    value = read_date(text).value
    if not isinstance(value, date):
        message = Message("%(label)s: %(value)s is not a date. Write it like 2025-09-01.")
        raise _unfit(column, text, message)
    return value.isoformat()


def _datetime(column: AdoptedColumn, text: str) -> str:
    plain = half_width(text).replace("/", "-")
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        moment = None
    if moment is not None and (moment.tzinfo is None or _keeps_zone(column)):
        return moment.isoformat(sep=" ")
    day, _, rest = plain.partition(" ")
    value = None if moment is not None else read_date(day).value
    if isinstance(value, date) and (not rest or _TIME.fullmatch(rest)):
        return f"{value.isoformat()} {_clock(rest) if rest else '00:00:00'}"
    raise _unfit(
        column,
        text,
        Message("%(label)s: %(value)s is not a point in time. Write it like 2025-09-01 08:30."),
    )


def _keeps_zone(column: AdoptedColumn) -> bool:
    """Whether the column takes a time zone; others would drop it and be hours off."""
    stored = column.stored.lower()
    return "with time zone" in stored or "timestamptz" in stored


def _time(column: AdoptedColumn, text: str) -> str:
    plain = half_width(text)
    if not _TIME.fullmatch(plain):
        raise _unfit(
            column, text, Message("%(label)s: %(value)s is not a time. Write it like 08:30.")
        )
    return _clock(plain)


def _clock(text: str) -> str:
    """Hours with two digits and always seconds; hours may be many, as of a duration."""
    hours, _, rest = text.partition(":")
    sign = "-" if hours.startswith("-") else ""
    hours = hours.removeprefix("-").zfill(2)
    return f"{sign}{hours}:{rest}" if ":" in rest else f"{sign}{hours}:{rest}:00"


def _choice(column: AdoptedColumn, text: str) -> str:
    found = _among(column, text.strip())
    if found is None:
        raise _not_among(column, text)
    return found


def _choices(column: AdoptedColumn, text: str) -> str:
    found = []
    for part in filter(None, map(str.strip, _SEPARATORS.split(text))):
        value = _among(column, part)
        if value is None:
            raise _not_among(column, part)
        found.append(value)
    # In the order of the column's own list, as the database gives them back.
    return ",".join(value for value in column.values if value in found)


def _among(column: AdoptedColumn, text: str) -> str | None:
    if text in column.values:
        return text
    wanted = half_width(text).casefold()
    return next((v for v in column.values if half_width(v).casefold() == wanted), None)


def _not_among(column: AdoptedColumn, text: str) -> UnfitError:
    if len(column.values) > MOST_CHOICES:
        message = Message("%(label)s: %(value)s is not among the values the database takes.")
        return _unfit(column, text, message)
    choices = COMMA.join(column.values)
    message = Message("%(label)s: %(value)s is not allowed. Choose one of: %(choices)s.")
    return _unfit(column, text, message, choices=choices)


def _json(column: AdoptedColumn, text: str) -> str:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        raise _unfit(column, text, Message("%(label)s: %(value)s is not valid JSON.")) from None
    return text


def _uuid(column: AdoptedColumn, text: str) -> str:
    try:
        return str(UUID(half_width(text)))
    except ValueError:
        raise _unfit(column, text, Message("%(label)s: %(value)s is not a UUID.")) from None


Reader = Callable[[AdoptedColumn, str], Any]
# Every kind that may be edited.
READERS: Mapping[ColumnKind, Reader] = {
    ColumnKind.STRING: _line,
    ColumnKind.TEXT: _lines,
    ColumnKind.INTEGER: _integer,
    ColumnKind.NUMBER: _number,
    ColumnKind.FLOAT: _float,
    ColumnKind.BOOLEAN: _boolean,
    ColumnKind.DATE: _date,
    ColumnKind.DATETIME: _datetime,
    ColumnKind.TIME: _time,
    ColumnKind.CHOICE: _choice,
    ColumnKind.CHOICES: _choices,
    ColumnKind.JSON: _json,
    ColumnKind.UUID: _uuid,
}
