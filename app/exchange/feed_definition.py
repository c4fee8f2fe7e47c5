"""Judging and keeping the definition of a feed, its filter included."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.feed import why_not_define
from app.access.person import Actor
from app.actions.feed import FeedDraft, add_feed, edit_feed
from app.catalogue.feed import DepartmentSource
from app.domain.message import Message, Reason, Refused, refuse
from app.exchange.feed_open import checked_content
from app.models.base_table import Store
from app.reports.assignment import department_names
from app.reports.feed_source import source_condition


def define_feed(
    session: Session,
    store: Store,
    draft: FeedDraft,
    *,
    by: Actor,
    now: datetime,
    number: int | None = None,
    version: int = 0,
) -> int:
    """Keep a new feed, or the feed ``number`` differently; returns its number.

    Raises Refused with every fault: a column that is gone, a type that does not fit, a key field
    that gets nothing, a masked column, a filter or department that does not exist.
    """
    live, target = store.adopted.get(draft.source), store.tables.get(draft.target)
    if live is not None and target is not None:
        refuse(why_not_define(by, live))
        content = checked_content(draft.content, live, target, by)
        source_condition(live, by, content)
        _refuse_unknown_departments(session, content.department)
    if number is None:
        return add_feed(session, store, draft, by=by, now=now)
    edit_feed(session, store, number, version, draft, by=by, now=now)
    return number


def _refuse_unknown_departments(session: Session, chosen: DepartmentSource) -> None:
    named = set(chosen.codes.values())
    named |= {chosen.value} if chosen.value is not None else set()
    unknown = sorted(named - department_names(session).keys())
    if unknown:
        raise Refused(
            Message(
                "There is no department %(department)s.", {"department": ", ".join(unknown)[:200]}
            ),
            Reason.INVALID,
        )
