"""What was typed into the forms of a person's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.message import Message, Reason, Refused
from app.domain.person import Function, TeacherKind
from app.web.formats import whole_number

LONGEST = 100


@dataclass(frozen=True)
class PersonForm:
    """The texts of one form; ``act`` tells which, None for a new person."""

    act: str | None = None
    version: int = 0
    number: str = ""
    name: str = ""
    department: str = ""
    teacher_kind: str = ""
    function: str = ""
    place: str = ""
    first_day: str = ""
    last_day: str = ""
    appointment: int = 0
    username: str = ""

    @property
    def kind(self) -> TeacherKind | None:
        """The chosen kind of teacher. Raises Refused."""
        if not self.teacher_kind:
            return None
        if self.teacher_kind not in set(TeacherKind):
            raise Refused(Message("Choose the kind of teacher from the list."), Reason.INVALID)
        return TeacherKind(self.teacher_kind)

    @property
    def chosen_function(self) -> Function:
        """The chosen function. Raises Refused."""
        if self.function not in set(Function):
            raise Refused(Message("Choose the function from the list."), Reason.INVALID)
        return Function(self.function)


def day_of(text: str) -> date | None:
    """A typed day; None where nothing was typed. Raises Refused."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = Message("“%(text)s” is not a day. Type it like 2026-09-01.", {"text": text})
        raise Refused(message, Reason.INVALID) from error


def read_form(typed: Mapping[str, str], act: str | None = None) -> PersonForm:
    """The form as it was sent; nothing is judged yet."""

    def text(name: str) -> str:
        return typed.get(name, "").strip()[:LONGEST]

    return PersonForm(
        act=act,
        version=whole_number(typed.get("version", "")),
        number=text("number"),
        name=text("name"),
        department=text("department"),
        teacher_kind=text("teacher_kind"),
        function=text("function"),
        place=text("place"),
        first_day=text("first_day"),
        last_day=text("last_day"),
        appointment=whole_number(typed.get("appointment", "")),
        username=text("username"),
    )
