"""What is done to logins: initial passwords, unlocking, ending sessions."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions.account import change_password, end_sessions, require_new_password, unlock
from app.actions.attempt import Attempt
from app.actions.sign_in import note_failure, open_session
from app.domain.account import AccountEvent, Way
from app.domain.message import Reason, Refused
from app.models.account import Account, SignInEntry, SignInSession
from app.models.permission import user
from tests.college import NOW, College
from tests.people import People

HALF_AN_HOUR = timedelta(minutes=30)


def opened(session: Session, username: str, secret: str = "", way: Way = Way.FORM) -> SignInSession:
    """A session of somebody, as the right password begins it."""
    found = session.execute(select(user).where(user.c.username == username)).one()
    return open_session(
        session,
        Attempt(username, way, "192.0.2.7", "a browser"),
        user_id=found.id,
        password_hash=found.password,
        id_hash=f"{username}-{secret}",
        now=NOW,
    )


def living(session: Session, *usernames: str) -> list[int]:
    """The sessions of these people that have not ended."""
    query = select(SignInSession.id).where(SignInSession.ended_at.is_(None))
    return list(session.scalars(query.where(SignInSession.username.in_(usernames))))


def locked(session: Session, username: str) -> Account:
    """Somebody's account after five wrong passwords."""
    for _ in range(5):
        note_failure(session, Attempt(username, Way.FORM, "192.0.2.9"), now=NOW)
    return session.get_one(Account, username, populate_existing=True)


def events(session: Session, username: str) -> list[str]:
    query = select(SignInEntry.event).where(SignInEntry.username == username)
    return list(session.scalars(query.order_by(SignInEntry.id)))


def test_an_initial_password_ends_sessions_and_lifts_the_lock(
    college: College, people: People
) -> None:
    session = college.session
    opened(session, "li_jing")
    kept = opened(session, "chen_gang")
    locked(session, "li_jing")

    require_new_password(session, ["li_jing", "liu_yang"], by=people.administrator, now=NOW)
    session.commit()

    account = session.get_one(Account, "li_jing", populate_existing=True)
    assert (account.must_change_password, account.is_locked(NOW)) == (True, False)
    assert session.get_one(Account, "liu_yang").must_change_password
    assert living(session, "li_jing", "chen_gang") == [kept.id]
    assert events(session, "li_jing")[-1] == AccountEvent.PASSWORD_ISSUED


def test_ending_sessions_keeps_the_one_that_is_named(college: College) -> None:
    session = college.session
    first = opened(session, "li_jing", "1")
    opened(session, "li_jing", "2", way=Way.API)

    ended = end_sessions(session, ["li_jing"], now=NOW, keep=first.id)
    session.commit()

    assert ended == 1
    assert living(session, "li_jing") == [first.id]


@pytest.mark.parametrize("who", ["administrator", "zhou_min"])
def test_who_may_unlocks_an_account_at_once(college: College, people: People, who: str) -> None:
    locked(college.session, "li_jing")

    unlock(college.session, "li_jing", by=getattr(people, who), now=NOW)

    assert opened(college.session, "li_jing").ended_at is None
    entry = college.entries("account:li_jing")[-1]
    assert (entry.tag, entry.person_name) == ("account.unlock", getattr(people, who).name)


@pytest.mark.parametrize("who", ["li_jing", "wang_qiang", "liu_yang", "leader", "reader"])
def test_nobody_else_unlocks_an_account(college: College, people: People, who: str) -> None:
    locked(college.session, "li_jing")

    with pytest.raises(Refused) as refused:
        unlock(college.session, "li_jing", by=getattr(people, who), now=NOW)

    assert refused.value.reason is Reason.FORBIDDEN
    assert college.session.get_one(Account, "li_jing", populate_existing=True).is_locked(NOW)


def test_what_is_not_locked_is_not_unlocked(college: College, people: People) -> None:
    locked(college.session, "li_jing")
    later = NOW + HALF_AN_HOUR

    for name, now in (("li_jing", later), ("chen_gang", NOW)):
        with pytest.raises(Refused) as refused:
            unlock(college.session, name, by=people.zhou_min, now=now)
        assert refused.value.reason is Reason.CONFLICT


def test_a_changed_password_ends_every_other_session(college: College, people: People) -> None:
    session = college.session
    require_new_password(session, ["li_jing"], by=people.administrator, now=NOW)
    session.commit()
    own = opened(session, "li_jing", "1")
    opened(session, "li_jing", "2")

    ended = change_password(session, "new hash", by=people.li_jing, keep=own.id, now=NOW)

    account = session.get_one(Account, "li_jing", populate_existing=True)
    stored = session.scalar(select(user.c.password).where(user.c.username == "li_jing"))
    assert (ended, stored) == (1, "new hash")
    assert (account.must_change_password, account.initial_password_until) == (False, None)
    assert living(session, "li_jing") == [own.id]
    assert college.entries("account:li_jing")[-1].tag == "account.change_password"
