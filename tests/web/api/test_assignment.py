"""Assignments over JSON."""

from typing import Any

import pytest

from tests.demo import DemoCollege
from tests.web.assignment.years import entries, holders, prepare, version


def send(demo: DemoCollege, *wanted: dict[str, Any], who: str = "qa", **more: Any) -> Any:
    cycle = demo.cycle
    body = {"cycle": cycle.academic_year, "version": str(version(demo, cycle)), **more}
    return demo.caller(who).post("assignments/assign", {**body, "assignments": [*wanted]})


def listed(demo: DemoCollege, table: str, **query: str) -> dict[str, Any]:
    answer = demo.caller("qa").get("assignments", **query).json
    return next(item for item in answer["assignments"] if item["table"]["identifier"] == table)


def test_tables_are_listed_with_their_departments(demo: DemoCollege) -> None:
    course, teacher = (listed(demo, name) for name in ("course", "full_time_teacher"))

    assert course["kind"] == "responsible"
    assert course["departments"] == [{"code": "A03", "name": "教务处"}]
    assert (course["is_changed"], course["is_lacking"]) == (False, False)
    assert teacher["kind"] == "own_staff"
    assert [found["code"] for found in teacher["guidance"]] == ["A02"]
    locked = demo.caller("jwc_head").get("assignments", cycle=demo.locked_cycle.academic_year)
    assert locked.json["status"] == "locked"
    assert "assign" in locked.json["refused"]


def test_tables_of_a_year_in_preparation_are_assigned(demo: DemoCollege) -> None:
    cycle = prepare(demo)
    body = {"cycle": cycle.academic_year, "version": 1}
    wanted = [
        {"table": "course", "departments": ["C01"]},
        {"table": "staff", "kind": "own_staff", "departments": ["C01", "C02"], "guidance": ["A02"]},
        {"table": "leader", "departments": []},
    ]

    answer = demo.caller("qa").post("assignments/assign", {**body, "assignments": wanted})

    assert answer.status_code == 200
    assert answer.json["changed"] == ["course", "staff", "leader"]
    assert answer.json["version"] == "2"
    assert len(answer.json["lacking"]) == 1
    assert holders(demo, cycle, "staff") == {
        "A02": "guidance",
        "C01": "own_staff",
        "C02": "own_staff",
    }


@pytest.mark.parametrize(
    ("wanted", "more", "status"),
    [
        ({"table": "course", "departments": ["A02", "C01"]}, {}, 422),
        ({"table": "nonsense", "departments": ["C01"]}, {}, 422),
        ({"table": "course", "departments": ["Z99"]}, {}, 422),
        ({"table": "course", "departments": ["C01"]}, {}, 422),  # work is under way: a reason
        ({"table": "course", "departments": ["C01"]}, {"version": "99"}, 409),
        ({"table": "course", "departments": ["C01"]}, {"cycle": "1999-2000"}, 404),
        ({"table": "course", "departments": "C01"}, {}, 400),
        ({"table": "course"}, {}, 400),
        ({"table": "course", "departments": ["C01"], "kind": "guidance"}, {}, 400),
        ({"table": "course", "departments": ["C01"], "extra": 1}, {}, 400),
    ],
)
def test_what_cannot_be_assigned_is_refused(
    demo: DemoCollege, wanted: dict[str, Any], more: dict[str, Any], status: int
) -> None:
    answer = send(demo, wanted, **more)

    assert answer.status_code == status
    assert holders(demo, demo.cycle, "course") == {"A03": "responsible"}


def test_work_moves_with_a_reason(demo: DemoCollege) -> None:
    rows = len(demo.stored("course"))

    answer = send(demo, {"table": "course", "departments": ["C01"]}, reason="专业归口调整")

    assert answer.status_code == 200
    assert len(demo.stored("course")) == rows
    assert demo.submission("course", "C01").department_code == "C01"
    assert demo.caller("jwc_steward").get("data/course/rows").status_code == 200
    place = {"period": demo.period("course"), "department": "A03"}
    insert = {"op": "insert", "values": {"course_code": "N1"}}
    assert demo.caller("jwc_steward").changes("course", insert, **place).status_code == 403


def test_a_forged_request_is_refused_and_recorded(demo: DemoCollege) -> None:
    others = ["jwc_steward", "jwc_head", "admin", "leader", "archive"]
    for who in others:
        answer = send(demo, {"table": "course", "departments": ["C01"]}, who=who)
        assert answer.status_code == 403

    assert len(entries(demo, "assignment.assign_refused")) == len(others)
    assert holders(demo, demo.cycle, "course") == {"A03": "responsible"}


def test_one_permission_row_taken_away_takes_assigning(demo: DemoCollege) -> None:
    demo.revoke("assign", "assignment")

    assert send(demo, {"table": "course", "departments": ["C01"]}).status_code == 403
    assert demo.caller("qa").get("assignments").status_code == 200
    page = demo.caller("qa").get("/assignments/").get_data(as_text=True)
    assert 'id="assignment-form"' not in page
