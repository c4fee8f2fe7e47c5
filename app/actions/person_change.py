"""Adding somebody and correcting a person's particulars."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.appointment import (
    sees_person,
    subject_of,
    why_not_add_person,
    why_not_edit_person,
)
from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.actions.permission import raise_permission_version
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.person import TeacherKind, why_bad_name, why_bad_number
from app.models.database import writing
from app.models.department import Department
from app.models.permission import user
from app.models.person import Person


@dataclass(frozen=True)
class Particulars:
    """What is known of a person besides number, login and appointments."""

    name: str
    department: str | None
    teacher_kind: TeacherKind | None = None


def add_person(
    session: Session, number: str, particulars: Particulars, *, by: Actor, now: datetime
) -> Person:
    """Add somebody without login and appointments."""
    refuse(why_not_add_person(by))
    refuse(why_bad_number(number), Reason.INVALID)
    with changing(session):
        _refuse_bad(session, particulars, now)
        taken = session.scalar(select(Person).where(Person.number == number))
        if taken is not None:
            told = {"number": number, "name": taken.name}
            message = Message("The number %(number)s belongs to %(name)s already.", told)
            raise Refused(message, Reason.INVALID)
        person = Person(number=number, is_active=True)
        _set(person, particulars)
        session.add(person)
        session.flush()
        note(session, person, Deed("person.add", "", after=told_of(person)), by=by, now=now)
        session.commit()
        return person


def change_person(
    session: Session,
    person_id: int,
    version: int,
    particulars: Particulars,
    *,
    by: Actor,
    now: datetime,
) -> Person:
    """Give somebody another name, department or kind of teacher."""
    with changing(session):
        person = person_to_change(session, person_id, version, by=by, now=now)
        refuse(why_not_edit_person(by))
        before = told_of(person)
        if particulars.department != person.department_code:
            _refuse_bad(session, particulars, now)
        refuse(why_bad_name(particulars.name), Reason.INVALID)
        _set(person, particulars)
        if person.username is not None:
            session.execute(
                update(user)
                .where(user.c.username == person.username)
                .values(first_name=person.name)
            )
            # Name and kind of teacher are remembered together with rights.
            raise_permission_version(session)
        deed = Deed("person.edit", "", before=before, after=told_of(person))
        note(session, person, deed, by=by, now=now)
        session.commit()
        return person


@contextmanager
def changing(session: Session) -> Iterator[None]:
    """A transaction on people; what the database finds taken meanwhile is a conflict."""
    try:
        with writing(session):
            yield
    except IntegrityError as error:
        raise Refused(
            Message(
                "Somebody else added or changed people at the same moment. Load the page again and"
                " repeat your step."
            ),
            Reason.CONFLICT,
        ) from error


def person_to_change(
    session: Session, person_id: int, version: int, *, by: Actor, now: datetime
) -> Person:
    """The person, locked, as the page showed it; raises its version.

    Refused where the actor does not see the person or somebody else was faster.
    """
    query = select(Person).where(Person.id == person_id).with_for_update()
    person = session.scalar(query.execution_options(populate_existing=True))
    if person is None or not sees_person(by, subject_of(person, now.date())):
        raise Refused(Message("There is no such person."), Reason.NOT_FOUND)
    if person.version != version:
        raise Refused(
            Message(
                "Somebody else has changed this person meanwhile. Look at the present state and"
                " repeat your step if it is still needed."
            ),
            Reason.CONFLICT,
        )
    person.version += 1
    return person


def note(session: Session, person: Person, deed: Deed, *, by: Actor, now: datetime) -> None:
    """Write what was done to the person into the audit log."""
    record(session, deed_on(person, deed), by=by, now=now)


def deed_on(person: Person, deed: Deed) -> Deed:
    """The deed with the person as its subject."""
    return Deed(
        deed.tag,
        f"person:{person.id}",
        department=person.department_code,
        before=deed.before,
        after=deed.after,
        reason=deed.reason,
    )


def told_of(person: Person) -> str:
    """The person's particulars as the audit log keeps them."""
    parts = (person.name, person.department_code, person.teacher_kind)
    return " ".join(part for part in parts if part)


def open_department(session: Session, code: str | None, now: datetime) -> Department:
    """The department people can belong to today; Refused where there is none."""
    # Locked: a department that is being closed at this moment ends with everybody in it.
    found = (
        session.get(Department, code, with_for_update=True, populate_existing=True)
        if code
        else None
    )
    if found is None:
        raise Refused(Message("Choose a department from the list."), Reason.INVALID)
    if found.valid_to is not None and found.valid_to < now.date():
        raise Refused(
            Message(
                "The department “%(department)s” was closed on %(day)s. Name another one.",
                {"department": found.name, "day": found.valid_to.isoformat()},
            ),
            Reason.INVALID,
        )
    return found


def username_is_taken(session: Session, username: str) -> bool:
    """Whether a login of that name exists, in whatever case."""
    query = select(user.c.id).where(func.lower(user.c.username) == username.casefold())
    return session.scalar(query.limit(1)) is not None


def _refuse_bad(session: Session, particulars: Particulars, now: datetime) -> None:
    refuse(why_bad_name(particulars.name), Reason.INVALID)
    open_department(session, particulars.department, now)


def _set(person: Person, particulars: Particulars) -> None:
    person.name = particulars.name
    person.department_code = particulars.department
    person.teacher_kind = particulars.teacher_kind
