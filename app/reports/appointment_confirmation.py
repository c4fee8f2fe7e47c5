"""Who holds office in the departments that report in a year, and whether that was confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.appointment_confirmation import CONFIRMED, sees_appointments_of, why_not_confirm
from app.access.person import Actor
from app.domain.cycle import OVER
from app.domain.person import Function
from app.models.appointment_confirmation import AppointmentConfirmation
from app.models.appointment_rows import holders
from app.models.assignment import Assignment
from app.models.cycle import Cycle
from app.models.department import Department


@dataclass(frozen=True)
class OfficeHolder:
    """Somebody in office; ``confirmation`` is None until it is confirmed for the year."""

    number: str
    name: str
    until: date | None
    confirmation: AppointmentConfirmation | None
    may_confirm: bool


@dataclass(frozen=True)
class DepartmentOffice:
    """A department that reports in the year, with those in office by function."""

    department: Department
    held: Mapping[Function, Sequence[OfficeHolder]]

    @property
    def unconfirmed(self) -> int:
        """How many of them were not confirmed for the year."""
        return sum(each.confirmation is None for own in self.held.values() for each in own)

    @property
    def vacant(self) -> list[Function]:
        """The functions that nobody holds."""
        return [function for function in CONFIRMED if not self.held[function]]


def offices_of(session: Session, actor: Actor, cycle: Cycle, day: date) -> list[DepartmentOffice]:
    """The departments that report in the year and that the actor follows, by code."""
    reporting = select(Assignment.department_code).where(Assignment.cycle_id == cycle.id)
    query = select(Department).where(Department.code.in_(reporting)).order_by(Department.code)
    departments = [
        found for found in session.scalars(query) if sees_appointments_of(actor, found.code)
    ]
    kept = select(AppointmentConfirmation).where(AppointmentConfirmation.cycle_id == cycle.id)
    confirmed = {
        (each.department_code, each.function, each.person_number): each
        for each in session.scalars(kept)
    }
    found: dict[tuple[str, Function], list[OfficeHolder]] = {}
    for held, person in holders(session, CONFIRMED, day):
        place = held.department_code, held.function
        refusal = why_not_confirm(actor, held.function, held.department_code, person.number)
        found.setdefault(place, []).append(
            OfficeHolder(
                person.number,
                person.name,
                held.valid_to,
                confirmed.get((*place, person.number)),
                may_confirm=refusal is None and cycle.status not in OVER,
            )
        )
    return [
        DepartmentOffice(each, {what: found.get((each.code, what), ()) for what in CONFIRMED})
        for each in departments
    ]
