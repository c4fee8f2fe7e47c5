"""Who acts in the demo college: everybody who can sign in, found by what he does."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.domain.person import Function
from app.models.permission import user
from app.models.person import Appointment, Person
from app.reports.person import load_actor


@dataclass(frozen=True)
class DemoActors:
    """The people with a login, by function and department and by number."""

    holders: Mapping[tuple[Function, str], Sequence[Actor]]
    by_number: Mapping[str, Actor]

    def holding(self, function: Function, department: str, others: int = 0) -> Actor:
        """Who holds the function in the department, after ``others`` before him."""
        found = self.holders.get((function, department), ())
        if len(found) <= others:
            raise LookupError(f"nobody is {function} of {department} in the demo college")
        return found[others]


def load_actors(session: Session, today: date, function: Function | None = None) -> DemoActors:
    """Read everybody, or all who hold a function, at once for all the steps of a year.

    Rights follow the assignments and so differ from year to year.
    """
    holders: dict[tuple[Function, str], list[Actor]] = defaultdict(list)
    by_number: dict[str, Actor] = {}
    logins = select(user.c.id).join(Person, Person.username == user.c.username)
    if function is not None:
        logins = logins.where(Person.appointments.any(Appointment.function == function))
    for user_id in session.scalars(logins.order_by(user.c.id)).all():
        actor = load_actor(session, user_id, today)
        if actor is None:
            continue
        by_number[actor.number] = actor
        for held in actor.appointments:
            holders[held.function, held.department].append(actor)
    return DemoActors(holders, by_number)
