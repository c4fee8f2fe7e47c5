"""What keeps a value from being stored, and what is stored with a finding."""

from collections.abc import Iterable

import pytest

from app.actions.row_change import INSERT, UPDATE, UPSERT, Change, Outcome
from app.domain.message import Reason, Refused
from app.domain.person import Function
from tests.college import College
from tests.people import People


def flatten(outcome: Outcome) -> list[tuple[int | None, str | None, str]]:
    """Row, field and rule of every finding, in the order of the results."""
    findings = (finding for result in outcome.results for finding in result.findings)
    return [(finding.row, finding.field, finding.rule) for finding in findings]


def outcomes(outcome: Outcome) -> list[str]:
    return [result.outcome for result in outcome.results]


def inserts(rows: Iterable[dict[str, object]]) -> list[Change]:
    return [Change(INSERT, row) for row in rows]


def test_a_missing_required_value_is_stored_with_a_finding(
    college: College, people: People
) -> None:
    change = Change(INSERT, college.row("course", course_name=None))

    outcome = college.change("course", change, by=people.li_jing)

    assert flatten(outcome) == [(0, "course_name", "QR.COURSE.COURSE_NAME.01")]
    assert outcomes(outcome) == ["created"]
    assert college.rows("course")[0]["course_name"] is None


@pytest.mark.parametrize(
    ("table", "field", "value", "rule"),
    [
        ("course", "credit", "many", "02"),
        ("course", "is_core", "perhaps", "02"),
        ("course", "course_type", "Z", "03"),
        ("course", "course_name", "长" * 101, "04"),
        ("course", "credit", "12345", "05"),
        ("course", "credit", "2.55", "06"),
        ("course", "credit", "61", "07"),
        ("course_textbook", "edition_year", "1979", "07"),
        ("course_textbook", "isbn", "9787000000000", "09"),
        ("quality_project", "started_on", "2025-02-30", "02"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(
    college: College, people: People, table: str, field: str, value: str, rule: str
) -> None:
    change = Change(INSERT, college.row(table) | {field: value})

    outcome = college.change(table, change, by=people.li_jing, partial=True)

    found = [rule for _, at, rule in flatten(outcome) if at == field]
    assert found == [f"QR.{table}.{field}.{rule}".upper()]
    assert outcomes(outcome) == ["rejected"]
    assert college.rows(table) == []


def test_a_reference_to_nothing_is_stored_with_a_finding(college: College, people: People) -> None:
    college.add("course", 1, by=people.li_jing)
    rows = inserts([college.row("course_textbook", 1), college.row("course_textbook", 2)])

    outcome = college.change("course_textbook", *rows, by=people.li_jing)

    assert flatten(outcome) == [(1, "course_code", "QR.COURSE_TEXTBOOK.COURSE_CODE.10")]
    assert outcomes(outcome) == ["created", "created"]


def test_a_reference_finds_the_rows_of_another_department(college: College, people: People) -> None:
    college.add("staff", 1, by=people.wu_fan, dept_code=None)

    [row] = inserts([college.row("quality_project", 1)])
    outcome = college.change("quality_project", row, by=people.li_jing)

    assert flatten(outcome) == []


def test_a_missing_key_is_refused(college: College, people: People) -> None:
    change = Change(INSERT, college.row("course", course_code=" "))

    outcome = college.change("course", change, by=people.li_jing)

    assert flatten(outcome) == [(0, "course_code", "QR.COURSE.COURSE_CODE.01")]
    assert (outcomes(outcome), college.rows("course")) == (["rejected"], [])


@pytest.mark.parametrize("op", [UPDATE, UPSERT])
def test_a_change_without_id_and_key_is_refused(college: College, people: People, op: str) -> None:
    outcome = college.change("course", Change(op, {"credit": "2"}), by=people.li_jing)

    assert (0, "course_code", "QR.COURSE.COURSE_CODE.01") in flatten(outcome)
    assert (outcomes(outcome), college.rows("course")) == (["rejected"], [])


def test_a_key_cannot_be_emptied(college: College, people: People) -> None:
    [row_id] = college.add("course", by=people.li_jing)

    change = Change(UPDATE, {"course_code": ""}, row_id, "1")
    outcome = college.change("course", change, by=people.li_jing)

    assert flatten(outcome) == [(0, "course_code", "QR.COURSE.COURSE_CODE.01")]
    assert outcomes(outcome) == ["rejected"]


def test_a_bad_value_stored_before_does_not_keep_others_from_being_changed(
    college: College, people: People
) -> None:
    [row_id] = college.add("course", by=people.li_jing, course_name=None)

    change = Change(UPDATE, {"credit": "3"}, row_id, "1")
    outcome = college.change("course", change, by=people.li_jing)

    assert outcomes(outcome) == ["changed"]
    assert flatten(outcome) == [(0, "course_name", "QR.COURSE.COURSE_NAME.01")]


def test_a_finding_names_the_position_of_its_change(college: College, people: People) -> None:
    rows = [college.row("course", 1), college.row("course", 2, credit="many")]

    outcome = college.change("course", *inserts(rows), by=people.li_jing)

    assert flatten(outcome) == [(1, "credit", "QR.COURSE.CREDIT.02")]


def test_a_field_the_table_does_not_have_is_refused(college: College, people: People) -> None:
    change = Change(INSERT, college.row("course", sys_department="C01"))

    with pytest.raises(Refused, match="sys_department") as refusal:
        college.change("course", change, by=people.li_jing)

    assert refusal.value.reason is Reason.INVALID
    assert college.rows("course") == []


def test_a_teachers_row_is_filed_under_his_number(college: College, people: People) -> None:
    number = people.liu_yang.number

    college.add("full_time_publication", 1, by=people.chen_gang, staff_no=number)

    [row] = college.rows("full_time_publication")
    assert (row["sys_person"], row["sys_department"]) == (number, "C01")


def test_a_row_moves_to_another_teacher_with_its_number(college: College, people: People) -> None:
    [row_id] = college.add("full_time_publication", 1, by=people.chen_gang, staff_no="10021")

    change = Change(UPDATE, {"staff_no": "10022"}, row_id, "1")
    college.change("full_time_publication", change, by=people.chen_gang)

    assert college.rows("full_time_publication")[0]["sys_person"] == "10022"


def test_a_teacher_enters_rows_about_himself(college: College, people: People) -> None:
    assert people.liu_yang.holds(Function.TEACHER, "C01")

    college.add("full_time_publication", 1, by=people.liu_yang, staff_no="10021")

    assert college.rows("full_time_publication")[0]["sys_person"] == "10021"


def test_a_teacher_enters_no_row_about_another(college: College, people: People) -> None:
    change = Change(INSERT, college.row("full_time_publication", staff_no="10022"))

    outcome = college.change("full_time_publication", change, by=people.liu_yang)

    assert (0, "staff_no", "QR.FULL_TIME_PUBLICATION.STAFF_NO.OWN") in flatten(outcome)
    assert college.rows("full_time_publication") == []
