"""Cells below others that they were merged with: empty to a parser, though people see a value."""

from collections.abc import Iterator, Mapping

from app.domain.message import Message, Reason, Refused
from app.exchange.heading_row import HeadingRow
from app.exchange.sheet import column_letters
from app.exchange.spreadsheet import Place, SheetCells

# (Excel row, field code) → the address of the cell that has the value.
Covered = Mapping[tuple[int, str], str]
# Cells that all merged ranges together reach over: as many as a large table has. Ranges of a sound
# workbook never overlap, those of a made-up one may cover the same cells a thousand times.
MOST_COVERED = 2_000_000


def covered_cells(sheet: SheetCells, heading: HeadingRow) -> Covered:
    """The fields' cells in records that a merged cell covers.

    A row that has no value of its own is no record: one record may reach over two rows. Whether
    what is merged holds for each row or for all together nobody can tell, so it is not copied.
    Raises Refused where the ranges reach over more cells than any table has.
    """
    _refuse_too_many(sheet, heading)
    codes = {column: code for code, column in heading.columns.items()}
    anchors = {
        place: f"{column_letters(first[1])}{first[0] + 1}"
        for first, last in sheet.merged
        if last[0] > heading.position and _text(sheet, first)
        for place in _covered(sheet, heading, first, last)
    }
    records = {
        row
        for row in {row for row, _ in anchors}
        if any(_text(sheet, (row, c)) for c in codes if (row, c) not in anchors)
    }
    return {
        (row + 1, codes[column]): anchor
        for (row, column), anchor in anchors.items()
        if row in records
    }


def _refuse_too_many(sheet: SheetCells, heading: HeadingRow) -> None:
    begin, end = heading.position + 1, len(sheet.cells)
    width = max(heading.columns.values(), default=-1) + 1
    reached = sum(
        max(0, min(last[0] + 1, end) - max(first[0], begin))
        * max(0, min(last[1] + 1, width) - first[1])
        for first, last in sheet.merged
    )
    if reached > MOST_COVERED:
        raise Refused(
            Message(
                "Sheet %(sheet)s merges more cells than a table has. Unmerge all cells and upload"
                " the file again.",
                {"sheet": sheet.name},
            ),
            Reason.INVALID,
        )


def _covered(sheet: SheetCells, heading: HeadingRow, first: Place, last: Place) -> Iterator[Place]:
    """Places of the fields' columns, as far down as the sheet has values."""
    for row in range(max(first[0], heading.position + 1), min(last[0] + 1, len(sheet.cells))):
        for column in heading.columns.values():
            if first[1] <= column <= last[1] and (row, column) != first:
                yield row, column


def _text(sheet: SheetCells, place: Place) -> str:
    row, column = place
    line = sheet.cells[row] if row < len(sheet.cells) else ()
    return str(line[column]).strip() if column < len(line) else ""
