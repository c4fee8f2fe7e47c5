"""Files over the API: what goes out in Chinese names, what comes in and is refused."""

import csv
import json
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import unquote

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from tests.demo import Caller, DemoCollege
from tests.exchange.books import book_of


def upload(caller: Caller, content: bytes, name: str = "表.xlsx", **more: Any) -> Any:
    query = more.pop("query", {"dry_run": 1})
    form = {"file": (BytesIO(content), name), **more}
    return caller.post("data/course/imports", data=form, query_string=query)


def sheet_of(content: bytes, number: int = 0) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(number).to_python()


def changed_export(caller: Caller, name: str = "改过的名称") -> bytes:
    """The exported rows without the hidden sheet, the first with another name."""
    rows = sheet_of(caller.get("data/course/export.xlsx").data)
    rows[1][1] = name
    target = BytesIO()
    with Workbook(target) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return target.getvalue()


def test_an_export_is_named_in_chinese_and_holds_what_is_shown(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    answer = caller.get("data/course/export.xlsx", q="GG01")

    name = answer.headers["Content-Disposition"].partition("filename*=UTF-8''")[2]
    assert unquote(name).startswith("7.2.1 开设课程基本信息 ")
    assert unquote(name).endswith("教务处.xlsx")
    assert len(sheet_of(answer.data)) == 2
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_csv_has_one_line_per_row_in_scope(demo: DemoCollege) -> None:
    text = demo.caller("qcx_steward").get("data/full_time_teacher/export.csv").data.decode("utf-8")

    lines = list(csv.reader(StringIO(text.removeprefix("\ufeff"))))
    own = [r for r in demo.stored("full_time_teacher") if r["sys_department"] == "C01"]
    present = demo.period("full_time_teacher")
    assert len(lines) - 1 == len([r for r in own if r["sys_period"] == present])
    others = [r for r in demo.stored("full_time_teacher") if r["sys_department"] != "C01"]
    assert not any(row["staff_no"] in text for row in others)


@pytest.mark.parametrize("username", ["qa", "a02_steward"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_personal_fields_leave_the_platform_masked(
    demo: DemoCollege, username: str, kind: str
) -> None:
    content = demo.caller(username).get(f"data/staff/export.{kind}").data

    text = content.decode() if kind == "csv" else str(sheet_of(content))
    staff = demo.stored("staff")
    assert staff[0]["name"] in text
    assert not any(row["id_card_no"] in text or row["mobile"] in text for row in staff)


def test_a_template_comes_back_without_changes(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    answer = upload(caller, caller.get("data/course/export.xlsx").data)

    counts = {name: answer.json[name] for name in ("created", "changed", "unchanged", "rejected")}
    assert counts == {"created": 0, "changed": 0, "unchanged": 46, "rejected": 0}
    assert "填报模板" in unquote(
        caller.get("data/course/template.xlsx").headers["Content-Disposition"]
    )


def test_a_reference_may_be_called_by_its_name(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    text = caller.get("data/course_textbook/export.csv").data.decode("utf-8-sig")
    heading, *rows = csv.reader(StringIO(text))
    column = heading.index("课程名称")
    period = demo.period("course")
    courses = [row for row in demo.stored("course") if row["sys_period"] == period]
    names = {row["course_code"]: row["course_name"] for row in courses}
    for row in rows:
        row[column] = names[row[column].split()[0]]
    target = StringIO()
    csv.writer(target).writerows([heading, *rows])

    form = {"file": (BytesIO(target.getvalue().encode()), "自己的表.csv")}
    found = caller.post("data/course_textbook/imports", data=form, query_string={"dry_run": 1}).json

    assert (found["unchanged"], found["rejected"]) == (len(rows), 0)


def test_a_trial_writes_nothing_and_the_import_what_was_shown(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    content = changed_export(caller)

    trial = upload(caller, content).json
    assert (trial["changed"], trial["written"]) == (1, False)
    assert caller.rows("course", q="改过的名称") == []
    done = upload(caller, content, query={"dry_run": 0}, digest=trial["digest"]).json

    assert (done["changed"], done["written"]) == (1, True)
    assert len(caller.rows("course", q="改过的名称")) == 1
    shown = trial["rows_preview"][0]
    assert shown["changes"]["course_name"][1] == "改过的名称"


def test_a_file_with_errors_comes_back_marked_for_its_sender_alone(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    rows = sheet_of(changed_export(caller))[:2]
    column = next(n for n, heading in enumerate(rows[0]) if heading.startswith("学分"))
    rows[1][column] = "很多"

    answer = upload(caller, book_of(rows), "课程表.xlsx").json

    file = caller.get(answer["error_workbook"])
    assert unquote(file.headers["Content-Disposition"]).endswith("课程表 标出错误.xlsx")
    listed = sheet_of(file.data, 1)
    assert [row[:3] for row in listed[1:]] == [["H2", "学分", "很多"]]
    assert demo.caller("jwc_head").get(answer["error_workbook"]).status_code == 404
    assert upload(caller, changed_export(caller)).json["error_workbook"] is None


def test_an_import_needs_the_digest_of_its_trial(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    content = changed_export(caller)

    for digest in ({}, {"digest": "0" * 64}):
        assert upload(caller, content, query={"dry_run": 0}, **digest).status_code == 409

    assert caller.rows("course", q="改过的名称") == []


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.xlsx"), (b"name,x", "a.csv"), (b"PK\x03\x04broken", "a.xlsx"), (b"MZ", "a.exe")],
)
def test_a_file_that_is_no_workbook_is_refused_in_words(
    demo: DemoCollege, content: bytes, name: str
) -> None:
    answer = upload(demo.caller("jwc_steward"), content, name)

    assert answer.status_code == 422
    assert answer.json["detail"]


def test_the_template_of_another_table_or_department_is_refused(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    foreign = upload(caller, caller.get("data/major/template.xlsx").data)
    elsewhere = upload(caller, changed_export(caller), department="A07")

    assert (foreign.status_code, elsewhere.status_code) == (422, 403)
    assert "7.1.1" in foreign.json["detail"]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"file": "a text"},
        {"file": ("a.xlsx",), "nosuch": "1"},
        {"other": ("a.xlsx",)},
    ],
    ids=["nothing", "text", "unknown", "other"],
)
def test_a_form_without_its_one_file_is_refused(demo: DemoCollege, form: dict[str, Any]) -> None:
    files = {name: (BytesIO(b"x"), *sent) for name, sent in form.items() if isinstance(sent, tuple)}

    answer = demo.caller("jwc_steward").post(
        "data/course/imports", data=form | files, content_type="multipart/form-data"
    )

    assert answer.status_code == 400


def test_the_right_to_import_is_one_of_its_own(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    content = changed_export(caller)
    demo.revoke("import", "course")

    assert upload(caller, content).status_code == 403
    assert caller.get("data/course/spec").json["rights"]["import"]


def test_a_locked_table_takes_no_import(demo: DemoCollege) -> None:
    period = demo.period("course", demo.locked_cycle)
    caller = demo.caller("jwc_steward")

    assert upload(caller, changed_export(caller), period=period).status_code == 423


def test_the_college_of_a_locked_year_is_one_workbook(demo: DemoCollege) -> None:
    year = demo.locked_cycle.academic_year

    answer = demo.caller("qa").get(f"consolidation/{year}/workbook.xlsx")

    names = CalamineWorkbook.from_filelike(BytesIO(answer.data)).sheet_names
    assert any(name.startswith("7.2.1 ") for name in names)
    assert "全院数据汇总" in unquote(answer.headers["Content-Disposition"])


@pytest.mark.parametrize(
    ("username", "year", "status"),
    [("jwc_steward", "locked", 403), ("qa", "open", 423), ("qa", "1999-2000", 404)],
)
def test_the_workbook_of_the_college_is_refused_in_words(
    demo: DemoCollege, username: str, year: str, status: int
) -> None:
    named = {"locked": demo.locked_cycle, "open": demo.cycle}.get(year)
    code = named.academic_year if named else year

    answer = demo.caller(username).get(f"consolidation/{code}/workbook.xlsx")

    assert answer.status_code == status
    assert json.loads(answer.data)["detail"]


def test_a_trial_says_which_cells_are_tidied(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    content = changed_export(caller, "改过\u200b的名称")

    trial = upload(caller, content).json

    assert trial["tidied_count"] == 1
    assert trial["tidied"] == [
        {
            "row": 2,
            "column": "B",
            "label": "课程名称",
            "before": "改过\u200b的名称",
            "after": "改过的名称",
        }
    ]
