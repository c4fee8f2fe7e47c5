"""Which login a name is and which session a secret opens."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.actions.account import require_new_password
from app.actions.permission import raise_permission_version
from app.domain.account import SessionLimit, Way
from app.models.account import SignInSession
from app.models.permission import user
from app.models.person import Person
from app.models.setting import PERMISSION_VERSION, Setting
from app.reports.account import (
    LivingSession,
    find_login,
    list_entries,
    list_sessions,
    owner_of,
    read_session,
)
from tests.actions.test_account import opened
from tests.college import NOW, College
from tests.people import People
from tests.reports.statements import statements

HOUR = timedelta(hours=1)
LIMITS = {
    Way.FORM: SessionLimit(2 * HOUR, 12 * HOUR),
    Way.API: SessionLimit(HOUR / 4, HOUR / 4),
}


def read(college: College, id_hash: str = "li_jing-", after: timedelta = HOUR / 6):
    return read_session(college.session, id_hash, LIMITS, NOW + after)


@pytest.mark.parametrize("name", ["LI_JING", "li_jing ", "lì_jing", "nobody", ""])
def test_a_login_has_one_spelling(college: College, name: str) -> None:
    assert find_login(college.session, name) is None
    assert find_login(college.session, "li_jing") is not None


@pytest.mark.parametrize(
    "closing",
    [
        update(user).where(user.c.username == "li_jing").values(active=False),
        update(user).where(user.c.username == "li_jing").values(password=None),
        update(Person).where(Person.username == "li_jing").values(is_active=False),
    ],
    ids=["closed", "without password", "left"],
)
def test_who_has_left_has_no_login(college: College, closing: object) -> None:
    college.session.execute(closing)  # type: ignore[call-overload]

    assert find_login(college.session, "li_jing") is None


def test_a_session_is_read_with_all_that_may_have_changed(college: College, people: People) -> None:
    session = college.session
    kept = opened(session, "li_jing")
    raise_permission_version(session)
    session.commit()

    with statements(college) as needed:
        found = read(college)

    assert isinstance(found, LivingSession)
    assert (found.id, found.username, found.user_id) == (
        kept.id,
        "li_jing",
        people.li_jing.user_id,
    )
    assert found.permission_version == session.get_one(Setting, PERMISSION_VERSION).value
    assert found.must_change_password is False
    assert len(needed) == 1


def test_a_new_initial_password_is_seen_at_once(college: College, people: People) -> None:
    session = college.session
    require_new_password(session, ["li_jing"], by=people.administrator, now=NOW)
    session.commit()
    opened(session, "li_jing")

    found = read(college)

    assert found is not None
    assert found.must_change_password


@pytest.mark.parametrize(
    ("way", "after", "lives"),
    [
        (Way.FORM, 2 * HOUR - HOUR / 60, True),
        (Way.FORM, 2 * HOUR, False),
        (Way.API, HOUR / 5, True),
        (Way.API, HOUR / 4, False),
    ],
)
def test_a_session_runs_out_by_its_kind(
    college: College, way: Way, after: timedelta, lives: bool
) -> None:
    opened(college.session, "li_jing", way=way)

    assert (read(college, after=after) is not None) is lives
    listed = list_sessions(college.session, "li_jing", LIMITS, NOW + after)
    assert len(listed) == int(lives)


@pytest.mark.parametrize(
    "change",
    [
        update(SignInSession).values(ended_at=NOW),
        update(user).where(user.c.username == "li_jing").values(active=False),
        update(user).where(user.c.username == "li_jing").values(username="li_jing2"),
    ],
    ids=["ended", "login closed", "login of another"],
)
def test_a_session_that_is_over_opens_nothing(college: College, change: object) -> None:
    opened(college.session, "li_jing")

    college.session.execute(change)  # type: ignore[call-overload]

    assert read(college) is None
    assert owner_of(college.session, "li_jing-") == "li_jing"


def test_an_unknown_secret_opens_nothing(college: College) -> None:
    opened(college.session, "li_jing")

    assert read(college, "li_jing") is None
    assert read(college, "LI_JING-") is None
    assert owner_of(college.session, "x") is None


def test_lists_tell_of_one_name_only_the_latest_first(college: College) -> None:
    session = college.session
    first, second = opened(session, "li_jing", "1"), opened(session, "li_jing", "2")
    opened(session, "chen_gang")

    sessions = list_sessions(session, "li_jing", LIMITS, NOW)

    assert [found.id for found in sessions] == [second.id, first.id]
    assert len(list_entries(session, "li_jing")) == 2
    assert len(list_entries(session, "li_jing", limit=1)) == 1
