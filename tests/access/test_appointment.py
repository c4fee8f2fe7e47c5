"""Who appoints whom, and who opens the door for whom: expected by hand (第五条第二款)."""

from datetime import date

import pytest

from app.access.appointment import (
    Subject,
    sees_person,
    why_not_add_person,
    why_not_appoint,
    why_not_disable,
    why_not_edit_person,
    why_not_end,
    why_not_give_login,
    why_not_hold_together,
    why_not_import_people,
    why_not_read_people,
    why_not_reset,
)
from app.access.person import Actor, Appointed
from app.access.roles import ROLE_BY_FUNCTION
from app.domain.person import Function

A, H, D, T = Function.ADMINISTRATOR, Function.HEAD, Function.DATA_STEWARD, Function.TEACHER
Q, L, R, V = Function.QA_OFFICE, Function.LEADER, Function.READER, Function.ARCHIVE
SOME_DAY = date(2027, 1, 31)


def actor(function: Function, department: str = "C01") -> Actor:
    grants = frozenset((f"can_{verb}", what) for verb, what in ROLE_BY_FUNCTION[function].grants)
    return Actor("1", "甲", "a", 1, (Appointed(function, department),), grants)


def subject(
    *held: Function, number: str = "2", department: str = "C01", is_teacher: bool = False
) -> Subject:
    return Subject(number, department, is_teacher, frozenset((what, department) for what in held))


# Who gives which function in his own department to an open end.
GIVES = {
    A: {A, Q, L, R, V, T},
    Q: {H, D, T},
    H: {D},
    D: set(),
    T: set(),
    L: set(),
    V: set(),
    R: set(),
}


@pytest.mark.parametrize("function", list(Function))
def test_a_function_gives_exactly_these(function: Function) -> None:
    giver = actor(function)

    given = {f for f in Function if not why_not_appoint(giver, subject(), f, "C01", None)}

    assert given == GIVES[function]


def test_a_head_gives_a_deputyship_with_a_last_day_in_his_department_only() -> None:
    head = actor(H)

    assert why_not_appoint(head, subject(), H, "C01", SOME_DAY) is None
    assert why_not_appoint(head, subject(), H, "C01", None) is not None
    assert why_not_appoint(head, subject(), H, "C02", SOME_DAY) is not None
    assert why_not_appoint(head, subject(department="C02"), D, "C01", None) is not None


@pytest.mark.parametrize("function", [A, Q, H])
def test_nobody_gives_himself_anything(function: Function) -> None:
    giver, himself = actor(function), subject(number="1")

    for wanted in Function:
        assert why_not_appoint(giver, himself, wanted, "C01", SOME_DAY) is not None
    assert why_not_reset(giver, himself) is not None
    assert why_not_disable(giver, himself, is_last=False) is not None


def test_without_the_permission_row_the_function_gives_nothing() -> None:
    nobody = Actor("1", "甲", "a", 1, (Appointed(A, "C01"), Appointed(Q, "C01")))

    assert why_not_read_people(nobody)
    assert why_not_add_person(nobody)
    assert why_not_edit_person(nobody)
    assert why_not_import_people(nobody)
    assert why_not_reset(nobody, subject())
    assert why_not_appoint(nobody, subject(), R, "C01", None)


@pytest.mark.parametrize("function", [f for f in Function if f is not A])
def test_an_administrator_holds_no_function_with_a_say_over_data(function: Function) -> None:
    assert why_not_hold_together(subject(A), function)
    assert why_not_hold_together(subject(function), A)
    assert why_not_hold_together(subject(Q, D, T), function) is None
    assert why_not_hold_together(subject(A), A) is None


def test_who_has_roles_made_by_hand_does_not_become_administrator() -> None:
    by_hand = Subject("2", "C01", False, frozenset(), has_other_roles=True)

    assert why_not_appoint(actor(A), by_hand, A, "C01", None)
    assert why_not_appoint(actor(A), by_hand, R, "C01", None) is None


def test_what_stands_together_from_earlier_days_can_still_be_ended() -> None:
    both = subject(A, D)

    assert why_not_end(actor(H), both, D, "C01", None, is_last=False) is None
    assert why_not_end(actor(A), both, A, "C01", None, is_last=False) is None


# Whose password may be reset: (nobody's, a teacher's, a head's, an administrator's).
RESETS = {
    A: (True, True, True, True),
    Q: (True, True, False, False),
    H: (False, False, False, False),
    D: (False, True, False, False),
}


@pytest.mark.parametrize("function", list(Function))
def test_who_resets_whose_password(function: Function) -> None:
    people = (subject(), subject(T), subject(H, T), subject(A))

    may = tuple(why_not_reset(actor(function), person) is None for person in people)

    assert may == RESETS.get(function, (False,) * 4)


def test_a_steward_helps_no_teacher_of_another_department_and_none_with_other_roles() -> None:
    steward = actor(D)
    made_by_hand = Subject("2", "C01", True, frozenset({(T, "C01")}), has_other_roles=True)

    assert why_not_reset(steward, subject(T, department="C02")) is not None
    assert why_not_reset(steward, made_by_hand) is not None
    assert why_not_reset(actor(Q), made_by_hand) is not None
    assert why_not_reset(actor(A), made_by_hand) is None


@pytest.mark.parametrize(
    ("function", "adds", "edits"),
    [(f, f in (A, Q), f is A) for f in Function],
)
def test_who_adds_and_corrects_people(function: Function, adds: bool, edits: bool) -> None:
    by = actor(function)

    assert (why_not_add_person(by) is None) is adds
    assert (why_not_import_people(by) is None) is adds
    assert (why_not_edit_person(by) is None) is edits
    assert (why_not_disable(by, subject(), is_last=False) is None) is edits


def test_the_quality_office_gives_no_login_to_those_above() -> None:
    assert why_not_give_login(actor(Q), subject(H, D, T)) is None
    assert why_not_give_login(actor(Q), subject(A)) is not None
    assert why_not_give_login(actor(Q), subject(L)) is not None
    assert why_not_give_login(actor(A), subject(Q)) is None
    assert why_not_give_login(actor(H), subject()) is not None


def test_the_last_administrator_stays() -> None:
    assert why_not_disable(actor(A), subject(A), is_last=True) is not None
    assert why_not_end(actor(A), subject(A), A, "C01", None, is_last=True) is not None
    assert why_not_end(actor(A), subject(A, R), R, "C01", None, is_last=True) is None
    assert why_not_end(actor(A), subject(A), A, "C01", None, is_last=False) is None


# Whether one sees (own colleague, own teacher, other department's teacher).
SEES = {
    A: (True, True, True),
    Q: (True, True, True),
    H: (True, True, False),
    D: (False, True, False),
}


@pytest.mark.parametrize("function", list(Function))
def test_who_sees_whom(function: Function) -> None:
    people = (subject(H), subject(is_teacher=True), subject(T, department="C02"))

    seen = tuple(sees_person(actor(function), person) for person in people)

    assert seen == SEES.get(function, (False,) * 3)


def test_a_teacher_of_two_departments_is_seen_in_both() -> None:
    guest = Subject("2", "A03", True, frozenset({(T, "C01")}))

    assert sees_person(actor(D, "C01"), guest)
    assert sees_person(actor(D, "A03"), guest)
    assert not sees_person(actor(D, "C02"), guest)
