"""The board counts honestly and shows everybody only what he follows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.access.person import Actor
from app.domain.cycle import CycleVerb
from app.domain.message import Refused
from app.domain.submission import Status, Verb
from app.reports.board import Board, BoardLine, Figures, by_department, figures_of, read_board
from tests.college import DUE, NOW, College
from tests.people import People
from tests.reports.statements import statements
from tests.submissions import exempt_the_rest, submission_at

AFTER = DUE + timedelta(days=3)
DEPARTMENT = "A03"


def board_of(college: College, actor: Actor, now=NOW) -> Board:
    return read_board(college.session, college.store, actor, college.cycle, now=now)


def line_of(board: Board, table: str = "course") -> BoardLine:
    [found] = [
        line
        for line in board.lines
        if line.spec.identifier == table and line.department_code == DEPARTMENT
    ]
    return found


@pytest.mark.parametrize(
    ("status", "reported", "accepted", "returned", "owed"),
    [
        (Status.NOT_STARTED, 0, 0, 0, 1),
        (Status.ENTERING, 0, 0, 0, 1),
        (Status.UNDER_REVIEW, 0, 0, 0, 1),
        (Status.AWAITING_CONFIRMATION, 0, 0, 0, 1),
        (Status.SUBMITTED, 1, 0, 0, 1),
        (Status.UNDER_QA_REVIEW, 1, 0, 0, 1),
        (Status.RETURNED, 0, 0, 1, 1),
        (Status.ACCEPTED, 1, 1, 0, 1),
        (Status.LOCKED, 1, 1, 0, 1),
        (Status.EXEMPT, 0, 0, 0, 0),
    ],
)
def test_every_status_is_counted_as_what_it_is(
    college: College,
    people: People,
    status: Status,
    reported: int,
    accepted: int,
    returned: int,
    owed: int,
) -> None:
    submission_at(college, status)

    figures = figures_of([line_of(board_of(college, people.zhou_min))])

    found = (figures.owed, figures.reported, figures.accepted, figures.returned)
    assert found == (owed, reported, accepted, returned)
    assert figures.exempt == 1 - owed


def test_what_does_not_apply_stands_in_no_share(college: College, people: People) -> None:
    submission_at(college, Status.ACCEPTED)
    submission_at(college, Status.SUBMITTED, "course_textbook")
    exempt_the_rest(college)

    board = board_of(college, people.zhou_min, AFTER)

    figures = figures_of(board.lines)
    assert (figures.owed, figures.percent(figures.accepted)) == (2, 50)
    assert figures.exempt == len(board.lines) - 2
    # What was exempt is not overdue either, and both others were reported in time.
    assert (figures.late, figures.missing) == (0, 0)


def test_a_nil_return_is_a_report(college: College, people: People) -> None:
    submission_at(college, Status.SUBMITTED)

    line = line_of(board_of(college, people.zhou_min))

    assert line.is_nil
    assert figures_of([line]).reported == 1


def test_days_are_counted_on_the_calendar(college: College, people: People) -> None:
    submission_at(college, Status.ENTERING)

    before = line_of(board_of(college, people.zhou_min, NOW + timedelta(days=4)))
    after = line_of(board_of(college, people.zhou_min, AFTER))

    assert (before.days, before.days_left, before.days_late) == (4, 26, 0)
    assert (after.days, after.days_left, after.days_late, after.is_late) == (33, -3, 3, True)


def test_what_was_reported_late_stays_late_but_is_not_missing(
    college: College, people: People
) -> None:
    college.now = DUE + timedelta(days=2)
    submission_at(college, Status.SUBMITTED)

    line = line_of(board_of(college, people.zhou_min, DUE + timedelta(days=9)))

    assert (line.is_late, line.days_late, line.days_left) == (True, 2, None)
    assert (figures_of([line]).late, figures_of([line]).missing) == (1, 0)


@pytest.mark.parametrize(("asked", "is_late"), [(-1, False), (2, True)])
def test_only_an_extension_in_time_makes_up_for_it(
    college: College, people: People, asked: int, *, is_late: bool
) -> None:
    college.now = DUE + timedelta(days=asked)
    office, later = people.zhou_min, DUE + timedelta(days=5)
    college.year_step(CycleVerb.CLOSE, by=office)

    college.year_step(CycleVerb.EXTEND, by=office, due_at=later, reason="系统停机两天")

    lines = board_of(college, office, DUE + timedelta(days=2)).lines
    assert (figures_of(lines).late > 0) is is_late


@pytest.mark.parametrize(
    ("name", "departments"),
    [
        ("zhou_min", {"A02", "A03", "A04", "A07", "C01", "C02"}),
        ("leader", {"A02", "A03", "A04", "A07", "C01", "C02"}),
        ("li_jing", {"A03"}),
        ("wang_qiang", {"A03"}),
        ("chen_gang", {"C01"}),
    ],
)
def test_everybody_sees_what_he_follows(
    college: College, people: People, name: str, departments: set[str]
) -> None:
    board = board_of(college, getattr(people, name))

    assert set(by_department(board.lines)) == departments
    assert board.overlooks is (len(departments) > 1)
    # The shares of the college are the same for all.
    assert board.college == board_of(college, people.zhou_min).college


@pytest.mark.parametrize("name", ["liu_yang", "administrator", "archivist", "reader"])
def test_nobody_else_reads_the_board(college: College, people: People, name: str) -> None:
    with pytest.raises(Refused) as refused:
        board_of(college, getattr(people, name))

    assert "no right to view the board" in str(refused.value)


@pytest.mark.parametrize(
    ("status", "name", "verb"),
    [
        (Status.NOT_STARTED, "li_jing", Verb.ENTER),
        (Status.RETURNED, "li_jing", Verb.FINISH),
        (Status.UNDER_REVIEW, "li_jing", Verb.REVIEW),
        (Status.UNDER_REVIEW, "wang_qiang", None),
        (Status.AWAITING_CONFIRMATION, "wang_qiang", Verb.CONFIRM),
        (Status.SUBMITTED, "zhou_min", Verb.RECEIVE),
        (Status.UNDER_QA_REVIEW, "zhou_min", Verb.ACCEPT),
        (Status.UNDER_QA_REVIEW, "leader", None),
        (Status.ACCEPTED, "zhou_min", None),
    ],
)
def test_the_step_ahead_is_told_to_whom_it_belongs(
    college: College, people: People, status: Status, name: str, verb: Verb | None
) -> None:
    submission_at(college, status)

    line = line_of(board_of(college, getattr(people, name)))

    assert line.permitted == (() if verb is None else (verb,))


def test_without_the_right_to_take_it_no_step_is_told(college: College, people: People) -> None:
    submission_at(college, Status.SUBMITTED)
    rights = people.zhou_min.permissions - {("can_receive", "submission")}

    line = line_of(board_of(college, replace(people.zhou_min, permissions=rights)))

    assert line.permitted == ()


def test_a_year_is_read_by_one_statement_and_its_registers_by_two(
    college: College, people: People
) -> None:
    cycle = college.cycle
    with statements(college) as seen:
        read_board(college.session, college.store, people.zhou_min, cycle, now=NOW)

    assert len(seen) == 3, seen


def test_a_share_of_nothing_is_nothing() -> None:
    assert Figures().percent(0) == 0
