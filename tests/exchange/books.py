"""Workbooks as people might upload them, and what is in those the platform makes."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import xlsxwriter
from openpyxl.workbook import Workbook


def book_of(rows: Sequence[Sequence[object]], sheet: str = "数据") -> bytes:
    """An .xlsx with one sheet; a list of cells per row, None for an empty cell."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
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
