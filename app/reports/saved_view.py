"""The views of a table that somebody finds, each as he may use it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.roles import is_platform_role, platform_role, roles_of
from app.access.saved_view import FittedView, ViewFields, fitted, views_of, why_not_change_view
from app.domain.message import Message
from app.models.department import Department
from app.models.permission import role
from app.models.role_rights import roles_held
from app.models.saved_view import DefaultView, RoleView, SavedView


@dataclass(frozen=True)
class FoundView:
    """A view with the name of its department and the reason against changing it.

    ``opens_for`` are the roles whose people open the table with it unless they have chosen another,
    an empty name for everybody.
    """

    view: SavedView
    department_name: str | None
    is_default: bool
    opens_for: tuple[str, ...]
    is_own: bool
    why_not_change: Message | None
    fitted: FittedView


def list_views(
    session: Session, table: str, actor: Actor, fields: ViewFields
) -> Sequence[FoundView]:
    """One's own views first, each kind by name."""
    query = (
        select(SavedView, Department.name, DefaultView.view_id)
        .join(Department, Department.code == SavedView.department_code, isouter=True)
        .join(
            DefaultView,
            and_(
                DefaultView.view_id == SavedView.id,
                DefaultView.table_identifier == table,
                DefaultView.person_number == actor.number,
            ),
            isouter=True,
        )
        .where(SavedView.table_identifier == table, views_of(actor))
        .order_by(SavedView.name, SavedView.id)
    )
    read = session.execute(query).all()
    opening = _opening(session, table)
    views = [view for view, _name, _default in read]
    own = next((view.id for view, _name, default in read if default), None)
    first = own or _first_by_roles(session, actor, views, opening)
    found = [
        FoundView(
            view,
            department,
            view.id == first,
            tuple(sorted(each.role_name for each in opening if each.view_id == view.id)),
            view.owner_number == actor.number,
            why_not_change_view(actor, view),
            fitted(actor, view, fields),
        )
        for view, department, _default in read
    ]
    return sorted(found, key=lambda each: not each.is_own)


def _opening(session: Session, table: str) -> Sequence[RoleView]:
    """What has been chosen for roles and for everybody."""
    return session.scalars(select(RoleView).where(RoleView.table_identifier == table)).all()


def _first_by_roles(
    session: Session, actor: Actor, views: Sequence[SavedView], opening: Sequence[RoleView]
) -> int | None:
    """The view that was chosen for one of the actor's roles, else that for everybody.

    A choice for his department goes before one for the whole college.
    """
    found = [each for each in opening if any(view.id == each.view_id for view in views)]
    if any(each.role_name for each in found):
        held = {
            name
            for appointed in actor.appointments
            for name in roles_of(appointed.function, appointed.department)
        }
        held |= {name for name in roles_held(session, actor.user_id) if not is_platform_role(name)}
        found = [each for each in found if each.role_name in {"", *held}]
    order = sorted(
        found, key=lambda each: (not each.role_name, not each.department_code, each.view_id)
    )
    return order[0].view_id if order else None


def roles_to_choose(session: Session) -> list[str]:
    """The roles for which a view may be chosen: those of functions and those made by hand."""
    names = session.scalars(select(role.c.name).order_by(role.c.name))
    return [name for name in names if (platform_role(name) or (None, None))[1] is None]
