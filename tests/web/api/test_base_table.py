"""Tables over JSON: the list, the description of one, what its references may name."""

import json

import pytest

from tests.demo import DemoCollege

SPEC_KEYS = {
    "related",
    "today",
    "identifier",
    "number",
    "name",
    "kind",
    "guidance",
    "period_kind",
    "period",
    "periods",
    "department",
    "departments",
    "submission",
    "referred_to",
    "label_field",
    "material",
    "rights",
    "fields",
}
FIELD_KEYS = {
    "operators",
    "sortable",
    "code",
    "label",
    "type",
    "required",
    "key",
    "unit",
    "guidance",
    "max_length",
    "minimum",
    "maximum",
    "scale",
    "references",
    "period",
    "masked",
}


def test_a_steward_finds_his_tables_and_what_he_may_do(demo: DemoCollege) -> None:
    tables = demo.caller("jwc_steward").get("data/").json["tables"]

    course = next(table for table in tables if table["identifier"] == "course")
    assert (course["number"], course["own"], course["status"]) == ("7.2.1", True, "entering")
    assert set(course["rights"].values()) == {None}
    assert "funding_income" not in {table["identifier"] for table in tables}


def test_the_list_says_why_a_table_cannot_be_changed(demo: DemoCollege) -> None:
    tables = demo.caller("a01_steward").get("data/").json["tables"]

    profile = next(table for table in tables if table["identifier"] == "institution_profile")
    assert profile["status"] == "accepted"
    assert "审核通过" in profile["rights"]["edit"]


def test_the_description_has_everything_the_grid_needs(demo: DemoCollege) -> None:
    spec = demo.caller("jwc_steward").get("data/major_course/spec").json

    assert set(spec) == SPEC_KEYS
    fields = {field["code"]: field for field in spec["fields"]}
    assert all(set(field) - {"codes", "code_list"} == FIELD_KEYS for field in fields.values())
    assert fields["course_code"]["references"] == "course.course_code"
    assert fields["term"]["codes"][0].keys() == {"code", "label", "search"}
    assert "codes" not in fields["planned_hours"]


def test_the_present_period_and_the_own_department_are_meant_by_default(
    demo: DemoCollege,
) -> None:
    spec = demo.caller("jwc_steward").get("data/course/spec").json

    assert (spec["period"]["code"], spec["department"]) == (demo.period("course"), "A03")
    assert len(spec["periods"]) == 2
    assert spec["departments"] == [{"code": "A03", "name": "教务处"}]
    assert spec["submission"]["status_label"] == "填报中"


def test_who_reads_all_departments_is_told_that_he_changes_none(demo: DemoCollege) -> None:
    spec = demo.caller("qa").get("data/full_time_teacher/spec").json

    assert spec["department"] is None
    assert {"C01", "C02"} <= {department["code"] for department in spec["departments"]}
    assert "您没有修改表" in spec["rights"]["edit"]
    assert spec["rights"]["export"] is None


def test_a_locked_year_leaves_the_right_to_export_only(demo: DemoCollege) -> None:
    period = demo.period("course", demo.locked_cycle)
    rights = demo.caller("jwc_steward").get("data/course/spec", period=period).json["rights"]

    assert rights.pop("export") is None
    assert all("锁定" in reason for reason in rights.values())


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("data/nosuch/spec", {}, 404),
        ("data/course/spec", {"period": "1999-2000"}, 422),
        ("data/course/spec", {"period": "nonsense"}, 422),
        ("data/course/spec", {"department": "Z99"}, 422),
        ("data/course/spec", {"department": "A07"}, 403),
        ("data/funding_income/spec", {}, 403),
        ("data/course/spec", {"periods": "x"}, 400),
        ("data/nosuch/rows", {}, 404),
        ("data/nosuch/pick", {"field": "x"}, 404),
        ("data/course/rows", {"department": "A07"}, 403),
    ],
)
def test_places_that_do_not_exist_or_are_out_of_reach_are_told_apart(
    demo: DemoCollege, path: str, query: dict[str, str], status: int
) -> None:
    answer = demo.caller("jwc_steward").get(path, **query)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["status"] == status
    assert any("\u4e00" <= character <= "\u9fff" for character in answer.json["detail"])


def test_a_picker_finds_rows_of_other_departments_by_key_and_by_label(demo: DemoCollege) -> None:
    caller = demo.caller("qcx_steward")
    path = "data/full_time_teaching_load/pick"

    by_key = caller.get(path, field="course_code", q="gg01").json["items"]
    by_label = caller.get(path, field="course_code", q="思想道德").json["items"]

    assert by_key == by_label == [{"key": "GG01", "label": "思想道德与法治"}]
    assert caller.get("data/course/rows").status_code == 403


def test_a_picker_gives_at_most_twenty_and_nothing_personal(demo: DemoCollege) -> None:
    answer = demo.caller("qcx_steward").get("data/full_time_teacher/pick", field="staff_no")

    assert len(answer.json["items"]) == 20
    assert all(set(item) == {"key", "label"} for item in answer.json["items"])
    text = json.dumps(answer.json)
    staff = demo.stored("staff")
    assert not any(row["id_card_no"] in text or row["mobile"] in text for row in staff)


def test_a_picker_serves_reference_fields_only(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    assert caller.get("data/course/pick", field="course_name").status_code == 422
    assert caller.get("data/course/pick", field="sys_id").status_code == 422
    assert caller.get("data/course/pick").status_code == 422
    too_many = caller.get("data/major_course/pick", field="course_code", limit=21)
    assert too_many.status_code == 400


def test_a_picker_takes_the_signs_of_patterns_as_they_are(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    for text in ("%", "_", "\\", "'"):
        found = caller.get("data/major_course/pick", field="course_code", q=text).json["items"]
        assert found == [], text


def test_rows_that_name_others_are_counted_without_their_contents(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    row = caller.rows("course", q="QC01")[0]

    answer = caller.post("data/course/referring", {"ids": [row["id"]]})

    named = {each["identifier"]: each["rows"] for each in answer.json["tables"]}
    stored = [r for r in demo.stored("major_course") if r["course_code"] == "QC01"]
    period = demo.period("major_course")
    assert named["major_course"] == len([r for r in stored if r["sys_period"] == period]) > 0
    assert set(answer.json["tables"][0]) == {
        "identifier",
        "number",
        "name",
        "rows",
        "effect",
    }
    assert caller.get("data/course/spec").json["referred_to"] is True


def test_references_come_with_what_people_call_them(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    page = caller.get("data/major_course/rows", limit=5).json

    code = page["rows"][0]["values"]["course_code"]
    names = {row["course_code"]: row["course_name"] for row in demo.stored("course")}
    assert page["labels"]["course_code"][code] == names[code]
    demo.revoke("pick", "course")
    assert "course_code" not in caller.get("data/major_course/rows", limit=5).json["labels"]
