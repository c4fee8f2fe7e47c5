"""Running the feeds whose hour has come, each for the person who wanted it so.

What the person may do is asked anew at every run; whoever has lost a right runs nothing any more.
Whatever becomes of one feed, the next one has its turn.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.feed import note_scheduled_run
from app.domain.feed import Schedule
from app.domain.message import Message, Reason, Refused
from app.domain.period import LOCAL_ZONE
from app.exchange.feed import run_feed
from app.exchange.feed_open import Translate, note_refusal, open_feed
from app.exchange.feed_result import FeedResult
from app.models.base_table import Store
from app.models.feed import Feed, FeedSchedule
from app.models.permission import user
from app.reports.person import load_actor

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class DueRun:
    """What became of a schedule: the result of its run, or why it did not run."""

    feed: str
    person: str
    result: FeedResult | None
    refusal: Refused | None = None


@dataclass(frozen=True)
class _Due:
    """A schedule as it was read, whatever happens to it meanwhile."""

    id: int
    feed_id: int
    feed: str
    is_as_seen: bool
    username: str
    person: Actor
    department: str | None


def run_due(
    session: Session, store: Store, *, now: datetime, translate: Translate
) -> Iterator[DueRun]:
    """Run every feed that is due, one after the other.

    What is refused or fails is taken back and kept as refused; a fault goes to the log besides.
    """
    for due in _due(session, now):
        result, refusal = None, None
        try:
            if not note_scheduled_run(session, due.id, now=now):
                continue
            result = _run(session, store, due, now, translate)
        except Refused as refused:
            refusal = refused
        except Exception:
            LOG.exception("the feed %s of %s failed", due.feed_id, due.username)
            refusal = _fault()
        if refusal is not None:
            _note(session, due, refusal, now, translate)
        yield DueRun(due.feed, due.person.name, result, refusal)


def has_due(session: Session, now: datetime) -> bool:
    """Whether the hour of any feed has come."""
    return bool(_due(session, now))


def _fault() -> Refused:
    return Refused(
        Message(
            "The feed met a fault of the platform or its database; what it had not finished was"
            " taken back. It runs again at its next turn. If this comes again, whoever looks after"
            " the platform finds the fault in its log."
        )
    )


def _note(
    session: Session, due: _Due, refusal: Refused, now: datetime, translate: Translate
) -> None:
    """Keep that the feed did not run; where not even that can be kept, the log has it."""
    try:
        session.rollback()
        note_refusal(
            session,
            due.feed_id,
            refusal,
            by=due.person,
            now=now,
            translate=translate,
            department=due.department,
            is_scheduled=True,
        )
    except Exception:
        LOG.exception("the refusal of the feed %s of %s was not kept", due.feed_id, due.username)


def _due(session: Session, now: datetime) -> list[_Due]:
    query = (
        select(FeedSchedule, Feed)
        .join(Feed, Feed.id == FeedSchedule.feed_id)
        .where(Feed.is_active)
        .order_by(FeedSchedule.id)
    )
    return [
        _Due(
            each.id,
            each.feed_id,
            feed.name,
            each.feed_version == feed.version,
            each.username,
            Actor(each.person_number, each.person_name, each.username),
            each.department_code,
        )
        for each, feed in session.execute(query)
        if Schedule(each.rhythm, each.hour, each.weekday).is_due(each.since, now)
    ]


def _run(
    session: Session, store: Store, due: _Due, now: datetime, translate: Translate
) -> FeedResult:
    user_id = session.scalar(select(user.c.id).where(user.c.username == due.username))
    today = now.astimezone(LOCAL_ZONE).date()
    actor = None if user_id is None else load_actor(session, user_id, today)
    if actor is None or actor.number != due.person.number:
        raise Refused(
            Message(
                "The account of %(person)s, for whom the feed was to run, is no longer active.",
                {"person": due.person.name},
            )
        )
    if not due.is_as_seen:
        raise Refused(
            Message(
                "The feed was defined differently since %(person)s scheduled it. Look at its"
                " preview and schedule it again.",
                {"person": due.person.name},
            ),
            Reason.CONFLICT,
        )
    opened = open_feed(session, store, due.feed_id, by=actor, department=due.department)
    return run_feed(
        session,
        store,
        opened,
        by=actor,
        now=now,
        dry_run=False,
        is_scheduled=True,
        translate=translate,
    )
