"""What a list of people would change: judged row by row, written by nobody (第五条第二款).

The plan is made twice, for the preview and again under lock before anything is
written; its digest tells whether the platform changed in between.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.appointment import subject_of, why_not_disable
from app.access.person import Actor
from app.actions.permission import raise_permission_version
from app.domain.message import Message
from app.domain.person import Function, TeacherKind
from app.domain.staff_list import RowFault, StaffRows
from app.models.appointment_rows import (
    WATCHED,
    holders,
    is_last_administrator,
    left_vacant,
    people_with_appointments,
    roles_of_all,
)
from app.models.department import Department
from app.models.permission import user
from app.models.person import Appointment, Person


@dataclass(frozen=True)
class Known:
    """The platform as the plan meets it.

    ``usernames`` maps the folded name of every login to its spelling; ``held``
    are today's holders of the watched functions, ``roles`` the names of the
    roles of each login.
    """

    people: Mapping[str, Person]
    departments: Sequence[Department]
    usernames: Mapping[str, str]
    held: Sequence[tuple[Appointment, Person]]
    today: date
    roles: Mapping[str, frozenset[str]]

    def fingerprint(self) -> str:
        """A text that differs after every change that could change the plan."""
        people = [(p.number, p.version, p.is_active) for p in self.people.values()]
        places = [(d.code, d.name, d.valid_to) for d in self.departments]
        roles = sorted((name, sorted(held)) for name, held in self.roles.items())
        return repr((people, places, sorted(self.usernames), self.today, roles))


@dataclass(frozen=True)
class NewAppointment:
    """A function to be given in a department, from one day on, perhaps to another."""

    function: Function
    department: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class Difference:
    """One thing that changes: what it is, before and after."""

    what: Message
    before: object
    after: object


@dataclass
class Planned:
    """What becomes of one person; ``person`` is None for somebody new.

    ``username`` is the login to be made; ``moved_ends`` gives appointments
    another last day.
    """

    number: str
    row: int
    person: Person | None
    name: str
    department: str
    teacher_kind: TeacherKind | None
    username: str | None = None
    appointments: list[NewAppointment] = field(default_factory=list)
    moved_ends: list[tuple[Appointment, date]] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    told_before: str | None = None

    @property
    def changes(self) -> bool:
        """Whether anything of somebody who is there already changes."""
        return bool(self.differences or self.appointments or self.moved_ends or self.username)


@dataclass(frozen=True)
class Left:
    """Somebody here whom the list does not name; ``duties`` would be held by nobody else."""

    person: Person
    duties: Sequence[Appointment]
    refusal: Message | None


@dataclass(frozen=True)
class StaffPlan:
    """The whole of it; nothing is written while there are faults."""

    created: Sequence[Planned]
    changed: Sequence[Planned]
    unchanged: Sequence[Planned]
    disabled: Sequence[Planned]
    left: Sequence[Left]
    faults: Sequence[RowFault]
    digest: str

    @property
    def logins(self) -> list[Planned]:
        """Those who get a login."""
        return [planned for planned in (*self.created, *self.changed) if planned.username]

    @property
    def does_something(self) -> bool:
        """Whether confirming could change anything."""
        return bool(self.created or self.changed or self.left)


def read_known(session: Session, today: date, *, for_update: bool = False) -> Known:
    """The platform as it is now; people are locked if asked, and so is who has which role."""
    people = people_with_appointments(session, for_update=for_update)
    if for_update:
        raise_permission_version(session)
    departments = session.scalars(select(Department).order_by(Department.code)).all()
    usernames = session.scalars(select(user.c.username))
    return Known(
        people={person.number: person for person in people},
        departments=departments,
        usernames={name.casefold(): name for name in usernames},
        held=holders(session, WATCHED, today),
        today=today,
        roles=roles_of_all(session),
    )


def people_left(known: Known, numbers: Collection[str], by: Actor) -> list[Left]:
    """Active people whom the list does not name, with what would be left undone."""
    gone = [
        person
        for person in known.people.values()
        if person.is_active and person.number not in numbers and person.number != by.number
    ]
    vacant = left_vacant(known.held, {person.number for person in gone})
    left = []
    for person in gone:
        is_last = is_last_administrator(known.held, person.number)
        refusal = why_not_disable(by, subject_of(person, known.today), is_last=is_last)
        left.append(Left(person, vacant.get(person.number, []), refusal))
    return left


def digest_of_plan(rows: StaffRows, known: Known, *, create_logins: bool) -> str:
    """SHA-256, in hex, over the list, the choice and the platform it met."""
    told = repr((rows.rows, rows.faults, create_logins, known.fingerprint()))
    return hashlib.sha256(told.encode()).hexdigest()
