"""Workbooks whose sheets or cells are odd: too large, hidden, broken, or not what they seem."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import xlsxwriter

from tests.exchange.books import saved, sheet_with, with_members
from tests.exchange.corpus.case import (
    HEADINGS,
    ROW,
    Case,
    accepted,
    good,
    refused,
    row_errors,
    workbook,
)

Make = Callable[[], bytes]
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def text_cell(address: str, text: str) -> bytes:
    """The XML of a cell whose text stands in it."""
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


HEAD = b'<row r="1">' + b"".join(
    text_cell(f"{letter}1", text) for letter, text in zip("ABC", HEADINGS, strict=True)
)
HEADING_ROW = HEAD + b"</row>"


def raw(*cells: bytes) -> Make:
    """The workbook whose second row is this XML."""
    return lambda: sheet_with(good(), HEADING_ROW + b'<row r="2">' + b"".join(cells) + b"</row>")


def second_row(name: str, credit: bytes = b'<c r="C2"><v>2</v></c>') -> Make:
    """A row with this course name, as XML."""
    return raw(text_cell("A2", "ZZ01"), text_cell("B2", name), credit)


def with_sheet(xml: bytes) -> Make:
    """The workbook whose only sheet is this XML."""
    return lambda: with_members(good(), {"xl/worksheets/sheet1.xml": xml})


def written(work: Callable[[Any, Any], None], **options: object) -> Make:
    """A workbook of one row that ``work`` does something with."""

    def make() -> bytes:
        target = BytesIO()
        with xlsxwriter.Workbook(target, {"in_memory": True, **options}) as book:
            page = book.add_worksheet("数据")
            page.write_row(0, 0, HEADINGS)
            page.write_row(1, 0, ROW)
            work(book, page)
        return target.getvalue()

    return make


def hide(_book: Any, page: Any) -> None:
    page.write_row(2, 0, ["ZZ02", "茶艺", 2])
    page.set_row(1, None, None, {"hidden": True})
    page.set_column(1, 1, None, None, {"hidden": True})


def filter_out(_book: Any, page: Any) -> None:
    page.write_row(2, 0, ["ZZ02", "茶艺", 2])
    page.autofilter(0, 0, 2, 2)
    page.filter_column(0, "x == ZZ02")
    page.set_row(1, None, None, {"hidden": True})


def merge_much(_book: Any, page: Any) -> None:
    for row in range(10, 10_010):
        page.merge_range(row, 5, row, 6, "")


def many_sheets(book: Any, _page: Any) -> None:
    for number in range(300):
        book.add_worksheet(f"表{number}")


def a_date(book: Any, page: Any) -> None:
    page.write_datetime(1, 1, date(2025, 9, 1), book.add_format({"num_format": "yyyy-mm-dd"}))


def a_day(number: float) -> Callable[[Any, Any], None]:
    def work(book: Any, page: Any) -> None:
        page.write_number(1, 1, number, book.add_format({"num_format": "yyyy-mm-dd"}))

    return work


def a_formula(formula: str, value: object) -> Callable[[Any, Any], None]:
    return lambda _book, page: page.write_formula(1, 1, formula, None, value)


def only_hidden() -> bytes:
    """The headings stand on hidden sheets alone."""
    book = openpyxl.load_workbook(BytesIO(good()))
    book.worksheets[0].sheet_state = "veryHidden"
    book.create_sheet("封面")
    return saved(book)


def only_a_chart() -> bytes:
    """No sheet has cells."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=空!$A$1"})
        book.add_chartsheet("图").set_chart(chart)
        book.add_worksheet("空")
    return target.getvalue()


def renamed_sheet(name: str) -> Make:
    """The workbook whose sheet has this name, as XML."""

    def make() -> bytes:
        from_book = good()
        with_name = f'name="{name}"'.encode()
        with ZipFile(BytesIO(from_book)) as package:
            book = package.read("xl/workbook.xml").replace('name="数据"'.encode(), with_name)
        return with_members(from_book, {"xl/workbook.xml": book})

    return make


def strings_without_end() -> bytes:
    """Cells name a text that is not there."""
    cells = b'<row r="2"><c r="A2" t="s"><v>999999</v></c></row>'
    return sheet_with(good(), HEADING_ROW + cells)


def string_bomb() -> bytes:
    """One long text, used by very many cells."""
    strings = b'<?xml version="1.0"?><sst xmlns="x"><si><t>' + b"x" * 400_000 + b"</t></si></sst>"
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(2, 1002)
    )
    return with_members(sheet_with(good(), cells), {"xl/sharedStrings.xml": strings})


def last_rows_of_style() -> bytes:
    """Formats without values down to the last row."""
    row = b'<row r="2">' + text_cell("A2", "ZZ01") + text_cell("B2", "x") + b"</row>"
    styled = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in (5, 1_048_576))
    return sheet_with(good(), HEADING_ROW + row + styled)


def lying_dimension() -> bytes:
    """A sheet that says it is as large as a sheet can be."""
    head = b"<worksheet " + NAMESPACE + b'><dimension ref="A1:XFD1048576"/><sheetData>'
    row = b'<row r="2">' + text_cell("A2", "ZZ01") + text_cell("B2", "x") + b"</row>"
    sheet = head + HEADING_ROW + row + b"</sheetData></worksheet>"
    return with_members(good(), {"xl/worksheets/sheet1.xml": sheet})


def many_empty_rows() -> bytes:
    """A million rows that exist and have nothing in them."""
    rows = b"".join(b'<row r="%d"/>' % n for n in range(3, 1_000_000))
    row = b'<row r="2">' + text_cell("A2", "ZZ01") + text_cell("B2", "x") + b"</row>"
    return sheet_with(good(), HEADING_ROW + row + rows)


def wide_headings() -> bytes:
    """As many headings as a sheet has columns."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, [*HEADINGS, *(f"列{number}" for number in range(16_381))])
    return target.getvalue()


SHEETS: tuple[Case, ...] = (
    refused("only hidden sheets", "a.xlsx", only_hidden, "表头"),
    refused("no sheet with cells", "a.xlsx", only_a_chart, "表头"),
    accepted("hidden rows and columns", "a.xlsx", written(hide), 2),
    accepted("filtered rows", "a.xlsx", written(filter_out), 2),
    accepted("ten thousand merged areas", "a.xlsx", written(merge_much)),
    accepted("three hundred sheets", "a.xlsx", written(many_sheets)),
    accepted("a long name of a sheet", "a.xlsx", renamed_sheet("长" * 300)),
    accepted("a name of a sheet with markup", "a.xlsx", renamed_sheet("&lt;b&gt;&quot;'")),
    accepted("says it is as large as can be", "a.xlsx", lying_dimension),
    accepted("formats down to the last row", "a.xlsx", last_rows_of_style),
    accepted("a million empty rows", "a.xlsx", many_empty_rows),
    refused("as many headings as columns", "a.xlsx", wide_headings, ""),
    refused("a cell in the last row", "a.xlsx", raw(b'<c r="A1048576"><v>1</v></c>'), "A1048576"),
    refused("a cell in the last column", "a.xlsx", raw(b'<c r="XFD2"><v>1</v></c>'), "XFD2"),
    refused("one long text everywhere", "a.xlsx", string_bomb, "太大"),
    refused("sheet cut off", "a.xlsx", with_sheet(b"<worksheet " + NAMESPACE + b"><sheetD"), ""),
    refused("sheet of nothing", "a.xlsx", with_sheet(b""), ""),
    refused("sheet of ten thousand levels", "a.xlsx", with_sheet(b"<a>" * 10_000), ""),
)

CELLS: tuple[Case, ...] = (
    accepted("number as text", "a.xlsx", workbook(["ZZ01", "x", "2.5"]), credit="2.5"),
    accepted("full-width number", "a.xlsx", workbook(["ZZ01", "x", "２．５"]), credit="2.5"),
    accepted("text as number", "a.xlsx", workbook([1001, "x", 2]), course_code="1001"),
    accepted(
        "odd spaces", "a.xlsx", workbook(["\u3000ZZ01\u00a0", "x\u200b", 2]), course_code="ZZ01"
    ),
    row_errors("digits lost", "a.xlsx", workbook([110101199003077758, "x", 2]), "文本"),
    row_errors("a whole book in a cell", "a.xlsx", second_row("长" * 500_000), "100"),
    row_errors("too large a number", "a.xlsx", second_row("x", b'<c r="C2"><v>1e308</v></c>'), ""),
    row_errors("no number", "a.xlsx", second_row("x", b'<c r="C2"><v>NaN</v></c>'), ""),
    accepted("date", "a.xlsx", written(a_date), course_name="2025-09-01"),
    accepted("date of 1904", "a.xlsx", written(a_date, date_1904=True), course_name="2025-09-01"),
    accepted("date that never was", "a.xlsx", written(a_day(60))),
    row_errors("error", "a.xlsx", second_row("x", b'<c r="C2" t="e"><v>#REF!</v></c>'), "公式"),
    row_errors(
        "formula not calculated", "a.xlsx", second_row("x", b'<c r="C2"><f>1+1</f></c>'), "公式"
    ),
    accepted(
        "formula with its result", "a.xlsx", written(a_formula('="花"', "花")), course_name="花"
    ),
    accepted(
        "formula that starts programs",
        "a.xlsx",
        written(a_formula("=cmd|'/C calc'!A0", "花")),
        course_name="花",
    ),
    accepted("text like a formula", "a.xlsx", second_row("=1+1"), course_name="=1+1"),
    accepted("text with plus", "a.xlsx", second_row("+86 1"), course_name="+86 1"),
    accepted("text with minus", "a.xlsx", second_row("-花"), course_name="-花"),
    accepted("text with at", "a.xlsx", second_row("@SUM(A1)"), course_name="@SUM(A1)"),
    accepted("text with tab", "a.xlsx", second_row("&#9;=1"), course_name="=1"),
    accepted(
        "markup",
        "a.xlsx",
        second_row("&lt;script&gt;alert(1)&lt;/script&gt;"),
        course_name="<script>alert(1)</script>",
    ),
    accepted(
        "quotes", "a.xlsx", second_row("'; DROP TABLE x; --"), course_name="'; DROP TABLE x; --"
    ),
    accepted(
        "characters beyond the plane", "a.xlsx", second_row("𠮷野𬱖😀"), course_name="𠮷野𬱖😀"
    ),
    accepted("control characters", "a.xlsx", second_row("花_x0001_艺"), course_name="花艺"),
    refused("half a character", "a.xlsx", second_row("&#xD800;"), ""),
    refused("no character", "a.xlsx", second_row("&#0;"), ""),
    accepted(
        "text in pieces",
        "a.xlsx",
        raw(
            text_cell("A2", "ZZ01"),
            '<c r="B2" t="inlineStr"><is><r><t>插</t></r><r><t>花</t></r></is></c>'.encode(),
        ),
        course_name="插花",
    ),
    accepted(
        "cells without places",
        "a.xlsx",
        lambda: sheet_with(
            good(),
            (HEADING_ROW + b"<row>" + text_cell("A2", "ZZ01") + text_cell("B2", "x") + b"</row>")
            .replace(b' r="A2"', b"")
            .replace(b' r="B2"', b""),
        ),
    ),
    refused("texts that are not there", "a.xlsx", strings_without_end, ""),
)
