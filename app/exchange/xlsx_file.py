"""An .xlsx workbook as a spreadsheet, looked into before it is parsed."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import Any, overload
from zipfile import ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from app.exchange.cell_scan import lost_cells
from app.exchange.package import damaged
from app.exchange.spreadsheet import Cells, SheetCells

MOST_SHEETS = 50


class SheetLines(Sequence[Sequence[Any]]):
    """The lines of a worksheet from A1 on.

    As long as they are only gone through they are made one after the other, so that the cells of a
    large sheet are never in memory all at once.
    """

    def __init__(self, sheet: CalamineSheet) -> None:
        self._sheet = sheet
        self._cells: list[list[Any]] | None = None

    def __len__(self) -> int:
        """How many lines there are, with the empty ones before the first value."""
        last = self._sheet.end
        return last[0] + 1 if last else 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        """The lines from the first one on."""
        if self._cells is not None:
            return iter(self._cells)
        first = self._sheet.start
        before = [""] * first[1] if first else []
        lines = self._sheet.iter_rows()
        return (before + line for line in lines) if before else iter(lines)

    def handed_over(self) -> Iterator[Sequence[Any]]:
        """The lines from the first one on, each let go of: whoever asks again reads anew."""
        if self._cells is None:
            yield from self
            return
        cells, self._cells = self._cells, None
        cells.reverse()
        while cells:
            yield cells.pop()

    @overload
    def __getitem__(self, index: int) -> Sequence[Any]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Sequence[Any]]: ...
    def __getitem__(self, index: int | slice) -> Sequence[Any]:
        """A line, or some of them; but for the first ones all are kept from then on."""
        if isinstance(index, slice) and not index.start and (index.stop or -1) >= 0:
            return list(islice(self, index.stop))
        if self._cells is None:
            self._cells = self._sheet.to_python(skip_empty_area=False)
        return self._cells[index]


class XlsxFile:
    """A workbook whose package was found safe. Raises Refused where it cannot be parsed."""

    def __init__(self, package: ZipFile, content: bytes) -> None:
        self._package = package
        try:
            self._book = CalamineWorkbook.from_filelike(BytesIO(content))
        except CalamineError as error:
            raise damaged() from error

    def names(self) -> Sequence[str]:
        """The names of the worksheets people see, in their order."""
        return visible_names(self._book)

    def visible(self) -> Iterator[SheetCells]:
        """Worksheets people see, in their order."""
        for name in visible_names(self._book):
            lost = lost_cells(self._package, name)
            sheet = self._sheet(name)
            yield SheetCells(name, SheetLines(sheet), lost, sheet.merged_cell_ranges or ())

    def named(self, name: str) -> Cells | None:
        """The cells of the sheet of this name, seen or not; None where there is none."""
        if name not in self._book.sheet_names:
            return None
        lost_cells(self._package, name)
        return SheetLines(self._sheet(name))

    def _sheet(self, name: str) -> CalamineSheet:
        try:
            return self._book.get_sheet_by_name(name)
        except CalamineError as error:
            raise damaged() from error


def visible_names(book: CalamineWorkbook) -> list[str]:
    """The names of the worksheets people see, in their order."""
    return [
        sheet.name
        for sheet in book.sheets_metadata[:MOST_SHEETS]
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
