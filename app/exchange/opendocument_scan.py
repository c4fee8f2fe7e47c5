"""What a parser would not tell of an .ods workbook: cells whose value is an error or missing."""

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
    with ZipFile(BytesIO(content)) as package:
        data = package.read(CONTENT)
    # Neither errors nor missing results stand where there is no formula.
    if b"formula" not in data and b"error" not in data:
        return ()
    try:
        return [frozenset(places) for places in _lost(data)]
    except ParseError as error:
        raise ValueError("no XML") from error


def _lost(data: bytes) -> list[set[Place]]:
    found: list[set[Place]] = []
    row = 0
    for event, element in iterparse(BytesIO(data), ("start", "end")):  # noqa: S314 - checked before
        if element.tag == f"{TABLE}table" and event == "start":
            found.append(set())
            row = 0
        elif element.tag == f"{TABLE}table-row" and event == "end" and found:
            found[-1] |= {(row, column) for column in _lost_in_row(element)}
            row += _repeated(element, "rows")
            element.clear()
    return found


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
