"""Confirming appointments anew for a collection year (第五条第二款)."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.appointment_confirmation import CONFIRMED, why_not_confirm
from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.actions.work_plan import locked_cycle
from app.domain.cycle import OVER
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.person import Function
from app.models.appointment_confirmation import AppointmentConfirmation
from app.models.appointment_rows import holders
from app.models.database import writing


class Held(NamedTuple):
    """Who holds what where."""

    department: str
    function: Function
    number: str


def confirm_appointments(
    session: Session, cycle_id: int, chosen: Collection[Held], *, by: Actor, now: datetime
) -> int:
    """Confirm those who are in office for the year; returns how many were not confirmed before.

    All or nothing: nobody is confirmed where one of them cannot be. Raises Refused.
    """
    if not chosen:
        raise Refused(Message("Choose whom you confirm first."), Reason.INVALID)
    with writing(session):
        cycle = locked_cycle(session, cycle_id)
        for each in chosen:
            refuse(why_not_confirm(by, each.function, each.department, each.number))
        if cycle.status in OVER:
            raise Refused(Message("The collection year is over."), Reason.LOCKED)
        present = {
            Held(held.department_code, held.function, person.number)
            for held, person in holders(session, CONFIRMED, now.date())
        }
        if not present.issuperset(chosen):
            message = Message("Somebody you chose is no longer in office. Look at the list again.")
            raise Refused(message, Reason.CONFLICT)
        new = sorted(set(chosen) - _confirmed(session, cycle.id))
        for each in new:
            session.add(_confirmation(cycle.id, each, by, now))
            told = f"{each.function} {each.number}"
            deed = Deed("appointment.confirm", f"cycle:{cycle.id}", each.department, after=told)
            record(session, deed, by=by, now=now)
        session.commit()
        return len(new)


def _confirmed(session: Session, cycle_id: int) -> set[Held]:
    query = select(AppointmentConfirmation).where(AppointmentConfirmation.cycle_id == cycle_id)
    return {
        Held(each.department_code, each.function, each.person_number)
        for each in session.scalars(query)
    }


def _confirmation(cycle_id: int, held: Held, by: Actor, now: datetime) -> AppointmentConfirmation:
    return AppointmentConfirmation(
        cycle_id=cycle_id,
        department_code=held.department,
        function=held.function,
        person_number=held.number,
        confirmed_at=now,
        confirmed_by=by.number,
        confirmed_by_name=by.name,
    )
