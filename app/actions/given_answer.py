"""Remembering what a request was answered, so that its repetition is not carried out again.

Three short transactions around the one of the request itself: none of them is a deed of anybody,
so they leave nothing in the audit log.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.domain.message import Message, Reason, Refused
from app.models.database import writing
from app.models.given_answer import GivenAnswer

KEPT_FOR = timedelta(hours=24)
# A request that has not been answered by then never will be: its process has ended. Waiting for
# locks again and again or a large file may well take minutes.
GIVEN_UP_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Answered:
    """An answer as it was given."""

    status: int
    content: bytes


def begin_answer(
    session: Session, key: str, request_digest: str, *, by: Actor, now: datetime
) -> Answered | None:
    """Note that a request is being worked on; the answer where it was given already.

    What is older than a day is forgotten here. Raises Refused: the key belongs to another request
    (invalid), or this very request is being worked on (busy).
    """
    try:
        with writing(session):
            session.execute(delete(GivenAnswer).where(GivenAnswer.stored_at < now - KEPT_FOR))
            found = _find(session, by, key)
            if found is None:
                found = GivenAnswer(username=by.username, key=key, request_digest=request_digest)
                session.add(found)
            elif found.request_digest != request_digest:
                raise Refused(
                    Message(
                        "This Idempotency-Key was sent with another request. Use a new key for"
                        " every request, and the same key only to repeat it."
                    ),
                    Reason.INVALID,
                )
            elif found.status is not None:
                return Answered(found.status, found.content or b"")
            elif found.stored_at > now - GIVEN_UP_AFTER:
                raise _is_under_way()
            found.stored_at = now
            session.commit()
    except IntegrityError as error:
        raise _is_under_way() from error
    return None


def keep_answer(session: Session, key: str, answer: Answered, *, by: Actor) -> None:
    """Keep what the request was answered."""
    with writing(session):
        found = _find(session, by, key)
        if found is not None:
            found.status, found.content = answer.status, answer.content
            session.commit()


def forget_answer(session: Session, key: str, *, by: Actor) -> None:
    """Forget a request that came to nothing: its repetition is carried out."""
    with writing(session):
        found = _find(session, by, key)
        if found is not None and found.status is None:
            session.delete(found)
            session.commit()


def _find(session: Session, by: Actor, key: str) -> GivenAnswer | None:
    query = select(GivenAnswer).where(GivenAnswer.username == by.username, GivenAnswer.key == key)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _is_under_way() -> Refused:
    return Refused(
        Message("This very request is being carried out. Wait a moment, then ask again."),
        Reason.BUSY,
    )
