"""Passwords that are tried in the same moment: none escapes the count."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.actions.attempt import Attempt
from app.actions.sign_in import note_failure, open_session
from app.domain.account import Way
from app.domain.message import Refused
from app.models.account import Account, SignInAddress, SignInEntry, SignInSession
from tests.college import NOW, College

ATTEMPT = Attempt("li_jing", Way.FORM, "192.0.2.1")


def at_once(acts: list[Callable[[], str]]) -> list[str]:
    """What each act tells; all begin at the same moment."""
    start = Barrier(len(acts))

    def act_now(act: Callable[[], str]) -> str:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(act_now, acts))


def wrong(college: College, attempt: Attempt = ATTEMPT) -> Callable[[], str]:
    def act() -> str:
        with college.open_session() as session:
            told = note_failure(session, attempt, now=NOW)
        return str(told.message.parameters.get("left", "locked"))

    return act


def right(college: College) -> Callable[[], str]:
    def act() -> str:
        with college.open_session() as session:
            try:
                open_session(session, ATTEMPT, user_id=1, password_hash="-", id_hash="x", now=NOW)
            except Refused:
                return "refused"
        return "open"

    return act


@pytest.mark.parametrize("name", ["li_jing", "nobody"])
def test_two_wrong_passwords_at_once_count_twice(college: College, name: str) -> None:
    attempt = Attempt(name, Way.FORM, "192.0.2.1")

    assert at_once([wrong(college, attempt)] * 2) == ["3", "4"]
    [account] = college.all(Account)
    assert (account.username, account.failed_count) == (name, 2)
    assert college.all(SignInAddress)[0].failed_count == 2


def test_of_ten_wrong_passwords_at_once_five_are_looked_at(college: College) -> None:
    told = at_once([wrong(college)] * 10)

    assert told == ["1", "2", "3", "4", *["locked"] * 6]
    assert len(college.all(SignInEntry)) == 5 + 1


def test_the_right_password_among_wrong_ones_counts_in_its_turn(college: College) -> None:
    told = at_once([*[wrong(college)] * 8, right(college)])

    opened = len(college.all(SignInSession))
    assert told.count("open") == opened
    assert told.count("refused") == 1 - opened
    # Without the right one between them five were looked at; with it at most nine.
    assert 4 <= sum(answer.isdigit() for answer in told) <= 8
