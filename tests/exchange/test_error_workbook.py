"""The file comes back with its errors marked, and can be mended and sent again."""

from collections.abc import Callable

import pytest
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.domain.message import Message
from app.exchange import error_workbook as module
from app.exchange.error_workbook import error_workbook
from app.exchange.import_result import ImportResult
from app.exchange.marking import AUTHOR, MARK, CellFault
from app.exchange.template import make_template
from tests.exchange.books import (
    book_of,
    edited,
    old_book_of,
    opened,
    saved,
    sheet_with,
)
from tests.exchange.conftest import NOW, College, place_of
from tests.exchange.test_package import GOOD

HEADINGS = ["校区代码", "校区名称", "校区地址", "是否主校区", "占地面积(平方米)"]
BAD = [HEADINGS, ["001", "南校区", "路1号", "是", 12.5], ["002", "+1", "路2号", "也许", "很大"]]
Translate = Callable[[Message], str]


def marked(
    college: College, content: bytes, chinese: Translate, name: str = "a.xlsx"
) -> tuple[ImportResult, Workbook]:
    result = college.bring_in("campus", content, file_name=name)
    faults = [
        CellFault(f.row or 1, f.column or "", f.label or "", f.value or "", chinese(f.message))
        for f in result.findings
    ]
    written = error_workbook(
        content, name, result.sheet, faults, chinese, cell_count=result.cell_count
    )
    return result, opened(written)


def marks(page: Worksheet) -> set[str]:
    cells = [cell for row in page.iter_rows() for cell in row]
    return {cell.coordinate for cell in cells if cell.fill.fgColor.rgb[-6:] == MARK}


@pytest.mark.parametrize(
    ("name", "make"), [("a.xlsx", book_of), ("a.xls", old_book_of)], ids=["xlsx", "xls"]
)
def test_bad_cells_are_coloured_and_say_what_is_wrong(
    college: College, chinese: Translate, name: str, make: Callable[..., bytes]
) -> None:
    _, book = marked(college, make(BAD), chinese, name)

    page = book["数据"]
    assert marks(page) == {"D3", "E3"}
    assert "很大" in page["E3"].comment.text
    assert [page["A2"].value, page["B3"].value] == ["001", "+1"]


def test_all_errors_stand_on_a_sheet_with_links(college: College, chinese: Translate) -> None:
    _, book = marked(college, book_of(BAD), chinese)

    page = book.worksheets[-1]
    assert page.title == "错误清单"
    assert [page["A3"].value, page["B3"].value, page["C3"].value] == ["E3", "占地面积", "很大"]
    assert page["A3"].hyperlink.location or page["A3"].hyperlink.target == "#'数据'!E3"


def test_what_was_mended_is_marked_no_more(college: College, chinese: Translate) -> None:
    _, first = marked(college, book_of(BAD), chinese)
    mended = edited(saved(first), {"E3": 800})

    result, book = marked(college, mended, chinese)

    assert (result.created, result.rejected, marks(book["数据"])) == (1, 1, {"D3"})
    assert [sheet.title for sheet in book.worksheets] == ["数据", "错误清单"]


def test_colours_and_hidden_sheets_of_the_sender_stay(college: College, chinese: Translate) -> None:
    spec = college.store.tables["campus"].spec
    template = make_template(
        college.store.catalogue, spec, place_of(spec), translate=chinese, now=NOW
    )
    filled = opened(template)
    page = filled.worksheets[0]
    row = page.max_row + 1
    page.cell(row, 1).value = "很长" * 40
    page.cell(row - 1, 2).fill = PatternFill("solid", fgColor="00FF00")

    _, book = marked(college, saved(filled), chinese)

    assert book.sheetnames[: len(filled.sheetnames)] == filled.sheetnames
    assert book["statedata"].sheet_state == "veryHidden"
    assert book.worksheets[0].cell(row - 1, 2).fill.fgColor.rgb[-6:] == "00FF00"
    assert book.worksheets[0].cell(row, 1).comment.author == AUTHOR


def test_a_text_that_looks_like_a_formula_stays_text(college: College, chinese: Translate) -> None:
    _, book = marked(college, book_of([HEADINGS, ["1", "南", "路", "@是", "+一"]]), chinese)

    listed = [cell for row in book.worksheets[-1].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in listed} == {"s"}


def test_a_very_large_file_is_written_anew(
    college: College, chinese: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_KEPT_CELLS", 5)

    _, book = marked(college, book_of(BAD), chinese)

    assert marks(book["数据"]) == {"D3", "E3"}
    assert book["数据"]["E2"].value == 12.5


def test_a_workbook_that_would_take_all_memory_is_written_anew(
    college: College, chinese: Translate
) -> None:
    far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="D1:XFD200000"/></mergeCells><x>'
    head = b"".join(
        b'<c r="%s1" t="inlineStr"><is><t>%s</t></is></c>' % (letter, text.encode())
        for letter, text in zip((b"A", b"B"), HEADINGS, strict=False)
    )
    row = b'<row r="1">%s</row><row r="2"><c r="A2"><v>1</v></c></row>' % head
    for hostile in (row + far, row + merged):
        content = sheet_with(GOOD, hostile)
        _, book = marked(college, content, chinese)

        assert marks(book.worksheets[0]) == {"A2", "B2"}


def test_signs_that_no_workbook_keeps_are_left_out(college: College, chinese: Translate) -> None:
    rows = [HEADINGS, ["001", "南", "路", "是", "x_x0001_y"]]

    _, book = marked(college, book_of(rows), chinese)

    assert marks(book["数据"]) == {"E2"}


def test_the_marked_file_comes_back_and_its_list_is_no_data(
    college: College, chinese: Translate
) -> None:
    rows = [["错误清单"], HEADINGS, *BAD[1:]]
    _, first = marked(college, book_of(rows), chinese)

    result = college.bring_in("campus", edited(saved(first), {"D4": "否", "E4": 800}))

    assert (result.created, result.rejected, result.sheet) == (2, 0, "数据")
    assert result.layout.sheets == ("数据", "错误清单")
