"""Where somebody works: one table, one period, one department, and his rights there."""

from collections.abc import Mapping

import pytest

from app.domain.message import Message, Reason, Refused
from app.domain.submission import Status
from app.models.cycle import Cycle
from app.reports.place import (
    Place,
    find_cycle_of,
    find_place,
    find_table,
    reporting_departments,
    rights_at,
    submission_at,
    submissions_by_table,
)
from tests.college import College
from tests.people import People
from tests.submissions import submission_at as brought_to

TEACHER = "full_time_teacher"


def place(college: College, actor, table: str = "course", **asked) -> Place:
    return find_place(college.session, college.store, actor, table, **asked)


@pytest.mark.parametrize(
    ("name", "table", "department"),
    [
        ("li_jing", "course", "A03"),
        ("zhao_yong", TEACHER, "C01"),
        ("liu_yang", TEACHER, "C01"),
        ("zhou_min", "course", None),
        ("wu_fan", TEACHER, None),
    ],
)
def test_by_default_people_work_in_their_own_department(
    college: College, people: People, name: str, table: str, department: str | None
) -> None:
    found = place(college, getattr(people, name), table)

    assert (found.period.code, found.department) == ("2025-2026", department)


@pytest.mark.parametrize(
    ("name", "table", "asked", "reason"),
    [
        ("li_jing", "nothing", {}, Reason.NOT_FOUND),
        ("li_jing", "staff", {}, Reason.FORBIDDEN),
        ("li_jing", "course", {"period": "2031-2032"}, Reason.INVALID),
        ("li_jing", "course", {"period": "2025"}, Reason.INVALID),
        ("zhou_min", "course", {"department": "Z99"}, Reason.INVALID),
        ("chen_gang", TEACHER, {"department": "C02"}, Reason.FORBIDDEN),
        ("liu_yang", TEACHER, {"department": "C02"}, Reason.FORBIDDEN),
    ],
)
def test_a_place_that_cannot_be_reached_is_refused(
    college: College, people: People, name: str, table: str, asked: dict[str, str], reason: Reason
) -> None:
    with pytest.raises(Refused) as refusal:
        place(college, getattr(people, name), table, **asked)

    assert refusal.value.reason is reason


def test_another_period_and_department_can_be_named(college: College, people: People) -> None:
    college.next_year()

    found = place(college, people.zhou_min, TEACHER, period="2026-2027", department="C02")

    assert (found.period.code, found.department) == ("2026-2027", "C02")
    assert found.cycle.academic_year == "2026-2027"


def test_without_any_year_there_is_no_place(college: College) -> None:
    stored = find_table(college.store, "course")

    with pytest.raises(Refused, match="no collection year yet"):
        find_cycle_of([], stored, None)


@pytest.mark.parametrize(
    ("name", "codes"),
    [("zhou_min", ["C01", "C02"]), ("chen_gang", ["C01"]), ("liu_yang", ["C01"])],
)
def test_the_departments_to_choose_from_are_those_within_reach(
    college: College, people: People, name: str, codes: list[str]
) -> None:
    actor = getattr(people, name)

    found = reporting_departments(college.session, actor, place(college, actor, TEACHER))

    assert found == codes


def test_the_submission_of_a_place_is_that_of_its_department(
    college: College, people: People
) -> None:
    own = submission_at(college.session, place(college, people.li_jing))
    whole = submission_at(college.session, place(college, people.zhou_min))

    assert own is not None
    assert (own.id, whole) == (college.submission("course").id, None)


def test_the_own_submissions_are_found_by_table(college: College, people: People) -> None:
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)

    own = submissions_by_table(college.session, people.li_jing, cycle)

    assert len(own) == 6
    assert {department for _, department in own} == {"A03"}
    assert submissions_by_table(college.session, people.zhou_min, cycle) == {}
    assert submissions_by_table(college.session, people.li_jing, None) == {}


def rights(
    college: College, actor, table: str = "course", **named: str
) -> Mapping[str, Message | None]:
    found = place(college, actor, table, **named)
    return rights_at(
        actor,
        found.stored,
        found.cycle,
        found.department,
        submission_at(college.session, found),
        is_assigned=True,
    )


def allowed(found: Mapping[str, Message | None]) -> set[str]:
    return {action for action, refusal in found.items() if refusal is None}


@pytest.mark.parametrize(
    ("name", "table", "expected"),
    [
        ("li_jing", "course", {"add", "edit", "delete", "import", "export"}),
        ("wang_qiang", "course", {"export"}),
        ("liu_yang", TEACHER, {"add", "edit", "delete"}),
        ("zhou_min", "course", {"export"}),
    ],
)
def test_everybody_has_his_rights_at_a_place(
    college: College, people: People, name: str, table: str, expected: set[str]
) -> None:
    assert allowed(rights(college, getattr(people, name), table)) == expected


@pytest.mark.parametrize("status", list(Status))
def test_rights_to_write_end_where_the_table_is_not_open(
    college: College, people: People, status: Status
) -> None:
    brought_to(college, status)

    writes = {"add", "edit", "delete", "import"}
    # Once the year is locked the next one is the present one, in which rows can be kept already.
    found = allowed(rights(college, people.li_jing, period=college.cycle.academic_year))

    assert found == {"export"} | (writes if status.is_editable else set())


def test_without_a_department_the_reason_says_to_choose_one(
    college: College, people: People
) -> None:
    wide = rights(college, people.zhou_min)

    assert wide["add"] is not None
    assert "no right to change" in wide["add"].msgid
