"""Judging the rows of a list of people against the platform."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from app.access.appointment import (
    Subject,
    subject_of,
    why_not_add_person,
    why_not_appoint,
    why_not_decide,
    why_not_edit_person,
    why_not_end,
    why_not_give_login,
    why_not_until,
)
from app.access.person import Actor
from app.actions.staff_list_plan import (
    Difference,
    Known,
    NewAppointment,
    Planned,
    StaffPlan,
    digest_of_plan,
    people_left,
)
from app.domain.message import Message
from app.domain.person import (
    TeacherKind,
    why_bad_name,
    why_bad_number,
    why_bad_username,
)
from app.domain.staff_list import (
    COLUMNS,
    DEPARTMENT,
    FUNCTION,
    KIND,
    NAME,
    NUMBER,
    POST_DEPARTMENT,
    TO,
    USERNAME,
    RowFault,
    StaffRow,
    StaffRows,
)
from app.models.appointment_rows import is_last_administrator
from app.models.department import Department
from app.models.person import Appointment, Person

NAME_LABEL = Message("Name")
DEPARTMENT_LABEL = Message("Department")
KIND_LABEL = Message("Kind of teacher")


def plan_staff_list(rows: StaffRows, known: Known, *, create_logins: bool, by: Actor) -> StaffPlan:
    """What the list would change, and everything that speaks against it.

    ``create_logins`` gives everybody on the list who has no login one with the
    staff number as its name.
    """
    work = _Work(known, by, create_logins=create_logins, faults=list(rows.faults))
    groups: dict[str, list[StaffRow]] = {}
    for row in rows.rows:
        groups.setdefault(row.number, []).append(row)
    planned = [work.judge(number, group) for number, group in groups.items()]
    found = [one for one in planned if one is not None]
    work.refuse_shared_usernames(found)
    disabled = [one for one in found if one.person is not None and not one.person.is_active]
    there = [one for one in found if one.person is not None and one.person.is_active]
    return StaffPlan(
        created=[one for one in found if one.person is None],
        changed=[one for one in there if one.changes],
        unchanged=[one for one in there if not one.changes],
        disabled=disabled,
        left=people_left(known, groups.keys(), by),
        faults=sorted(work.faults, key=lambda fault: (fault.row, COLUMNS.index(fault.column))),
        digest=digest_of_plan(rows, known, create_logins=create_logins),
    )


@dataclass
class _Work:
    """The platform, who asks, and the faults found so far."""

    known: Known
    by: Actor
    create_logins: bool
    faults: list[RowFault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.departments: dict[str, Department] = {}
        for department in self.known.departments:
            self.departments[department.name.casefold()] = department
        for department in self.known.departments:
            self.departments[department.code.casefold()] = department
        self.unpadded = {number.lstrip("0"): number for number in self.known.people}

    def fault(self, row: StaffRow, column: str, message: Message | None) -> bool:
        """Note what is wrong; whether there was anything."""
        if message is not None:
            self.faults.append(RowFault(row.row, column, message))
        return message is not None

    def judge(self, number: str, rows: Sequence[StaffRow]) -> Planned | None:
        """What becomes of the person; None where the rows do not even name one."""
        first = rows[0]
        if self.fault(first, NUMBER, why_bad_number(number) or self._why_unpadded(number)):
            return None
        self._refuse_contradictions(number, rows)
        person = self.known.people.get(number)
        planned = self._particulars(rows, person)
        if planned is None or (person is not None and not person.is_active):
            return planned
        self._refuse_without_right(first, planned)
        subject = self._subject(planned)
        for row in rows:
            self._appointment(row, planned, subject)
        self._username(rows, planned)
        return planned

    def _why_unpadded(self, number: str) -> Message | None:
        """Spreadsheets drop leading zeros; that would make a second person of somebody."""
        known = self.unpadded.get(number.lstrip("0"))
        if known is None or number in self.known.people:
            return None
        return Message(
            "There is nobody with the number %(number)s, but %(known)s is known. Format the column"
            " as text and type the number with all its zeros.",
            {"number": number, "known": known},
        )

    def _refuse_contradictions(self, number: str, rows: Sequence[StaffRow]) -> None:
        """Rows of one number have to speak of one person."""
        for column in (NAME, DEPARTMENT, KIND, USERNAME):
            told = [(row, getattr(row, column)) for row in rows if getattr(row, column)]
            for row, value in told[1:]:
                if value == told[0][1]:
                    continue
                other = told[0][0].row
                self.fault(row, column, _contradiction(column, number, other, told[0][1]))
                self.fault(told[0][0], column, _contradiction(column, number, row.row, value))

    def _particulars(self, rows: Sequence[StaffRow], person: Person | None) -> Planned | None:
        first = rows[0]
        name = _first(rows, NAME) or (person.name if person else "")
        refused = self.fault(first, NAME, why_bad_name(str(name)))
        text = _first(rows, DEPARTMENT)
        department = person.department_code if person else None
        if text:
            found = self._department(first, DEPARTMENT, str(text))
            refused, department = refused or found is None, found
        elif department is None:
            refused = self.fault(first, DEPARTMENT, Message("Name the department of the person."))
        if refused or department is None:
            return None
        kind = _first(rows, KIND) or (person.teacher_kind if person else None)
        known_kind = TeacherKind(str(kind)) if kind else None
        planned = Planned(first.number, first.row, person, str(name), department, known_kind)
        if person is not None:
            pairs = (
                (NAME_LABEL, person.name, planned.name),
                (DEPARTMENT_LABEL, person.department_code, planned.department),
                (KIND_LABEL, person.teacher_kind, planned.teacher_kind),
            )
            planned.differences = [Difference(*pair) for pair in pairs if pair[1] != pair[2]]
        return planned

    def _department(self, row: StaffRow, column: str, text: str) -> str | None:
        """The code of the department that is written by code or by name."""
        found = self.departments.get(text.casefold())
        if found is None:
            self.fault(row, column, self._unknown_department(text))
            return None
        if found.valid_to is not None and found.valid_to < self.known.today:
            ended = {"department": found.name, "day": found.valid_to.isoformat()}
            message = Message(
                "The department “%(department)s” was closed on %(day)s. Name another one.", ended
            )
            self.fault(row, column, message)
            return None
        return found.code

    def _unknown_department(self, text: str) -> Message:
        names = [department.name for department in self.known.departments]
        near = get_close_matches(text, names, n=1, cutoff=0.4)
        if near:
            return Message(
                "There is no department “%(text)s”. Do you mean “%(near)s”?",
                {"text": text, "near": near[0]},
            )
        return Message(
            "There is no department “%(text)s”. Use the code or the full name of a department.",
            {"text": text},
        )

    def _refuse_without_right(self, row: StaffRow, planned: Planned) -> None:
        if planned.person is None:
            self.fault(row, NUMBER, why_not_add_person(self.by))
        elif planned.differences:
            self.fault(row, NAME, why_not_edit_person(self.by))

    def _subject(self, planned: Planned) -> Subject:
        if planned.person is not None:
            roles = self.known.roles.get(planned.person.username or "", frozenset())
            subject = subject_of(planned.person, self.known.today, roles)
            return replace(subject, department=planned.department)
        is_teacher = planned.teacher_kind is not None
        return Subject(planned.number, planned.department, is_teacher, frozenset())

    def _appointment(self, row: StaffRow, planned: Planned, subject: Subject) -> None:
        """What the row says about a function."""
        if row.function is None:
            if row.post_department or row.valid_from or row.valid_to:
                message = Message("The row names a department or days, but no function.")
                self.fault(row, FUNCTION, message)
            return
        place: str | None = planned.department
        if row.post_department:
            place = self._department(row, POST_DEPARTMENT, row.post_department)
        begins = row.valid_from or self.known.today
        refused = self.fault(row, TO, _why_bad_days(begins, row, self.known))
        if place is None or refused:
            return
        department = self.departments[place.casefold()]
        if self.fault(row, TO, why_not_until(department, row.valid_to, self.known.today)):
            return
        new = NewAppointment(row.function, place, begins, row.valid_to)
        if any((n.function, n.department) == (new.function, place) for n in planned.appointments):
            self.fault(row, FUNCTION, Message("This function stands in the list twice."))
            return
        existing = _in_force(planned.person, new, self.known)
        if existing is not None:
            self._move_end(row, planned, subject, existing)
        elif not self.fault(
            row,
            FUNCTION,
            why_not_appoint(
                self.by, _with_given(subject, planned), new.function, place, new.valid_to
            ),
        ):
            planned.appointments.append(new)

    def _move_end(
        self, row: StaffRow, planned: Planned, subject: Subject, existing: Appointment
    ) -> None:
        if row.valid_to is None or row.valid_to == existing.valid_to:
            return
        place = existing.department_code
        is_last = is_last_administrator(self.known.held, planned.number)
        refusal = why_not_end(
            self.by, subject, existing.function, place, existing.valid_to, is_last=is_last
        ) or why_not_decide(self.by, subject, existing.function, place, row.valid_to)
        if not self.fault(row, TO, refusal):
            planned.moved_ends.append((existing, row.valid_to))

    def _username(self, rows: Sequence[StaffRow], planned: Planned) -> None:
        """The login that is asked for, where there is none yet."""
        first = rows[0]
        wanted = _first(rows, USERNAME)
        present = planned.person.username if planned.person else None
        if present is not None:
            if wanted and wanted != present:
                message = Message(
                    "This person signs in as “%(name)s” already; leave the sign-in name empty.",
                    {"name": present},
                )
                self.fault(first, USERNAME, message)
            return
        username = str(wanted or (planned.number if self.create_logins else ""))
        if not username:
            return
        subject = _with_given(self._subject(planned), planned)
        refusal = (
            why_bad_username(username)
            or self._why_taken(username)
            or why_not_give_login(self.by, subject)
        )
        if not self.fault(first, USERNAME, refusal):
            planned.username = username

    def _why_taken(self, username: str) -> Message | None:
        taken = self.known.usernames.get(username.casefold())
        if taken is None:
            return None
        return Message(
            "Somebody signs in as “%(name)s” already. Choose another sign-in name.", {"name": taken}
        )

    def refuse_shared_usernames(self, planned: Sequence[Planned]) -> None:
        """Two people cannot get the same login."""
        first: dict[str, Planned] = {}
        for one in planned:
            if one.username is None:
                continue
            other = first.setdefault(one.username.casefold(), one)
            if other is not one:
                for here, there in ((one, other), (other, one)):
                    message = Message(
                        "The sign-in name “%(name)s” stands in row %(row)s for another person too."
                        " Give each person a name of its own.",
                        {"name": one.username, "row": there.row},
                    )
                    self.faults.append(RowFault(here.row, USERNAME, message))


def _with_given(subject: Subject, planned: Planned) -> Subject:
    """The person as he will be with what the list has given him so far."""
    given = {(new.function, new.department) for new in planned.appointments}
    return replace(subject, held=subject.held | given)


def _first(rows: Sequence[StaffRow], column: str) -> object:
    return next((getattr(row, column) for row in rows if getattr(row, column)), None)


_CONTRADICTIONS: dict[str, Callable[[dict[str, object]], Message]] = {
    NAME: lambda told: Message(
        "The number %(number)s stands in row %(row)s with another name, “%(value)s”. A number"
        " belongs to one person: correct one of the rows.",
        told,
    ),
    DEPARTMENT: lambda told: Message(
        "Row %(row)s puts %(number)s into another department, “%(value)s”. For a further duty"
        " there, use the column of the duty's department.",
        told,
    ),
    KIND: lambda told: Message(
        "Row %(row)s gives %(number)s another kind of teacher. Correct one of the rows.", told
    ),
    USERNAME: lambda told: Message(
        "Row %(row)s gives %(number)s another sign-in name, “%(value)s”. Correct one of the rows.",
        told,
    ),
}


def _contradiction(column: str, number: str, row: int, value: object) -> Message:
    return _CONTRADICTIONS[column]({"number": number, "row": row, "value": str(value)})


def _why_bad_days(begins: object, row: StaffRow, known: Known) -> Message | None:
    if row.valid_to is None:
        return None
    if row.valid_to < (row.valid_from or known.today) or row.valid_to < known.today:
        return Message(
            "The last day %(day)s lies before the first day or before today. Correct it, or delete"
            " the row of a function that is over.",
            {"day": row.valid_to.isoformat()},
        )
    return None


def _in_force(person: Person | None, new: NewAppointment, known: Known) -> Appointment | None:
    """The appointment the row speaks of, if it is there already."""
    if person is None:
        return None
    for held in person.appointments:
        same = (held.function, held.department_code) == (new.function, new.department)
        over = held.has_ended(known.today)
        later = held.valid_to is not None and held.valid_to < new.valid_from
        if same and not over and not later:
            return held
    return None
