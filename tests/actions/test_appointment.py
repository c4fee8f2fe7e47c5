"""Appointing people and ending appointments (第五条第二款, deputies with dates)."""

from datetime import date, timedelta

import pytest

from app.access.person import Actor
from app.actions.appointment import appoint, end_appointment
from app.actions.staff_list_plan import NewAppointment
from app.domain.message import Reason, Refused
from app.domain.person import Function
from app.models.department import Department
from app.models.person import Appointment, Person
from tests.actions.staff import person, roles_of, second_administrator, tags
from tests.college import NOW, College
from tests.people import People, actor_of

TODAY = NOW.date()


def give(
    college: College,
    number: str,
    function: Function,
    by: Actor,
    *,
    at: str = "C01",
    first: date = TODAY,
    last: date | None = None,
    version: int | None = None,
) -> Person:
    found = person(college, number)
    return appoint(
        college.session,
        found.id,
        found.version if version is None else version,
        NewAppointment(function, at, first, last),
        by=by,
        now=NOW,
    )


def end(
    college: College, number: str, last: date | None, by: Actor, which: int = 0
) -> Appointment | None:
    found = person(college, number)
    held = found.appointments[which]
    end_appointment(college.session, found.id, found.version, held.id, last, by=by, now=NOW)
    found = person(college, number)
    return next((one for one in found.appointments if one.id == held.id), None)


def refusal(reason: Reason) -> "pytest.RaisesExc[Refused]":
    return pytest.raises(Refused, check=lambda refused: refused.reason is reason)


def test_an_appointment_brings_its_roles_and_an_entry(college: College, people: People) -> None:
    before = person(college, "10021").version

    give(college, "10021", Function.DATA_STEWARD, people.zhao_yong)

    assert "C01.steward" in roles_of(college, "liu_yang")
    assert actor_of(college.session, "liu_yang", TODAY).holds(Function.DATA_STEWARD, "C01")
    assert person(college, "10021").version == before + 1
    assert tags(college, "10021") == ["person.assign"]


def test_a_deputy_of_the_head_acts_from_the_first_day_to_the_last(
    college: College, people: People
) -> None:
    first, last = TODAY + timedelta(days=3), TODAY + timedelta(days=9)

    give(college, "10021", Function.HEAD, people.zhao_yong, first=first, last=last)

    acts = [
        day
        for day in (first - timedelta(days=1), first, last, last + timedelta(days=1))
        if actor_of(college.session, "liu_yang", day).may("confirm", "submission")
    ]
    assert acts == [first, last]


def test_nobody_is_appointed_by_whoever_may_not(college: College, people: People) -> None:
    with refusal(Reason.FORBIDDEN):
        give(college, "10021", Function.QA_OFFICE, people.zhou_min)
    with refusal(Reason.FORBIDDEN):
        give(college, "10001", Function.DATA_STEWARD, people.zhao_yong)
    with refusal(Reason.NOT_FOUND):
        give(college, "03011", Function.DATA_STEWARD, people.zhao_yong, at="A03")
    with refusal(Reason.NOT_FOUND):
        give(college, "10021", Function.DATA_STEWARD, people.reader)

    assert tags(college, "10021") == []
    assert roles_of(college, "liu_yang") == {"teacher", "C01.teacher"}


def test_a_stale_page_gives_nothing(college: College, people: People) -> None:
    seen = person(college, "10021").version
    give(college, "10021", Function.DATA_STEWARD, people.zhao_yong)

    with refusal(Reason.CONFLICT):
        give(college, "10021", Function.HEAD, people.zhou_min, version=seen)

    assert len(person(college, "10021").appointments) == 2


@pytest.mark.parametrize(
    ("at", "first", "last"),
    [
        ("C01", TODAY, TODAY - timedelta(days=1)),
        ("C01", TODAY + timedelta(days=9), TODAY + timedelta(days=3)),
        ("C01", date(1926, 1, 1), None),
        ("C01", TODAY, date(2126, 1, 1)),
        ("X99", TODAY, None),
    ],
)
def test_odd_days_and_departments_are_refused(
    college: College, people: People, at: str, first: date, last: date | None
) -> None:
    with refusal(Reason.INVALID):
        give(college, "10021", Function.HEAD, people.zhou_min, at=at, first=first, last=last)

    assert len(person(college, "10021").appointments) == 1


def test_a_function_is_held_once_at_a_time(college: College, people: People) -> None:
    last = TODAY + timedelta(days=9)
    give(college, "10021", Function.HEAD, people.zhou_min, last=last)

    with refusal(Reason.INVALID):
        give(college, "10021", Function.HEAD, people.zhou_min, first=last)

    give(college, "10021", Function.HEAD, people.zhou_min, first=last + timedelta(days=1))
    assert len(person(college, "10021").appointments) == 3


def test_the_last_day_ends_it_and_can_be_moved(college: College, people: People) -> None:
    ended = end(college, "10002", TODAY, people.zhao_yong)
    assert ended is not None
    assert ended.valid_to == TODAY
    tomorrow = actor_of(college.session, "chen_gang", TODAY + timedelta(days=1))
    assert tomorrow.permissions == frozenset()

    moved = end(college, "10002", None, people.zhao_yong)
    assert moved is not None
    assert moved.valid_to is None


def test_an_appointment_that_never_began_is_taken_back(college: College, people: People) -> None:
    give(college, "10021", Function.HEAD, people.zhou_min, first=TODAY + timedelta(days=9))

    assert end(college, "10021", TODAY, people.zhou_min, which=1) is None
    assert tags(college, "10021") == ["person.assign", "person.close"]
    assert "C01.head" not in roles_of(college, "liu_yang")


def test_a_head_does_not_make_a_deputyship_endless(college: College, people: People) -> None:
    give(college, "10021", Function.HEAD, people.zhao_yong, last=TODAY + timedelta(days=9))

    with refusal(Reason.FORBIDDEN):
        end(college, "10021", None, people.zhao_yong, which=1)
    with refusal(Reason.FORBIDDEN):
        end(college, "10001", TODAY, people.zhao_yong)


def test_the_last_administrator_keeps_the_appointment(college: College, people: People) -> None:
    second = second_administrator(college, people.administrator)

    assert end(college, "90001", TODAY, second) is not None
    with refusal(Reason.FORBIDDEN):
        end(college, second.number, TODAY, people.administrator)


def test_administrators_have_no_say_over_data_in_either_order(
    college: College, people: People
) -> None:
    second = second_administrator(college, people.administrator)

    with refusal(Reason.FORBIDDEN):
        give(college, second.number, Function.QA_OFFICE, people.administrator, at="A04")
    with refusal(Reason.FORBIDDEN):
        give(college, second.number, Function.DATA_STEWARD, people.zhou_min, at="A04")
    with refusal(Reason.FORBIDDEN):
        give(college, "04002", Function.ADMINISTRATOR, people.administrator, at="A04")

    assert len(person(college, second.number).appointments) == 1
    assert roles_of(college, "zhou_min") == {"qa_office"}


def test_nobody_is_appointed_beyond_the_end_of_a_department(
    college: College, people: People
) -> None:
    last = TODAY + timedelta(days=30)
    college.session.get_one(Department, "C01").valid_to = last
    college.session.commit()

    for beyond in (None, last + timedelta(days=1)):
        with refusal(Reason.INVALID):
            give(college, "10021", Function.DATA_STEWARD, people.zhao_yong, last=beyond)
        with refusal(Reason.INVALID):
            end(college, "10002", beyond, people.zhao_yong)

    give(college, "10021", Function.DATA_STEWARD, people.zhao_yong, last=last)
    ended = end(college, "10002", last, people.zhao_yong)
    assert ended is not None
    assert ended.valid_to == last
