"""Workbooks sent while their rows are read: XlsxWriter makes everything but the rows.

It writes a workbook whose sheets end in two sample rows, one of each column's plain cells and one
of its quoted ones. From these the numbers of the formats are learned; then the package is zipped
anew with the real rows in their place, piece by piece, by a zip that never looks back.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.exchange.cell import ColumnFormat
from app.exchange.sheet_rows import CellStyles, Columns, row_parts

# Stands where the number of rows is told, until it is known.
ROWS_TO_COME = "\ue000rows"
FASTEST = 1
SHEET_MEMBER = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
# The order of packages by Excel; what is not named here follows the rows.
LEADING = ("[Content_Types].xml", "_rels/", "docProps/", "xl/_rels/", "xl/workbook", "xl/theme/")
_DIMENSION = re.compile(rb"<dimension [^>]*/>")
_STYLE = re.compile(rb'<c r="[A-Z]+\d+" s="(\d+)"')


@dataclass(frozen=True)
class StreamedSheet:
    """A sheet whose rows are still to come: ``first`` is the row, from 0, they begin in."""

    sheet: Worksheet
    first: int
    formats: Sequence[ColumnFormat]
    parts: Iterable[Columns]


@dataclass
class _Pipe:
    """What a zip writes to; it is emptied while the zip goes on."""

    written: list[bytes] = field(default_factory=list)

    def write(self, content: bytes) -> int:
        """Take what the zip gives."""
        self.written.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        """What was given since the last time."""
        content = b"".join(self.written)
        self.written.clear()
        return content


def streamed_workbook(
    title: str, now: datetime, fill: Callable[[Workbook], Sequence[StreamedSheet]]
) -> Iterator[bytes]:
    """The .xlsx in pieces. ``fill`` adds every sheet with all but the rows."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties({"title": title, "created": now.replace(tzinfo=None)})
    sheets = fill(book)
    for each in sheets:
        for column, formats in enumerate(each.formats):
            each.sheet.write_blank(each.first, column, None, formats.plain)
            each.sheet.write_blank(each.first + 1, column, None, formats.quoted)
    places = {each.sheet.get_name(): each for each in sheets}
    order = [sheet.get_name() for sheet in book.worksheets()]
    book.close()
    streams = {number: places[name] for number, name in enumerate(order, 1) if name in places}
    yield from _zipped(ZipFile(target), streams)


def _zipped(made: ZipFile, streams: dict[int, StreamedSheet]) -> Iterator[bytes]:
    """The package in an order in which what tells the number of rows comes after them."""
    pipe = _Pipe()
    count = 0
    names = made.namelist()
    leading = [name for name in names if name.startswith(LEADING)]
    sheets = {name: _stream_of(name, streams) for name in names if name not in leading}
    with ZipFile(pipe, "w", ZIP_DEFLATED, compresslevel=FASTEST) as package:  # type: ignore[call-overload]
        for name in leading:
            package.writestr(name, made.read(name))
        for name, stream in sorted(sheets.items(), key=lambda item: item[1] is None):
            content = made.read(name)
            if stream is None:
                content = content.replace(ROWS_TO_COME.encode(), str(count).encode())
                package.writestr(name, content)
                continue
            head, tail, styles = _cut(content, stream.first)
            with package.open(name, "w") as member:
                member.write(head)
                counted = _Counted(stream.parts)
                for rows in row_parts(counted, styles, stream.first + 1):
                    member.write(rows)
                    yield pipe.taken()
                member.write(tail)
            count += counted.rows
    yield pipe.taken()


class _Counted:
    """Parts of rows, counted on their way."""

    def __init__(self, parts: Iterable[Columns]) -> None:
        self._parts = parts
        self.rows = 0

    def __iter__(self) -> Iterator[Columns]:
        for part in self._parts:
            self.rows += len(part[0])
            yield part


def _stream_of(name: str, streams: dict[int, StreamedSheet]) -> StreamedSheet | None:
    found = SHEET_MEMBER.fullmatch(name)
    return streams.get(int(found[1])) if found else None


def _cut(content: bytes, first: int) -> tuple[bytes, bytes, list[CellStyles]]:
    """What stands before and behind the sample rows, and the numbers of their formats."""
    begin = content.index(b'<row r="%d"' % (first + 1))
    middle = content.index(b'<row r="%d"' % (first + 2))
    end = content.index(b"</sheetData>")
    plain = _STYLE.findall(content[begin:middle])
    quoted = _STYLE.findall(content[middle:end])
    styles = [CellStyles(p.decode(), q.decode()) for p, q in zip(plain, quoted, strict=True)]
    return _DIMENSION.sub(b"", content[:begin]), content[end:], styles
