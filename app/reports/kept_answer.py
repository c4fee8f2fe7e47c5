"""What a request came to, for the page that shows it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.models.given_answer import LONGEST_KEY, GivenAnswer


def kept_content(session: Session, kind: str, key: str, actor: Actor) -> bytes | None:
    """What the person was promised under the key; None where it is not, or no longer, kept."""
    if not key or len(key) > LONGEST_KEY:
        return None
    query = select(GivenAnswer.content).where(
        GivenAnswer.username == actor.username,
        GivenAnswer.key == key,
        GivenAnswer.request_digest == kind,
    )
    return session.scalar(query)
