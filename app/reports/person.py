"""Who a login is: the actor with today's appointments and permissions."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from threading import Lock
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, literal, not_, or_, select, union
from sqlalchemy.orm import Session

from app.access.person import ANSWERING, Actor, Appointed, RoleAccess
from app.access.roles import SUFFIXES, roles_of
from app.access.row_rule import rule_of
from app.domain.person import Function, TeacherKind
from app.domain.table_access import FieldMask, RowReach
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
from app.reports.contribution import contributions_of, rights_of_contributions

_OF_PERSON = (Person.number, Person.name, Person.teacher_kind)
Cached = tuple[str | None, date, Actor]
# The number, and the appointments with the names of their departments.
Who = tuple[str, Sequence[tuple[Appointment, str]]]


class GrantWay(StrEnum):
    """How somebody came to a role."""

    APPOINTMENT = "appointment"
    HAND = "hand"
    GROUP = "group"


@dataclass(frozen=True)
class Grant:
    """A role, by its name, that grants a right."""

    role: str
    way: GrantWay


class ActorCache:
    """Remembers actors per process until the rights of anybody change.

    ``size`` bounds how many are kept, the least recently asked for leave first.
    """

    def __init__(self, size: int = 5000) -> None:
        self._size = size
        self._actors: OrderedDict[int, Cached] = OrderedDict()
        # Threads of one server share the cache.
        self._lock = Lock()

    def load(
        self, session: Session, user_id: int, version: str | None, now: datetime
    ) -> Actor | None:
        """The actor behind a login, None when it is unknown or inactive.

        ``version`` is that of the rights (``PERMISSION_VERSION``) as it is
        now. No statement when nothing has changed since the last call, two
        otherwise, three for those who answer for a department.
        """
        today = now.date()
        with self._lock:
            remembered = self._actors.get(user_id)
            if remembered is not None and remembered[:2] == (version, today):
                self._actors.move_to_end(user_id)
                return remembered[2]
        actor = load_actor(session, user_id, today)
        with self._lock:
            self._remember(user_id, None if actor is None else (version, today, actor))
        return actor

    def _remember(self, user_id: int, known: Cached | None) -> None:
        self._actors.pop(user_id, None)
        if known is not None:
            self._actors[user_id] = known
        while len(self._actors) > self._size:
            self._actors.popitem(last=False)


def load_actor(session: Session, user_id: int, today: date) -> Actor | None:
    """Read the actor behind a login, None when it is unknown or inactive.

    A login without a person (an operator's account) has permissions only. A
    role of the platform counts only while an appointment stands behind it: one
    that has ended gives nothing, whatever the login still holds.
    """
    if not (rows := session.execute(_of_login(user_id, today)).all()):
        return None
    username, first_name, number, name, kind = rows[0][:5]
    appointments = [(row[5], row[6]) for row in rows if row[5] is not None]
    backed = None if number is None else roles_of_appointments([held for held, _ in appointments])
    permissions, access = _opened(session, user_id, backed, (number or username, appointments))
    parts = contributions_of(session, [held for held, _ in appointments], permissions)
    return Actor(
        number=number or username,
        name=name or first_name,
        username=username,
        user_id=user_id,
        appointments=tuple(appointed(held, kind, called) for held, called in appointments),
        permissions=permissions | rights_of_contributions(parts),
        access=access,
        contributions=parts,
    )


def _of_login(user_id: int, today: date) -> Select[Any]:
    """The person behind an active login, with a line for each appointment of today."""
    return (
        select(
            *(user.c.username, user.c.first_name, *_OF_PERSON),
            *(Appointment, Department.name),
        )
        .select_from(user)
        .join(Person, Person.username == user.c.username, isouter=True)
        .join(
            Appointment,
            (Appointment.person_id == Person.id)
            & (Appointment.valid_from <= today)
            & or_(Appointment.valid_to.is_(None), Appointment.valid_to >= today),
            isouter=True,
        )
        .join(Department, Department.code == Appointment.department_code, isouter=True)
        .where(user.c.id == user_id, user.c.active, or_(Person.id.is_(None), Person.is_active))
        .order_by(Appointment.id)
    )


def appointed(appointment: Appointment, kind: TeacherKind | None, called: str) -> Appointed:
    """The function held; a teacher is of the kind noted there, else of the person's own."""
    is_teacher = appointment.function is Function.TEACHER
    return Appointed(
        appointment.function,
        appointment.department_code,
        (appointment.teacher_kind or kind) if is_teacher else None,
        called,
    )


def roles_of_appointments(appointments: Iterable[Appointment]) -> list[str]:
    """The names of the roles that the appointments bring."""
    names = (roles_of(held.function, held.department_code) for held in appointments)
    return sorted({name for several in names for name in several})


def load_grants(session: Session, actor: Actor) -> Mapping[tuple[str, str], frozenset[Grant]]:
    """Action and resource → the roles that grant them to the actor, by the same reading."""
    known = select(Person.id).where(Person.username == actor.username)
    backed = None
    if session.scalar(known) is not None:
        names = (roles_of(held.function, held.department) for held in actor.appointments)
        backed = sorted({name for several in names for name in several})
    roles = _counting_roles(actor.user_id, backed)
    query = _granted(roles).add_columns(role.c.name.label("role"), roles.c.is_own)
    grants: dict[tuple[str, str], set[Grant]] = {}
    for action, resource, name, is_own in session.execute(
        query.join(role, role.c.id == roles.c.role_id)
    ):
        way = GrantWay.HAND if is_own else GrantWay.GROUP
        if is_own and name in (backed or ()):
            way = GrantWay.APPOINTMENT
        right = (action.removeprefix("can_"), resource)
        grants.setdefault(right, set()).add(Grant(name, way))
    return {right: frozenset(found) for right, found in grants.items()}


def _opened(
    session: Session, user_id: int, backed: Collection[str] | None, who: Who
) -> tuple[frozenset[tuple[str, str]], Mapping[str, tuple[RoleAccess, ...]]]:
    """All pairs the user's own roles and those of his groups grant, and what narrows them.

    One statement: the rows and masks of a role stand beside its rights.
    """
    roles = _counting_roles(user_id, backed)
    query = (
        _granted(roles)
        .add_columns(role.c.name, TableAccess.rows, TableAccess.rule, TableAccess.masks)
        .join(role, role.c.id == roles.c.role_id)
        .join(
            TableAccess,
            (TableAccess.role_name == role.c.name)
            & (TableAccess.table_identifier == view_menu.c.name),
            isouter=True,
        )
    )
    return opened_by(session.execute(query).all(), who)


def opened_by(
    read: Sequence[Sequence[Any]], who: Who
) -> tuple[frozenset[tuple[str, str]], Mapping[str, tuple[RoleAccess, ...]]]:
    """The rights, and what narrows them: action, resource, role, rows, rule and masks of each."""
    narrowed = {row[1] for row in read if row[5] is not None}
    return (
        frozenset((row[0], row[1]) for row in read),
        _access_of([row for row in read if row[1] in narrowed], who),
    )


def _access_of(read: Iterable[Sequence[Any]], who: Who) -> Mapping[str, tuple[RoleAccess, ...]]:
    """Table → what each of the roles opens of it."""
    number, appointments = who
    departments = [held.department_code for held, _ in appointments if held.function in ANSWERING]
    actions: dict[tuple[str, str], set[str]] = {}
    settings: dict[tuple[str, str], tuple[Any, Any, Mapping[str, str]]] = {}
    for action, table, name, rows, rule, masks in read:
        actions.setdefault((table, name), set()).add(action.removeprefix("can_"))
        settings[table, name] = (rows, rule, masks or {})
    access: dict[str, tuple[RoleAccess, ...]] = {}
    for (table, name), granted in sorted(actions.items()):
        rows, rule, masks = settings[table, name]
        by_rule = rule_of(rule, number, departments) if rows is RowReach.RULE else None
        told = {code: FieldMask(mask) for code, mask in masks.items()}
        opened = RoleAccess(name, frozenset(granted), rows, by_rule, told)
        access[table] = (*access.get(table, ()), opened)
    return access


def _counting_roles(user_id: int | None, backed: Collection[str] | None) -> Subquery:
    """``role_id`` and ``is_own`` of the roles a login has, itself or by its groups.

    Of his own roles that the platform makes only those in ``backed`` count; None counts all.
    """
    own = select(user_role.c.role_id, literal(1).label("is_own")).where(
        user_role.c.user_id == user_id
    )
    if backed is not None:
        own = own.join(role, role.c.id == user_role.c.role_id).where(
            or_(role.c.name.in_(backed), not_(_made_by_platform()))
        )
    of_groups = (
        select(group_role.c.role_id, literal(0).label("is_own"))
        .join(user_group, user_group.c.group_id == group_role.c.group_id)
        .where(user_group.c.user_id == user_id)
    )
    return union(own, of_groups).subquery()


def _granted(roles: Subquery) -> Select[Any]:
    """The pairs of action and resource that the roles grant."""
    return (
        select(permission.c.name, view_menu.c.name)
        .select_from(permission_view_role)
        .join(roles, roles.c.role_id == permission_view_role.c.role_id)
        .join(permission_view, permission_view.c.id == permission_view_role.c.permission_view_id)
        .join(permission, permission.c.id == permission_view.c.permission_id)
        .join(view_menu, view_menu.c.id == permission_view.c.view_menu_id)
    )


def _made_by_platform() -> ColumnElement[bool]:
    """``is_platform_role`` as a condition."""
    endings = (role.c.name.endswith(suffix, autoescape=True) for suffix in SUFFIXES)
    return or_(role.c.name.in_(list(Function)), *endings)
