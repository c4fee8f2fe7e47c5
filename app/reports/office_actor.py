"""Who is in office on given days and can act: many actors in a few statements.

``load_actor`` reads one login at a time; the rehearsal of a year asks about everybody on several
days. The rights are added up in the same way. Parts in tables that other departments report
(``contributions``) are left out: they open nothing of what a department reports itself.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.roles import is_platform_role
from app.domain.person import Function
from app.models.appointment_rows import duty_of
from app.models.department import Department
from app.models.permission import (
    group_role,
    permission,
    permission_view,
    permission_view_role,
    role,
    user,
    user_group,
    user_role,
    view_menu,
)
from app.models.person import Appointment, Person
from app.models.table_access import TableAccess
from app.reports.person import appointed, opened_by, roles_of_appointments

Duty = tuple[Function, str]
# Role name → action, resource, role, rows, rule and masks of what it grants.
Lines = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Office:
    """Who holds the duties on a day; ``names`` are those of all holders, with a login or not."""

    day: date
    actors: Mapping[Duty, Sequence[Actor]]
    names: Mapping[Duty, Sequence[str]]

    def holding(self, function: Function, department: str = "") -> Sequence[Actor]:
        """Those who can sign in and hold the duty."""
        return self.actors.get((function, department), ())


@dataclass(frozen=True)
class _Login:
    """A login with the roles it has itself and those of its groups."""

    own: set[str] = field(default_factory=set)
    of_groups: set[str] = field(default_factory=set)


def offices_on(
    session: Session, days: Sequence[date], functions: Collection[Function]
) -> list[Office]:
    """The office of each day, of everybody who holds one of the functions on one of them."""
    people = _people(session, days, functions)
    logins = _logins(session, {rows[0].user_id for rows in people.values() if rows[0].user_id})
    names = {name for login in logins.values() for name in login.own | login.of_groups}
    lines = _lines(session, names)
    known: dict[tuple[int, ...], Actor] = {}
    return [_office(day, people, logins, lines, known) for day in days]


def last_days(session: Session, functions: Collection[Function]) -> dict[Duty, tuple[str, date]]:
    """Duty → who held it last among those whose appointment has a last day, and that day."""
    query = (
        select(Appointment, Person.name)
        .join(Person)
        .where(Appointment.function.in_(functions), Appointment.valid_to.is_not(None))
        .order_by(Appointment.valid_to, Appointment.id)
    )
    return {
        duty_of(held): (name, held.valid_to)
        for held, name in session.execute(query)
        if held.valid_to is not None
    }


def _people(
    session: Session, days: Sequence[date], functions: Collection[Function]
) -> dict[int, list[Row[Any]]]:
    """Person → his appointments on one of the days, with his login where he has an active one."""
    on_a_day = or_(
        *(
            (Appointment.valid_from <= day)
            & or_(Appointment.valid_to.is_(None), Appointment.valid_to >= day)
            for day in days
        )
    )
    holding = select(Appointment.person_id).where(Appointment.function.in_(functions), on_a_day)
    query = (
        select(
            *(Person.id, Person.number, Person.name, Person.teacher_kind),
            *(Appointment, Department.name.label("department"), user.c.id.label("user_id")),
            user.c.username,
        )
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Department, Department.code == Appointment.department_code)
        .join(user, (user.c.username == Person.username) & user.c.active, isouter=True)
        .where(Person.is_active, Person.id.in_(holding), on_a_day)
        .order_by(Appointment.valid_from, Appointment.id)
    )
    found: dict[int, list[Row[Any]]] = {}
    for row in session.execute(query):
        found.setdefault(row.id, []).append(row)
    return found


def _logins(session: Session, users: Collection[int]) -> dict[int, _Login]:
    """The roles of the logins, read at once."""
    own = select(user_role.c.user_id, user_role.c.role_id, literal(1).label("is_own"))
    of_groups = select(user_group.c.user_id, group_role.c.role_id, literal(0)).join(
        group_role, group_role.c.group_id == user_group.c.group_id
    )
    held = union_all(own, of_groups).subquery()
    query = (
        select(held.c.user_id, role.c.name, held.c.is_own)
        .join(role, role.c.id == held.c.role_id)
        .where(held.c.user_id.in_(sorted(users)))
    )
    found = {number: _Login() for number in users}
    for number, name, is_own in session.execute(query):
        (found[number].own if is_own else found[number].of_groups).add(name)
    return found


def _lines(session: Session, names: Collection[str]) -> Lines:
    """What the roles grant, and what narrows it."""
    query = (
        select(
            *(permission.c.name, view_menu.c.name, role.c.name),
            *(TableAccess.rows, TableAccess.rule, TableAccess.masks),
        )
        .select_from(permission_view_role)
        .join(role, role.c.id == permission_view_role.c.role_id)
        .join(permission_view, permission_view.c.id == permission_view_role.c.permission_view_id)
        .join(permission, permission.c.id == permission_view.c.permission_id)
        .join(view_menu, view_menu.c.id == permission_view.c.view_menu_id)
        .join(
            TableAccess,
            (TableAccess.role_name == role.c.name)
            & (TableAccess.table_identifier == view_menu.c.name),
            isouter=True,
        )
        .where(role.c.name.in_(sorted(names)))
    )
    found: dict[str, list[Any]] = {}
    for row in session.execute(query):
        found.setdefault(row[2], []).append(row)
    return found


def _office(
    day: date,
    people: Mapping[int, Sequence[Row[Any]]],
    logins: Mapping[int, _Login],
    lines: Lines,
    known: dict[tuple[int, ...], Actor],
) -> Office:
    actors: dict[Duty, list[Actor]] = {}
    names: dict[Duty, list[str]] = {}
    for rows in people.values():
        present = [row for row in rows if row.Appointment.holds(day)]
        actor = None
        if present and present[0].user_id is not None:
            # The same appointments make the same actor, whatever the day.
            key = tuple(row.Appointment.id for row in present)
            actor = known.get(key) or _actor(present, logins[present[0].user_id], lines)
            known[key] = actor
        for row in present:
            names.setdefault(duty_of(row.Appointment), []).append(row.name)
            if actor is not None:
                actors.setdefault(duty_of(row.Appointment), []).append(actor)
    return Office(day, actors, names)


def _actor(rows: Sequence[Row[Any]], login: _Login, lines: Lines) -> Actor:
    """As ``load_actor``: of the platform's own roles count those with an appointment behind."""
    first, held = rows[0], [(row.Appointment, row.department) for row in rows]
    backed = set(roles_of_appointments([appointment for appointment, _ in held]))
    own = {name for name in login.own if name in backed or not is_platform_role(name)}
    read = [line for name in sorted(own | login.of_groups) for line in lines.get(name, ())]
    permissions, access = opened_by(read, (first.number, held))
    return Actor(
        number=first.number,
        name=first.name,
        username=first.username,
        user_id=first.user_id,
        appointments=tuple(appointed(each, first.teacher_kind, called) for each, called in held),
        permissions=permissions,
        access=access,
    )
