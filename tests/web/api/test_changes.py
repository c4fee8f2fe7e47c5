"""Changing rows over JSON: what is saved, what is refused, and that refused means unchanged."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain.cycle import CycleStatus
from app.domain.submission import Status
from app.models.audit_log import ChangeSet, RowChange
from app.models.person import Appointment, Person
from app.reports.person import ActorCache
from tests.demo import Caller, DemoCollege

NEW = {"op": "insert", "id": "new:1", "version": None, "values": {"course_code": "NEW1"}}
MALFORMED: list[tuple[Any, str]] = [
    ("nonsense", "JSON"),
    ("[]", "请求内容"),
    ("{}", "changes"),
    ('{"changes": []}', "changes"),
    ('{"changes": {}}', "changes"),
    ('{"changes": [1]}', "changes[0]"),
    ('{"changes": [{}]}', "changes[0].op"),
    ('{"changes": [{"op": "drop"}]}', "changes[0].op"),
    ('{"changes": [{"op": "insert", "values": []}]}', "changes[0].values"),
    ('{"changes": [{"op": "update", "values": {}}]}', "changes[0].id"),
    ('{"changes": [{"op": "update", "id": "1", "values": {}}]}', "changes[0].version"),
    ('{"changes": [{"op": "delete", "id": 1, "version": "1"}]}', "changes[0].id"),
    ('{"changes": [{"op": "insert", "row": 1}]}', "changes[0].row"),
    ('{"changes": [{"op": "insert"}], "partial": 1}', "partial"),
    ('{"changes": [{"op": "insert"}], "sys_department": "A07"}', "sys_department"),
    ('{"changes": [{"op": "insert"}], "period": 2025}', "period"),
    ('{"changes": [{"op": "insert", "values": {"credit": NaN}}]}', "JSON"),
    ("[" * 100_000, "JSON"),
    ('{"changes": [{"op": "insert", "id": "\\ud800"}]}', "changes[0].id"),
]
ODD_VALUES = [1e400, -0.0, 10**400, "\ud800", "\0", ["x"], {"a": 1}, True, "x" * 70_000, "=1+1"]


def first_course(caller: Caller) -> dict[str, Any]:
    return caller.rows("course", sort="course_code", limit=1)[0]


def renamed(row: dict[str, Any], name: str, **more: Any) -> dict[str, Any]:
    sent = {"op": "update", "id": row["id"], "version": row["version"]}
    return {**sent, "values": {"course_name": name}, **more}


def test_rows_are_added_changed_and_deleted_in_one_request(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    first, second = caller.rows("course", sort="course_code", limit=2)
    deleted = {"op": "delete", "id": second["id"], "version": second["version"]}

    answer = caller.changes("course", renamed(first, "改名"), NEW, deleted)

    results = answer.json["results"]
    assert [result["ok"] for result in results] == [True, True, True]
    assert (results[0]["id"], results[0]["version"]) == (first["id"], "2")
    assert results[0]["values"]["course_name"] == "改名"
    assert results[1]["id"].isdigit()
    codes = [row["course_code"] for row in demo.stored("course")]
    assert "NEW1" in codes
    assert second["values"]["course_code"] not in codes[46:]


def test_every_change_is_logged_with_its_author(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    caller.changes("course", renamed(first_course(caller), "改名"))

    with demo.session() as session:
        change_set = session.scalars(select(ChangeSet).order_by(ChangeSet.id.desc())).first()
        change = session.scalars(select(RowChange).order_by(RowChange.id.desc())).first()
    assert (change_set.person_name, change_set.way, change_set.row_count) == ("李静", "grid", 1)
    assert change.after == {"course_name": "改名"}


def test_a_stale_version_is_told_with_both_values_and_nothing_is_written(
    demo: DemoCollege,
) -> None:
    caller = demo.caller("jwc_steward")
    row = first_course(caller)
    caller.changes("course", renamed(row, "先到"))

    answer = caller.changes("course", renamed(row, "后到"), NEW)

    assert answer.status_code == 409
    result = answer.json["results"][0]
    assert result["conflict"] == {"course_name": {"mine": "后到", "theirs": "先到"}}
    assert (result["ok"], result["version"]) == (False, "2")
    assert result["changed"]["by"] == "李静"
    assert result["changed"]["at"].endswith("+08:00")
    assert first_course(caller)["values"]["course_name"] == "先到"
    assert caller.rows("course", q="NEW1") == []


def test_a_partial_request_saves_the_good_rows(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    row = first_course(caller)
    stale = renamed(row, "改名", version="0")
    bad = {**NEW, "id": "new:2", "values": {"course_code": "NEW2", "credit": "many"}}

    answer = caller.changes("course", stale, bad, NEW, partial=True)

    assert answer.status_code == 200
    assert [result["ok"] for result in answer.json["results"]] == [False, False, True]
    assert answer.json["results"][1]["id"] == "new:2"
    assert "credit" in {f["field"] for f in answer.json["results"][1]["findings"]}
    assert len(caller.rows("course", q="NEW")) == 1


def test_one_bad_row_keeps_all_from_being_written(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    answer = caller.changes("course", NEW, {"op": "insert", "values": {"credit": "many"}})

    assert answer.status_code == 422
    assert {finding["row"] for finding in answer.json["findings"]} >= {1}
    assert len(answer.json["results"]) == 2
    assert caller.rows("course", q="NEW1") == []


def test_a_second_equal_request_adds_no_second_row(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    other = {"op": "insert", "values": {"course_code": "NEW1", "course_name": "另一门"}}

    answers = [caller.changes("course", change) for change in (NEW, NEW, other)]

    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert answers[0].json["results"][0]["id"] == answers[1].json["results"][0]["id"]
    assert "已存在" in json.dumps(answers[2].json, ensure_ascii=False)
    assert len(caller.rows("course", q="NEW1")) == 1


def test_a_row_of_another_department_does_not_exist(demo: DemoCollege) -> None:
    foreign = next(r for r in demo.stored("full_time_teacher") if r["sys_department"] == "C02")
    change = {"op": "update", "id": str(foreign["sys_id"]), "version": "1", "values": {}}
    caller = demo.caller("qcx_steward")

    answers = [
        caller.changes("full_time_teacher", {**change, "values": {"name": "改名"}}),
        caller.changes("full_time_teacher", {**change, "op": "delete"}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert foreign in demo.stored("full_time_teacher")
    assert foreign["name"] not in answers[0].get_data(as_text=True)


def test_rows_of_another_department_are_refused_with_the_reason(demo: DemoCollege) -> None:
    before = demo.stored("full_time_teacher")

    answer = demo.caller("qcx_steward").changes(
        "full_time_teacher", {"op": "insert", "values": {"staff_no": "1"}}, department="C02"
    )

    assert answer.status_code == 403
    assert demo.stored("full_time_teacher") == before


def test_a_teacher_changes_his_own_row_and_no_colleague(demo: DemoCollege) -> None:
    caller = demo.caller("t_full")
    own = caller.rows("full_time_teacher")[0]
    change = {"op": "update", "id": own["id"], "version": own["version"]}

    as_colleague = caller.changes("full_time_teacher", {**change, "values": {"staff_no": "31004"}})
    as_himself = caller.changes("full_time_teacher", {**change, "values": {"email": "a@b.cn"}})

    assert (as_colleague.status_code, as_himself.status_code) == (422, 200)
    assert as_himself.json["results"][0]["values"]["email"] == "a@b.cn"


@pytest.mark.parametrize(
    "field", ["sys_id", "sys_department", "sys_version", "sys_key", "nosuch", "id", ""]
)
@pytest.mark.parametrize("partial", [True, False])
def test_unknown_and_system_fields_are_refused_by_name(
    demo: DemoCollege, field: str, partial: bool
) -> None:
    change = {"op": "insert", "values": {"course_code": "NEW1", field: "A07"}}

    answer = demo.caller("jwc_steward").changes("course", change, partial=partial)

    assert answer.status_code == 422
    assert field in answer.json["detail"]
    assert "NEW1" not in {row["course_code"] for row in demo.stored("course")}


@pytest.mark.parametrize(("body", "named"), MALFORMED, ids=lambda value: str(value)[:40])
def test_a_malformed_request_is_refused_with_the_key_at_fault(
    demo: DemoCollege, body: str, named: str
) -> None:
    answer = demo.caller("jwc_steward").post(
        "data/course/changes", data=body, content_type="application/json"
    )

    assert answer.status_code == 400
    assert named in answer.json["detail"]


@pytest.mark.parametrize("field", ["course_name", "credit", "is_core", "course_type"])
def test_no_value_whatever_breaks_the_server(demo: DemoCollege, field: str) -> None:
    caller = demo.caller("jwc_steward")
    for value in ODD_VALUES:
        body = {"changes": [{"op": "insert", "values": {"course_code": "NEW1", field: value}}]}
        text = json.dumps(body).replace("Infinity", "1e999")

        answer = caller.post("data/course/changes", data=text, content_type="application/json")

        assert answer.status_code in {200, 400, 422}, value
        if answer.status_code == 200:
            stored = answer.json["results"][0]
            gone = {"op": "delete", "id": stored["id"], "version": stored["version"]}
            assert caller.changes("course", gone).status_code == 200


@pytest.mark.parametrize("key", ["period", "department"])
def test_the_place_is_not_taken_from_the_address(demo: DemoCollege, key: str) -> None:
    body = {"changes": [NEW]}

    answer = demo.caller("jwc_steward").post(f"data/course/changes?{key}=A07", body)

    assert (answer.status_code, key in answer.json["detail"]) == (400, True)
    assert "NEW1" not in {row["course_code"] for row in demo.stored("course")}


def test_a_period_is_named_where_several_years_are_under_way(demo: DemoCollege) -> None:
    with demo.session() as session:
        session.merge(demo.locked_cycle).status = CycleStatus.CLOSED
        session.commit()
    caller = demo.caller("jwc_steward")

    answers = [
        caller.changes("course", NEW),
        caller.changes("course", NEW, period=demo.period("course")),
    ]

    assert [answer.status_code for answer in answers] == [422, 200]


def appoint_again(demo: DemoCollege, username: str, department: str) -> None:
    with demo.session() as session:
        person = session.scalars(select(Person).where(Person.username == username)).one()
        held = person.appointments[0]
        more = Appointment(function=held.function, valid_from=held.valid_from)
        more.department_code = department
        person.appointments.append(more)
        session.commit()
    demo.application.extensions["actors"] = ActorCache()


def test_a_department_is_named_where_several_are_ones_own(demo: DemoCollege) -> None:
    appoint_again(demo, "qcx_steward", "C02")
    table, caller = "full_time_teacher", demo.caller("qcx_steward")
    change = {"op": "delete", "id": "999999", "version": "1"}

    answers = [caller.changes(table, change), caller.changes(table, change, department="C02")]

    assert [answer.status_code for answer in answers] == [422, 404]


def test_a_period_nobody_collects_is_refused(demo: DemoCollege) -> None:
    answer = demo.caller("jwc_steward").changes("course", NEW, period="1999-2000")

    assert answer.status_code == 422
    assert "1999-2000" in answer.json["detail"]


def test_a_locked_year_takes_no_change(demo: DemoCollege) -> None:
    period = demo.period("course", demo.locked_cycle)

    answer = demo.caller("jwc_steward").changes("course", NEW, period=period)

    assert answer.status_code == 423
    assert "锁定" in answer.json["detail"]


@pytest.mark.parametrize("status", [s for s in Status if not s.is_editable])
def test_a_table_that_was_handed_on_takes_no_change(demo: DemoCollege, status: Status) -> None:
    demo.set_status("course", "A03", status)

    answer = demo.caller("jwc_steward").changes("course", NEW)

    assert answer.status_code == 423


def test_the_first_row_begins_the_entry(demo: DemoCollege) -> None:
    demo.set_status("course", "A03", Status.NOT_STARTED)

    demo.caller("jwc_steward").changes("course", NEW)

    assert demo.submission("course", "A03").status is Status.ENTERING


def test_refused_requests_leave_no_trace(demo: DemoCollege) -> None:
    with demo.session() as session:
        before = session.scalar(select(func.count()).select_from(RowChange))
    caller = demo.caller("jwc_steward")

    caller.changes("course", NEW, department="A07")
    caller.changes("course", {"op": "delete", "id": "999999", "version": "1"})

    with demo.session() as session:
        assert session.scalar(select(func.count()).select_from(RowChange)) == before


def test_what_was_tidied_is_told_by_field(demo: DemoCollege) -> None:
    steward = demo.caller("jwc_steward")
    row = steward.rows("course")[0]

    change = {"op": "update", "id": row["id"], "version": row["version"]}
    answer = steward.changes("course", change | {"values": {"course_name": "无"}}).json

    assert answer["results"][0]["tidied"] == {"course_name": {"before": "无", "after": None}}
