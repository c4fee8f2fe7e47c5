"""The views of a table that somebody finds, each as he may use it: one statement."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.saved_view import FittedView, ViewFields, fitted, views_of, why_not_change_view
from app.domain.message import Message
from app.models.department import Department
from app.models.saved_view import DefaultView, SavedView


@dataclass(frozen=True)
class FoundView:
    """A view with the name of its department and the reason against changing it."""

    view: SavedView
    department_name: str | None
    is_default: bool
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
    found = [
        FoundView(
            view,
            department,
            default is not None,
            view.owner_number == actor.number,
            why_not_change_view(actor, view),
            fitted(actor, view, fields),
        )
        for view, department, default in session.execute(query)
    ]
    return sorted(found, key=lambda each: not each.is_own)
