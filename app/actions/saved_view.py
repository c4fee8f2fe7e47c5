"""Keeping, changing and deleting views of tables; what is shared leaves an entry in the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.saved_view import (
    ViewFields,
    sees_view,
    why_not_change_view,
    why_not_keep_content,
    why_not_share,
)
from app.actions.audit_log import Deed, record
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.saved_view import Audience
from app.models.database import writing
from app.models.saved_view import LONGEST_NAME, DefaultView, RoleView, SavedView

MOST_VIEWS = 50


@dataclass(frozen=True)
class ViewDraft:
    """A view as somebody wants it kept; ``department`` only where it is shared with one."""

    name: str
    audience: Audience
    department: str | None
    content: Mapping[str, Any]


def add_view(
    session: Session, table: str, draft: ViewDraft, fields: ViewFields, *, by: Actor, now: datetime
) -> SavedView:
    """Keep a new view. Raises Refused."""
    with writing(session):
        _refuse_too_many(session, table, by)
        view = SavedView(
            table_identifier=table,
            owner_number=by.number,
            owner_name=by.name,
            version=0,
        )
        _fill(session, view, draft, fields, by=by, now=now)
        if view.audience is not Audience.PRIVATE:
            _record(session, "add", view, None, by=by, now=now)
        session.commit()
        return view


def edit_view(
    session: Session,
    table: str,
    number: int,
    version: int,
    draft: ViewDraft,
    fields: ViewFields,
    *,
    by: Actor,
    now: datetime,
) -> SavedView:
    """Keep a view differently. Raises Refused, also where somebody else has changed it since."""
    with writing(session):
        view = find_view(session, table, number, by)
        refuse(why_not_change_view(by, view))
        if view.version != version:
            raise Refused(
                Message("Somebody else has changed this view meanwhile. Load the page again."),
                Reason.CONFLICT,
            )
        before, was_shared = view.name, view.audience is not Audience.PRIVATE
        _fill(session, view, draft, fields, by=by, now=now)
        if was_shared or view.audience is not Audience.PRIVATE:
            _record(session, "edit", view, before, by=by, now=now)
        session.commit()
        return view


def remove_view(session: Session, table: str, number: int, *, by: Actor, now: datetime) -> None:
    """Delete a view; who opened his grid with it opens it as the table has it. Raises Refused."""
    with writing(session):
        view = find_view(session, table, number, by)
        refuse(why_not_change_view(by, view))
        for chosen in (DefaultView, RoleView):
            session.execute(delete(chosen).where(chosen.view_id == view.id))
        if view.audience is not Audience.PRIVATE:
            _record(session, "remove", view, view.name, by=by, now=now)
        session.delete(view)
        session.commit()


def choose_default_view(session: Session, table: str, number: int | None, *, by: Actor) -> None:
    """Open one's grid of the table with this view, or with none. Raises Refused."""
    with writing(session):
        if number is not None:
            find_view(session, table, number, by)
        chosen = session.get(DefaultView, (table, by.number), with_for_update=True)
        if number is None:
            if chosen is not None:
                session.delete(chosen)
        elif chosen is None:
            session.add(
                DefaultView(table_identifier=table, person_number=by.number, view_id=number)
            )
        else:
            chosen.view_id = number
        session.commit()


def find_view(session: Session, table: str, number: int, by: Actor) -> SavedView:
    """The view of this id, locked, as far as the actor finds it. Raises Refused (not found)."""
    view = session.get(SavedView, number, with_for_update=True, populate_existing=True)
    if view is None or view.table_identifier != table or not sees_view(by, view):
        raise Refused(
            Message("This view does not exist any more, or is not shared with you."),
            Reason.NOT_FOUND,
        )
    return view


def _refuse_too_many(session: Session, table: str, by: Actor) -> None:
    own = (SavedView.table_identifier == table, SavedView.owner_number == by.number)
    kept = session.scalar(select(func.count()).select_from(SavedView).where(*own)) or 0
    if kept >= MOST_VIEWS:
        raise Refused(
            Message(
                "You have %(count)s views of this table already. Delete some first.",
                {"count": kept},
            ),
            Reason.INVALID,
        )


def _fill(
    session: Session,
    view: SavedView,
    draft: ViewDraft,
    fields: ViewFields,
    *,
    by: Actor,
    now: datetime,
) -> None:
    name = draft.name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refused(
            Message(
                "A view needs a name of at most %(count)s characters.", {"count": LONGEST_NAME}
            ),
            Reason.INVALID,
        )
    department = draft.department if draft.audience is Audience.DEPARTMENT else None
    refuse(why_not_share(by, draft.audience, department))
    refuse(why_not_keep_content(draft.content, fields, draft.audience), Reason.INVALID)
    view.name, view.audience, view.department_code = name, draft.audience, department
    view.content = dict(draft.content)
    view.version += 1
    view.changed_at = now
    session.add(view)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused(
            Message(
                "There is a view called %(name)s already. Choose another name.", {"name": name}
            ),
            Reason.CONFLICT,
        ) from error


def _record(
    session: Session, verb: str, view: SavedView, before: str | None, *, by: Actor, now: datetime
) -> None:
    deed = Deed(
        f"saved_view.{verb}",
        f"saved_view:{view.id}",
        department=view.department_code,
        before=before,
        after=None if verb == "remove" else f"{view.name} ({view.audience.value})",
        reason=view.table_identifier,
    )
    record(session, deed, by=by, now=now)
