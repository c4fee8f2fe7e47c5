"""What a parser would not tell of an .ods workbook: values that are missing, cells made one."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError, iterparse
from zipfile import ZipFile

from app.exchange.spreadsheet import Place

CONTENT = "content.xml"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
CELLS = frozenset({f"{TABLE}table-cell", f"{TABLE}covered-table-cell"})
# How programs other than LibreOffice show an error, which they call a text.
ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "Err:")
# A cell may be said to stand there many times; so many of them are told.
MOST_REPEATED = 1_000


def lost_in_opendocument(content: bytes) -> Sequence[frozenset[Place]]:
    """The places of cells with an error or a formula without a result, sheet after sheet.

    Raises ValueError for what is no such file; its package was found safe before.
    """
    data = _read(content)
    # Neither errors nor missing results stand where there is no formula.
    if b"formula" not in data and b"error" not in data:
        return ()
    found: list[set[Place]] = []
    for sheet, row, element in _rows(data):
        found += [set() for _ in range(sheet + 1 - len(found))]
        found[sheet] |= {(row, column) for column in _lost_in_row(element)}
    return [frozenset(places) for places in found]


def merged_in_opendocument(content: bytes) -> Sequence[Sequence[tuple[Place, Place]]]:
    """The first and last places of cells that were made one, sheet after sheet."""
    data = _read(content)
    if b"-spanned" not in data:
        return ()
    found: list[list[tuple[Place, Place]]] = []
    for sheet, row, element in _rows(data):
        found += [[] for _ in range(sheet + 1 - len(found))]
        found[sheet] += _merged_from_row(element, row)
    return found


def _read(content: bytes) -> bytes:
    with ZipFile(BytesIO(content)) as package:
        return package.read(CONTENT)


def _rows(data: bytes) -> Iterator[tuple[int, int, Element]]:
    """Every row with the numbers of its sheet and its own, from 0. Raises ValueError."""
    sheet, row = -1, 0
    try:
        for event, element in iterparse(BytesIO(data), ("start", "end")):  # noqa: S314 - checked before
            if element.tag == f"{TABLE}table" and event == "start":
                sheet, row = sheet + 1, 0
            elif element.tag == f"{TABLE}table-row" and event == "end" and sheet >= 0:
                yield sheet, row, element
                row += _repeated(element, "rows")
                element.clear()
    except ParseError as error:
        raise ValueError("no XML") from error


def _merged_from_row(element: Element, row: int) -> Iterator[tuple[Place, Place]]:
    column = 0
    for cell in element:
        if cell.tag not in CELLS:
            continue
        rows, columns = _spanned(cell, "rows"), _spanned(cell, "columns")
        if rows * columns > 1:
            yield (row, column), (row + rows - 1, column + columns - 1)
        column += _repeated(cell, "columns")


def _spanned(cell: Element, what: str) -> int:
    """Over how many rows or columns a cell reaches."""
    return int(cell.get(f"{TABLE}number-{what}-spanned", "1"))


def _lost_in_row(row: Element) -> Iterator[int]:
    column = 0
    for cell in row:
        if cell.tag not in CELLS:
            continue
        count = _repeated(cell, "columns")
        if _is_lost(cell):
            yield from range(column, column + min(count, MOST_REPEATED))
        column += count


def _is_lost(cell: Element) -> bool:
    if cell.get(CALC_TYPE) == "error":
        return True
    if cell.get(f"{TABLE}formula") is None:
        return False
    shown = "".join(cell.itertext())
    return shown.startswith(ERRORS) or cell.get(f"{OFFICE}value-type") is None


def _repeated(element: Element, what: str) -> int:
    """How many times a row or cell is said to stand there."""
    return int(element.get(f"{TABLE}number-{what}-repeated", "1"))
