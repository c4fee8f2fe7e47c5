"""Files with columns of their own over the API: what is told, matched, remembered, refused."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from app.models.audit_log import AuditEntry
from app.models.column_mapping import ColumnMapping
from tests.demo import DemoCollege
from tests.exchange.books import book_of
from tests.web.api.test_exchange import upload

OWN = [["编号", "课程的名称", "天气"], ["ZZ01", "插花艺术", "晴"]]
COLUMNS = {"A": "course_code", "B": "course_name", "C": None}


def mapping(columns: dict[str, Any] = COLUMNS, **more: Any) -> str:
    return json.dumps({"columns": columns, "heading_row": 1, **more})


def imported(demo: DemoCollege, username: str = "jwc_steward") -> Any:
    """The file brought in with its columns matched by hand."""
    caller, content = demo.caller(username), book_of(OWN)
    digest = upload(caller, content, mapping=mapping()).json["digest"]
    return upload(caller, content, query={"dry_run": 0}, mapping=mapping(), digest=digest)


def test_a_file_that_does_not_fit_tells_what_is_known_of_it(demo: DemoCollege) -> None:
    answer = upload(demo.caller("jwc_steward"), book_of([["课程代码", *OWN[0][1:]], OWN[1]]))

    assert answer.status_code == 422
    assert [(c["field"], c["how"]) for c in answer.json["layout"]["columns"]] == [
        ("course_code", "label"),
        ("course_name", "similar"),
        (None, "none"),
    ]
    assert answer.json["labels"]["course_code"] == "课程代码"
    assert answer.json["layout"]["columns"][1]["sample"] == ["插花艺术"]


def test_columns_matched_by_hand_are_imported_and_remembered(demo: DemoCollege) -> None:
    assert imported(demo).json["created"] == 1

    again = upload(demo.caller("jwc_steward"), book_of([["课程表"], *OWN])).json

    assert (again["unchanged"], again["layout"]["heading_row"]) == (1, 2)
    assert {c["how"] for c in again["layout"]["columns"]} == {"remembered"}
    with demo.session() as session:
        tag = select(AuditEntry.after).where(AuditEntry.tag == "column_mapping.remember")
        assert session.scalar(tag) == "编号 → course_code; 课程的名称 → course_name; 天气 → -"


def test_what_one_department_chose_is_nothing_to_another(demo: DemoCollege) -> None:
    imported(demo)

    with demo.session() as session:
        kept = session.scalars(select(ColumnMapping)).all()
        assert [(one.table_identifier, one.department_code) for one in kept] == [("course", "A03")]
    assert upload(demo.caller("jwc_steward"), book_of(OWN), department="A07").status_code == 403


def test_a_trial_remembers_nothing(demo: DemoCollege) -> None:
    upload(demo.caller("jwc_steward"), book_of(OWN), mapping=mapping())

    assert upload(demo.caller("jwc_steward"), book_of(OWN)).status_code == 422


def test_the_mapping_belongs_to_what_was_shown(demo: DemoCollege) -> None:
    caller, content = demo.caller("jwc_steward"), book_of(OWN)
    digest = upload(caller, content, mapping=mapping()).json["digest"]
    other = mapping(COLUMNS | {"B": None})

    answer = upload(caller, content, query={"dry_run": 0}, mapping=other, digest=digest)

    assert answer.status_code == 409


def test_the_marked_file_is_read_by_the_same_mapping(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    content = book_of([["编号", "得分"], ["ZZ01", "很多"]])
    told = mapping({"A": "course_code", "B": "credit"})

    answer = upload(caller, content, mapping=told).json

    assert [(f["column"], f["row"]) for f in answer["findings"] if f["field"] == "credit"] == [
        ("B", 2)
    ]
    assert caller.get(answer["error_workbook"]).status_code == 200


@pytest.mark.parametrize(
    "told",
    [
        "{",
        "[]",
        '{"columns": 1}',
        '{"nosuch": 1}',
        '{"heading_row": 0}',
        "[" * 3000,
        '{"columns": {"A": 1}}',
        '{"sheet": "\\ud800"}',
    ],
)
def test_a_mapping_that_is_none_is_refused(demo: DemoCollege, told: str) -> None:
    answer = upload(demo.caller("jwc_steward"), book_of(OWN), mapping=told)

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "columns",
    [{"A": "sys_department"}, {"A": "sys_id"}, {"A": "nosuch"}, {"B": "course_code"}, {"ZZ": None}],
)
def test_a_mapping_reaches_no_column_that_is_no_field(
    demo: DemoCollege, columns: dict[str, Any]
) -> None:
    answer = upload(demo.caller("jwc_steward"), book_of(OWN), mapping=mapping(COLUMNS | columns))

    assert answer.status_code == 422
    assert answer.json["details"]
