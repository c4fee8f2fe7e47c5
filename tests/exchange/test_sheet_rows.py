"""Rows as XML: what two other readers find in the cells is what was put there."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook
from xlsxwriter.workbook import Workbook

from app.domain.message import Refused
from app.exchange.cell import FORMULA_STARTS, LONGEST_TEXT
from app.exchange.export_sheet import HeadedColumn, SheetHead, begin_sheet, why_too_many
from app.exchange.row_identity import digests
from app.exchange.sheet import LAST_ROW, MOST_COLUMNS
from app.exchange.sheet_rows import CellStyles, Columns, ColumnXml
from app.exchange.streamed_workbook import StreamedSheet, streamed_workbook

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def workbook(parts: Sequence[Columns], *, count: int = 1, **head: Any) -> bytes:
    def fill(book: Workbook) -> list[StreamedSheet]:
        columns = [HeadedColumn(f"列{number}", f"c{number}") for number in range(count)]
        sheet, first, formats = begin_sheet(book, SheetHead("表", **head), columns)
        return [StreamedSheet(sheet, first, formats, parts)]

    return b"".join(streamed_workbook("表", NOW, fill))


def sheet(content: bytes) -> Worksheet:
    return openpyxl.load_workbook(BytesIO(content)).worksheets[0]


def calamine(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(
    "text",
    [
        "001",
        "<b>&amp;</b>",
        "a\nb",
        "a\r\nb",
        " 空格 ",
        "_x0041_",
        "😀🏫",
        "㊣ \u3000",
        "字" * LONGEST_TEXT,
        "'quoted'",
        ']]>"',
    ],
)
def test_texts_are_read_as_they_were_written(text: str) -> None:
    content = workbook([[[text, "别的"]]])

    assert calamine(content)[1] == [text]
    assert sheet(content)["A2"].data_type in {"s", "inlineStr"}


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_text_becomes_a_formula(start: str) -> None:
    cell = sheet(workbook([[["别的", start + "1+1"]]]))["A3"]

    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize(
    ("text", "shown"), [("a\x00b", "ab"), ("a\x1bb", "ab"), ("\ud83d", None), ("a\ufffeb", "ab")]
)
def test_what_no_xml_can_carry_is_dropped(text: str, shown: str | None) -> None:
    assert sheet(workbook([[[text]]]))["A2"].value == shown


def test_a_text_longer_than_a_cell_is_cut_where_a_character_ends() -> None:
    found = calamine(workbook([[["😀" * LONGEST_TEXT]]]))[1][0]

    assert found == "😀" * (LONGEST_TEXT // 2)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, True),
        (date(2025, 9, 1), datetime(2025, 9, 1)),  # noqa: DTZ001 - as a cell is read
        (date(1899, 1, 1), "1899-01-01"),
        (10**17, "1" + "0" * 17),
        (None, None),
        ("", None),
    ],
)
def test_values_keep_their_type(value: Any, shown: object) -> None:
    columns = [HeadedColumn("列", look={"num_format": "yyyy-mm-dd"})]

    def fill(book: Workbook) -> list[StreamedSheet]:
        page, first, formats = begin_sheet(book, SheetHead("表"), columns)
        return [StreamedSheet(page, first, formats, [[[value]]])]

    content = b"".join(streamed_workbook("表", NOW, fill))
    assert sheet(content)["A2"].value == shown


def test_numbers_are_numbers() -> None:
    assert calamine(workbook([[[12, Decimal("3.50"), Decimal("-0.1")]]]))[1:] == [
        [12.0],
        [3.5],
        [-0.1],
    ]


def test_rows_go_on_from_part_to_part_below_every_line_of_the_head() -> None:
    parts = [[["a", "b"], [1, 2]], [["c"], [3]]]

    content = workbook(parts, count=2, notice="说明", with_identifiers=True)

    lines = list(sheet(content).iter_rows(values_only=True))
    assert lines[:3] == [("说明", None), ("c0", "c1"), ("列0", "列1")]
    assert lines[3:] == [("a", 1), ("b", 2), ("c", 3)]


def test_a_sheet_without_rows_has_its_headings() -> None:
    assert calamine(workbook([], count=2)) == [["列0", "列1"]]


def test_no_sheet_has_more_rows_or_columns_than_excel() -> None:
    assert why_too_many(LAST_ROW + 1) is not None
    assert why_too_many(1000) is None
    with pytest.raises(Refused):
        workbook([], count=MOST_COLUMNS + 1)


def test_columns_far_to_the_right_have_their_letters() -> None:
    content = workbook([[[number] for number in range(800)]], count=800)

    assert calamine(content)[1][799] == 799
    assert sheet(content)["ADT2"].value == 799


NUMBERS: tuple[Any, ...] = (0, -7, 10**14, 10**15, 10**40, Decimal("1.50"), Decimal("1E+3"))
LONG_NUMBERS: tuple[Any, ...] = (Decimal("0.1234567890123456"), Decimal("-0.00"), Decimal(10**16))


@pytest.mark.parametrize(
    "column",
    [
        [*NUMBERS, *LONG_NUMBERS],
        [*NUMBERS, None, True, "=1"],
        ["甲", "", "乙"],
        ["甲", None, "a&b", "-1", " c"],
        ["a@b.cn", "2025-09", "1+1=2", "甲 乙"],
    ],
)
def test_a_column_is_written_as_its_cells_are_alone(column: Sequence[Any]) -> None:
    styles = CellStyles("1", "2")

    alone = [ColumnXml(styles, "<c").of([value, None])[0] for value in column]

    assert ColumnXml(styles, "<c").of(column) == alone
    assert digests([column]) == [digests([[value, None]])[0] for value in column]
