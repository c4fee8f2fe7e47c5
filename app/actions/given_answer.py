"""Remembering what a request was answered, so that its repetition is not carried out again.

Short transactions around the one of the request itself: none of them is a deed of anybody, so
they leave nothing in the audit log. That something was done is noted together with it, in its own
transaction: a process that ends before it has answered does not let it be done twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, event, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.domain.message import Message, Reason, Refused
from app.models.audit_log import AuditEntry, ChangeSet
from app.models.database import writing
from app.models.given_answer import CARRIED_OUT, GivenAnswer

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
    (invalid), this very request is being worked on (busy), or it was carried out and its answer
    was lost (conflict).
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
            elif found.status not in {None, CARRIED_OUT}:
                return Answered(found.status or 0, found.content or b"")
            elif found.stored_at > now - GIVEN_UP_AFTER:
                raise _is_under_way()
            elif found.status == CARRIED_OUT:
                raise _has_lost_its_answer()
            found.stored_at = now
            session.commit()
    except IntegrityError as error:
        raise _is_under_way() from error
    return None


@contextmanager
def noting_deeds(session: Session, key: str, *, by: Actor) -> Iterator[None]:
    """Whatever is done inside notes, in the same transaction, that the request was carried out."""
    carried_out = (
        update(GivenAnswer)
        .where(GivenAnswer.username == by.username, GivenAnswer.key == key)
        .values(status=CARRIED_OUT)
    )

    def note(flushed: Session, *_context: object) -> None:
        if any(isinstance(new, AuditEntry | ChangeSet) for new in flushed.new):
            flushed.connection().execute(carried_out)

    event.listen(session, "before_flush", note)
    try:
        yield
    finally:
        event.remove(session, "before_flush", note)


def keep_answer(session: Session, key: str, answer: Answered, *, by: Actor) -> None:
    """Keep what the request was answered."""
    with writing(session):
        found = _find(session, by, key)
        if found is not None:
            found.status, found.content = answer.status, answer.content
            session.commit()


def forget_answer(session: Session, key: str, *, was_refused: bool, by: Actor) -> None:
    """Forget a request that came to nothing: its repetition is carried out.

    One that broke down, and was not refused, is remembered where something had been done.
    """
    forgotten = {None, CARRIED_OUT} if was_refused else {None}
    with writing(session):
        found = _find(session, by, key)
        if found is not None and found.status in forgotten:
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


def _has_lost_its_answer() -> Refused:
    return Refused(
        Message(
            "This request was carried out before, but its answer was lost. Nothing was done again:"
            " look at the present state, and send what is still needed with a new key."
        ),
        Reason.CONFLICT,
    )
