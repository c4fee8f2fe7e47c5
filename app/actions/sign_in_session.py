"""Ending sessions of one's own, and keeping that one is alive.

Like signing in, these acts write the sign-in log in place of the audit log.
"""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.actions.account import end_sessions
from app.domain.account import AccountEvent
from app.domain.message import Message, Reason, Refused
from app.models.account import SignInEntry, SignInSession
from app.models.database import writing


def sign_out(session: Session, session_id: int, *, username: str, now: datetime) -> None:
    """End the session that asks for it; its cookie or token opens nothing any more."""
    with writing(session):
        if _end_one(session, session_id, username, now):
            event = AccountEvent.SIGNED_OUT
            session.add(SignInEntry(at=now, username=username, event=event))
        session.commit()


def end_session(session: Session, session_id: int, *, username: str, now: datetime) -> None:
    """End another session of one's own. Refused where it is not one's own or has ended."""
    with writing(session):
        if not _end_one(session, session_id, username, now):
            raise Refused(Message("This session has ended already."), Reason.CONFLICT)
        event = AccountEvent.SESSION_ENDED
        session.add(SignInEntry(at=now, username=username, event=event))
        session.commit()


def end_other_sessions(session: Session, *, username: str, keep: int, now: datetime) -> int:
    """End all of one's own sessions and tokens but the one that asks; returns how many."""
    with writing(session):
        ended = end_sessions(session, [username], now=now, keep=keep)
        if ended:
            event = AccountEvent.SESSION_ENDED
            session.add(SignInEntry(at=now, username=username, event=event))
        session.commit()
        return ended


def note_seen(session: Session, session_id: int, *, address: str, now: datetime) -> None:
    """Keep that a session is alive and where it is now."""
    with writing(session):
        session.execute(
            update(SignInSession)
            .where(SignInSession.id == session_id, SignInSession.last_seen_at < now)
            .values(last_seen_at=now, address=address)
            .execution_options(synchronize_session=False)
        )
        session.commit()


def _end_one(session: Session, session_id: int, username: str, now: datetime) -> bool:
    statement = (
        update(SignInSession)
        .where(
            SignInSession.id == session_id,
            SignInSession.username == username,
            SignInSession.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    return session.connection().execute(statement).rowcount == 1
