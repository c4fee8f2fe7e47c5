"""Pages of rows: their form, order and filters, and who sees which of them how."""

import json
from typing import Any

import pytest

from tests.demo import DemoCollege

QUERIES = [
    ({"filter": ["course_code", "=", "GG01"]}, {"GG01"}),
    ({"filter": ["course_code", "in", ["GG01", "GG02"]]}, {"GG01", "GG02"}),
    ({"filter": {"and": [["credit", ">=", "3.0"], ["course_code", "contains", "gg01"]]}}, {"GG01"}),
    ({"q": "思想道德与法治"}, {"GG01"}),
    ({"filter": {"or": [["course_name", "starts_with", "思想道德"]]}}, {"GG01"}),
]
NONSENSE = [
    {"filter": "{"},
    {"filter": "[" * 3000},
    {"filter": '["course_code"]'},
    {"filter": '{"xor": []}'},
    {"filter": '["nosuch", "=", "1"]'},
    {"filter": '["sys_department", "=", "A07"]'},
    {"filter": '["course_code", "like", "1"]'},
    {"filter": '["credit", "=", "NaN"]'},
    {"filter": '["credit", "=", "1e999999"]'},
    {"filter": '["credit", "<", "99999999999999999999999999999999"]'},
    {"filter": '["is_core", "=", "yes"]'},
    {"filter": '["credit", "between", ["1"]]'},
    {"filter": '["course_code", "=", {"a": 1}]'},
    {"filter": '["course_code", "in", [[1]]]'},
    {"filter": '["course_code", "contains", "\\ud800"]'},
    {"sort": "nosuch"},
    {"sort": "sys_department"},
    {"sort": "a,b,c,d,e,f"},
    {"limit": "0"},
    {"limit": "501"},
    {"limit": "ten"},
    {"limit": "١"},
    {"offset": "-1"},
    {"offset": "99999999999999999999"},
    {"after": "nonsense"},
    {"after": "bzk5OTk5OTk5OTk5OTk5"},
    {"departmnt": "A03"},
    {"q": "x" * 201},
]


def test_values_keep_their_kind(demo: DemoCollege) -> None:
    row = demo.caller("jwc_steward").rows("course", sort="course_code", limit=1)[0]

    assert set(row) == {"id", "version", "department", "values", "states"}
    assert (row["version"], row["department"], row["states"]) == ("1", "A03", {})
    stored = next(r for r in demo.stored("course") if str(r["sys_id"]) == row["id"])
    assert row["values"]["credit"] == str(stored["credit"])
    assert row["values"]["is_core"] in {True, False}
    assert row["values"]["excellent_level"] is None


def test_pages_follow_one_another_without_gap_or_double(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    codes: list[str] = []
    after: str | None = ""

    while after is not None:
        page = caller.get("data/course/rows", limit=20, sort="-course_code", after=after).json
        codes += [row["values"]["course_code"] for row in page["rows"]]
        after = page["next"]

    assert page["count"] == {"value": 46, "exact": True}
    assert codes == sorted(set(codes), reverse=True)
    assert len(codes) == 46


@pytest.mark.parametrize(
    "other",
    [
        {"sort": "course_code"},
        {"q": "a"},
        {"filter": '["course_code", "not_empty"]'},
    ],
    ids=str,
)
def test_a_mark_is_good_for_its_own_list_only(demo: DemoCollege, other: dict[str, str]) -> None:
    caller = demo.caller("jwc_steward")
    wanted = {"limit": 20, "sort": "-course_code"}
    mark = caller.get("data/course/rows", **wanted).json["next"]

    answer = caller.get("data/course/rows", **(wanted | {"after": mark} | other))

    assert answer.status_code == 400
    assert "翻页标记" in answer.json["detail"]


def test_a_mark_that_was_touched_is_refused(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    mark = caller.get("data/course/rows", limit=20).json["next"]
    touched = [mark[:20] + chr(ord(mark[20]) ^ 1) + mark[21:], mark[:-4], "é", "=", "A" * 900]

    answers = {caller.get("data/course/rows", after=each).status_code for each in touched}

    assert answers == {400}


@pytest.mark.parametrize(("query", "codes"), QUERIES)
def test_filters_and_searches_find_what_they_name(
    demo: DemoCollege, query: dict[str, Any], codes: set[str]
) -> None:
    if not isinstance(query.get("filter", ""), str):
        query = query | {"filter": json.dumps(query["filter"])}

    rows = demo.caller("jwc_steward").rows("course", **query)

    assert {row["values"]["course_code"] for row in rows} == codes


@pytest.mark.parametrize("query", NONSENSE, ids=str)
def test_nonsense_is_refused_in_words(demo: DemoCollege, query: dict[str, str]) -> None:
    answer = demo.caller("jwc_steward").get("data/course/rows", **query)

    assert answer.status_code in {400, 422}
    assert answer.json["detail"]


def test_everybody_gets_the_rows_of_his_own_department_only(demo: DemoCollege) -> None:
    rows = demo.caller("qcx_steward").rows("full_time_teacher")
    explicit = demo.caller("qcx_steward").get("data/full_time_teacher/rows", department="C02")

    assert {row["department"] for row in rows} == {"C01"}
    assert explicit.status_code == 403
    assert "机电工程系" in explicit.json["detail"]


def test_the_owner_of_a_shared_table_reads_all_departments(demo: DemoCollege) -> None:
    rows = demo.caller("a02_steward").rows("full_time_teacher")

    assert {"C01", "C02"} <= {row["department"] for row in rows}


def test_a_teacher_finds_himself_and_nobody_else(demo: DemoCollege) -> None:
    rows = demo.caller("t_full").rows("full_time_teacher")

    assert len(rows) == 1
    assert rows[0]["states"] == {}
    assert not rows[0]["values"]["id_card_no"].count("*")


def test_personal_fields_are_masked_for_those_who_do_not_answer_for_the_row(
    demo: DemoCollege,
) -> None:
    whole = {row["id"]: row for row in demo.caller("a02_steward").rows("staff")}
    masked = demo.caller("qa").rows("staff", limit=200)

    for row in masked:
        values = row["values"]
        assert values["id_card_no"][3:-4] == values["mobile"][3:-4] == "****"
        assert values["birth_date"] == values["ethnicity"] == "****"
        assert whole[row["id"]]["values"]["id_card_no"].isalnum()


def test_the_description_says_which_fields_are_masked(demo: DemoCollege) -> None:
    def masked(username: str) -> set[str]:
        fields = demo.caller(username).get("data/staff/spec").json["fields"]
        return {field["code"] for field in fields if field["masked"]}

    assert "id_card_no" in masked("qa")
    assert masked("a02_steward") == masked("a02_head") == set()


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "id_card_no"},
        {"sort": "-mobile"},
        {"filter": '["id_card_no", "starts_with", "7"]'},
        {"filter": '{"or": [["name", "=", "x"], {"and": [["mobile", ">", "1"]]}]}'},
    ],
    ids=str,
)
def test_masked_fields_cannot_be_guessed_by_order_or_filter(
    demo: DemoCollege, query: dict[str, str]
) -> None:
    assert demo.caller("qa").get("data/staff/rows", **query).status_code == 403
    assert demo.caller("qa").get("data/staff/export.csv", **query).status_code == 403
    assert demo.caller("a02_steward").get("data/staff/rows", **query).status_code == 200


def test_masked_fields_cannot_be_guessed_by_search(demo: DemoCollege) -> None:
    card = demo.stored("staff")[-1]["id_card_no"]

    assert demo.caller("qa").rows("staff", q=card) == []
    assert len(demo.caller("a02_steward").rows("staff", q=card)) == 1


def test_what_is_wrong_stands_at_the_cell(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    values = {"course_code": "NEW1", "course_name": "新课"}
    caller.changes("course", {"op": "insert", "values": values})

    row = caller.rows("course", q="NEW1")[0]

    assert row["states"]["credit"] == {"severity": "error", "message": "请填写“学分”。"}
    assert "course_name" not in row["states"]


def test_a_cell_tells_of_all_rules_it_breaks(demo: DemoCollege) -> None:
    steward = demo.caller("jwc_steward")
    row = steward.rows("major")[0]
    update = {"op": "update", "id": row["id"], "version": row["version"]}
    steward.changes("major", update | {"values": {"students_total": 9995}})

    state = steward.rows("major")[0]["states"]["students_total"]

    assert state["message"] == state["messages"][0]["message"]
    assert len({said["message"] for said in state["messages"]}) >= 2
