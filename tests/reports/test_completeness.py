"""The completeness of a year as its readers see it (V21)."""

import pytest

from app.domain.message import Refused
from app.domain.submission import Status
from app.models.cycle import Cycle
from app.reports.completeness import CycleCompleteness, read_completeness
from app.rules.completeness import Share
from tests.college import College
from tests.people import People
from tests.submissions import submission_at


def read(college: College, actor, department: str | None = None) -> CycleCompleteness:
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)
    return read_completeness(college.session, college.store, actor, cycle, department)


def of(found: CycleCompleteness, table: str, department: str = "A03"):
    (place,) = [p for p in found.places if (p.table, p.department) == (table, department)]
    return place


def test_who_is_missing_on_a_list_is_named(college: College, people: People) -> None:
    college.add("course", 1, 2, by=people.li_jing, course_type="A")
    first = college.row("course", 1)["course_code"]
    college.add("course_textbook", 1, by=people.li_jing, course_code=first)

    place = of(read(college, people.zhou_min), "course_textbook")

    (share,) = place.expected
    assert (share.present, share.listed) == (1, 2)
    assert [each.key for each in share.missing] == [college.row("course", 2)["course_code"]]
    assert place.completeness.rows == Share(1, 2)


def test_a_nil_return_with_a_reason_is_complete(college: College, people: People) -> None:
    submission_at(college, Status.UNDER_REVIEW)

    place = of(read(college, people.zhou_min), "course")

    assert place.is_nil
    assert place.completeness.rows == Share(0, 0)


def test_exempt_tables_are_no_part_of_it(college: College, people: People) -> None:
    submission_at(college, Status.EXEMPT)

    found = read(college, people.zhou_min)

    assert ("course", "A03") not in {(p.table, p.department) for p in found.places}


def test_the_total_is_the_sum_of_the_places(college: College, people: People) -> None:
    college.add("course", 1, 2, by=people.li_jing)

    found = read(college, people.zhou_min)

    assert found.total.required.expected == sum(
        place.completeness.required.expected for place in found.places
    )


def test_a_department_sees_its_own_tables_only(college: College, people: People) -> None:
    assert {place.department for place in read(college, people.li_jing).places} == {"A03"}


def test_who_may_not_read_the_board_is_refused(college: College, people: People) -> None:
    with pytest.raises(Refused):
        read(college, people.ma_chao)
