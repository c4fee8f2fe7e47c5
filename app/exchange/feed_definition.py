"""Judging and keeping the definition of a feed, its filter included."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.feed import why_not_define
from app.access.person import Actor
from app.actions.feed import FeedDraft, add_feed, edit_feed
from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.feed import DepartmentSource, FeedContent
from app.domain.message import Message, Reason, Refused, refuse
from app.exchange.feed_open import checked_content
from app.models.base_table import Store
from app.reports.assignment import department_names
from app.reports.feed_source import source_condition
from app.rules.base_table import check_rows
from app.rules.coercion import raw_frame


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
        _refuse_unfit_values(store.catalogue, target.spec, content)
        source_condition(live, by, content)
        _refuse_unknown_departments(session, content.department)
    if number is None:
        return add_feed(session, store, draft, by=by, now=now)
    edit_feed(session, store, number, version, draft, by=by, now=now)
    return number


def _refuse_unfit_values(catalogue: Catalogue, spec: TableSpec, content: FeedContent) -> None:
    """Fixed values and what translations give are checked as if they were typed."""
    faults: list[Message] = []
    for code, source in content.fields.items():
        given = [source.value, *source.translate.values()]
        texts = [text for text in dict.fromkeys(given) if text]
        raw = raw_frame(spec, [{code: text} for text in texts])
        found = check_rows(spec, catalogue, raw, {}).findings
        faults += [finding.message for finding in found if finding.field == code]
    if faults:
        raise Refused(
            Message("The definition of the feed does not fit the tables; correct it first."),
            Reason.INVALID,
            tuple(faults),
        )


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
