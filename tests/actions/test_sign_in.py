"""Wrong passwords are counted, locked and forgotten; the right one begins a session."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import sign_in
from app.actions.account import change_password, require_new_password
from app.actions.attempt import Attempt
from app.actions.sign_in import note_failure, note_success, open_session
from app.domain.account import ADDRESS_LIMIT, INITIAL_PASSWORD_LIFETIME, AccountEvent, Way
from app.domain.message import Reason, Refused
from app.models.account import Account, SignInAddress, SignInEntry, SignInSession
from app.models.permission import user
from tests.college import NOW, College
from tests.people import People

MINUTE = timedelta(minutes=1)
WAYS = [Way.FORM, Way.API]
LOCKED = "times in a row"


def attempt(name: str = "li_jing", way: Way = Way.FORM, address: str = "192.0.2.1") -> Attempt:
    return Attempt(name, way, address, "a browser")


def fail(session: Session, attempts: Sequence[Attempt], now: datetime = NOW) -> list[str]:
    """What is told after each wrong password: how many are left, or that it is locked."""
    told = [note_failure(session, one, now=now) for one in attempts]
    return [str(refusal.message.parameters.get("left", "locked")) for refusal in told]


def succeed(session: Session, one: Attempt, now: datetime = NOW) -> SignInSession:
    """Sign in with the right password."""
    found = session.execute(select(user).where(user.c.username == one.username)).one()
    return succeed_with(session, one, found.password, now)


def succeed_with(
    session: Session, one: Attempt, password_hash: str, now: datetime = NOW
) -> SignInSession:
    """Sign in after the password with this hash was looked at and found right."""
    user_id = session.scalar(select(user.c.id).where(user.c.username == one.username)) or 0
    count = session.scalar(select(func.count()).select_from(SignInSession))
    return open_session(
        session,
        one,
        user_id=user_id,
        password_hash=password_hash,
        id_hash=f"hash {count}",
        now=now,
    )


def refusal_of(session: Session, one: Attempt, now: datetime = NOW) -> Reason | None:
    """Why the right password would not be taken now, None when it is."""
    try:
        succeed(session, one, now)
    except Refused as refusal:
        return refusal.reason
    return None


def is_open(session: Session, one: Attempt, now: datetime = NOW) -> bool:
    """Whether the name is not locked now."""
    return refusal_of(session, one, now) is not Reason.LOCKED


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("li_jing", Way.FORM),
        ("li_jing", Way.API),
        ("nobody", Way.FORM),
        ("nobody", Way.API),
        ("名" * 100, Way.FORM),
        ("a\ud800", Way.API),
    ],
)
def test_the_fifth_wrong_password_locks_every_name_alike(
    college: College, name: str, way: Way
) -> None:
    told = fail(college.session, [attempt(name, way)] * 6)

    assert told == ["4", "3", "2", "1", "locked", "locked"]


@pytest.mark.parametrize("counted", WAYS)
@pytest.mark.parametrize("asked", WAYS)
def test_a_lock_holds_on_every_way_in(college: College, counted: Way, asked: Way) -> None:
    fail(college.session, [attempt(way=counted)] * 5)

    assert not is_open(college.session, attempt(way=asked))
    assert is_open(college.session, attempt("chen_gang", asked))


def test_ways_and_addresses_are_counted_together(college: College) -> None:
    places = [("192.0.2.1", Way.FORM), ("192.0.2.2", Way.API), ("192.0.2.3", Way.FORM)]

    told = fail(college.session, [attempt(way=way, address=place) for place, way in places])

    assert told == ["4", "3", "2"]


@pytest.mark.parametrize(("minutes", "opens"), [(14.9, False), (15, True), (60, True)])
def test_a_lock_ends_by_itself(college: College, minutes: float, opens: bool) -> None:
    fail(college.session, [attempt()] * 5)
    later = NOW + timedelta(minutes=minutes)

    assert is_open(college.session, attempt(), later) is opens


def test_after_a_lock_counting_begins_anew(college: College) -> None:
    fail(college.session, [attempt()] * 5)

    told = fail(college.session, [attempt()] * 5, NOW + 15 * MINUTE)

    assert told == ["4", "3", "2", "1", "locked"]


def test_attempts_while_it_is_locked_make_the_lock_no_longer(college: College) -> None:
    fail(college.session, [attempt()] * 5)
    fail(college.session, [attempt()] * 5, NOW + 10 * MINUTE)

    assert is_open(college.session, attempt(), NOW + 15 * MINUTE)


@pytest.mark.parametrize(("minutes", "left"), [(14.9, "1"), (15, "4")])
def test_only_wrong_passwords_in_a_row_count(college: College, minutes: float, left: str) -> None:
    fail(college.session, [attempt()] * 3)

    assert fail(college.session, [attempt()], NOW + timedelta(minutes=minutes)) == [left]


def test_the_right_password_begins_the_count_anew(college: College) -> None:
    fail(college.session, [attempt()] * 4)
    succeed(college.session, attempt())

    assert fail(college.session, [attempt()] * 2) == ["4", "3"]


def test_the_message_tells_until_when_on_the_clock_of_the_college(college: College) -> None:
    told = [note_failure(college.session, attempt(), now=NOW) for _ in range(5)][-1]

    assert told.message.parameters["time"] == f"{NOW + 15 * MINUTE:%H:%M}"


def test_one_address_cannot_try_many_names(college: College) -> None:
    session = college.session
    counted = ADDRESS_LIMIT.attempts - 2
    session.add(SignInAddress(address="192.0.2.1", failed_count=counted, last_failed_at=NOW))
    session.commit()

    told = fail(session, [attempt(name) for name in ("one", "two", "three")])

    assert told == ["4", "locked", "locked"]
    assert not is_open(session, attempt("li_jing"))
    assert is_open(session, attempt("li_jing", address="192.0.2.99"))
    assert is_open(session, attempt("li_jing"), NOW + 15 * MINUTE)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", ""])
def test_an_address_that_stands_for_everybody_is_not_counted(
    college: College, address: str
) -> None:
    fail(college.session, [attempt(address=address)] * 2)

    assert college.all(SignInAddress) == []
    assert college.all(Account)[0].failed_count == 2


def test_steps_have_an_attempt_count_of_their_session(college: College) -> None:
    session = college.session
    signed_in = succeed(session, attempt())
    step = replace(attempt(way=Way.STEP), session_id=signed_in.id)
    fail(session, [attempt()] * 5)  # a stranger locks the name

    note_success(session, step, now=NOW)
    told = fail(session, [step] * 6)

    assert told == ["4", "3", "2", "1", "locked", "locked"]
    with pytest.raises(Refused, match=LOCKED):
        note_success(session, step, now=NOW)


def test_wrong_passwords_in_steps_lock_the_name_as_well(college: College) -> None:
    session = college.session
    signed_in = succeed(session, attempt())
    step = replace(attempt(way=Way.STEP), session_id=signed_in.id)

    fail(session, [step, attempt(), step, attempt(), step])

    assert not is_open(session, attempt())
    note_success(session, step, now=NOW)  # three in this session do not lock it


def test_a_right_password_in_a_step_begins_the_count_anew(college: College) -> None:
    session = college.session
    signed_in = succeed(session, attempt())
    step = replace(attempt(way=Way.STEP), session_id=signed_in.id)
    fail(session, [step] * 4)

    note_success(session, step, now=NOW)

    assert fail(session, [step, attempt()]) == ["4", "3"]


def test_a_session_knows_whose_it_is_and_from_where(college: College) -> None:
    one = replace(attempt(way=Way.API), client="x" * 500)

    opened = succeed(college.session, one)

    [kept] = college.all(SignInSession)
    assert (kept.id, kept.username, kept.way) == (opened.id, "li_jing", Way.API)
    assert (kept.address, kept.client, kept.ended_at) == ("192.0.2.1", "x" * 200, None)
    assert college.session.get_one(Account, "li_jing").last_sign_in_at == NOW


@pytest.mark.parametrize(
    ("way", "age", "is_refused"),
    [
        (Way.FORM, timedelta(), False),
        (Way.FORM, INITIAL_PASSWORD_LIFETIME - MINUTE, False),
        (Way.FORM, INITIAL_PASSWORD_LIFETIME, True),
        (Way.API, timedelta(), True),
    ],
)
def test_an_initial_password_opens_a_browser_for_a_while(
    college: College, people: People, way: Way, age: timedelta, is_refused: bool
) -> None:
    session = college.session
    require_new_password(session, ["li_jing"], by=people.administrator, now=NOW - age)
    session.commit()

    refused = refusal_of(session, attempt(way=way))

    assert refused == (Reason.FORBIDDEN if is_refused else None)
    assert len(college.all(SignInSession)) == (0 if is_refused else 1)


def test_the_log_tells_what_happened(college: College) -> None:
    fail(college.session, [attempt(way=Way.API)] * 6)
    succeed(college.session, attempt(), NOW + 20 * MINUTE)

    entries = [(entry.event, entry.way) for entry in college.all(SignInEntry)]

    assert entries == [
        *[(AccountEvent.FAILED, Way.API)] * 5,
        (AccountEvent.LOCKED_OUT, Way.API),
        (AccountEvent.SIGNED_IN, Way.FORM),
    ]


def old_rows(at: datetime, name: str) -> list[object]:
    """Everything that is kept for a while about a name that nobody has."""
    place = {"username": name, "address": "192.0.2.8", "client": ""}
    dated = {"created_at": at, "last_seen_at": at, "way": Way.FORM, "user_id": 0}
    return [
        Account(username=name, last_failed_at=at),
        SignInAddress(address=f"old {name}", last_failed_at=at),
        SignInEntry(at=at, event=AccountEvent.FAILED, **place),
        SignInSession(id_hash=name, **place, **dated),
    ]


def test_old_rows_go_a_few_at_a_time(college: College, monkeypatch: pytest.MonkeyPatch) -> None:
    session = college.session
    monkeypatch.setattr(sign_in, "TIDIED_EVERY", 1)
    monkeypatch.setattr(sign_in, "MOST_TIDIED", 2)
    long_ago = NOW - sign_in.LOG_KEPT - MINUTE
    for number in range(3):
        session.add_all(old_rows(long_ago, f"nobody{number}"))
    session.add(Account(username="li_jing", last_failed_at=long_ago))
    session.commit()

    succeed(session, attempt("chen_gang"))

    kept = [college.all(kind) for kind in (Account, SignInAddress, SignInEntry, SignInSession)]
    assert [len(rows) for rows in kept] == [3, 2, 2, 2]
    assert {account.username for account in kept[0]} == {"chen_gang", "li_jing", "nobody2"}


def test_a_password_that_was_changed_while_it_was_looked_at_opens_nothing(
    college: College, people: People
) -> None:
    session, looked_at = college.session, "-"
    change_password(session, "new hash", by=people.li_jing, keep=None, now=NOW)

    with pytest.raises(Refused) as refused:
        succeed_with(session, attempt(), looked_at)

    assert refused.value.reason is Reason.INVALID
    assert college.all(SignInSession) == []
    assert succeed_with(session, attempt(), "new hash").ended_at is None
