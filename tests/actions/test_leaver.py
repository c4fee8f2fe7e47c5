"""Whoever leaves is disabled and never deleted (X-1)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from app.access.person import Actor
from app.actions.leaver import disable_person, enable_person
from app.domain.account import Way
from app.domain.message import Reason, Refused
from app.models.account import SignInSession
from app.models.permission import user
from app.models.person import Appointment
from app.reports.person import load_actor
from tests.actions.staff import login, person, roles_of, second_administrator, tags
from tests.actions.test_submission_races import at_once
from tests.college import NOW, College
from tests.people import People, actor_of

TODAY = NOW.date()


def disable(college: College, number: str, last: date | None, by: Actor) -> None:
    found = person(college, number)
    disable_person(college.session, found.id, found.version, last, by=by, now=NOW)


def signed_in(college: College, username: str) -> None:
    """Give the login a session."""
    values = {
        "id_hash": "x" * 64,
        "username": username,
        "user_id": 1,
        "way": Way.FORM,
        "created_at": NOW,
        "last_seen_at": NOW,
        "address": "127.0.0.1",
        "client": "test",
        "failed_count": 0,
    }
    college.session.execute(insert(SignInSession), [values])
    college.session.commit()


def actor_is_there(college: College, username: str, today: date = TODAY) -> bool:
    user_id = college.session.scalar(select(user.c.id).where(user.c.username == username))
    return load_actor(college.session, user_id or 0, today) is not None


def test_a_leaver_loses_login_roles_sessions_and_appointments(
    college: College, people: People
) -> None:
    signed_in(college, "chen_gang")
    last = TODAY - timedelta(days=10)

    disable(college, "10002", last, people.administrator)

    found = person(college, "10002")
    assert (found.is_active, found.name) == (False, "陈刚")
    assert [held.valid_to for held in found.appointments] == [last]
    assert not login(college, "chen_gang").active
    assert roles_of(college, "chen_gang") == set()
    assert college.all(SignInSession)[0].ended_at == NOW
    assert not actor_is_there(college, "chen_gang")
    assert tags(college, "10002") == ["person.disable"]


def test_appointments_after_the_last_day_end_on_their_first_or_never_were(
    college: College, people: People
) -> None:
    found = person(college, "10002")
    begun = Appointment(function="teacher", department_code="C01", valid_from=TODAY)
    coming = Appointment(
        function="head", department_code="C01", valid_from=TODAY + timedelta(days=9)
    )
    found.appointments += [begun, coming]
    college.session.commit()

    disable(college, "10002", TODAY - timedelta(days=5), people.administrator)

    ends = [(held.function, held.valid_to) for held in person(college, "10002").appointments]
    assert ends == [("data_steward", TODAY - timedelta(days=5)), ("teacher", TODAY)]


def test_whoever_comes_back_signs_in_without_appointments(college: College, people: People) -> None:
    disable(college, "10002", TODAY - timedelta(days=1), people.administrator)
    found = person(college, "10002")

    enable_person(college.session, found.id, found.version, by=people.administrator, now=NOW)

    assert login(college, "chen_gang").active
    assert actor_of(college.session, "chen_gang", TODAY).appointments == ()
    assert tags(college, "10002") == ["person.disable", "person.enable"]


@pytest.mark.parametrize(
    ("who", "number", "last", "reason"),
    [
        ("zhou_min", "10021", TODAY, Reason.FORBIDDEN),
        ("zhao_yong", "10021", TODAY, Reason.FORBIDDEN),
        ("administrator", "90001", TODAY, Reason.FORBIDDEN),
        ("administrator", "10021", TODAY + timedelta(days=1), Reason.INVALID),
        ("administrator", "10021", None, Reason.INVALID),
    ],
)
def test_nobody_is_disabled_by_others_or_for_the_future(
    college: College, people: People, who: str, number: str, last: date | None, reason: Reason
) -> None:
    with pytest.raises(Refused) as refused:
        disable(college, number, last, getattr(people, who))

    assert refused.value.reason is reason
    assert person(college, number).is_active


def test_twice_is_once(college: College, people: People) -> None:
    disable(college, "10021", TODAY, people.administrator)

    with pytest.raises(Refused) as refused:
        disable(college, "10021", TODAY, people.administrator)

    assert refused.value.reason is Reason.CONFLICT


def test_two_administrators_who_disable_each_other_leave_one(
    college: College, people: People
) -> None:
    first = people.administrator
    second = second_administrator(college, first)

    told = at_once(
        disabling(college, second.number, by=first), disabling(college, first.number, by=second)
    )

    assert told == ["done", "forbidden"]


def disabling(college: College, number: str, by: Actor) -> Callable[[], object]:
    """The act in a session of its own, on the person as stored now."""
    found = person(college, number)

    def act() -> None:
        with college.open_session() as session:
            disable_person(session, found.id, found.version, TODAY, by=by, now=NOW)

    return act
