"""Keeping what a request came to until the page that it leads to shows it.

A page that answers a form directly cannot be gone back to: browsers would have to send the form
once more. Like answers to programs it is nobody's deed, so it leaves nothing in the audit log.
"""

import secrets
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.given_answer import KEPT_FOR
from app.models.database import writing
from app.models.given_answer import GivenAnswer

DONE = 200
# So many of a kind stay for everybody: whoever goes back further begins again.
MOST_OF_A_KIND = 20


def keep(
    session: Session,
    kind: str,
    content: bytes,
    *,
    by: Actor,
    now: datetime,
    most: int = MOST_OF_A_KIND,
) -> str:
    """Keep ``content`` for the person alone, for a day; the key it is found by.

    Of a kind the person keeps ``most`` at once, the newest ones.
    ``kind`` says which page is to show it and stands where answers to programs have the digest
    of their request, so that neither is ever taken for the other.
    """
    key = secrets.token_urlsafe(24)
    with writing(session):
        session.execute(delete(GivenAnswer).where(GivenAnswer.stored_at < now - KEPT_FOR))
        own = select(GivenAnswer.id).where(
            GivenAnswer.username == by.username, GivenAnswer.request_digest == kind
        )
        newest = session.scalars(own.order_by(GivenAnswer.id.desc())).all()
        older = newest[most - 1 :]
        session.execute(delete(GivenAnswer).where(GivenAnswer.id.in_(older)))
        session.add(
            GivenAnswer(
                username=by.username,
                key=key,
                request_digest=kind,
                stored_at=now,
                status=DONE,
                content=content,
            )
        )
        session.commit()
    return key
