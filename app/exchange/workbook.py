"""Reading an uploaded spreadsheet: bytes → rows of a base table with their places."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import polars as pl

from app.catalogue.base_table import TableSpec
from app.domain.message import Message, Reason, Refused
from app.exchange.covered_cell import Covered, covered_cells
from app.exchange.file_kind import open_spreadsheet
from app.exchange.heading_row import HeadingRow
from app.exchange.layout import Layout, WantedLayout
from app.exchange.row_identity import Marking, RowMark, read_mark, read_marking
from app.exchange.sheet_layout import find_layout
from app.exchange.spreadsheet import Cells, SheetCells, Spreadsheet
from app.exchange.template_identity import (
    SHEET,
    TemplateIdentity,
    read_identity,
    why_foreign,
)
from app.exchange.xlsx_file import SheetLines
from app.rules.coercion import raw_column
from app.rules.raw_text import UNREADABLE

# Many times what any table of the college has; more would take all memory and time.
MOST_ROWS = 200_000
# So many lines are in memory as cells at once; after that they are columns of text.
LINES_AT_ONCE = 2_500


@dataclass(frozen=True)
class UploadedRow:
    """One row: its number in Excel, raw texts by field code, its department.

    An empty cell is None; ``department`` is the text of the column that names
    it, None where there is no such column or nothing in it; ``mark`` says which row left as this.
    """

    number: int
    values: Mapping[str, str | None]
    department: str | None = None
    mark: RowMark | None = None


@dataclass(frozen=True)
class Upload:
    """The rows of a workbook, the ``sheet`` and columns, from 0, that they were read from.

    ``cells`` has a String column of raw texts for every field that the file has, null where a cell
    is empty; ``numbers`` are the rows' numbers in Excel, ``departments`` what they name as their
    department, ``marks`` which rows left as these. ``lost`` are (Excel row, field code) of cells
    whose value is an error or a formula nobody has calculated, or in ``covered``, which names the
    cell that they are merged with. ``marking`` is None where no rows left with the file;
    ``layout`` tells how the sheet was understood.
    """

    cells: pl.DataFrame
    numbers: Sequence[int]
    departments: Sequence[str | None]
    marks: Sequence[RowMark | None]
    columns: Mapping[str, int]
    department_column: int | None
    lost: frozenset[tuple[int, str]]
    sheet: str
    layout: Layout
    marking: Marking | None = None
    covered: Covered = field(default_factory=dict)

    @property
    def rows(self) -> tuple[UploadedRow, ...]:
        """The rows one by one: for few of them."""
        values = self.cells.iter_rows(named=True)
        each = zip(self.numbers, values, self.departments, self.marks, strict=True)
        return tuple(UploadedRow(*row) for row in each)


def read_upload(
    content: bytes,
    file_name: str,
    spec: TableSpec,
    here: TemplateIdentity,
    layout: WantedLayout | None = None,
) -> Upload:
    """The rows of the visible sheet that has most of the table's headings.

    ``here`` names the table, period and department rows are wanted for, ``layout`` what is said
    of the file. Raises Refused (invalid) with words that say what to do, Misfit among them.
    """
    return read_book(open_spreadsheet(content, file_name), spec, here, layout)


def read_book(
    book: Spreadsheet, spec: TableSpec, here: TemplateIdentity, layout: WantedLayout | None = None
) -> Upload:
    """The same of a file that is open already."""
    hidden = book.named(SHEET) or ()
    _refuse_foreign(hidden, spec, here)
    sheet, heading, told = find_layout(book, spec, layout or WantedLayout())
    return _upload(sheet, heading, told, read_marking(hidden))


def _refuse_foreign(hidden: Cells, spec: TableSpec, here: TemplateIdentity) -> None:
    """A workbook without our hidden sheet is judged by its headings alone."""
    identity = read_identity(hidden)
    refusal = why_foreign(identity, here, spec.title) if identity is not None else None
    if refusal is not None:
        raise Refused(refusal, Reason.INVALID)


def _upload(
    sheet: SheetCells, heading: HeadingRow, layout: Layout, marking: Marking | None
) -> Upload:
    codes = {column: code for code, column in heading.columns.items()}
    lost = {
        (row + 1, codes[column])
        for row, column in sheet.lost
        if column in codes and row > heading.position
    }
    covered = covered_cells(sheet, heading)
    lost |= covered.keys()
    marks = heading.mark_column if marking is not None else None
    found = _Found(heading, _by_field(lost), marks, frozenset(one.row for one in layout.skipped))
    given = sheet.cells
    each = given.handed_over() if isinstance(given, SheetLines) else iter(given)
    lines = islice(each, heading.position + 1, None)
    first = heading.position + 2
    while block := list(islice(lines, LINES_AT_ONCE)):
        found.add(first, block)
        first += len(block)
    # The parser leaves lost cells out, so the last rows may not be among ``cells``.
    blank = [""] * (1 + max([*codes, heading.department_column or 0, marks or 0]))
    if behind := range(first, 1 + max([first - 1, *(number for number, _ in lost)])):
        found.add(first, [blank] * len(behind))
    return Upload(
        found.cells(),
        found.numbers,
        found.departments,
        found.marks,
        heading.columns,
        heading.department_column,
        frozenset(lost),
        sheet.name,
        layout,
        marking,
        covered,
    )


def _unless_blank(code: str) -> pl.Expr:
    """The texts of a column, null where nothing but space is typed."""
    return pl.when(pl.col(code).str.strip_chars() != "").then(pl.col(code))


def _by_field(lost: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    """Field code → Excel rows of its lost cells, from the first one on."""
    found: dict[str, list[int]] = {}
    for row, code in sorted(lost):
        found.setdefault(code, []).append(row)
    return found


@dataclass
class _Found:
    """The rows of a sheet on their way from lines to columns; rows without any value are left out.

    ``lost`` maps field codes to the Excel rows of lost cells; the marks of rows stand in
    ``mark_column``; Excel rows that are ``skipped`` are no records.
    """

    heading: HeadingRow
    lost: Mapping[str, Sequence[int]]
    mark_column: int | None = None
    skipped: frozenset[int] = frozenset()
    numbers: list[int] = field(default_factory=list)
    departments: list[str | None] = field(default_factory=list)
    marks: list[RowMark | None] = field(default_factory=list)
    blocks: list[pl.DataFrame] = field(default_factory=list)

    def add(self, first: int, lines: Sequence[Sequence[object]]) -> None:
        """Add lines, the first of which is the Excel row ``first``."""
        # Files may have a million empty rows.
        if not self.lost and not any(any(line) for line in lines):
            return
        columns = list(zip(*lines, strict=True))
        frame = pl.DataFrame(
            [
                self._texts(code, columns[column], first)
                for code, column in self.heading.columns.items()
            ]
        )
        frame = frame.select(_unless_blank(code) for code in frame.columns)
        kept = frame.select(pl.any_horizontal(pl.all().is_not_null()).arg_true()).to_series()
        if self.skipped:
            kept = kept.filter(~(kept + first).is_in(list(self.skipped)))
        rows = kept.to_list()
        self.blocks.append(frame[kept] if len(rows) < len(lines) else frame)
        self.numbers += [first + row for row in rows]
        _refuse_too_many(len(self.numbers))
        departments = self._beside(columns, self.heading.department_column, len(lines))
        self.departments += [str(departments[row]).strip() or None for row in rows]
        marks = self._beside(columns, self.mark_column, len(lines))
        self.marks += [read_mark(marks[row]) for row in rows]

    @staticmethod
    def _beside(
        columns: Sequence[Sequence[object]], column: int | None, height: int
    ) -> Sequence[object]:
        """The cells of a column that is no field's; blank ones where there is none."""
        known = column is not None and column < len(columns)
        return columns[column] if column is not None and known else [""] * height

    def _texts(self, code: str, values: Sequence[object], first: int) -> pl.Series:
        texts = raw_column(self.heading.spec.by_code[code], values)
        lost = self.lost.get(code, ())
        here = lost[bisect_left(lost, first) : bisect_left(lost, first + len(values))]
        return texts.scatter([row - first for row in here], UNREADABLE) if here else texts

    def cells(self) -> pl.DataFrame:
        """All rows that were added."""
        codes = self.heading.columns
        empty = pl.DataFrame(schema=dict.fromkeys(codes, pl.String))
        return pl.concat([empty, *self.blocks])


def _refuse_too_many(count: int) -> None:
    if count > MOST_ROWS:
        raise Refused(
            Message(
                "The file has more than %(count)s rows. Divide it into several files and import"
                " them one after the other.",
                {"count": MOST_ROWS},
            ),
            Reason.INVALID,
        )
