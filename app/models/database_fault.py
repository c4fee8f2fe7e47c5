"""What a database refuses, told apart by its own numbers and said in words.

The three engines number the same faults differently; the numbers are from their manuals (MySQL
and MariaDB error reference, PostgreSQL appendix A, SQLite result codes).
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError

from app.catalogue.adopted_table import AdoptedTable
from app.domain.message import Message


class DatabaseFault(StrEnum):
    """Why a statement was refused."""

    DUPLICATE = "duplicate"
    STILL_NAMED = "still_named"
    NAMES_NOTHING = "names_nothing"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    OUT_OF_RANGE = "out_of_range"
    CHECK = "check"
    WRONG_FORM = "wrong_form"
    NO_GRANT = "no_grant"
    GONE = "gone"
    UNREACHABLE = "unreachable"
    TRIGGER = "trigger"
    OTHER = "other"


F = DatabaseFault
NUMBERS: Mapping[int, DatabaseFault] = {
    1062: F.DUPLICATE,
    1169: F.DUPLICATE,
    1217: F.STILL_NAMED,
    1451: F.STILL_NAMED,
    1216: F.NAMES_NOTHING,
    1452: F.NAMES_NOTHING,
    1048: F.EMPTY,
    1364: F.EMPTY,
    1406: F.TOO_LONG,
    1264: F.OUT_OF_RANGE,
    1690: F.OUT_OF_RANGE,
    3819: F.CHECK,
    4025: F.CHECK,
    1644: F.TRIGGER,
    1265: F.WRONG_FORM,
    1292: F.WRONG_FORM,
    1366: F.WRONG_FORM,
    1411: F.WRONG_FORM,
    1044: F.NO_GRANT,
    1142: F.NO_GRANT,
    1143: F.NO_GRANT,
    1227: F.NO_GRANT,
    1290: F.NO_GRANT,
    1054: F.GONE,
    1146: F.GONE,
    1356: F.GONE,
    1040: F.UNREACHABLE,
    1045: F.UNREACHABLE,
    2002: F.UNREACHABLE,
    2003: F.UNREACHABLE,
    2006: F.UNREACHABLE,
    2013: F.UNREACHABLE,
}
STATES: Mapping[str, DatabaseFault] = {
    "23505": F.DUPLICATE,
    "23503": F.NAMES_NOTHING,
    "23502": F.EMPTY,
    "22001": F.TOO_LONG,
    "22003": F.OUT_OF_RANGE,
    "23514": F.CHECK,
    "22P02": F.WRONG_FORM,
    "22007": F.WRONG_FORM,
    "22008": F.WRONG_FORM,
    "P0001": F.TRIGGER,
    "42501": F.NO_GRANT,
    "25006": F.NO_GRANT,
    "42P01": F.GONE,
    "42703": F.GONE,
}
SQLITE_CODES: Mapping[int, DatabaseFault] = {
    1555: F.DUPLICATE,
    2067: F.DUPLICATE,
    2579: F.DUPLICATE,
    787: F.NAMES_NOTHING,
    1811: F.TRIGGER,
    1299: F.EMPTY,
    275: F.CHECK,
    3091: F.WRONG_FORM,
    8: F.NO_GRANT,
    1: F.GONE,
}
# The database's own text may quote values that a mask hides; only what a trigger says is told.
MESSAGES: Mapping[DatabaseFault, Message] = {
    F.DUPLICATE: Message(
        "The database of table %(table)s has such a row already: a value that has to be"
        " unique occurs twice. Change it."
    ),
    F.STILL_NAMED: Message(
        "Other rows of the database still name this row of table %(table)s. Change or"
        " delete those first."
    ),
    F.NAMES_NOTHING: Message(
        "A value names a row of another table that does not exist, or this row is"
        " still named by others. Choose an existing one."
    ),
    F.EMPTY: Message(
        "The database of table %(table)s demands a value in a column that is empty. Fill it in."
    ),
    F.TOO_LONG: Message("A text is longer than its column in table %(table)s. Shorten it."),
    F.OUT_OF_RANGE: Message(
        "A number is larger or smaller than its column in table %(table)s holds."
    ),
    F.CHECK: Message(
        "A rule of the database forbids these values in table %(table)s. Compare them with"
        " the other rows."
    ),
    F.WRONG_FORM: Message(
        "A value does not have the form that its column in table %(table)s demands."
    ),
    F.NO_GRANT: Message(
        "The database account of the platform has no right to do this with table"
        " %(table)s. Ask whoever looks after the database to grant it."
    ),
    F.GONE: Message(
        "Table %(table)s or one of its columns does not exist in the database any more, or a"
        " view fails. Whoever looks after the platform can find out more with the command"
        " “statedata drift”."
    ),
    F.UNREACHABLE: Message(
        "The database does not answer. Try again in a moment; if it stays like this,"
        " tell whoever looks after it."
    ),
    F.TRIGGER: Message("The database refuses this in table %(table)s; it says: %(cause)s"),
    F.OTHER: Message(
        "The database refuses this in table %(table)s for a reason of its own. Tell whoever looks"
        " after the database when it happened and what you did."
    ),
}
LONGEST_CAUSE = 200
STATEMENTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
_DENIED = re.compile(
    r"\b((?:SELECT|INSERT|UPDATE|DELETE)(?:, ?(?:SELECT|INSERT|UPDATE|DELETE))*)\b"
)
_OWN_TABLE = re.compile(r"\b(?:sd|ab|bt)_\w+|\balembic_version\b")


def fault_of(error: DBAPIError) -> DatabaseFault:
    """What the database refused, as far as its number tells."""
    cause: Any = error.orig
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return SQLITE_CODES.get(code, SQLITE_CODES.get(code & 0xFF, F.OTHER))
    number = cause.args[0] if cause is not None and cause.args else None
    if isinstance(number, int):
        return NUMBERS.get(number, F.OTHER)
    state = str(getattr(cause, "sqlstate", None) or "")
    if state[:2] in {"08", "57"} or (not state and isinstance(error, OperationalError)):
        return F.UNREACHABLE
    return STATES.get(state, F.OTHER)


def missing_right(error: DBAPIError) -> tuple[str, str] | None:
    """The statements and the table of the platform's own for which a right is missing.

    None where the error is another one. Servers say it in their own languages, so that only
    words of SQL and names of our tables are looked for; either may be unknown and is empty then.
    """
    if fault_of(error) is not F.NO_GRANT:
        return None
    said, statement = cause_of(error), (error.statement or "").upper()
    told = _DENIED.search(said)
    needed = [word for word in STATEMENTS if statement.lstrip().startswith(word)]
    if needed == ["SELECT"] and "FOR UPDATE" in statement:
        needed.append("UPDATE")
    # Accounts and databases may be called like tables; the table comes last.
    tables = _OWN_TABLE.findall(said) or _OWN_TABLE.findall(error.statement or "")[:1]
    return told.group(1) if told else ", ".join(needed), tables[-1] if tables else ""


def refusal_message(spec: AdoptedTable, fault: DatabaseFault, error: DBAPIError) -> Message:
    """The fault in words that say what to do."""
    parameters = {"table": spec.title}
    if fault is F.TRIGGER:
        parameters["cause"] = cause_of(error)
    return replace(MESSAGES[fault], parameters=parameters)


def cause_of(error: DBAPIError) -> str:
    """What the database itself says, on one line and without the statement."""
    cause = error.orig
    parts = [part for part in getattr(cause, "args", ()) if isinstance(part, str)]
    return " ".join(" ".join(parts or [str(cause)]).split())[:LONGEST_CAUSE]
