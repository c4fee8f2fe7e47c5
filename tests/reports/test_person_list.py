"""The list of people as each reader sees it."""

from datetime import timedelta

import pytest

from app.domain.message import Reason, Refused
from app.domain.person import Function, LoginState
from app.models.account import Account
from app.models.person import Appointment, Person
from app.reports.person_list import PersonLine, duties_by_department, list_people, read_person
from tests.actions.staff import person
from tests.college import NOW, College
from tests.people import People
from tests.reports.statements import statements


def lines(college: College, people: People, who: str) -> dict[str, PersonLine]:
    found = list_people(college.session, getattr(people, who), now=NOW)
    return {line.person.number: line for line in found}


@pytest.mark.parametrize(
    ("who", "numbers"),
    [
        ("zhao_yong", {"10001", "10002", "10021"}),
        ("chen_gang", {"10021"}),
        ("li_jing", {"03011"}),
        ("luo_lin", set()),
    ],
)
def test_departments_see_their_own_people(
    college: College, people: People, who: str, numbers: set[str]
) -> None:
    assert set(lines(college, people, who)) == numbers


@pytest.mark.parametrize("who", ["administrator", "zhou_min"])
def test_the_college_sees_everybody_in_few_statements(
    college: College, people: People, who: str
) -> None:
    with statements(college) as seen:
        found = lines(college, people, who)

    assert len(found) == len(college.all(Person))
    assert len(seen) <= 5


@pytest.mark.parametrize("who", ["liu_yang", "leader", "archivist", "reader"])
def test_others_see_nobody(college: College, people: People, who: str) -> None:
    with pytest.raises(Refused) as refused:
        lines(college, people, who)

    assert refused.value.reason is Reason.FORBIDDEN


STATES = {
    "10001": LoginState.ACTIVE,
    "10021": LoginState.FIRST_SIGN_IN,
    "20002": LoginState.LOCKED_OUT,
    "10077": LoginState.WITHOUT_LOGIN,
    "03011": LoginState.DISABLED,
}


def test_every_state_of_a_login_is_told(college: College, people: People) -> None:
    session = college.session
    session.add(Account(username="liu_yang", must_change_password=True))
    locked = NOW + timedelta(minutes=5)
    session.add(Account(username="luo_lin", locked_until=locked, must_change_password=True))
    session.add(Person(number="10077", name="新人", department_code="C01"))
    gone = person(college, "03011")
    gone.is_active = False
    session.commit()

    found = lines(college, people, "administrator")

    assert [found[number].state for number in STATES] == list(STATES.values())


def test_one_person_is_shown_with_what_would_be_vacant(college: College, people: People) -> None:
    page = read_person(college.session, people.zhao_yong, person(college, "10002").id, now=NOW)

    assert [held.function for held in page.duties] == [Function.DATA_STEWARD]
    assert page.subject.functions == {Function.DATA_STEWARD}
    with pytest.raises(Refused) as refused:
        read_person(college.session, people.zhao_yong, person(college, "03002").id, now=NOW)
    assert refused.value.reason is Reason.NOT_FOUND


def test_vacancies_and_stand_ins_are_told_by_department(college: College, people: People) -> None:
    second = Appointment(
        function=Function.DATA_STEWARD, department_code="C01", valid_from=NOW.date()
    )
    teacher = person(college, "10021")
    teacher.appointments.append(second)
    person(college, "20001").appointments[0].valid_to = NOW.date() - timedelta(days=1)
    college.session.commit()

    found = {
        line.department.code: line
        for line in duties_by_department(college.session, people.zhou_min, now=NOW)
    }

    assert [holder.number for _held, holder in found["C01"].stewards] == ["10002", "10021"]
    assert found["C02"].heads == []
    own = duties_by_department(college.session, people.zhao_yong, now=NOW)
    assert [line.department.code for line in own] == ["C01"]
