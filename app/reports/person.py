"""Who a login is: the actor with today's appointments and permissions."""

from collections import OrderedDict
from collections.abc import Collection
from datetime import date, datetime
from threading import Lock

from sqlalchemy import ColumnElement, not_, or_, select, union
from sqlalchemy.orm import Session

from app.access.person import Actor, Appointed
from app.access.roles import SUFFIXES, roles_of
from app.domain.person import Function
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

Cached = tuple[str | None, date, Actor]


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
        otherwise.
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
    query = (
        select(user.c.username, user.c.first_name, Person.number, Person.name, Appointment)
        .select_from(user)
        .join(Person, Person.username == user.c.username, isouter=True)
        .join(
            Appointment,
            (Appointment.person_id == Person.id)
            & (Appointment.valid_from <= today)
            & or_(Appointment.valid_to.is_(None), Appointment.valid_to >= today),
            isouter=True,
        )
        .where(user.c.id == user_id, user.c.active, or_(Person.id.is_(None), Person.is_active))
        .order_by(Appointment.id)
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    username, first_name, number, name, _ = rows[0]
    appointments = [row[4] for row in rows if row[4] is not None]
    backed = None
    if number is not None:
        names = (roles_of(a.function, a.department_code) for a in appointments)
        backed = sorted({name for pair in names for name in pair})
    return Actor(
        number=number or username,
        name=name or first_name,
        username=username,
        user_id=user_id,
        appointments=tuple(Appointed(a.function, a.department_code) for a in appointments),
        permissions=_permissions(session, user_id, backed),
    )


def _permissions(
    session: Session, user_id: int, backed: Collection[str] | None
) -> frozenset[tuple[str, str]]:
    """All pairs the user's own roles and those of his groups grant.

    Of his own roles that the platform makes only those in ``backed`` count;
    None counts all of them.
    """
    own = select(user_role.c.role_id).where(user_role.c.user_id == user_id)
    if backed is not None:
        own = own.join(role, role.c.id == user_role.c.role_id).where(
            or_(role.c.name.in_(backed), not_(_made_by_platform()))
        )
    of_groups = (
        select(group_role.c.role_id)
        .join(user_group, user_group.c.group_id == group_role.c.group_id)
        .where(user_group.c.user_id == user_id)
    )
    roles = union(own, of_groups).subquery()
    query = (
        select(permission.c.name, view_menu.c.name)
        .select_from(permission_view_role)
        .join(roles, roles.c.role_id == permission_view_role.c.role_id)
        .join(permission_view, permission_view.c.id == permission_view_role.c.permission_view_id)
        .join(permission, permission.c.id == permission_view.c.permission_id)
        .join(view_menu, view_menu.c.id == permission_view.c.view_menu_id)
    )
    return frozenset((action, resource) for action, resource in session.execute(query))


def _made_by_platform() -> ColumnElement[bool]:
    """``is_platform_role`` as a condition."""
    endings = (role.c.name.endswith(suffix, autoescape=True) for suffix in SUFFIXES)
    return or_(role.c.name.in_(list(Function)), *endings)
