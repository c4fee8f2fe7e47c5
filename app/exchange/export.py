"""Exporting rows of a base table as a workbook or as CSV.

What is exported can be imported again and then changes nothing: headings,
hidden sheet and values are those of the template. The caller reads the rows in
the person's scope and says whether personal values may be shown.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import IO, Any

from xlsxwriter.workbook import Workbook

from app.catalogue.catalogue import Catalogue
from app.domain.message import Message, Reason, Refused
from app.exchange.cell import (
    FORMULA_STARTS,
    Cell,
    Column,
    ColumnFormat,
    Translate,
    column_format,
    columns_of,
    widths,
    write_cell,
)
from app.exchange.sheet import LAST_ROW, OPTIONAL_COLOUR, heading_format, sheet_name, write_headings
from app.exchange.template_identity import Place, identity_of, write_identity
from app.models.base_table import StoredTable
from app.rules.reading import text_of

DEPARTMENT_HEADING = Message("Reporting department")
DEPARTMENT_WIDTH = 20
# A finished file up to this size stays in memory, a larger one goes to disk.
KEPT_IN_MEMORY = 4 * 1024 * 1024
LINES_AT_ONCE = 500
BYTE_ORDER_MARK = "\ufeff"

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class ExportForm:
    """How values are shown: labels or codes, personal values masked or not.

    ``masks`` are the fields that are masked whatever they hold.
    """

    with_labels: bool = True
    unmasked: bool = False
    masks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Layout:
    """The columns of an export and the names rows carry their values under.

    ``department`` is None where all rows are of one department.
    """

    columns: tuple[Column, ...]
    names: tuple[str, ...]
    department: str | None
    department_names: Mapping[str, str]

    def cells(self, row: Row) -> Iterator[Cell]:
        """What the cells of a row show."""
        if self.department is not None:
            yield self.department_names.get(row[self.department], row[self.department])
        for column, name in zip(self.columns, self.names, strict=True):
            value = row[name]
            yield None if value is None else column.show(value)


def export_workbook(
    catalogue: Catalogue,
    stored: StoredTable,
    rows: Iterable[Row],
    place: Place,
    department_names: Mapping[str, str],
    form: ExportForm,
    *,
    translate: Translate,
    now: datetime,
) -> IO[bytes]:
    """An open temporary file with the .xlsx, at its beginning.

    ``rows`` map column names to stored values and are read one by one; where
    ``place`` names no department each row is led by the name of its own.
    """
    layout = _layout(catalogue, stored, place, department_names, form, translate)
    with workbook_file(stored.spec.title, now) as (target, book):
        sheet = book.add_worksheet(sheet_name(stored.spec.title, set()))
        formats = [column_format(book, column) for column in layout.columns]
        first = 0 if layout.department is None else 1
        for index, column in enumerate(layout.columns, start=first):
            sheet.set_column(index, index, widths(layout.columns)[column.field.code])
        if first:
            look = heading_format(book, OPTIONAL_COLOUR)
            sheet.set_column(0, 0, DEPARTMENT_WIDTH)
            sheet.write_string(0, 0, translate(DEPARTMENT_HEADING), look)
            text = book.add_format({"num_format": "@", "valign": "top"})
            formats.insert(0, ColumnFormat(text, text))
        write_headings(book, sheet, 0, layout.columns, first)
        sheet.freeze_panes(1, first)
        for number, row in enumerate(rows, start=1):
            refuse_too_many(number)
            for index, value in enumerate(layout.cells(row)):
                write_cell(sheet, number, index, value, formats[index])
        identity = identity_of(stored.spec, catalogue.digest, place.period.code, place.department)
        write_identity(book, identity)
    return target


def export_csv(
    catalogue: Catalogue,
    stored: StoredTable,
    rows: Iterable[Row],
    place: Place,
    department_names: Mapping[str, str],
    form: ExportForm,
    *,
    translate: Translate,
) -> Iterator[bytes]:
    """CSV in UTF-8 with a byte order mark, some hundred lines at a time.

    Text that a spreadsheet would take for a formula is led by an apostrophe.
    """
    layout = _layout(catalogue, stored, place, department_names, form, translate)
    buffer = StringIO(newline="")
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer, lineterminator="\r\n")
    titles = [column.heading for column in layout.columns]
    if layout.department is not None:
        titles.insert(0, translate(DEPARTMENT_HEADING))
    writer.writerow([harmless(title) for title in titles])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_csv_text(value) for value in layout.cells(row)])
        if number % LINES_AT_ONCE == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def harmless(text: str) -> str:
    """The text, with an apostrophe before what looks like a formula."""
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def _csv_text(value: Cell) -> str:
    return harmless(value) if isinstance(value, str) else text_of(value) or ""


@contextmanager
def workbook_file(title: str, now: datetime) -> Iterator[tuple[IO[bytes], Workbook]]:
    """A workbook written row by row into a temporary file.

    The file stands at its beginning afterwards; it is closed, and nothing is
    left on disk, when anything is raised.
    """
    target: IO[bytes] = SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115
    with TemporaryDirectory(prefix="statedata-") as folder:
        book = Workbook(target, {"constant_memory": True, "tmpdir": folder})
        try:
            book.set_properties({"title": title, "created": now.replace(tzinfo=None)})
            yield target, book
            book.close()
            target.seek(0)
        except BaseException:
            _give_up(book)
            target.close()
            raise


def _give_up(book: Workbook) -> None:
    """Close what the book holds open; its destructor would write it half-finished."""
    book.fileclosed = True
    for sheet in book.worksheets():
        if not sheet.row_data_fh_closed:
            sheet.row_data_fh.close()


def refuse_too_many(row: int) -> None:
    """Raise Refused for a row, from 0, that no sheet has."""
    if row > LAST_ROW:
        raise Refused(
            Message(
                "A sheet holds at most %(count)s rows. Narrow the filter or export as CSV.",
                {"count": LAST_ROW},
            ),
            Reason.INVALID,
        )


def _layout(
    catalogue: Catalogue,
    stored: StoredTable,
    place: Place,
    department_names: Mapping[str, str],
    form: ExportForm,
    translate: Translate,
) -> _Layout:
    columns: Sequence[Column] = columns_of(
        catalogue,
        stored.spec,
        translate,
        with_labels=form.with_labels,
        unmasked=form.unmasked,
        masks=form.masks,
    )
    several = not place.department and stored.department is not None
    return _Layout(
        columns=tuple(columns),
        names=tuple(stored.columns[column.field.code].name for column in columns),
        department=stored.department.name if several and stored.department is not None else None,
        department_names=department_names if form.with_labels else {},
    )
