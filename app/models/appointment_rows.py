"""Reading people and their appointments in plain ways that several rooms share."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from app.domain.person import COLLEGE_WIDE, Function
from app.models.permission import role, roles_of_logins, user
from app.models.person import Appointment, Person

# What is told when the last of these leaves.
WATCHED = (Function.ADMINISTRATOR, Function.QA_OFFICE, Function.HEAD, Function.DATA_STEWARD)


def people_with_appointments(session: Session, *, for_update: bool = False) -> Sequence[Person]:
    """Everybody with all appointments, by number; locked if asked."""
    query = select(Person).options(selectinload(Person.appointments)).order_by(Person.number)
    if for_update:
        query = query.with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).all()


def holders(
    session: Session, functions: Collection[Function], today: date
) -> list[tuple[Appointment, Person]]:
    """Who is there today and holds one of the functions, the longest holder first."""
    query = (
        select(Appointment, Person)
        .join(Person)
        .where(
            Appointment.function.in_(functions),
            Appointment.valid_from <= today,
            or_(Appointment.valid_to.is_(None), Appointment.valid_to >= today),
            Person.is_active,
        )
        .order_by(Appointment.valid_from, Appointment.id)
    )
    return [(appointment, person) for appointment, person in session.execute(query)]


def duty_of(appointment: Appointment) -> tuple[Function, str]:
    """What somebody else would have to take over; college-wide functions have no place."""
    wide = appointment.function in COLLEGE_WIDE
    return appointment.function, "" if wide else appointment.department_code


def left_vacant(
    found: Collection[tuple[Appointment, Person]], leaving: Collection[str]
) -> dict[str, list[Appointment]]:
    """Number of somebody leaving → the duties nobody else holds once they all have left."""
    kept = {duty_of(held) for held, person in found if person.number not in leaving}
    vacant: dict[str, list[Appointment]] = {}
    for held, person in found:
        if person.number in leaving and duty_of(held) not in kept:
            vacant.setdefault(person.number, []).append(held)
    return vacant


def is_last_administrator(found: Collection[tuple[Appointment, Person]], number: str) -> bool:
    """Whether without this person nobody could manage accounts for good.

    An administrator counts who can sign in and whose appointment has no last day.
    """
    administrators = {
        person.number: held.valid_to is None and person.username is not None
        for held, person in found
        if held.function is Function.ADMINISTRATOR
    }
    return number in administrators and not any(
        stays for other, stays in administrators.items() if other != number
    )


def role_names(session: Session, username: str | None) -> frozenset[str]:
    """The names of all roles of a login, those of its groups too."""
    held = roles_of_logins()
    query = (
        select(role.c.name)
        .join(held, held.c.role_id == role.c.id)
        .join(user, user.c.id == held.c.user_id)
        .where(user.c.username == username)
    )
    return frozenset(session.scalars(query))


def roles_of_all(session: Session) -> dict[str, frozenset[str]]:
    """Sign-in name → the names of all roles of the login, those of its groups too."""
    held = roles_of_logins()
    query = (
        select(user.c.username, role.c.name)
        .join(held, held.c.user_id == user.c.id)
        .join(role, role.c.id == held.c.role_id)
    )
    names: dict[str, set[str]] = {}
    for username, name in session.execute(query):
        names.setdefault(username, set()).add(name)
    return {username: frozenset(found) for username, found in names.items()}
