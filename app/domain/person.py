"""Functions people hold and the kinds of teacher (第五条, 第十条)."""

import re
from enum import StrEnum

from app.domain.message import Message


class Function(StrEnum):
    """What a person is appointed to; gives scope, while FAB roles give verbs."""

    ADMINISTRATOR = "administrator"
    QA_OFFICE = "qa_office"
    HEAD = "head"
    DATA_STEWARD = "data_steward"
    TEACHER = "teacher"
    LEADER = "leader"
    ARCHIVE = "archive"
    READER = "reader"


class TeacherKind(StrEnum):
    """The four kinds of teacher named in 第十条."""

    FULL_TIME = "full_time"
    IN_HOUSE = "in_house"
    EXTERNAL_PART_TIME = "external_part_time"
    EXTERNAL_VISITING = "external_visiting"


# Functions that act for the whole college rather than for one department.
COLLEGE_WIDE = frozenset(
    {
        Function.ADMINISTRATOR,
        Function.QA_OFFICE,
        Function.LEADER,
        Function.ARCHIVE,
        Function.READER,
    }
)


class LoginState(StrEnum):
    """How somebody stands with the platform's door."""

    WITHOUT_LOGIN = "without_login"
    FIRST_SIGN_IN = "first_sign_in"
    ACTIVE = "active"
    LOCKED_OUT = "locked_out"
    DISABLED = "disabled"


LONGEST_NUMBER = 32
LONGEST_NAME = 64
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}", re.ASCII)
_USERNAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._@-]{1,63}", re.ASCII)


def why_bad_number(number: str) -> Message | None:
    """Why this cannot be anybody's 工号."""
    if _NUMBER.fullmatch(number):
        return None
    return Message(
        "A staff number has 1 to 32 letters and digits, without spaces; “%(number)s” does not fit.",
        {"number": number[:LONGEST_NUMBER]},
    )


def why_bad_name(name: str) -> Message | None:
    """Why this cannot be anybody's name."""
    if 0 < len(name) <= LONGEST_NAME and name.isprintable():
        return None
    return Message("A name has 1 to 64 characters.")


def why_bad_username(username: str) -> Message | None:
    """Why nobody can sign in under this name."""
    if _USERNAME.fullmatch(username):
        return None
    return Message(
        "A sign-in name has 2 to 64 letters and digits; of other signs . _ - @ are allowed."
        " “%(name)s” does not fit.",
        {"name": username[:LONGEST_NAME]},
    )
