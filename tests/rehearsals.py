"""Planting faults into a year, each in the transaction of the test: rolling back mends it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from app.access.roles import SUBMISSION
from app.actions.person import sync_user_roles
from app.catalogue.appraisal import load_scheme
from app.domain.person import Function
from app.domain.rehearsal import RemarkKind
from app.models.assignment import Assignment
from app.models.permission import (
    permission,
    permission_view,
    permission_view_role,
    role,
    user,
    view_menu,
)
from app.models.person import Appointment, Person
from app.reports.rehearsal import Rehearsal, read_rehearsal
from tests.architecture.source import ROOT
from tests.college import NOW, College

SCHEME = load_scheme(ROOT / "seed" / "appraisal.yaml")
LONG_AGO = date(2021, 8, 31)
Plant = Callable[[College], object]


def rehearse(college: College, year: int, by: Any = None) -> Rehearsal:
    """The rehearsal of the year as the quality office sees it."""
    actor = by or college.founded.people.zhou_min
    return read_rehearsal(college.session, college.store, SCHEME, actor, year, now=NOW)


def told(found: Rehearsal, kind: RemarkKind = RemarkKind.DEAD_END) -> list[str]:
    """The remarks of a kind in English."""
    return [remark.text.english() for remark in found.of_kind(kind)]


def end(number: str, function: Function, last: date = LONG_AGO) -> Plant:
    """The appointment of somebody ends."""
    of_person = select(Person.id).where(Person.number == number).scalar_subquery()
    ending = (
        update(Appointment)
        .where(Appointment.person_id == of_person, Appointment.function == function)
        .values(valid_to=last)
        .execution_options(synchronize_session=False)
    )
    return lambda college: college.session.execute(ending)


def appoint(number: str, function: Function, department: str) -> Plant:
    """Somebody gets a further function with its roles."""

    def plant(college: College) -> None:
        session = college.session
        person = session.scalars(select(Person).where(Person.number == number)).one()
        held = {"function": function, "department_code": department, "valid_from": LONG_AGO}
        session.add(Appointment(person_id=person.id, **held))
        session.flush()
        sync_user_roles(session, NOW.date())

    return plant


def disable(username: str) -> Plant:
    """A login is switched off."""
    switching = update(user).where(user.c.username == username).values(active=False)
    return lambda college: college.session.execute(switching)


def take_away(role_name: str, action: str, resource: str = SUBMISSION) -> Plant:
    """A role loses one right."""
    pair = (
        select(permission_view.c.id)
        .join(permission, permission.c.id == permission_view.c.permission_id)
        .join(view_menu, view_menu.c.id == permission_view.c.view_menu_id)
        .where(permission.c.name == f"can_{action}", view_menu.c.name == resource)
    )
    named = select(role.c.id).where(role.c.name == role_name)
    taking = delete(permission_view_role).where(
        permission_view_role.c.role_id.in_(named),
        permission_view_role.c.permission_view_id.in_(pair),
    )
    return lambda college: college.session.execute(taking)


def unassign(year: int, table: str) -> Plant:
    """A table has no department in the year."""
    leaving = (
        delete(Assignment)
        .where(Assignment.cycle_id == year, Assignment.table_identifier == table)
        .execution_options(synchronize_session=False)
    )
    return lambda college: college.session.execute(leaving)


def several(*plants: Plant) -> Plant:
    """Some faults together."""

    def plant(college: College) -> None:
        for each in plants:
            each(college)

    return plant
