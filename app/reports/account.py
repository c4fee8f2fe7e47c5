"""Who a sign-in name is, which session a request belongs to, and what a login has been through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.domain.account import SessionLimit, Way
from app.models.account import Account, Attempts, SignInAddress, SignInEntry, SignInSession
from app.models.notice import Notice
from app.models.permission import user
from app.models.person import Person
from app.models.setting import PERMISSION_VERSION, RULE_VERSION, Setting

Limits = Mapping[Way, SessionLimit]
LIVING_SESSION = (
    select(
        SignInSession.id,
        SignInSession.username,
        SignInSession.user_id,
        SignInSession.way,
        SignInSession.created_at,
        SignInSession.last_seen_at,
        Account.must_change_password,
        select(Setting.value)
        .where(Setting.name == PERMISSION_VERSION)
        .scalar_subquery()
        .label("permission_version"),
        select(Setting.value)
        .where(Setting.name == RULE_VERSION)
        .scalar_subquery()
        .label("rule_version"),
        select(func.count())
        .select_from(Notice)
        .join(Person, Person.number == Notice.recipient_number)
        .where(Person.username == SignInSession.username, Notice.read_at.is_(None))
        .scalar_subquery()
        .label("unread_notices"),
    )
    .join(user, (user.c.id == SignInSession.user_id) & user.c.active)
    .join(Account, Account.username == SignInSession.username, isouter=True)
    .where(SignInSession.id_hash == bindparam("id_hash"), SignInSession.ended_at.is_(None))
    .where(user.c.username == SignInSession.username)
)


@dataclass(frozen=True)
class Login:
    """A login that is open, with the hash of its password."""

    user_id: int
    username: str
    password_hash: str


@dataclass(frozen=True)
class LivingSession:
    """The session a request belongs to.

    ``permission_version``, ``rule_version`` and how many notices the person has not read are read
    along with it: one statement tells all that may have changed since the last request.
    """

    id: int
    username: str
    user_id: int
    way: Way
    created_at: datetime
    last_seen_at: datetime
    must_change_password: bool
    permission_version: str | None
    rule_version: str | None
    unread_notices: int = 0


def find_login(session: Session, username: str) -> Login | None:
    """The open login with exactly this name, or None."""
    query = (
        select(user.c.id, user.c.username, user.c.password)
        .select_from(user)
        .join(Person, Person.username == user.c.username, isouter=True)
        .where(user.c.username == username, user.c.active)
        .where(or_(Person.id.is_(None), Person.is_active))
    )
    row = session.execute(query).first()
    # A database may find ``ZHANG`` or ``zhang `` for ``zhang``; one account has one spelling.
    if row is None or row.username != username or not row.password:
        return None
    return Login(row.id, row.username, row.password)


def read_attempts(
    session: Session, username: str, address: str | None, session_id: int | None
) -> tuple[Attempts | None, Attempts | None]:
    """What decides whether a password is looked at: name or session, and address, as stored now."""
    judged: Attempts | None
    if session_id is None:
        judged = session.get(Account, username, populate_existing=True)
    else:
        judged = session.get(SignInSession, session_id, populate_existing=True)
    if address is None:
        return judged, None
    return judged, session.get(SignInAddress, address, populate_existing=True)


def read_session(
    session: Session, id_hash: str, limits: Limits, now: datetime
) -> LivingSession | None:
    """The session with this secret; None when it has ended or run out, or the login is closed."""
    # Every request asks this, so it is put together once and for all.
    row = session.connection().execute(LIVING_SESSION, {"id_hash": id_hash}).first()
    if row is None or limits[row.way].is_over(row.created_at, row.last_seen_at, now):
        return None
    return LivingSession(**{**row._mapping, "must_change_password": bool(row.must_change_password)})


def owner_of(session: Session, id_hash: str) -> str | None:
    """The sign-in name that the session with this secret belongs or belonged to."""
    query = select(SignInSession.username).where(SignInSession.id_hash == id_hash)
    return session.scalar(query)


def list_sessions(
    session: Session, username: str, limits: Limits, now: datetime
) -> list[SignInSession]:
    """Everything signed in under a name now, the last seen first."""
    query = (
        select(SignInSession)
        .where(SignInSession.username == username, SignInSession.ended_at.is_(None))
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
    )
    return [
        found
        for found in session.scalars(query)
        if not limits[found.way].is_over(found.created_at, found.last_seen_at, now)
    ]


def list_entries(session: Session, username: str, limit: int = 20) -> Sequence[SignInEntry]:
    """The latest lines of the sign-in log about a name, the last one first."""
    query = select(SignInEntry).where(SignInEntry.username == username)
    return session.scalars(query.order_by(SignInEntry.id.desc()).limit(limit)).all()
