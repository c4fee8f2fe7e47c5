"""Roles, what they may do and who has them, for the matrix of rights (decision 12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.permission import rights_by_default, why_not_give_right
from app.access.roles import Pair, platform_role
from app.domain.message import Message, Reason, Refused
from app.domain.person import Function
from app.models.adopted_reference import naming
from app.models.base_table import Store
from app.models.permission import role, roles_of_logins, user, user_role
from app.models.person import Person
from app.models.role_rights import assigned_tables, digest_of, rights_of_roles
from app.models.table_access import tables_set

MOST_HOLDERS = 200


@dataclass(frozen=True)
class RoleLine:
    """One role; ``function`` and ``department`` are None for a role made by hand."""

    id: int
    name: str
    function: Function | None
    department: str | None
    holders: int

    @property
    def is_by_hand(self) -> bool:
        """Whether an administrator made the role."""
        return self.function is None


@dataclass(frozen=True)
class RoleRights:
    """A role with its rights; ``defaults`` are those the platform gave it, empty by hand.

    ``narrowed`` are the tables for which rows or masks are set.
    """

    line: RoleLine
    rights: frozenset[Pair]
    defaults: frozenset[Pair]
    narrowed: frozenset[str] = frozenset()

    @property
    def digest(self) -> str:
        """What a page shows, in short: another digest means somebody changed the rights."""
        return digest_of(self.rights)


@dataclass(frozen=True)
class Holder:
    """Somebody who has a role; not ``is_own`` where a group brings it."""

    username: str
    name: str
    is_own: bool


def list_roles(session: Session) -> list[RoleLine]:
    """All roles: functions in their order, then departments', then those made by hand."""
    held = roles_of_logins()
    query = (
        select(role.c.id, role.c.name, func.count(held.c.user_id).label("holders"))
        .join(held, held.c.role_id == role.c.id, isouter=True)
        .group_by(role.c.id, role.c.name)
    )
    order = {function: place for place, function in enumerate(Function)}
    lines = [_line(row.id, row.name, row.holders) for row in session.execute(query)]
    return sorted(
        lines,
        key=lambda line: (
            line.is_by_hand,
            line.department or "",
            order[line.function] if line.function else 0,
            line.name,
        ),
    )


def _line(number: int, name: str, holders: int) -> RoleLine:
    found = platform_role(name)
    function = found[0].function if found else None
    return RoleLine(number, name, function, found[1] if found else None, holders)


def read_roles(
    session: Session, store: Store, lines: Sequence[RoleLine]
) -> Mapping[int, RoleRights]:
    """The rights of some roles, by the role's id."""
    held = rights_of_roles(session, [line.id for line in lines])
    defaults = rights_by_default(store, assigned_tables(session))
    narrowed = tables_set(session, [line.name for line in lines])
    return {
        line.id: RoleRights(
            line,
            held[line.id],
            defaults.get(line.name, frozenset()),
            narrowed.get(line.name, frozenset()),
        )
        for line in lines
    }


def find_role(session: Session, number: int) -> RoleLine:
    """The role with this id; Refused as not found when there is none."""
    name = session.scalar(select(role.c.name).where(role.c.id == number))
    if name is None:
        raise Refused(Message("There is no such role."), Reason.NOT_FOUND)
    held = roles_of_logins()
    count = select(func.count()).select_from(held).where(held.c.role_id == number)
    return _line(number, name, session.scalar(count) or 0)


def holders_of(session: Session, number: int) -> list[Holder]:
    """Who has the role, by name; the first ``MOST_HOLDERS``."""
    held = roles_of_logins()
    own = (user_role.c.user_id == user.c.id) & (user_role.c.role_id == number)
    query = (
        select(user.c.username, Person.name, user.c.first_name, user_role.c.id.label("own"))
        .join(held, held.c.user_id == user.c.id)
        .join(user_role, own, isouter=True)
        .join(Person, Person.username == user.c.username, isouter=True)
        .where(held.c.role_id == number)
        .order_by(user.c.username)
        .limit(MOST_HOLDERS)
    )
    return [
        Holder(row.username, row.name or row.first_name or row.username, row.own is not None)
        for row in session.execute(query)
    ]


@dataclass(frozen=True)
class MissingPick:
    """A role that may list a table but not pick the rows of ``target`` that the table names."""

    role: str
    target: str
    tables: tuple[str, ...]


def missing_picks(session: Session, store: Store) -> list[MissingPick]:
    """Roles to which a form shows keys where it could show names, by role and target.

    Rights are older than the right to pick: a role made before it has none. One from which an
    administrator took it looks the same, so this is told and never given by itself.
    """
    names = {line.id: line.name for line in list_roles(session)}
    referring = _referring_tables(store)
    found = []
    for number, rights in rights_of_roles(session, list(names)).items():
        for target, tables in referring.items():
            seen = tuple(sorted(t for t in tables if ("list", t) in rights))
            pick = ("pick", target)
            if seen and pick not in rights and why_not_give_right(names[number], pick) is None:
                found.append(MissingPick(names[number], target, seen))
    return sorted(found, key=lambda each: (each.role, each.target))


def _referring_tables(store: Store) -> Mapping[str, set[str]]:
    """Table → the tables whose rows name its rows, base tables and adopted ones."""
    found: dict[str, set[str]] = {}
    for stored in store.tables.values():
        for field in stored.spec.references:
            if field.reference is not None:
                found.setdefault(field.reference.table, set()).add(stored.spec.identifier)
    for target in store.adopted.values():
        for other, _foreign in naming(store.adopted, target):
            found.setdefault(target.spec.identifier, set()).add(other.spec.identifier)
    return found
