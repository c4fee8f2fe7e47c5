"""What is done to logins: new passwords, unlocking, ending sessions.

``require_new_password`` and ``end_sessions`` belong to larger acts (handing passwords out, closing
an account): they work in the caller's transaction, and the caller commits and writes the audit
log. The others are acts of their own.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.account import why_not_unlock
from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.domain.account import INITIAL_PASSWORD_LIFETIME, AccountEvent
from app.domain.message import Message, Reason, Refused
from app.models.account import Account, SignInEntry, SignInSession
from app.models.database import writing
from app.models.permission import user


def require_new_password(
    session: Session,
    usernames: Collection[str],
    *,
    by: Actor,
    now: datetime,
    valid_for: timedelta = INITIAL_PASSWORD_LIFETIME,
) -> None:
    """Note that these logins were given a password which has to be changed at the next sign-in.

    Their sessions and tokens end, a lock is lifted; after ``valid_for`` the password opens
    nothing. The caller has stored the password and commits.
    """
    wanted = sorted(set(usernames))
    query = select(Account).where(Account.username.in_(wanted)).with_for_update()
    accounts = {account.username: account for account in session.scalars(query)}
    for name in wanted:
        account = accounts.get(name)
        if account is None:
            account = Account(username=name)
            session.add(account)
        account.must_change_password = True
        account.initial_password_until = now + valid_for
        account.password_changed_at = now
        _lift_lock(account)
        _log(session, name, AccountEvent.PASSWORD_ISSUED, by, now)
    end_sessions(session, wanted, now=now)


def end_sessions(
    session: Session, usernames: Collection[str], *, now: datetime, keep: int | None = None
) -> int:
    """End all sessions and tokens of these logins except ``keep``; returns how many ended.

    The caller commits.
    """
    statement = (
        update(SignInSession)
        .where(SignInSession.username.in_(sorted(set(usernames))), SignInSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    if keep is not None:
        statement = statement.where(SignInSession.id != keep)
    return session.connection().execute(statement).rowcount


def unlock(session: Session, username: str, *, by: Actor, now: datetime) -> None:
    """Let passwords be tried again for a login that is locked."""
    reason = why_not_unlock(by)
    if reason is not None:
        raise Refused(reason)
    with writing(session):
        lift_lock(session, username, by=by, now=now)
        record(session, Deed("account.unlock", f"account:{username}"), by=by, now=now)
        session.commit()


def lift_lock(session: Session, username: str, *, by: Actor, now: datetime) -> None:
    """Let passwords be tried again; Refused where nothing is locked.

    The caller has judged it, writes the audit log and commits.
    """
    account = session.get(Account, username, with_for_update=True, populate_existing=True)
    if account is None or not account.is_locked(now):
        message = Message("The account %(name)s is not locked.", {"name": username})
        raise Refused(message, Reason.CONFLICT)
    _lift_lock(account)
    _log(session, username, AccountEvent.UNLOCKED, by, now)


def change_password(
    session: Session, password_hash: str, *, by: Actor, keep: int | None, now: datetime
) -> int:
    """Give one's own login another password; every session and token but ``keep`` ends.

    Whether the password is good enough, and whether it was really its owner who asked, is
    settled before. Returns how many sessions ended.
    """
    with writing(session):
        name = by.username
        account = session.get(Account, name, with_for_update=True, populate_existing=True)
        if account is None:
            account = Account(username=name)
            session.add(account)
        account.must_change_password = False
        account.initial_password_until = None
        account.password_changed_at = now
        _lift_lock(account)
        session.execute(update(user).where(user.c.id == by.user_id).values(password=password_hash))
        ended = end_sessions(session, [name], now=now, keep=keep)
        _log(session, name, AccountEvent.PASSWORD_CHANGED, by, now)
        record(session, Deed("account.change_password", f"account:{name}"), by=by, now=now)
        session.commit()
        return ended


def _lift_lock(account: Account) -> None:
    account.failed_count = 0
    account.last_failed_at = None
    account.locked_until = None


def _log(session: Session, username: str, event: AccountEvent, by: Actor, now: datetime) -> None:
    other = None if by.username == username else by.number
    session.add(SignInEntry(at=now, username=username, event=event, person_number=other))
