"""Reading the rights of roles in plain ways that several rooms share."""

import hashlib
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.assignment import AssignmentKind
from app.domain.cycle import OVER
from app.models.assignment import Assignment
from app.models.cycle import Cycle
from app.models.permission import (
    permission,
    permission_view,
    permission_view_role,
    role,
    roles_of_logins,
    view_menu,
)

# Action and resource, as ``Actor.may`` takes them.
Right = tuple[str, str]


def rights_of_roles(session: Session, numbers: Collection[int]) -> Mapping[int, frozenset[Right]]:
    """Role id → its rights, for each of the given roles."""
    query = (
        select(permission_view_role.c.role_id, permission.c.name, view_menu.c.name.label("on"))
        .join(permission_view, permission_view.c.id == permission_view_role.c.permission_view_id)
        .join(permission, permission.c.id == permission_view.c.permission_id)
        .join(view_menu, view_menu.c.id == permission_view.c.view_menu_id)
        .where(permission_view_role.c.role_id.in_(numbers))
    )
    held: dict[int, set[Right]] = {number: set() for number in numbers}
    for row in session.execute(query):
        held[row.role_id].add((row.name.removeprefix("can_"), row.on))
    return {number: frozenset(rights) for number, rights in held.items()}


def known_rights(session: Session) -> dict[Right, int]:
    """Every right there is, with the id of its permission row."""
    query = (
        select(permission_view.c.id, permission.c.name, view_menu.c.name.label("resource"))
        .join(permission, permission.c.id == permission_view.c.permission_id)
        .join(view_menu, view_menu.c.id == permission_view.c.view_menu_id)
    )
    return {(row.name.removeprefix("can_"), row.resource): row.id for row in session.execute(query)}


def digest_of(rights: Iterable[Right]) -> str:
    """A short digest of a set of rights: another one means that somebody changed them."""
    text = "\n".join(sorted(f"{action} {resource}" for action, resource in rights))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def roles_held(session: Session, user_id: int | None) -> frozenset[str]:
    """The names of the roles a login has, itself or by a group."""
    held = roles_of_logins()
    query = (
        select(role.c.name).join(held, held.c.role_id == role.c.id).where(held.c.user_id == user_id)
    )
    return frozenset(session.scalars(query))


def assigned_tables(session: Session) -> list[tuple[str, str, AssignmentKind, bool]]:
    """Department, table, what is owed and whether the year is over, of all years."""
    query = select(
        Assignment.department_code, Assignment.table_identifier, Assignment.kind, Cycle.status
    ).join(Cycle, Cycle.id == Assignment.cycle_id)
    return [
        (code, table, kind, status in OVER) for code, table, kind, status in session.execute(query)
    ]


def backed_by_year_alone(session: Session, cycle: Cycle) -> list[Assignment]:
    """The year's assignments of tables that the department has in no other year under way."""
    working = select(Cycle.id).where(Cycle.status.not_in(OVER), Cycle.id != cycle.id)
    pairs = select(Assignment.department_code, Assignment.table_identifier)
    backed = {(a, b) for a, b in session.execute(pairs.where(Assignment.cycle_id.in_(working)))}
    own = session.scalars(select(Assignment).where(Assignment.cycle_id == cycle.id))
    return [a for a in own if (a.department_code, a.table_identifier) not in backed]
