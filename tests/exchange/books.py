"""Workbooks as people might upload them, and what is in those the platform makes."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import openpyxl
import xlsxwriter
import xlwt
from openpyxl.workbook import Workbook


def book_of(rows: Sequence[Sequence[object]], sheet: str = "数据") -> bytes:
    """An .xlsx with one sheet; a list of cells per row, None for an empty cell."""
    return books_of({sheet: rows})


def books_of(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """An .xlsx with several sheets, in their order."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                page.write_row(row, 0, cells)
    return target.getvalue()


def opened(content: bytes) -> Workbook:
    """The workbook as openpyxl, a reader of others, sees it."""
    return openpyxl.load_workbook(BytesIO(content))


def edited(content: bytes, cells: Mapping[str, object]) -> bytes:
    """The workbook with cells of its first sheet typed over, as a person does."""
    book = opened(content)
    for address, value in cells.items():
        book.worksheets[0][address] = value
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The workbook as a file."""
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def with_members(content: bytes, members: Mapping[str, bytes]) -> bytes:
    """The package with members added or exchanged."""
    target = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(target, "w", ZIP_DEFLATED) as package:
        for member in source.infolist():
            if member.filename not in members:
                package.writestr(member.filename, source.read(member))
        for name, data in members.items():
            package.writestr(name, data)
    return target.getvalue()


def sheet_with(content: bytes, cells: bytes) -> bytes:
    """The package whose first sheet holds this XML instead of its own rows."""
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    sheet = head + b"<sheetData>" + cells + b"</sheetData></worksheet>"
    return with_members(content, {"xl/worksheets/sheet1.xml": sheet})


def old_book_of(rows: Sequence[Sequence[object]], *, hidden_first: bool = False) -> bytes:
    """The same as an .xls of Excel 97 to 2003; ``hidden_first`` puts a hidden sheet before it."""
    target, book = BytesIO(), xlwt.Workbook()
    if hidden_first:
        book.add_sheet("旧").write(0, 0, "校区代码")
        book.get_sheet(0).visibility = 1
    page = book.add_sheet("数据")
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            page.write(row, column, value)
    book.save(target)
    return target.getvalue()


MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
OPEN_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    ' office:version="1.3"><office:body><office:spreadsheet><table:table table:name="数据">'
)
OPEN_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"


def open_book_of(rows: Sequence[str], members: Mapping[str, str] | None = None) -> bytes:
    """An .ods as LibreOffice writes it; each row is the XML of its cells."""
    lines = "".join(f"<table:table-row>{cells}</table:table-row>" for cells in rows)
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        package.writestr("mimetype", MIMETYPE, ZIP_STORED)
        package.writestr("content.xml", OPEN_HEAD + lines + OPEN_TAIL)
        for name, text in ({"META-INF/manifest.xml": "<manifest/>"} | dict(members or {})).items():
            package.writestr(name, text)
    return target.getvalue()


def open_cells(*texts: str) -> str:
    """The XML of cells with these texts."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    return "".join(cell.format(text) for text in texts)
