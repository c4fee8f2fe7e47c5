"""Appointing people and ending appointments (第五条第二款, dated deputies)."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.appointment import (
    subject_of,
    why_not_appoint,
    why_not_decide,
    why_not_end,
    why_not_until,
)
from app.access.person import Actor
from app.actions.audit_log import Deed
from app.actions.permission import raise_permission_version
from app.actions.person import sync_user_roles
from app.actions.person_change import (
    changing,
    note,
    open_department,
    person_to_change,
)
from app.actions.staff_list_plan import NewAppointment
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.person import Function
from app.models.appointment_rows import holders, is_last_administrator, role_names
from app.models.department import Department
from app.models.person import Appointment, Person

# A typing error in a year would give a function for a lifetime or for none.
FURTHEST = 20


def appoint(
    session: Session,
    person_id: int,
    version: int,
    new: NewAppointment,
    *,
    by: Actor,
    now: datetime,
) -> Person:
    """Give somebody a function in a department; a deputy's has a last day."""
    today = now.date()
    with changing(session):
        person = person_to_change(session, person_id, version, by=by, now=now)
        # Roles made by hand are given under the same lock, see ``actions.role``.
        raise_permission_version(session)
        subject = subject_of(person, today, role_names(session, person.username))
        refuse(why_not_appoint(by, subject, new.function, new.department, new.valid_to))
        place = open_department(session, new.department, now)
        refuse(why_not_until(place, new.valid_to, today), Reason.INVALID)
        refuse(_why_bad_days(new.valid_from, new.valid_to, today), Reason.INVALID)
        _refuse_inactive(person)
        for held in person.appointments:
            refuse(_why_overlapping(held, new), Reason.INVALID)
        made = Appointment(
            function=new.function,
            department_code=new.department,
            valid_from=new.valid_from,
            valid_to=new.valid_to,
        )
        person.appointments.append(made)
        session.flush()
        _sync(session, person, today)
        note(session, person, Deed("person.assign", "", after=told_of(made)), by=by, now=now)
        session.commit()
        return person


def end_appointment(
    session: Session,
    person_id: int,
    version: int,
    appointment_id: int,
    last_day: date | None,
    *,
    by: Actor,
    now: datetime,
) -> Person:
    """Set or move the last day of an appointment that is not over yet.

    One that has not begun is taken back whole when its last day lies before the first.
    """
    today = now.date()
    with changing(session):
        person = person_to_change(session, person_id, version, by=by, now=now)
        found = next((held for held in person.appointments if held.id == appointment_id), None)
        _refuse_inactive(person)
        if found is None or found.has_ended(today):
            message = Message("This appointment is over already.")
            raise Refused(message, Reason.CONFLICT)
        subject = subject_of(person, today)
        is_last = leaves_no_administrator(session, person, today)
        place = found.department_code
        refuse(
            why_not_end(by, subject, found.function, place, found.valid_to, is_last=is_last)
            or why_not_decide(by, subject, found.function, place, last_day)
        )
        before = told_of(found)
        refuse(_why_bad_end(found, last_day, today), Reason.INVALID)
        department = session.get_one(Department, place, with_for_update=True)
        refuse(why_not_until(department, last_day, today), Reason.INVALID)
        end_on(session, found, last_day)
        session.flush()
        _sync(session, person, today)
        after = None if found not in person.appointments else told_of(found)
        note(session, person, Deed("person.close", "", before, after), by=by, now=now)
        session.commit()
        return person


def leaves_no_administrator(session: Session, person: Person, today: date) -> bool:
    """Whether without this person nobody could manage accounts for good.

    Of two who end each other's office the second waits here, then sees what the first did.
    """
    raise_permission_version(session)
    return is_last_administrator(holders(session, (Function.ADMINISTRATOR,), today), person.number)


def end_on(session: Session, held: Appointment, last_day: date | None) -> None:
    """Let the appointment end on that day; one that begins later never happened."""
    if last_day is not None and held.valid_from > last_day:
        held.person.appointments.remove(held)
        session.delete(held)
    else:
        held.valid_to = last_day


def told_of(held: Appointment) -> str:
    """The appointment as the audit log keeps it."""
    until = f" {held.valid_to.isoformat()}" if held.valid_to else ""
    return f"{held.function} {held.department_code} {held.valid_from.isoformat()}{until}"


def _sync(session: Session, person: Person, today: date) -> None:
    if person.username is not None:
        sync_user_roles(session, today, [person.username])


def _refuse_inactive(person: Person) -> None:
    if not person.is_active:
        message = Message(
            "This person is disabled. Let the person in again before changing appointments."
        )
        raise Refused(message, Reason.LOCKED)


def _why_bad_days(first: date, last: date | None, today: date) -> Message | None:
    if abs(first.year - today.year) > FURTHEST:
        return Message("The first day is too far away; check the year.")
    if last is not None and (last < first or last < today):
        return Message("The last day cannot lie before the first day or before today.")
    if last is not None and last.year - today.year > FURTHEST:
        return Message("The last day is too far away; check the year.")
    return None


def _why_bad_end(held: Appointment, last_day: date | None, today: date) -> Message | None:
    if last_day is None or last_day.year - today.year <= FURTHEST:
        begun = held.valid_from <= today
        if last_day is not None and begun and last_day < held.valid_from:
            return Message("The last day cannot lie before the first day.")
        return None
    return Message("The last day is too far away; check the year.")


def _why_overlapping(held: Appointment, new: NewAppointment) -> Message | None:
    """The same function in the same department is held once at a time."""
    if (held.function, held.department_code) != (new.function, new.department):
        return None
    if new.valid_to is not None and new.valid_to < held.valid_from:
        return None
    if held.valid_to is not None and held.valid_to < new.valid_from:
        return None
    return Message(
        "The person holds this function there already, from %(day)s on. Change the last day of that"
        " appointment instead.",
        {"day": held.valid_from.isoformat()},
    )
