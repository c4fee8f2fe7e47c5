"""The completeness of a year as its readers see it (V21)."""

from dataclasses import replace

import pytest

from app.access.person import RoleAccess
from app.catalogue.expected_rows import ExpectedRows
from app.domain.message import Refused
from app.domain.submission import Status
from app.domain.table_access import FieldMask
from app.reports.completeness import (
    CycleCompleteness,
    PlaceCompleteness,
    place_completeness,
    read_completeness,
)
from app.rules.completeness import Share
from tests.college import College, on_all_databases
from tests.people import People
from tests.reports.statements import statements
from tests.submissions import submission_at


def read(college: College, actor) -> CycleCompleteness:
    return read_completeness(college.session, college.store, actor, college.cycle)


def of(found: CycleCompleteness, table: str, department: str = "A03") -> PlaceCompleteness:
    (place,) = [p for p in found.places if (p.spec.identifier, p.department) == (table, department)]
    return place


def employ(college: College, *numbers: int, at: str, by) -> None:
    """Full-time teachers of a department on the staff list, which the personnel office keeps."""
    place = {"dept_code": at, "staff_category": "1", "employment_status": "1"}
    college.add("staff", *numbers, by=by, **place)


def test_who_is_missing_on_a_list_is_named(college: College, people: People) -> None:
    college.add("course", 1, 2, by=people.li_jing, course_type="A")
    first = college.row("course", 1)["course_code"]
    college.add("course_textbook", 1, by=people.li_jing, course_code=first)

    place = of(read(college, people.zhou_min), "course_textbook")

    (share,) = place.expected
    assert (share.present, share.listed) == (1, 2)
    assert [each.key for each in share.missing] == [college.row("course", 2)["course_code"]]
    assert place.completeness.rows == Share(1, 2)


def test_masked_keys_and_names_are_told_to_nobody(college: College, people: People) -> None:
    college.add("course", 1, by=people.li_jing)
    by_name = ExpectedRows(
        "course_textbook", "course_code", "course", "course_name", "course_type", {}
    )
    store = replace(
        college.store, catalogue=replace(college.store.catalogue, expected_rows=(by_name,))
    )
    masks = {"course_name": FieldMask.MASKED, "course_type": FieldMask.HIDDEN}
    opened = RoleAccess("QA", frozenset({"list", "list_all"}), masks=masks)
    reader = replace(people.zhou_min, access={"course": (opened,)})

    found = read_completeness(college.session, store, reader, college.cycle)

    (share,) = of(found, "course_textbook").expected
    ((key, name),) = [(each.key, each.name) for each in share.missing]
    assert (key, name) == ("", "")


@on_all_databases
def test_a_list_kept_elsewhere_counts_for_the_department_it_names(
    college: College, people: People
) -> None:
    employ(college, 1, 2, at="C01", by=people.wu_fan)
    employ(college, 3, at="A03", by=people.wu_fan)
    college.add("full_time_teacher", 1, by=people.chen_gang)

    found = read(college, people.zhou_min)

    (share,) = of(found, "full_time_teacher", "C01").expected
    assert (share.present, share.listed, share.untold) == (1, 2, 0)
    # Who belongs to a department that has no teachers to report is expected of nobody.
    assert sum(share.listed for place in found.places for share in place.expected) == 2


def test_who_may_not_read_the_list_learns_numbers_only(college: College, people: People) -> None:
    employ(college, 1, at="C01", by=people.wu_fan)

    (share,) = of(read(college, people.chen_gang), "full_time_teacher", "C01").expected

    assert (share.absent, share.missing, share.untold) == (1, [], 1)


def test_a_place_alone_is_told_as_it_is_among_all(college: College, people: People) -> None:
    employ(college, 1, 2, at="C01", by=people.wu_fan)
    college.add("full_time_teacher", 1, by=people.chen_gang, mobile=None)
    submission = college.submission("full_time_teacher", "C01")
    cycle, rows = college.cycle, [college.row("full_time_teacher", 1, mobile=None)]

    with statements(college) as seen:
        alone = place_completeness(
            college.session, college.store, people.zhou_min, submission, cycle, rows
        )

    assert alone == of(read(college, people.zhou_min), "full_time_teacher", "C01")
    assert len(seen) <= 1


def test_a_whole_year_is_counted_by_few_statements(college: College, people: People) -> None:
    with statements(college) as seen:
        read(college, people.zhou_min)

    assert len(seen) <= 4


def test_a_nil_return_with_a_reason_is_complete(college: College, people: People) -> None:
    submission_at(college, Status.UNDER_REVIEW)

    place = of(read(college, people.zhou_min), "course")

    assert place.nil_reason
    assert place.completeness.rows == Share(0, 0)


def test_exempt_tables_are_no_part_of_it(college: College, people: People) -> None:
    submission_at(college, Status.EXEMPT)

    found = read(college, people.zhou_min)

    assert ("course", "A03") not in {(p.spec.identifier, p.department) for p in found.places}


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
