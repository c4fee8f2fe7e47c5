"""What rules beyond one row look at: of this year and the year before, of all departments."""

import pytest
from sqlalchemy import select

from app.catalogue.quality_rule import Judged, Measure, QualityRule, Term, Year
from app.domain.finding import Dimension, Severity
from app.models.collected_rows import CollectedRows, read_collected
from app.models.joined_reading import read_together
from app.rules.compiled_rule import CompiledRule, compile_rule
from tests.college import YEAR, College, on_all_databases
from tests.people import People
from tests.reports.statements import statements

COUNTED = Term("课程数", "course", Measure.COUNT)
LAST_YEAR = Term("上年课程数", "course", Measure.COUNT, year=Year.PREVIOUS)


def rule(college: College, **terms: Term) -> CompiledRule:
    """A rule that counts courses and reads their name."""
    condition = " AND ".join(f"{name} >= 0" for name in terms)
    written = QualityRule(
        "QR.STAFF.*.11",
        "staff",
        Severity.WARNING,
        Dimension.CONSISTENCY,
        "数目不对。",
        condition,
        ("staff_no",),
        terms=terms,
        judged=Judged.ROW,
    )
    return compile_rule(written, college.store.catalogue)


def read(college: College, *rules: CompiledRule) -> CollectedRows:
    return read_collected(college.session, college.store, YEAR, "staff", rules)


@on_all_databases
def test_rows_of_all_departments_come_with_their_ids_and_departments(
    college: College, people: People
) -> None:
    ids = college.add("staff", 1, 2, by=people.wu_fan)

    found = read(college, rule(college, courses=COUNTED))

    frame = found.collected.frames["staff", Year.THIS]
    assert frame["staff_no"].to_list() == [row["staff_no"] for row in college.rows("staff")]
    assert list(found.row_ids) == ids
    assert set(found.departments) == {people.wu_fan.appointments[0].department}


@on_all_databases
def test_only_columns_that_are_looked_at_are_read(college: College, people: People) -> None:
    college.add("course", 1, by=people.li_jing)
    by_code = Term("同名课程", "course", Measure.COUNT, by={"course_code": "staff_no"})

    frames = read(college, rule(college, courses=by_code)).collected.frames

    assert frames["course", Year.THIS].columns == ["course_code"]
    assert frames["staff", Year.THIS].columns == ["staff_no"]


@on_all_databases
def test_a_table_of_which_no_column_is_looked_at_still_has_its_number_of_rows(
    college: College, people: People
) -> None:
    college.add("course", 1, 2, 3, by=people.li_jing)

    frames = read(college, rule(college, courses=COUNTED)).collected.frames

    assert frames["course", Year.THIS].height == 3


@on_all_databases
def test_the_year_before_is_read_beside_this_one(college: College, people: People) -> None:
    college.add("course", 1, by=people.li_jing)

    found = read(college, rule(college, courses=COUNTED, before=LAST_YEAR)).collected

    assert found.frames["course", Year.THIS].height == 1
    assert found.frames["course", Year.PREVIOUS].height == 0
    assert found.periods[Year.PREVIOUS].end < found.periods[Year.THIS].start


@pytest.mark.parametrize("table", ["staff", "course"])
def test_without_rules_the_rows_themselves_are_read(college: College, table: str) -> None:
    found = read_collected(college.session, college.store, YEAR, table, [])

    assert list(found.collected.frames) == [(table, Year.THIS)]


@on_all_databases
def test_tables_read_together_are_as_they_are_alone(college: College, people: People) -> None:
    college.add("staff", 1, 2, by=people.wu_fan)
    college.add("full_time_teacher", 1, by=people.chen_gang, mobile=None)
    college.add("fiscal_subsidy_item", 1, by=people.qian_hui)
    wanted = [
        ([stored.identity[0], *stored.columns.values()], stored.in_place(college.period(name)))
        for name, stored in college.store.tables.items()
    ]

    with statements(college) as seen:
        found = read_together(college.session, wanted)

    assert len(seen) == 1
    alone = [college.session.execute(select(*own).where(where)).all() for own, where in wanted]
    assert [sorted(rows) for rows in found] == [sorted(map(tuple, rows)) for rows in alone]
    assert sum(map(len, found)) == 4
