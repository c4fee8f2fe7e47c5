"""Exports over the API: what may be chosen, how it leaves, and what the log says of it."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.audit_log import AuditEntry
from tests.demo import Caller, DemoCollege, whole_path


def lines_of(content: bytes) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(BytesIO(content))
    return list(book.worksheets[0].iter_rows(values_only=True))


def last_entry(demo: DemoCollege) -> AuditEntry:
    with Session(demo.engine) as session:
        query = select(AuditEntry).where(AuditEntry.tag == "data.export")
        found = session.scalars(query.order_by(AuditEntry.id.desc()).limit(1)).one()
        session.expunge(found)
        return found


def exported(caller: Caller, table: str = "course", **query: Any) -> list[tuple[Any, ...]]:
    answer = caller.get(f"data/{table}/export.xlsx", **query)
    assert answer.status_code == 200, answer.json
    return lines_of(answer.data)


def test_columns_leave_in_the_order_they_were_asked_for(demo: DemoCollege) -> None:
    found = exported(demo.caller("jwc_steward"), columns="course_name,course_code", q="GG01")

    assert found[0][:2] == ("课程名称 *", "课程代码 *")
    assert found[1][1] == "GG01"
    assert len(found[0]) == 3


def test_codes_and_identifiers_are_exported_on_request(demo: DemoCollege) -> None:
    found = exported(
        demo.caller("jwc_steward"), columns="course_code,course_type", codes=1, identifiers=1
    )

    stored = {row["course_code"]: row["course_type"] for row in demo.stored("course")}
    assert found[0][:2] == ("course_code", "course_type")
    assert found[2][1] == stored[found[2][0]]


def test_unknown_columns_are_named(demo: DemoCollege) -> None:
    answer = demo.caller("jwc_steward").get("data/course/export.xlsx", columns="course_code,salary")

    assert answer.status_code == 422
    assert "salary" in answer.json["detail"]


def test_the_whole_college_leads_every_row_with_its_department(demo: DemoCollege) -> None:
    place = {"department": "C01"}
    own = exported(demo.caller("qa"), "full_time_teacher", **place)
    whole = exported(demo.caller("qa"), "full_time_teacher", whole=1, **place)

    assert whole[0][0] == "填报部门"
    assert len(whole) > len(own)
    assert {line[0] for line in whole[1:]} >= {"汽车工程系"}


def test_whole_means_no_more_than_one_reaches(demo: DemoCollege) -> None:
    found = exported(demo.caller("qcx_steward"), "full_time_teacher", whole=1)

    assert {line[0] for line in found[1:]} == {"汽车工程系"}


def test_an_export_is_announced_with_its_rows(demo: DemoCollege) -> None:
    told = demo.caller("qa").get("data/full_time_teacher/export", department="C01").json

    rows = exported(demo.caller("qa"), "full_time_teacher", department="C01")
    assert told["rows"] == {"value": len(rows) - 1, "exact": True}
    assert told["xlsx"] is None
    assert told["whole"] is True


def test_every_export_leaves_an_entry(demo: DemoCollege) -> None:
    rows = exported(demo.caller("jwc_steward"), columns="course_code", q="GG01", purpose="核对")

    entry = last_entry(demo)
    told = json.loads(entry.reason or "")
    assert (entry.subject, entry.person_name) == ("table:course", "李静")
    assert (entry.after, told["rows"], told["masked"]) == (str(len(rows) - 1), 1, True)
    assert (told["columns"], told["q"], told["purpose"]) == ("course_code", "GG01", "核对")
    assert told["kind"] == "xlsx"


def test_csv_leaves_an_entry_too(demo: DemoCollege) -> None:
    demo.caller("jwc_steward").get("data/course/export.csv")

    assert json.loads(last_entry(demo).reason or "")["kind"] == "csv"


def test_csv_for_older_programs(demo: DemoCollege) -> None:
    answer = demo.caller("jwc_steward").get("data/course/export.csv", encoding="gb18030")

    assert answer.data.decode("gb18030").startswith("课程代码")


def test_who_answers_for_the_rows_takes_personal_values_along_for_a_purpose(
    demo: DemoCollege,
) -> None:
    caller = demo.caller("qcx_steward")
    answer = caller.get("data/full_time_teacher/export", period=demo.period("full_time_teacher"))
    assert answer.json["unmasked"] is None

    found = exported(caller, "full_time_teacher", unmasked=1, purpose="核对证件")

    assert "核对证件" in str(found[0][0])
    assert demo.caller("qcx_steward").get("data/full_time_teacher/export.xlsx").status_code == 200
    assert json.loads(last_entry(demo).reason or "")["masked"] is True


@pytest.mark.parametrize(
    ("username", "query", "status"),
    [
        ("qcx_steward", {"unmasked": 1}, 422),
        ("qcx_steward", {"unmasked": 1, "purpose": " "}, 422),
        ("qa", {"unmasked": 1, "purpose": "统计"}, 403),
        ("qcx_steward", {"unmasked": 1, "purpose": "x" * 201}, 400),
    ],
)
def test_without_a_purpose_or_the_right_nothing_leaves_unmasked(
    demo: DemoCollege, username: str, query: dict[str, Any], status: int
) -> None:
    answer = demo.caller(username).get("data/full_time_teacher/export.xlsx", **query)

    assert answer.status_code == status


def test_a_streamed_workbook_is_a_whole_package(demo: DemoCollege) -> None:
    content = demo.caller("jwc_steward").get("data/course/export.xlsx").data

    package = ZipFile(BytesIO(content))
    assert package.testzip() is None
    assert package.namelist()[0] == "[Content_Types].xml"
    sheet = package.read("xl/worksheets/sheet1.xml").decode()
    for part in ('state="frozen"', "<autoFilter ", "<cols>", "<oddFooter>"):
        assert part in sheet
    assert "<dimension" not in sheet


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_all_rows_arrive_however_many_are_read_at_once(
    demo: DemoCollege, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    caller = demo.caller("jwc_steward")
    whole = caller.get(f"data/course/export.{ending}").data
    monkeypatch.setattr("app.reports.export.ROWS_AT_ONCE", 2)

    answer = caller.get(f"data/course/export.{ending}")

    if ending == "csv":
        assert answer.data == whole
    else:
        assert lines_of(answer.data) == lines_of(whole)


def test_an_export_that_nobody_waits_for_leaves_the_database_free(
    demo: DemoCollege, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.reports.export.ROWS_AT_ONCE", 2)
    caller = demo.caller("jwc_steward")
    held = demo.engine.pool.checkedout()  # type: ignore[attr-defined]

    answer = caller.client.get(whole_path("data/course/export.csv"), buffered=False)
    pieces = answer.iter_encoded()
    assert next(pieces)
    assert next(pieces)
    answer.close()

    assert demo.engine.pool.checkedout() == held  # type: ignore[attr-defined]
