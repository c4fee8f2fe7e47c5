"""Assignments by Excel: downloaded, changed, shown, confirmed."""

import re
from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from app.models.cycle import Cycle
from tests.demo import DemoCollege
from tests.exchange.books import book_of, edited, opened
from tests.pages import followed, text_of
from tests.web.assignment.years import assign, entries, holders, prepare, version

HEADINGS = ["表号", "数据表标识", "表名", "填报部门", "分工方式"]


def download(demo: DemoCollege, cycle: Cycle, who: str = "qa") -> bytes:
    answer = demo.caller(who).get(f"/assignments/{cycle.id}/assignments.xlsx")
    assert answer.status_code == 200
    return answer.data


def upload(demo: DemoCollege, cycle: Cycle, content: bytes, who: str = "qa") -> TestResponse:
    data = {"version": version(demo, cycle), "file": (BytesIO(content), "分工.xlsx")}
    return followed(demo, who, demo.caller(who).post(f"/assignments/{cycle.id}/upload", data=data))


def row_of(content: bytes, table: str) -> int:
    """The Excel row of a table's first line."""
    sheet = opened(content).worksheets[0]
    return next(row[1].row for row in sheet.iter_rows() if row[1].value == table)


def confirmed(demo: DemoCollege, cycle: Cycle, answer: TestResponse) -> TestResponse:
    """Send the preview back as its page does."""
    seen = re.findall(r'name="version" value="(\d+)"', answer.get_data(as_text=True))[0]
    found = re.findall(
        r'name="((?:was|table)\.\w+)" value="([^"]*)"', answer.get_data(as_text=True)
    )
    form = {"version": seen, "reason": "机构调整", **dict(found)}
    return demo.caller("qa").post(f"/assignments/{cycle.id}/assign", data=form)


def places(answer: TestResponse) -> list[str]:
    """Where the file has to be corrected."""
    return re.findall(r"第 \d+ 行 [A-Z]+ 列", text_of(answer))


def test_a_downloaded_file_changes_nothing(demo: DemoCollege) -> None:
    cycle = prepare(demo)

    answer = upload(demo, cycle, download(demo, cycle))

    assert answer.status_code == 200
    assert "没有变动" in text_of(answer)


def test_a_changed_file_is_shown_first_and_saved_when_confirmed(demo: DemoCollege) -> None:
    cycle = prepare(demo)
    content = download(demo, cycle)
    row = row_of(content, "course")
    content = edited(content, {f"D{row}": "C01 汽车工程系"})

    shown = upload(demo, cycle, content)

    assert shown.status_code == 200
    assert "将有 1 张数据表的分工发生变化" in text_of(shown)
    assert holders(demo, cycle, "course") == {"A03": "responsible"}
    assert confirmed(demo, cycle, shown).status_code == 302
    assert holders(demo, cycle, "course") == {"C01": "responsible"}


def test_what_changed_since_the_preview_is_not_overlooked(demo: DemoCollege) -> None:
    cycle = prepare(demo)
    content = download(demo, cycle)
    content = edited(content, {f"D{row_of(content, 'course')}": "C01 汽车工程系"})
    data = {"version": version(demo, cycle), "file": (BytesIO(content), "分工.xlsx")}
    sent = demo.caller("qa").post(f"/assignments/{cycle.id}/upload", data=data)
    assign(demo, cycle, course="responsible:C02:")

    answer = confirmed(demo, cycle, demo.caller("qa").get(sent.location))

    assert (sent.status_code, answer.status_code) == (303, 409)
    assert holders(demo, cycle, "course") == {"C02": "responsible"}


def test_several_lines_assign_a_table_to_several_departments(demo: DemoCollege) -> None:
    cycle = prepare(demo)
    content = book_of(
        [
            HEADINGS,
            [None, "course", None, "汽车工程系", "分别为本单位填报"],
            [None, "course", None, "C02", "分别为本单位填报"],
            ["1.4", None, None, "A03 教务处", None],
            [None, "staff", None, None, None],
        ]
    )

    shown = upload(demo, cycle, content)

    assert confirmed(demo, cycle, shown).status_code == 302
    assert holders(demo, cycle, "course") == {"C01": "own_staff", "C02": "own_staff"}
    assert holders(demo, cycle, "department") == {"A03": "responsible"}
    assert holders(demo, cycle, "staff") == {}


# Lines of a file, and the places that are refused, written by hand.
FAULTS = [
    ([["7.2.1", "nonsense", "", "A03", ""]], ["B2"], "没有“nonsense”这张数据表"),
    ([["99.9", "", "", "A03", ""]], ["A2"], "没有“99.9”这张数据表"),
    ([["", "", "", "A03", ""]], ["A2"], "没有写明是哪张数据表"),
    ([["1.1", "course", "", "A03", ""]], ["A2"], "表号与数据表标识不符"),
    ([["", "course", "", "火星学院", ""]], ["D2"], "没有“火星学院”这个部门"),
    ([["", "course", "", "A03 财务处", ""]], ["D2"], "没有“A03 财务处”这个部门"),
    ([["", "course", "", "A03", "随便"]], ["E2"], "没有“随便”这种分工方式"),
    ([["", "course", "", "A03", ""]] * 2, ["D3"], "第 2 行已把这张表分给同一部门"),
    (
        [["", "course", "", "A03", "归口负责"], ["", "course", "", "C01", ""]],
        ["D3"],
        "归口部门只能有一个",
    ),
    (
        [["", "course", "", "A03", ""], ["", "course", "", "C01", "分别为本单位填报"]],
        ["D3"],
        "其他部门就不再分别填报",
    ),
    ([["", "course", "", "A03", "指导"]], ["D2"], "才设指导部门"),
]


@pytest.mark.parametrize(("lines", "expected", "message"), FAULTS)
def test_what_is_wrong_is_told_with_its_row_and_column(
    demo: DemoCollege, lines: list[list[str]], expected: list[str], message: str
) -> None:
    cycle = prepare(demo)
    before = holders(demo, cycle, "course")

    answer = upload(demo, cycle, book_of([HEADINGS, *lines]))

    assert answer.status_code == 422
    found = [re.sub(r"第 (\d+) 行 ([A-Z]+) 列", r"\2\1", place) for place in places(answer)]
    assert found == expected
    assert message in text_of(answer)
    assert holders(demo, cycle, "course") == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (book_of([["甲", "乙"], ["1", "2"]]), "没有找到列标题"),
        (book_of([[*HEADINGS, "填报部门"]]), "填报部门"),
        (b"", "是空的"),
        (b"not a workbook", "xlsx"),
    ],
)
def test_a_file_that_is_no_list_of_assignments_is_refused(
    demo: DemoCollege, content: bytes, message: str
) -> None:
    cycle = prepare(demo)

    answer = upload(demo, cycle, content)

    assert answer.status_code == 422
    assert message in text_of(answer)


def test_the_file_of_another_year_is_refused(demo: DemoCollege) -> None:
    content = download(demo, demo.cycle)
    cycle = prepare(demo)

    answer = upload(demo, cycle, content)

    assert answer.status_code == 422
    assert f"这是 {demo.cycle.academic_year} 的任务分工" in text_of(answer)


def test_a_refused_reassignment_is_told_at_its_row(demo: DemoCollege) -> None:
    cycle = demo.cycle
    demo.set_status("course", "A03", demo.submission("course", "A03").status.SUBMITTED)

    answer = upload(demo, cycle, book_of([HEADINGS, ["", "course", "", "C01", ""]]))

    assert answer.status_code == 422
    assert places(answer) == ["第 2 行 D 列"]
    assert "不能改派" in text_of(answer)


def test_without_a_file_nothing_is_read(demo: DemoCollege) -> None:
    cycle = prepare(demo)
    form = {"version": version(demo, cycle)}

    answer = demo.caller("qa").post(f"/assignments/{cycle.id}/upload", data=form)

    assert answer.status_code == 422
    assert "请先选择 Excel 文件" in text_of(answer)


def test_others_download_and_do_not_upload(demo: DemoCollege) -> None:
    cycle = prepare(demo)
    content = download(demo, cycle, "jwc_head")

    answer = upload(demo, cycle, content, "jwc_steward")

    assert answer.status_code == 403
    assert len(entries(demo, "assignment.assign_refused")) == 1
    assert demo.caller("t_full").get(f"/assignments/{cycle.id}/assignments.xlsx").status_code == 403


def test_the_workbook_offers_departments_and_kinds(demo: DemoCollege) -> None:
    book = opened(download(demo, demo.cycle))
    sheet = book.worksheets[0]

    assert [cell.value for cell in sheet[1]] == [*HEADINGS, "上年"]
    sources = {str(found.formula1) for found in sheet.data_validations.dataValidation}
    assert sources == {"lists!$A$1:$A$22", "lists!$B$1:$B$3"}
    assert [cell.value for cell in book["lists"]["B"][:3]] == [
        *("归口负责", "分别为本单位填报", "指导"),
    ]
    assert book["lists"].sheet_state == "hidden"
