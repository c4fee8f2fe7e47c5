"""A list of people as it came from a file or from a base table, before it is judged."""

from dataclasses import dataclass
from datetime import date

from app.domain.message import Message
from app.domain.person import Function, TeacherKind

# The columns a list may have, in the order of the template.
NUMBER, NAME, DEPARTMENT, KIND = "number", "name", "department", "teacher_kind"
FUNCTION, POST_DEPARTMENT, FROM, TO = "function", "post_department", "valid_from", "valid_to"
USERNAME = "username"
COLUMNS = (NUMBER, NAME, DEPARTMENT, KIND, FUNCTION, POST_DEPARTMENT, FROM, TO, USERNAME)
REQUIRED_COLUMNS = (NUMBER, NAME, DEPARTMENT)


@dataclass(frozen=True)
class StaffRow:
    """One row: somebody, with at most one appointment.

    ``row`` is its number in the file. Departments are codes or names as they
    were written; an empty cell is None and keeps what is stored.
    """

    row: int
    number: str
    name: str | None
    department: str | None
    teacher_kind: TeacherKind | None = None
    function: Function | None = None
    post_department: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    username: str | None = None


@dataclass(frozen=True)
class RowFault:
    """What is wrong in a row, in which column, and what to do about it."""

    row: int
    column: str
    message: Message


@dataclass(frozen=True)
class StaffRows:
    """The rows that could be read, what could not be, and where the columns stood.

    ``letters`` maps a column to its letters in Excel; empty where the list was
    no sheet.
    """

    rows: tuple[StaffRow, ...]
    faults: tuple[RowFault, ...] = ()
    letters: tuple[tuple[str, str], ...] = ()
