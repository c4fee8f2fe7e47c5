"""Which tables concern a person, and which year people work in."""

import pytest

from app.domain.cycle import CycleStatus
from app.domain.submission import Status
from app.models.cycle import Cycle
from app.reports.assignment import department_names, departments_of_table, list_tables
from app.reports.cycle import all_cycles, current_cycle, kept_cycle
from tests.college import College
from tests.people import People
from tests.submissions import submission_at


def lines(college: College, actor):
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)
    found = list_tables(college.session, college.store, actor, cycle)
    return {line.spec.identifier: line for line in found}


@pytest.mark.parametrize(
    ("name", "count"),
    [("li_jing", 6), ("wang_qiang", 6), ("chen_gang", 2), ("liu_yang", 2), ("zhou_min", 12)],
)
def test_everybody_has_the_tables_he_may_read(
    college: College, people: People, name: str, count: int
) -> None:
    assert len(lines(college, getattr(people, name))) == count


def test_a_line_tells_where_the_own_table_stands(college: College, people: People) -> None:
    submission = submission_at(college, Status.UNDER_REVIEW)

    line = lines(college, people.li_jing)["course"]

    assert (line.own, line.status) == (True, Status.UNDER_REVIEW)
    assert line.submission_id == submission.id
    assert line.departments == (("A03", "教务处"),)


def test_who_reads_all_is_told_every_department(college: College, people: People) -> None:
    line = lines(college, people.zhou_min)["full_time_teacher"]

    assert [code for code, _ in line.departments] == ["C01", "C02"]
    assert (line.own, line.status) == (False, None)


def test_without_a_year_tables_belong_to_nobody(college: College, people: People) -> None:
    found = list_tables(college.session, college.store, people.li_jing, None)

    assert {(line.departments, line.status) for line in found} == {((), None)}


def test_the_departments_of_a_table_are_those_that_report_it(college: College) -> None:
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)

    assert departments_of_table(college.session, cycle, "full_time_teacher") == ["C01", "C02"]
    assert departments_of_table(college.session, None, "course") == []
    assert department_names(college.session)["A03"] == "教务处"


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ({}, None),
        ({"2024-2025": CycleStatus.LOCKED}, "2024-2025"),
        ({"2024-2025": CycleStatus.OPEN, "2025-2026": CycleStatus.PREPARING}, "2024-2025"),
        ({"2024-2025": CycleStatus.CLOSED, "2025-2026": CycleStatus.OPEN}, "2025-2026"),
        ({"2024-2025": CycleStatus.LOCKED, "2025-2026": CycleStatus.PREPARING}, "2025-2026"),
    ],
)
def test_people_work_in_the_latest_open_year(
    statuses: dict[str, CycleStatus], expected: str | None
) -> None:
    cycles = [Cycle(academic_year=year, status=status) for year, status in statuses.items()]

    found = current_cycle(cycles[::-1])

    assert (found.academic_year if found else None) == expected


def test_a_provisional_year_is_worked_in_by_rows_only() -> None:
    locked = Cycle(academic_year="2024-2025", status=CycleStatus.LOCKED)
    following = Cycle(academic_year="2025-2026", status=CycleStatus.PREPARING, is_provisional=True)

    assert current_cycle([following, locked]) is locked
    assert kept_cycle([following, locked]) is following


def test_the_latest_year_stands_first(college: College) -> None:
    college.next_year()

    assert [cycle.academic_year for cycle in all_cycles(college.session)] == [
        "2026-2027",
        "2025-2026",
    ]
