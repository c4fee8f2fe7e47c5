"""Signing in and out: what is counted, locked and kept of it.

An act here writes the sign-in log in place of the audit log: it is kept for a limited time only,
and strangers write to it as well. Whether a password is right is found out before; several wrong
ones that are looked at in the same moment are still counted one after the other, and a right one
among them comes too late when the name has been locked meanwhile.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.actions.attempt import Attempt, has_failures, held_counters, make_counters
from app.domain.account import AccountEvent, Way
from app.domain.message import Message, Reason, Refused, refuse
from app.models.account import Account, SignInAddress, SignInEntry, SignInSession
from app.models.database import Base, writing
from app.models.permission import user

LOG_KEPT = timedelta(days=400)
SESSIONS_KEPT = timedelta(days=30)
COUNTERS_KEPT = timedelta(days=1)
# Every so many lines of the log some old rows go, never more than this at once.
TIDIED_EVERY = 50
MOST_TIDIED = 500


def note_failure(session: Session, attempt: Attempt, *, now: datetime) -> Refused:
    """Count a wrong password and lock what has had too many; returns the refusal to raise.

    Its reason is INVALID as long as another one may be tried, then LOCKED.
    """
    make_counters(session, attempt)
    entry = None
    with writing(session):
        counters = held_counters(session, attempt)
        locked = counters.why_not(now)
        if locked is None:
            was_locked = counters.account.is_locked(now)
            counters.add_failure(now)
            entry = _entry(attempt, AccountEvent.FAILED, now)
            session.add(entry)
            if counters.account.is_locked(now) and not was_locked:
                session.add(_entry(attempt, AccountEvent.LOCKED_OUT, now))
            locked = counters.why_not(now)
        session.commit()
    if entry is not None:
        _tidy_sometimes(session, entry, now)
    if locked is not None:
        return Refused(locked, Reason.LOCKED)
    return Refused(_wrong(attempt, counters.left()), Reason.INVALID)


def note_success(session: Session, attempt: Attempt, *, now: datetime) -> None:
    """Forget the wrong passwords before the right one; Refused where it came too late.

    Nothing is written where nothing was counted.
    """
    if not has_failures(session, attempt):
        return
    make_counters(session, attempt)
    with writing(session):
        _pass(session, attempt, now)
        session.commit()


def open_session(
    session: Session,
    attempt: Attempt,
    *,
    user_id: int,
    password_hash: str,
    id_hash: str,
    now: datetime,
) -> SignInSession:
    """Sign in after the right password: begin a session whose secret has the hash ``id_hash``.

    ``password_hash`` is that of the password that was looked at. Refused where the password has
    been changed since: that ended all sessions and must not leave this one. Refused too where the
    name was locked meanwhile, where an initial password was handed out too long ago, and to
    programs as long as a new password has to be set.
    """
    make_counters(session, attempt)
    with writing(session):
        account = _pass(session, attempt, now)
        refuse(_why_changed(session, user_id, password_hash), Reason.INVALID)
        reason = _why_not_with(account, attempt.way, now)
        if reason is not None:
            session.commit()
            raise Refused(reason)
        account.last_sign_in_at = now
        opened = _opened(attempt, user_id, id_hash, now)
        session.add(opened)
        entry = _entry(attempt, AccountEvent.SIGNED_IN, now)
        session.add(entry)
        session.commit()
    _tidy_sometimes(session, entry, now)
    return opened


def _opened(attempt: Attempt, user_id: int, id_hash: str, now: datetime) -> SignInSession:
    return SignInSession(
        id_hash=id_hash,
        username=attempt.username,
        user_id=user_id,
        way=attempt.way,
        created_at=now,
        last_seen_at=now,
        address=attempt.address,
        client=attempt.client[:200],
    )


def _pass(session: Session, attempt: Attempt, now: datetime) -> Account:
    """Forget what was wrong before, unless there was too much of it."""
    counters = held_counters(session, attempt)
    reason = counters.why_not(now)
    if reason is not None:
        raise Refused(reason, Reason.LOCKED)
    counters.forget_failures(now)
    return counters.account


def _why_changed(session: Session, user_id: int, password_hash: str) -> Message | None:
    """Whoever changes a password holds the account, as we do now: he came first or waits."""
    present = session.scalar(select(user.c.password).where(user.c.id == user_id))
    if present == password_hash:
        return None
    return Message("The password was changed at this very moment. Sign in with the new one.")


def _why_not_with(account: Account, way: Way, now: datetime) -> Message | None:
    """Why the right password does not open a session."""
    if not account.must_change_password:
        return None
    until = account.initial_password_until
    if until is not None and until <= now:
        return Message(
            "Your initial password was handed out too long ago and is no longer valid. Ask whoever"
            " gave it to you for a new one."
        )
    if way is Way.API:
        return Message("Sign in with a browser first and set a new password; then ask again.")
    return None


def _wrong(attempt: Attempt, left: int) -> Message:
    if attempt.way is Way.STEP:
        return Message(
            "This is not your password; %(left)s attempts are left. Nothing was changed.",
            {"left": left},
        )
    return Message(
        "The staff number or the password is not right; %(left)s attempts are left.",
        {"left": left},
    )


def _entry(attempt: Attempt, event: AccountEvent, now: datetime) -> SignInEntry:
    return SignInEntry(
        at=now,
        username=attempt.username,
        event=event,
        way=attempt.way,
        address=attempt.address,
        client=attempt.client[:200],
    )


def _tidy_sometimes(session: Session, entry: SignInEntry, now: datetime) -> None:
    """Let go of what is older than it is kept, a bounded number of rows at a time."""
    if entry.id % TIDIED_EVERY:
        return
    nobody = Account.username.not_in(select(user.c.username))
    old: tuple[tuple[type[Base], Any, Any], ...] = (
        (SignInEntry, SignInEntry.id, SignInEntry.at < now - LOG_KEPT),
        (SignInSession, SignInSession.id, SignInSession.created_at < now - SESSIONS_KEPT),
        (SignInAddress, SignInAddress.address, SignInAddress.last_failed_at < now - COUNTERS_KEPT),
        (Account, Account.username, nobody & (Account.last_failed_at < now - COUNTERS_KEPT)),
    )
    # Whoever signs in need not wait for it, nor fail with it: it is done another time.
    with suppress(OperationalError), writing(session):
        for model, key, condition in old:
            keys = session.scalars(select(key).where(condition).limit(MOST_TIDIED)).all()
            session.execute(delete(model).where(key.in_(keys)))
        session.commit()
