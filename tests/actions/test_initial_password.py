"""First logins and new passwords: hashes stored, to be changed at the first sign-in."""

from datetime import timedelta

import pytest

from app.access.person import Actor
from app.actions.initial_password import (
    SIGNS,
    give_login,
    give_logins,
    make_password,
    reset_password,
    unlock_person,
)
from app.actions.person_change import Particulars, add_person
from app.domain.message import Reason, Refused
from app.models.account import Account
from app.models.person import Person
from tests.actions.staff import HASH, login, person, roles_of, tags
from tests.college import NOW, College
from tests.people import People


def newcomer(college: College, people: People, number: str = "10077") -> Person:
    wanted = Particulars("新人", "C01")
    return add_person(college.session, number, wanted, by=people.zhou_min, now=NOW)


def account(college: College, username: str) -> Account | None:
    return next((one for one in college.all(Account) if one.username == username), None)


def open_login(college: College, username: str, by: Actor) -> None:
    found = person(college, "10077")
    give_login(college.session, found.id, found.version, username, HASH, by=by, now=NOW)


def test_passwords_are_readable_and_never_the_same() -> None:
    made = {make_password() for _ in range(200)}

    assert len(made) == 200
    assert {len(password) for password in made} == {14}
    assert set("".join(made)) - {"-"} <= set(SIGNS)
    assert not set("01ilo") & set(SIGNS)


def test_a_first_login_has_to_change_its_password(college: College, people: People) -> None:
    newcomer(college, people)

    open_login(college, "xinren", people.zhou_min)

    stored = login(college, "xinren")
    assert (stored.password, stored.active, stored.first_name) == (HASH, True, "新人")
    made = account(college, "xinren")
    assert made is not None
    assert made.must_change_password
    assert tags(college, "10077") == ["person.add", "person.open"]


@pytest.mark.parametrize("username", ["zhou_min", "ZHOU_MIN", "x", "有 空格", ""])
def test_a_taken_or_odd_sign_in_name_is_refused(
    college: College, people: People, username: str
) -> None:
    newcomer(college, people)

    with pytest.raises(Refused) as refused:
        open_login(college, username, people.zhou_min)

    assert refused.value.reason is Reason.INVALID
    assert person(college, "10077").username is None


def test_many_get_logins_at_once_or_nobody_does(college: College, people: People) -> None:
    ids = [newcomer(college, people, number).id for number in ("10077", "10078", "10079")]
    taken = person(college, "10021").id

    with pytest.raises(Refused) as refused:
        give_logins(
            college.session, dict.fromkeys([*ids, taken], HASH), by=people.zhou_min, now=NOW
        )
    assert refused.value.reason is Reason.CONFLICT
    assert login(college, "10077") is None

    made = give_logins(college.session, dict.fromkeys(ids, HASH), by=people.zhou_min, now=NOW)
    assert [one.username for one in made] == ["10077", "10078", "10079"]


def test_a_reset_changes_the_hash_and_nothing_else(college: College, people: People) -> None:
    found = person(college, "10021")
    before = roles_of(college, "liu_yang")

    reset_password(college.session, found.id, found.version, HASH, by=people.chen_gang, now=NOW)

    assert login(college, "liu_yang").password == HASH
    made = account(college, "liu_yang")
    assert made is not None
    assert made.must_change_password
    assert roles_of(college, "liu_yang") == before


@pytest.mark.parametrize(
    ("who", "number"),
    [("chen_gang", "10001"), ("zhou_min", "10001"), ("zhou_min", "90001"), ("zhao_yong", "10021")],
)
def test_nobody_resets_those_above(college: College, people: People, who: str, number: str) -> None:
    found, by = person(college, number), getattr(people, who)
    before = login(college, found.username or "").password

    with pytest.raises(Refused):
        reset_password(college.session, found.id, found.version, HASH, by=by, now=NOW)

    assert login(college, person(college, number).username or "").password == before


def test_whoever_is_locked_out_is_let_in_by_the_own_steward(
    college: College, people: People
) -> None:
    locked = Account(username="liu_yang", failed_count=5, locked_until=NOW + timedelta(minutes=9))
    college.session.add(locked)
    college.session.commit()
    found = person(college, "10021")

    unlock_person(college.session, found.id, found.version, by=people.chen_gang, now=NOW)

    made = account(college, "liu_yang")
    assert made is not None
    assert not made.is_locked(NOW)
    with pytest.raises(Refused):
        unlock_person(college.session, found.id, found.version + 1, by=people.chen_gang, now=NOW)
