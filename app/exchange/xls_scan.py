"""What a parser would not tell of an .xls workbook: macros, and cells with an error.

A cell with an error comes out of the parser empty, which would silently clear a value. The records
of the file are walked through; their layout is that of [MS-XLS], BIFF5 and BIFF8.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from struct import unpack_from

from olefile import OleFileIO
from python_calamine import PasswordError

from app.exchange.spreadsheet import Place

STREAMS = ("Workbook", "Book")
MACRO_STORAGE = "_VBA_PROJECT_CUR"
BOF, EOF, FILE_PASS, BOUND_SHEET = 0x0809, 0x000A, 0x002F, 0x0085
FORMULA, TRUTH_OR_ERROR = 0x0006, 0x0205
# A result that is no number ends with these bytes; its first byte tells what it is.
NO_NUMBER = b"\xff\xff"
IS_ERROR = 2


class MacrosError(Exception):
    """The workbook carries programs."""


def lost_in_xls(content: bytes) -> Sequence[frozenset[Place]]:
    """The places of cells that hold an error, sheet after sheet as they lie in the file.

    Raises MacrosError, PasswordError, and OSError or ValueError for what is no such file.
    """
    with OleFileIO(BytesIO(content)) as container:
        if container.exists(MACRO_STORAGE):
            raise MacrosError
        stream = next((name for name in STREAMS if container.exists(name)), None)
        if stream is None:
            raise ValueError("no workbook in this file")
        data = container.openstream(stream).read()
    return [frozenset(_errors(data, start)) for start in _sheets(data)]


def _sheets(data: bytes) -> Iterator[int]:
    """Where the records of every sheet begin; their names are written in too many ways."""
    for kind, start, length in _records(data, 0):
        if kind == FILE_PASS:
            raise PasswordError
        if kind == BOUND_SHEET and length >= 4:
            yield unpack_from("<I", data, start)[0]


def _errors(data: bytes, start: int) -> Iterator[Place]:
    for kind, begin, length in _records(data, start):
        is_typed = kind == TRUTH_OR_ERROR and length >= 8 and data[begin + 7] != 0
        if is_typed or (kind == FORMULA and length >= 16 and _is_error(data, begin)):
            yield unpack_from("<HH", data, begin)


def _is_error(data: bytes, begin: int) -> bool:
    """Whether the result of a formula is an error."""
    return data[begin + 12 : begin + 14] == NO_NUMBER and data[begin + 6] == IS_ERROR


def _records(data: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Kind, beginning and length of the records from ``start`` to the end of their part."""
    depth = 0
    while start + 4 <= len(data):
        kind, length = unpack_from("<HH", data, start)
        depth += (kind == BOF) - (kind == EOF)
        yield kind, start + 4, length
        if depth <= 0:
            return
        start += 4 + length
