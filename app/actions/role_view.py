"""Choosing the view with which a table opens for a role or for everybody who has chosen none."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.saved_view import why_not_open_with
from app.actions.audit_log import Deed, record
from app.actions.saved_view import find_view
from app.domain.message import Message, Reason, Refused, refuse
from app.models.database import writing
from app.models.permission import role
from app.models.saved_view import RoleView

KEY = ("table_identifier", "role_name", "department_code")


def choose_role_view(
    session: Session,
    table: str,
    number: int,
    name: str,
    *,
    chosen: bool,
    by: Actor,
    now: datetime,
) -> None:
    """Open the table with this view for the role ``name`` (empty for everybody), or no longer.

    Of a view that is shared with a department only its people are meant. Raises Refused.
    """
    with writing(session):
        view = find_view(session, table, number, by)
        refuse(why_not_open_with(by, view))
        if name and session.scalar(select(role.c.id).where(role.c.name == name)) is None:
            raise Refused(Message("There is no such role."), Reason.INVALID)
        place = (table, name, view.department_code or "")
        kept = session.get(RoleView, place, with_for_update=True, populate_existing=True)
        before = None if kept is None else kept.view_id
        if not chosen and before == view.id:
            session.delete(kept)
        elif chosen and kept is None:
            session.add(RoleView(**dict(zip(KEY, place, strict=True)), view_id=view.id))
        elif chosen and kept is not None:
            kept.view_id = view.id
        if chosen != (before == view.id):
            deed = Deed(
                "saved_view.default",
                f"saved_view:{view.id}",
                department=view.department_code,
                before=None if before is None else str(before),
                after=(name or "*") if chosen else None,
                reason=table,
            )
            record(session, deed, by=by, now=now)
        session.commit()
