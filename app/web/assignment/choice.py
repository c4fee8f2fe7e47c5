"""What can be chosen for a table, as one text that a form carries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.domain.assignment import AssignmentKind, TableAssignment
from app.domain.department import DepartmentKind
from app.domain.message import Message, Reason, Refused
from app.models.department import Department

# Longer than any college's departments together.
LONGEST_CHOICE = 4000
TEACHING = (DepartmentKind.TEACHING,)
WITH_STUDENTS = (DepartmentKind.TEACHING, DepartmentKind.AFFILIATED)
# Names that fit into a line; more are counted.
MOST_NAMES = 3


@dataclass(frozen=True)
class Option:
    """One entry of a select."""

    value: str
    text: str


def encoded(plan: TableAssignment) -> str:
    """``own_staff:C01,C02:A02``; empty where nobody has the table."""
    if not plan.departments:
        return ""
    return ":".join((plan.kind.value, ",".join(plan.departments), ",".join(plan.guidance)))


def is_choice(text: str) -> bool:
    """Whether the text names a way to report a table."""
    kind = text.partition(":")[0]
    return kind in {AssignmentKind.RESPONSIBLE, AssignmentKind.OWN_STAFF}


def decoded(table: str, text: str) -> TableAssignment:
    """The assignment such a text stands for; Refused when it is no such text."""
    if not text:
        return TableAssignment(table)
    kind, departments, guidance = (*text[:LONGEST_CHOICE].split(":", 2), "", "")[:3]
    if not is_choice(text):
        raise Refused(
            Message("This choice of departments cannot be read. Load the page again."),
            Reason.INVALID,
        )
    return TableAssignment(table, AssignmentKind(kind), _codes(departments), _codes(guidance))


def _codes(text: str) -> tuple[str, ...]:
    return tuple(sorted({code for code in text.split(",") if code}))


@dataclass(frozen=True)
class Choices:
    """The departments that can be chosen today, and how choices are told."""

    departments: Mapping[str, Department]
    day: date

    @property
    def active(self) -> list[Department]:
        """Those that exist, by code."""
        return [d for d in self.departments.values() if d.is_active_on(self.day)]

    def single(self) -> list[Option]:
        """One department that is responsible."""
        return [
            Option(f"{AssignmentKind.RESPONSIBLE}:{found.code}:", f"{found.code} {found.name}")
            for found in self.active
        ]

    def several(self, guidance: Sequence[str] = ()) -> list[Option]:
        """Groups of departments that report a table each for itself."""
        groups = (
            (TEACHING, _("Every teaching department")),
            (WITH_STUDENTS, _("Every teaching department and affiliated unit")),
        )
        options: dict[str, str] = {}
        for kinds, text in groups:
            codes = tuple(found.code for found in self.active if found.kind in kinds)
            advising = tuple(code for code in guidance if code not in codes)
            plan = TableAssignment("", AssignmentKind.OWN_STAFF, codes, advising)
            if codes:
                options.setdefault(
                    encoded(plan), _("%(group)s (%(count)s)", group=text, count=len(codes))
                )
        return [Option(value, str(text)) for value, text in options.items()]

    def others(self, *values: str, offered: Sequence[Option]) -> list[Option]:
        """What is stored or was typed and is not among what is offered."""
        known = {"", *(option.value for option in offered)}
        found = []
        for value in dict.fromkeys(values):
            if value not in known and is_choice(value):
                found.append(Option(value, self.told(decoded("", value))))
        return found

    def told(self, plan: TableAssignment) -> str:
        """The departments of a plan in words."""
        names = [self.name(code) for code in plan.departments]
        if not names:
            return str(_("Nobody yet"))
        if plan.kind is AssignmentKind.RESPONSIBLE:
            return names[0]
        shown = "、".join(names[:MOST_NAMES])
        if len(names) > MOST_NAMES:
            shown = _("%(names)s and others, %(count)s in all", names=shown, count=len(names))
        return str(_("each for itself: %(names)s", names=shown))

    def advising(self, plan: TableAssignment) -> str:
        """The departments that give guidance, in words; empty for none."""
        return "、".join(self.name(code) for code in plan.guidance)

    def name(self, code: str) -> str:
        """The department's name, marked when it has ended."""
        found = self.departments.get(code)
        if found is None:
            return code
        if found.is_active_on(self.day):
            return found.name
        return str(_("%(department)s (abolished)", department=found.name))

    def told_codes(self, note: str | None) -> str:
        """What the audit log keeps of an assignment, with names instead of codes."""
        words = (note or "").split()
        if not words:
            return str(_("Nobody yet"))
        named = []
        for word in words:
            code = word.strip("()")
            known = self.departments.get(code)
            named.append(word.replace(code, known.name) if known is not None else word)
        return "、".join(named)
