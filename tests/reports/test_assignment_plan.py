"""Who has which table in a year, beside last year."""

from datetime import timedelta

import pytest

from app.domain.assignment import TableAssignment
from app.domain.cycle import CycleStatus
from app.domain.message import Refused
from app.models.assignment_plan import year_before
from app.models.cycle import Cycle
from app.models.department import Department
from app.reports.assignment_plan import choose_year, read_assignments
from app.reports.department import list_departments
from tests.assignments import change, each, one
from tests.college import NOW, College
from tests.people import People
from tests.reports.statements import statements

DAY = NOW.date()


def page_of(college: College, people: People, wanted: str | None = None):
    catalogue = college.store.catalogue
    return read_assignments(college.session, catalogue, people.zhou_min, day=DAY, wanted=wanted)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ({}, None),
        ({"2024-2025": CycleStatus.LOCKED}, "2024-2025"),
        ({"2024-2025": CycleStatus.OPEN, "2025-2026": CycleStatus.PREPARING}, "2025-2026"),
        ({"2024-2025": CycleStatus.LOCKED, "2025-2026": CycleStatus.CLOSED}, "2025-2026"),
        ({"2024-2025": CycleStatus.OPEN, "2025-2026": CycleStatus.LOCKED}, "2024-2025"),
    ],
)
def test_the_year_in_preparation_comes_before_the_open_one(
    statuses: dict[str, CycleStatus], expected: str | None
) -> None:
    cycles = [Cycle(academic_year=year, status=status) for year, status in statuses.items()]

    found = choose_year(cycles[::-1], None)

    assert (found.academic_year if found else None) == expected


def test_the_year_before_need_not_be_the_last_calendar_year() -> None:
    years = [Cycle(academic_year=year) for year in ("2025-2026", "2022-2023", "2021-2022")]

    assert year_before(years, years[0]) is years[1]
    assert year_before(years, years[2]) is None


def test_changes_and_gaps_are_marked(college: College, people: People) -> None:
    year = college.next_year()
    changed = [TableAssignment("staff"), TableAssignment("quality_project")]
    change(college, people, one("course", "C01"), *changed, cycle_id=year)

    page = page_of(college, people)

    assert [s.spec.identifier for s in page.lines if s.is_lacking] == ["staff"]
    assert {s.spec.identifier for s in page.lines if s.is_changed} == {
        *("course", "staff", "quality_project"),
    }
    assert page.lacking is not None
    assert page.line("quality_project").is_unassigned


def test_a_year_under_way_shows_where_its_tables_stand(college: College, people: People) -> None:
    page = page_of(college, people)

    assert page.before is None
    assert page.lacking is None
    assert page.line("course").statuses == {"A03": "not_started"}
    assert not page.line("course").is_changed


def test_abolished_departments_are_named(college: College, people: People) -> None:
    year = college.next_year()
    college.session.get_one(Department, "A03").valid_to = DAY - timedelta(days=1)
    college.session.commit()
    change(college, people, one("course", "C01"), cycle_id=year)

    page = page_of(college, people)

    assert page.line("course_textbook").abolished == ("教务处",)
    assert page.line("course").abolished == ()
    assert page.line("course").last_abolished == ("教务处",)


def test_the_page_is_read_with_few_statements(college: College, people: People) -> None:
    college.next_year()

    with statements(college) as seen:
        page_of(college, people)

    assert len(seen) <= 8, seen


def test_departments_are_listed_with_what_hangs_on_them(college: College, people: People) -> None:
    change(college, people, each("course", "C01", "C02", "A07"))
    college.session.get_one(Department, "A02").valid_to = DAY - timedelta(days=1)
    college.session.commit()

    lines = list_departments(college.session, people.leader, day=DAY)

    found = {line.department.code: line for line in lines}
    assert (found["A07"].people, found["A07"].tables) == (2, 2)
    assert lines[-1].department.code == "A02"
    assert not lines[-1].is_active


def test_whoever_has_no_right_reads_nothing(college: College, people: People) -> None:
    catalogue = college.store.catalogue

    with pytest.raises(Refused):
        read_assignments(college.session, catalogue, people.liu_yang, day=DAY)
    with pytest.raises(Refused):
        list_departments(college.session, people.reader, day=DAY)
