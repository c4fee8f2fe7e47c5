"""Reading a list of people from a workbook or a CSV file."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from xlsxwriter.workbook import Workbook

from app.cli.texts import translated
from app.domain.message import Message, Refused
from app.domain.person import Function, TeacherKind
from app.domain.staff_list import StaffRows
from app.exchange.staff_list import read_staff_file
from app.exchange.staff_template import make_staff_template

HEADINGS = (
    "工号",
    "姓名",
    "部门",
    "教师类别",
    "职能",
    "任职部门",
    "起始日期",
    "截止日期",
    "登录名",
)
NOW = datetime(2026, 9, 15, tzinfo=UTC)


def english(message: Message) -> str:
    return message.english()


def book(*lines: tuple[object, ...]) -> bytes:
    target = BytesIO()
    with Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as made:
        sheet = made.add_worksheet()
        for row, line in enumerate(lines):
            for column, value in enumerate(line):
                sheet.write(row, column, value)
    return target.getvalue()


def read(*lines: tuple[object, ...]) -> StaffRows:
    return read_staff_file(book(*lines), "list.xlsx", english)


def faults(read: StaffRows) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in read.faults]


def test_a_row_is_read_with_everything_in_it() -> None:
    line = ("03002", " 李静 ", "教务处", "full-time teacher", "head", "A04", date(2026, 9, 1))

    [row] = read(HEADINGS, (*line, "2027年1月31日", "li_jing")).rows

    assert (row.row, row.number, row.name, row.department) == (2, "03002", "李静", "教务处")
    assert (row.teacher_kind, row.function) == (TeacherKind.FULL_TIME, Function.HEAD)
    assert (row.valid_from, row.valid_to) == (date(2026, 9, 1), date(2027, 1, 31))
    assert (row.post_department, row.username) == ("A04", "li_jing")


def test_titles_above_empty_rows_and_other_orders_do_no_harm() -> None:
    found = read(
        ("教职工名册",), ("姓名", "教工号", "所属部门", "序号"), (), ("李静", 3002, "A03", 1)
    )

    [row] = found.rows
    assert (row.row, row.number, row.name) == (4, "3002", "李静")
    assert dict(found.letters) == {"number": "B", "name": "A", "department": "C"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_file_is_read_in_the_encodings_excel_writes(encoding: str) -> None:
    content = "工号,姓名,部门\r\n03002,李静,教务处\r\n".encode(encoding)

    [row] = read_staff_file(content, "list.CSV", english).rows

    assert (row.number, row.name, row.department) == ("03002", "李静", "教务处")


def test_wrong_headings_are_told_all_at_once() -> None:
    with pytest.raises(Refused) as refused:
        read(("工号", "名字", "工号", "", "生日"), ("1", "甲", "1", "x", "2000"))

    told = [detail.english() for detail in refused.value.details]
    assert len(told) == 6
    assert "“Name” is missing" in told[0]
    assert "“Department” is missing" in told[1]
    assert [text.partition(":")[0] for text in told[2:5]] == ["Column B", "Column E", "Column C"]
    assert told[5].startswith("Column D has values but no heading")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (book(("甲", "乙"), ("1", "2")), "list.xlsx"),
        (b"", "list.xlsx"),
        (b"nonsense", "list.xlsx"),
        (b"a,b\n1,2\n", "list.csv"),
        (b"\xff\xfe\x00\x81", "list.csv"),
        (book(HEADINGS), "list.xlsx"),
        (book(HEADINGS, *((f"{n}", "甲", "A03") for n in range(5002))), "list.xlsx"),
    ],
    ids=["headings", "empty", "damaged", "csv", "encoding", "rows", "length"],
)
def test_what_is_no_list_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(Refused):
        read_staff_file(content, name, english)


def test_cells_that_cannot_be_read_are_named() -> None:
    found = read(
        HEADINGS,
        ("1", "甲", "A03", "名师", "院长", "", "32号", "2026-13-01"),
        ("", "乙", "A03"),
    )

    assert faults(found) == [
        (2, "teacher_kind"),
        (2, "function"),
        (2, "valid_from"),
        (2, "valid_to"),
        (3, "number"),
    ]


def test_the_template_is_read_back_in_chinese() -> None:
    content = make_staff_template(["教务处"], translate=translated, now=NOW)

    with pytest.raises(Refused) as refused:
        read_staff_file(content, "template.xlsx", translated)

    # Its headings fit; only rows are missing.
    assert refused.value.details == ()
    assert "no rows" in refused.value.message.english()
