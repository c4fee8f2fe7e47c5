"""What a parser would not tell of a worksheet: lost values and hidden size.

A cell with an error and a formula without a stored result come out of the
parser empty, which would silently clear a value; a single far cell makes it
build a table of millions of empty ones. Both are found in the XML itself.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from posixpath import join, normpath
from xml.etree import ElementTree
from zipfile import ZipFile

import polars as pl

from app.domain.message import Message, Reason, Refused
from app.exchange.package import WORKBOOK, chunks, damaged, too_large

RELATIONS = "xl/_rels/workbook.xml.rels"
SHARED_STRINGS = "xl/sharedStrings.xml"
MOST_CELLS = 5_000_000
# All texts of all cells together, in bytes of XML.
LARGEST_TEXTS = 300 * 1024 * 1024
# A cell is never cut by the border of a chunk if this much is looked at again.
OVERLAP = 128 * 1024
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL_STARTS = (b"<c ", b"<c>", b":c ", b":c>")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ERROR = re.compile(rb"""<(?:\w+:)?c\s[^>]*\bt\s*=\s*["']e["'][^>]*>""")
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?c(\s[^>]*)>\s*<(?:\w+:)?f\b[^<]*(?:/>|</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_TEXT_RESULT = re.compile(rb"""\bt\s*=\s*["']str["']""")
# Rows from 100,000 and columns from EA on; wide: from BA, long: from row 30,000.
_FAR = re.compile(
    rb"""\sr\s*=\s*["'](?:[A-Z]{3}|[E-Z][A-Z](?=[0-9])|[A-Z]+[0-9]{6})[A-Z0-9]*["'][^>]*>"""
)
_WIDE = re.compile(rb"""\sr\s*=\s*["'][B-D][A-Z][0-9]+["'][^>]*>""")
_LONG = re.compile(rb"""\sr\s*=\s*["'][A-Z]{1,2}[3-9][0-9]{4}["'][^>]*>""")
# What every far or wide cell has, and hardly another. The regular expressions of polars look for
# it ten times as fast: in most files nothing is left for the others.
_SUSPICIOUS = r"""r\s*=\s*["'](?:[A-Z]{3}|[B-Z][A-Z][0-9]|[A-Z]{1,2}[0-9]{6})"""
_STRING_INDEX = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v>\s*([0-9]+)""")
_STRING_START = re.compile(rb"<(?:\w+:)?si[\s/>]")

Place = tuple[int, int]


def lost_cells(package: ZipFile, sheet: str) -> frozenset[Place]:
    """Row and column, from 0, of cells whose value is an error or missing.

    Raises Refused when the sheet would not fit in memory.
    """
    member = _members_by_sheet(package).get(sheet)
    if member is None or member not in package.namelist():
        raise damaged()
    found: set[Place] = set()
    cells = uses = 0
    wide = False
    for piece, fresh in _pieces(package, member):
        cells += _count_cells(fresh)
        if cells > MOST_CELLS:
            raise too_large()
        uses += fresh.count(b't="s"') + fresh.count(b"t='s'")
        wide = _reaches_far(piece) or wide
        found |= set(_lost(piece))
    if wide and any(next(_with_value(_LONG, piece), None) for piece, _ in _pieces(package, member)):
        raise too_large()
    _refuse_many_texts(package, member, uses)
    return frozenset(found)


def _count_cells(fresh: bytes) -> int:
    # A single byte is found far faster than a longer one: most sheets have no colon.
    prefixed = b":" in fresh
    return sum(map(fresh.count, _CELL_STARTS if prefixed else _CELL_STARTS[:2]))


def _reaches_far(piece: bytes) -> bool:
    """Whether the piece has a cell in a wide column; Refused where one is far from any table."""
    if not pl.Series([piece.decode("latin-1")]).str.contains(_SUSPICIOUS).item():
        return False
    far = next(_with_value(_FAR, piece), None)
    if far is not None:
        raise _stray(far)
    return next(_with_value(_WIDE, piece), None) is not None


def _pieces(package: ZipFile, member: str) -> Iterator[tuple[bytes, bytes]]:
    """The member piece by piece: with the end of the piece before, and alone."""
    tail = b""
    for chunk in chunks(package, member):
        yield tail + chunk, chunk
        tail = chunk[-OVERLAP:]


def _with_value(pattern: re.Pattern[bytes], piece: bytes) -> Iterator[bytes]:
    """Cells that match and are more than a format."""
    for match in pattern.finditer(piece):
        if not match[0].endswith(b"/>"):
            yield match[0]


def _lost(piece: bytes) -> Iterator[Place]:
    if b"e" in piece and (b'"e"' in piece or b"'e'" in piece):
        for match in _ERROR.finditer(piece):
            yield from _place(match[0])
    if b"f" in piece and (b"<f" in piece or b":f" in piece):
        for match in _NO_RESULT.finditer(piece):
            if not _TEXT_RESULT.search(match[1]):
                yield from _place(match[1])


def _place(attributes: bytes) -> Iterator[Place]:
    match = _PLACE.search(attributes)
    if match:
        column = 0
        for letter in match[1]:
            column = column * 26 + letter - ord("A") + 1
        yield int(match[2]) - 1, column - 1


def _stray(cell: bytes) -> Refused:
    place = _PLACE.search(cell)
    address = (place[1] + place[2]).decode() if place else "?"
    return Refused(
        Message(
            "The sheet has a value far away from the table, in cell %(cell)s. Delete everything"
            " that does not belong to the table, or upload it in several parts.",
            {"cell": address},
        ),
        Reason.INVALID,
    )


def _members_by_sheet(package: ZipFile) -> dict[str, str]:
    """Sheet name → the member that holds it."""
    if RELATIONS not in package.namelist():
        raise damaged()
    try:
        # No declarations and no entities: package.py has refused them.
        book = ElementTree.fromstring(package.read(WORKBOOK))  # noqa: S314
        relations = ElementTree.fromstring(package.read(RELATIONS))  # noqa: S314
    except ElementTree.ParseError as error:
        raise damaged() from error
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    return {
        sheet.get("name", ""): _resolved(targets.get(sheet.get(_RELATION_ID), ""))
        for sheet in book.iterfind("{*}sheets/{*}sheet")
    }


def _resolved(target: str) -> str:
    return normpath(join("xl", target)) if not target.startswith("/") else target[1:]


def _refuse_many_texts(package: ZipFile, member: str, uses: int) -> None:
    """One long shared text, used by every one of so many cells, would fill the memory."""
    if SHARED_STRINGS not in package.namelist():
        return
    longest = pending = 0
    for chunk in chunks(package, SHARED_STRINGS):
        first, *rest = map(len, chunk.split(b"<si"))
        longest = max(longest, pending + first, *rest)
        pending = rest[-1] if rest else pending + first
    if longest * uses > LARGEST_TEXTS and _size_of_texts(package, member) > LARGEST_TEXTS:
        raise too_large()


def _size_of_texts(package: ZipFile, member: str) -> int:
    """The bytes of all shared texts, each as often as a cell uses it."""
    starts: list[int] = []
    position = 0
    for chunk in chunks(package, SHARED_STRINGS):
        starts += [position + match.start() for match in _STRING_START.finditer(chunk)]
        position += len(chunk)
    lengths = [end - start for start, end in pairwise([*starts, position])]
    return sum(
        lengths[int(index)]
        for chunk in chunks(package, member)
        for index in _STRING_INDEX.findall(chunk)
        if int(index) < len(lengths)
    )
