"""People with what they hold and how they stand with their login."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.access.appointment import Subject, sees_person, subject_of, why_not_read_people
from app.access.person import Actor
from app.domain.message import Message, Reason, Refused
from app.domain.person import Function, LoginState
from app.models.account import Account
from app.models.appointment_rows import (
    WATCHED,
    holders,
    is_last_administrator,
    left_vacant,
    people_with_appointments,
    role_names,
)
from app.models.audit_log import AuditEntry
from app.models.department import Department
from app.models.permission import user
from app.models.person import Appointment, Person

# Of somebody's history so much is shown.
LATEST = 50


@dataclass(frozen=True)
class PersonLine:
    """Somebody with the appointments that are not over."""

    person: Person
    state: LoginState
    held: Sequence[Appointment]


@dataclass(frozen=True)
class PersonPage:
    """Somebody in full.

    ``duties`` would be held by nobody else; ``is_last`` tells the last
    administrator.
    """

    line: PersonLine
    subject: Subject
    over: Sequence[Appointment]
    duties: Sequence[Appointment]
    history: Sequence[AuditEntry]
    is_last: bool


@dataclass(frozen=True)
class DepartmentDuties:
    """Who answers for a department today, the longest holder first.

    ``opens_people`` tells whether the reader may look at these people one by one.
    """

    department: Department
    heads: Sequence[tuple[Appointment, Person]]
    stewards: Sequence[tuple[Appointment, Person]]
    opens_people: bool


def list_people(session: Session, actor: Actor, *, now: datetime) -> list[PersonLine]:
    """Everybody who exists for the actor, by number. Refused without the right."""
    _refuse_without_right(actor)
    today = now.date()
    found = people_with_appointments(session)
    seen = [person for person in found if sees_person(actor, subject_of(person, today))]
    logins = _logins(session, None)
    return [_line(person, logins, now) for person in seen]


def read_person(session: Session, actor: Actor, person_id: int, *, now: datetime) -> PersonPage:
    """One person; Refused (not found) where the person does not exist for the actor."""
    _refuse_without_right(actor)
    today = now.date()
    query = select(Person).where(Person.id == person_id).options(selectinload(Person.appointments))
    person = session.scalar(query.execution_options(populate_existing=True))
    if person is None or not sees_person(actor, subject_of(person, today)):
        raise Refused(Message("There is no such person."), Reason.NOT_FOUND)
    held = holders(session, WATCHED, today)
    entries = select(AuditEntry).where(AuditEntry.subject == f"person:{person.id}")
    return PersonPage(
        line=_line(person, _logins(session, person.username), now),
        subject=subject_of(person, today, role_names(session, person.username)),
        over=[one for one in person.appointments if one.has_ended(today)],
        duties=left_vacant(held, {person.number}).get(person.number, []),
        history=session.scalars(entries.order_by(AuditEntry.id.desc()).limit(LATEST)).all(),
        is_last=is_last_administrator(held, person.number),
    )


def open_departments(session: Session, today: date) -> Sequence[Department]:
    """The departments people can belong to, by code."""
    query = select(Department).order_by(Department.code)
    return [
        department
        for department in session.scalars(query)
        if department.valid_to is None or department.valid_to >= today
    ]


def duties_by_department(
    session: Session, actor: Actor, *, now: datetime
) -> list[DepartmentDuties]:
    """Heads and data stewards of every department the actor looks after (第五条第二款)."""
    _refuse_without_right(actor)
    sees_all = actor.holds(Function.ADMINISTRATOR) or actor.holds(Function.QA_OFFICE)
    own = actor.departments(Function.HEAD, Function.DATA_STEWARD)
    found = holders(session, (Function.HEAD, Function.DATA_STEWARD), now.date())
    return [
        DepartmentDuties(
            department,
            [one for one in found if _is(one[0], Function.HEAD, department)],
            [one for one in found if _is(one[0], Function.DATA_STEWARD, department)],
            opens_people=sees_all or department.code in actor.departments(Function.HEAD),
        )
        for department in open_departments(session, now.date())
        if sees_all or department.code in own
    ]


def _is(held: Appointment, function: Function, department: Department) -> bool:
    return held.function is function and held.department_code == department.code


def _refuse_without_right(actor: Actor) -> None:
    refusal = why_not_read_people(actor)
    if refusal is not None:
        raise Refused(refusal)


Login = tuple[bool, Account | None]


def _logins(session: Session, username: str | None) -> Mapping[str, Login]:
    """Sign-in name → whether it works, and what is kept about it."""
    query = select(user.c.username, user.c.active, Account).join(
        Account, Account.username == user.c.username, isouter=True
    )
    if username is not None:
        query = query.where(user.c.username == username)
    return {name: (bool(active), account) for name, active, account in session.execute(query)}


def _line(person: Person, logins: Mapping[str, Login], now: datetime) -> PersonLine:
    held = [one for one in person.appointments if not one.has_ended(now.date())]
    return PersonLine(person, _state(person, logins, now), held)


def _state(person: Person, logins: Mapping[str, Login], now: datetime) -> LoginState:
    login = logins.get(person.username or "")
    if not person.is_active or (login is not None and not login[0]):
        return LoginState.DISABLED
    if login is None:
        return LoginState.WITHOUT_LOGIN
    account = login[1]
    if account is not None and account.is_locked(now):
        return LoginState.LOCKED_OUT
    if account is not None and account.must_change_password:
        return LoginState.FIRST_SIGN_IN
    return LoginState.ACTIVE
