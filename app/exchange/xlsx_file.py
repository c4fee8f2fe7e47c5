"""An .xlsx workbook as a spreadsheet, looked into before it is parsed."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from zipfile import ZipFile

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.exchange.cell_scan import lost_cells
from app.exchange.package import damaged
from app.exchange.spreadsheet import Cells, SheetCells

MOST_SHEETS = 50


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
            yield SheetCells(name, self._cells(name), lost)

    def named(self, name: str) -> Cells | None:
        """The cells of the sheet of this name, seen or not; None where there is none."""
        if name not in self._book.sheet_names:
            return None
        lost_cells(self._package, name)
        return self._cells(name)

    def _cells(self, name: str) -> Cells:
        try:
            return self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except CalamineError as error:
            raise damaged() from error


def visible_names(book: CalamineWorkbook) -> list[str]:
    """The names of the worksheets people see, in their order."""
    return [
        sheet.name
        for sheet in book.sheets_metadata[:MOST_SHEETS]
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
