"""The first system administrator of a college, and the way back in when nobody is left.

Whoever may run commands on the server holds its database anyway; what he does here stands in the
audit log under the name of the server's operator.
"""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.access.appointment import subject_of, why_not_hold_together
from app.access.person import Actor
from app.actions.account import require_new_password
from app.actions.appointment import told_of
from app.actions.audit_log import Deed, record_all
from app.actions.permission import raise_permission_version
from app.actions.person import login_row, sync_user_roles
from app.actions.person_change import deed_on
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.person import Function, why_bad_name, why_bad_number
from app.models.appointment_rows import role_names
from app.models.database import writing
from app.models.department import Department
from app.models.permission import user
from app.models.person import Appointment, Person


def appoint_administrator(
    session: Session, number: str, name: str, *, password_hash: str, by: Actor, now: datetime
) -> str:
    """Let somebody in as system administrator with a new initial password; returns the login.

    Who is known by ``number`` keeps what he has; who is not is added. ``now`` is on the clock of
    the college. Refused (invalid) for a number or name that cannot be one, where the number
    belongs to somebody else, or where the person has a say over data.
    """
    refuse(why_bad_number(number) or why_bad_name(name), Reason.INVALID)
    with writing(session):
        person = _person(session, number, name)
        raise_permission_version(session)
        subject = subject_of(person, now.date(), role_names(session, person.username))
        refuse(why_not_hold_together(subject, Function.ADMINISTRATOR), Reason.INVALID)
        person.is_active = True
        person.version = (person.version or 0) + 1
        deeds = _appoint(session, person, now)
        had_login = person.username is not None
        username = _give_login(session, person, password_hash, now)
        require_new_password(session, [username], by=by, now=now)
        sync_user_roles(session, now.date(), [username])
        deeds.append(
            Deed("person.reset", "") if had_login else Deed("person.open", "", after=username)
        )
        record_all(session, [deed_on(person, deed) for deed in deeds], by=by, now=now)
        session.commit()
    return username


def _appoint(session: Session, person: Person, now: datetime) -> list[Deed]:
    """What is to be told of the appointment; nothing where the person holds it already."""
    if any(_is_administrator(held, now) for held in person.appointments):
        return []
    made = Appointment(
        function=Function.ADMINISTRATOR,
        department_code=person.department_code or _any_department(session, now),
        valid_from=now.date(),
    )
    person.appointments.append(made)
    return [Deed("person.assign", "", after=told_of(made))]


def _person(session: Session, number: str, name: str) -> Person:
    person = session.scalar(select(Person).where(Person.number == number).with_for_update())
    if person is None:
        person = Person(number=number, name=name)
        session.add(person)
    elif person.name != name:
        raise Refused(
            Message(
                "The number %(number)s belongs to %(name)s already.",
                {"number": number, "name": person.name},
            ),
            Reason.INVALID,
        )
    return person


def _is_administrator(held: Appointment, now: datetime) -> bool:
    return held.function is Function.ADMINISTRATOR and held.holds(now.date())


def _any_department(session: Session, now: datetime) -> str:
    """An appointment stands in some department; this function reaches no department's data."""
    departments = session.scalars(select(Department).order_by(Department.code))
    found = next((each.code for each in departments if each.is_active_on(now.date())), None)
    if found is None:
        raise Refused(
            Message("There are no departments yet. Run statedata init first."), Reason.INVALID
        )
    return found


def _give_login(session: Session, person: Person, password_hash: str, now: datetime) -> str:
    """The person's login with this password, made where there is none."""
    username = person.username or person.number
    changed = session.connection().execute(
        update(user)
        .where(user.c.username == username)
        .values(password=password_hash, active=True, first_name=person.name)
    )
    if person.username is None and changed.rowcount:
        raise Refused(
            Message("Somebody signs in as %(name)s already.", {"name": username}), Reason.INVALID
        )
    if not changed.rowcount:
        session.execute(insert(user), [login_row(username, person.name, password_hash, now)])
    person.username = username
    session.flush()
    return username
