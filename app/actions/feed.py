"""Keeping feeds: what they are called and take from where, whether and when they run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.feed import (
    why_not_change_feeds,
    why_not_define,
    why_not_feed,
    why_not_read_feeds,
    why_not_run,
    why_not_run_into,
)
from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.domain.feed import Schedule
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table import Store
from app.models.database import writing
from app.models.feed import LONGEST_NAME, Feed, FeedSchedule


@dataclass(frozen=True)
class FeedDraft:
    """A feed as somebody wants it; ``content`` is judged before (``exchange.feed_definition``)."""

    name: str
    source: str
    target: str
    content: Mapping[str, Any]


def add_feed(session: Session, store: Store, draft: FeedDraft, *, by: Actor, now: datetime) -> int:
    """Keep a new feed; returns its number. Raises Refused."""
    _refuse_stranger(store, draft, by)
    with writing(session):
        feed = Feed(
            source_identifier=draft.source,
            target_identifier=draft.target,
            version=0,
            is_active=True,
        )
        _fill(session, feed, draft, by=by, now=now)
        _record(session, "add", feed, by=by, now=now)
        session.commit()
        return feed.id


def edit_feed(
    session: Session,
    store: Store,
    number: int,
    version: int,
    draft: FeedDraft,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Keep a feed differently; its tables stay. Schedules wait until their owners have looked."""
    _refuse_stranger(store, draft, by)
    with writing(session):
        feed = _find(session, number)
        if (feed.source_identifier, feed.target_identifier) != (draft.source, draft.target):
            raise Refused(
                Message("The tables of a feed stay as they are; set up another feed instead."),
                Reason.INVALID,
            )
        if feed.version != version:
            raise Refused(
                Message("Somebody else has changed this feed meanwhile. Load it again."),
                Reason.CONFLICT,
            )
        _fill(session, feed, draft, by=by, now=now)
        _record(session, "edit", feed, by=by, now=now)
        session.commit()


def switch_feed(
    session: Session, number: int, *, is_active: bool, by: Actor, now: datetime
) -> None:
    """Switch a feed on or off; what it has given stays."""
    refuse(why_not_change_feeds(by))
    with writing(session):
        feed = _find(session, number)
        if feed.is_active is not is_active:
            feed.is_active = is_active
            _record(session, "switch_on" if is_active else "switch_off", feed, by=by, now=now)
        session.commit()


def schedule_feed(
    session: Session,
    store: Store,
    number: int,
    wanted: Schedule | None,
    *,
    by: Actor,
    now: datetime,
    department: str | None = None,
) -> None:
    """Let the feed run for oneself from now on, as it is defined now; None lets it no more."""
    refuse(why_not_read_feeds(by))
    with writing(session):
        feed = _find(session, number)
        if wanted is not None:
            _refuse_schedule(store, feed, wanted, by, department)
        own = (FeedSchedule.feed_id == feed.id, FeedSchedule.username == by.username)
        known = session.scalar(select(FeedSchedule).where(*own))
        if wanted is None:
            session.execute(delete(FeedSchedule).where(*own))
        else:
            kept = known or FeedSchedule(feed_id=feed.id, username=by.username)
            kept.feed_version = feed.version
            kept.person_number, kept.person_name = by.number, by.name
            kept.department_code = department
            kept.rhythm, kept.hour, kept.weekday = wanted.rhythm, wanted.hour, wanted.weekday
            kept.since = now
            session.add(kept)
        verb = "unschedule" if wanted is None else "schedule"
        if wanted is not None or known is not None:
            _record(session, verb, feed, by=by, now=now, department=department)
        session.commit()


def note_scheduled_run(session: Session, schedule_id: int, *, now: datetime) -> bool:
    """Note that a schedule is being carried out, so that nobody else does it; False where one has.

    Committed before the run: one that fails waits for its next turn, it does not run all day.
    """
    with writing(session):
        found = session.get(FeedSchedule, schedule_id, with_for_update=True, populate_existing=True)
        if found is None:
            return False
        is_due = Schedule(found.rhythm, found.hour, found.weekday).is_due(found.since, now)
        if is_due:
            found.since = now
        session.commit()
        return is_due


def _refuse_schedule(
    store: Store, feed: Feed, wanted: Schedule, by: Actor, department: str | None
) -> None:
    if not wanted.is_possible:
        raise Refused(Message("Choose an hour from 0 to 23 and a day of the week."), Reason.INVALID)
    live = store.adopted.get(feed.source_identifier)
    target = store.tables.get(feed.target_identifier)
    if target is not None:
        refuse(why_not_run_into(by, target))
        if department is not None:
            refuse(why_not_feed(by, target, department))
    if live is None or target is None:
        raise Refused(
            Message("A table of this feed is no longer there; it cannot run."), Reason.CONFLICT
        )
    refuse(why_not_run(by, live, target))


def _refuse_stranger(store: Store, draft: FeedDraft, by: Actor) -> None:
    refuse(why_not_change_feeds(by))
    live = store.adopted.get(draft.source)
    if live is None or draft.target not in store.tables:
        raise Refused(
            Message("Choose an adopted table as the source and a base table as the target."),
            Reason.INVALID,
        )
    refuse(why_not_define(by, live))


def _find(session: Session, number: int) -> Feed:
    feed = session.get(Feed, number, with_for_update=True, populate_existing=True)
    if feed is None:
        raise Refused(Message("There is no such feed."), Reason.NOT_FOUND)
    return feed


def _fill(session: Session, feed: Feed, draft: FeedDraft, *, by: Actor, now: datetime) -> None:
    name = draft.name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refused(
            Message(
                "A feed needs a name of at most %(count)s characters.", {"count": LONGEST_NAME}
            ),
            Reason.INVALID,
        )
    feed.name, feed.content = name, dict(draft.content)
    feed.version += 1
    feed.changed_at, feed.changed_by = now, by.name
    session.add(feed)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused(
            Message(
                "There is a feed called %(name)s already. Choose another name.", {"name": name}
            ),
            Reason.CONFLICT,
        ) from error


def _record(
    session: Session,
    verb: str,
    feed: Feed,
    *,
    by: Actor,
    now: datetime,
    department: str | None = None,
) -> None:
    deed = Deed(
        f"feed.{verb}",
        f"feed:{feed.id}",
        department=department,
        after=feed.name,
        reason=f"{feed.source_identifier} → {feed.target_identifier}",
    )
    record(session, deed, by=by, now=now)
