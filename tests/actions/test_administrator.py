"""Letting an administrator in from the server: a way to accounts, none to data."""

import pytest

from app.actions.administrator import appoint_administrator
from app.domain.message import Reason, Refused
from tests.actions.staff import HASH, login, person, roles_of, second_administrator, tags
from tests.college import NOW, College
from tests.people import People


@pytest.mark.parametrize("username", ["zhou_min", "li_jing", "liu_yang", "reader"])
def test_nobody_with_a_say_over_data_is_let_in(
    college: College, people: People, username: str
) -> None:
    who = getattr(people, username)
    before, roles = login(college, username), roles_of(college, username)

    with pytest.raises(Refused) as refused:
        appoint_administrator(
            college.session, who.number, who.name, password_hash=HASH, by=who, now=NOW
        )

    assert refused.value.reason is Reason.INVALID
    assert (login(college, username), roles_of(college, username)) == (before, roles)


def test_the_log_calls_it_what_the_pages_call_it(college: College, people: People) -> None:
    for _time in range(2):
        second_administrator(college, people.administrator)

    assert tags(college, "90009") == ["person.assign", "person.open", "person.reset"]
    assert [held.valid_to for held in person(college, "90009").appointments] == [None]
