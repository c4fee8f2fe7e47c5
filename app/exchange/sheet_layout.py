"""Choosing the sheet and the heading row of an uploaded file, and telling what was chosen."""

from collections.abc import Sequence
from datetime import date, datetime

from app.catalogue.base_table import TableSpec
from app.domain.message import Message, Reason, Refused
from app.exchange.column_matching import field_names
from app.exchange.heading_row import (
    HEADING_ROWS,
    HeadingRow,
    find_heading_row,
    has_values,
    read_headings,
)
from app.exchange.layout import How, Layout, LayoutColumn, Misfit, SkippedRow, WantedLayout
from app.exchange.sheet import column_letters
from app.exchange.skipped_row import skipped_rows
from app.exchange.spreadsheet import Cells, SheetCells, Spreadsheet

# Values shown of a column, out of these first rows below the headings.
SAMPLES = 3
SAMPLED_ROWS = 50
LONGEST_SAMPLE = 40

Found = tuple[SheetCells, HeadingRow, Layout]


def find_layout(book: Spreadsheet, spec: TableSpec, wanted: WantedLayout) -> Found:
    """The sheet to read, its headings and what is told of them.

    Raises Misfit where columns have to be matched first.
    """
    sheet, heading = _best_sheet(book, spec, wanted)
    names = tuple(book.names())
    if sheet is None:
        raise Misfit(_no_headings(spec), (), Layout(names, "", 0, ()))
    is_known = heading is not None
    heading = heading or _guessed(sheet.cells, spec, wanted)
    if heading is None:
        raise Misfit(_no_headings(spec), (), Layout(names, sheet.name, 0, ()))
    skipped = skipped_rows(sheet.cells, heading.position, spec)
    layout = _told(names, sheet, heading, skipped)
    faults = tuple(heading.faults(sheet.cells))
    if not is_known:
        raise Misfit(_no_headings(spec), (), layout)
    if faults:
        raise Misfit(
            Message(
                "The headings of the file do not fit table %(table)s. Compare them with the"
                " template; nothing was read.",
                {"table": spec.title},
            ),
            faults,
            layout,
        )
    return sheet, heading, layout


def _best_sheet(
    book: Spreadsheet, spec: TableSpec, wanted: WantedLayout
) -> tuple[SheetCells | None, HeadingRow | None]:
    """The sheet that was asked for, else the one with most of the table's headings."""
    if wanted.sheet is not None and wanted.sheet not in book.names():
        message = Message(
            "The file has no sheet “%(sheet)s” that can be seen. Choose another sheet.",
            {"sheet": wanted.sheet},
        )
        raise Refused(message, Reason.INVALID)
    best: SheetCells | None = None
    found: HeadingRow | None = None
    for sheet in book.visible():
        if wanted.sheet is not None and sheet.name != wanted.sheet:
            continue
        heading = _heading_of(sheet, spec, wanted)
        is_better = heading is not None and (found is None or heading.known > found.known)
        if best is None or is_better or (found is None and not best.cells):
            best, found = sheet, heading
        if heading is not None and (heading.is_perfect or heading.signature in wanted.remembered):
            return sheet, heading
    return best, found


def _heading_of(sheet: SheetCells, spec: TableSpec, wanted: WantedLayout) -> HeadingRow | None:
    if wanted.heading_row is None:
        return find_heading_row(sheet.cells[:HEADING_ROWS], spec, wanted)
    if wanted.heading_row > len(sheet.cells):
        message = Message(
            "The sheet “%(sheet)s” has no row %(row)s. Choose another heading row.",
            {"sheet": sheet.name, "row": wanted.heading_row},
        )
        raise Refused(message, Reason.INVALID)
    first = sheet.cells[: wanted.heading_row]
    position = wanted.heading_row - 1
    return read_headings(first, position, spec, field_names(spec), wanted, is_chosen=True)


def _guessed(cells: Cells, spec: TableSpec, wanted: WantedLayout) -> HeadingRow | None:
    """The row that looks most like headings, for people to match; None in an empty sheet."""
    counts = [
        (sum(bool(_is_word(cell)) for cell in line), -position)
        for position, line in enumerate(cells[:HEADING_ROWS])
    ]
    if not any(count for count, _ in counts):
        return None
    position = -max(counts)[1]
    return read_headings(cells, position, spec, field_names(spec), wanted, is_chosen=True)


def _is_word(cell: object) -> bool:
    return isinstance(cell, str) and bool(cell.strip()) and not cell.strip().isdecimal()


def _no_headings(spec: TableSpec) -> Message:
    return Message(
        "No sheet of this file has the headings of table %(table)s in its first rows."
        " Download the template and fill it in.",
        {"table": spec.title},
    )


def _told(
    names: tuple[str, ...], sheet: SheetCells, heading: HeadingRow, skipped: Sequence[SkippedRow]
) -> Layout:
    codes = {column: code for code, column in heading.columns.items()} | heading.similar
    below = sheet.cells[heading.position + 1 :]
    left_out = {one.row - 2 - heading.position for one in skipped}
    first = [line for n, line in enumerate(below[:SAMPLED_ROWS]) if n not in left_out]
    columns = []
    for column, text in enumerate(heading.texts):
        odd = column in heading.unknown or column in heading.repeated or column in heading.blank
        is_open = odd and has_values(below, column)
        if not text and column not in heading.hows and not is_open:
            continue
        columns.append(
            LayoutColumn(
                column=column_letters(column),
                heading=text,
                field=codes.get(column),
                how=heading.hows.get(column, How.NONE),
                sample=_sample(first, column),
                key=heading.keys[column],
                is_open=is_open,
            )
        )
    return Layout(
        names,
        sheet.name,
        heading.position + 1,
        tuple(columns),
        tuple(skipped),
        heading.signature,
        tuple(key.code for key in heading.spec.key_fields),
    )


def _sample(lines: Cells, column: int) -> tuple[str, ...]:
    texts = (_shown(line[column]) for line in lines if column < len(line))
    found = [text for text in texts if text]
    return tuple(found[:SAMPLES])


def _shown(cell: object) -> str:
    """A cell as people see it, cut short."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        cell = cell.date()
    text = cell.isoformat() if isinstance(cell, date) else str(cell).strip()
    return text[:LONGEST_SAMPLE]
