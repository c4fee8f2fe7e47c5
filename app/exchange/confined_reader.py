"""Reads an .xls or .ods workbook for ``confined_file``; runs as a process of its own.

The file comes in on the standard input. The hidden sheet that was named goes out first, then every
visible one, each as a line of JSON: cells as texts, numbers and truth values, times and dates as
people write them.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

import orjson
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from app.exchange.confined import confine
from app.exchange.opendocument_scan import lost_in_opendocument, merged_in_opendocument
from app.exchange.spreadsheet import Cells, Place
from app.exchange.xls_scan import MacrosError, lost_in_xls
from app.exchange.xlsx_file import visible_names
from app.rules.raw_text import UNREADABLE

DAMAGED = "damaged"
TOO_LARGE = "too_large"
PROTECTED = "protected"
MACROS = "macros"
MOST_CELLS = 5_000_000
# Bytes of one sheet: one long text may stand in very many cells.
LONGEST_LINE = 200 * 1024 * 1024
# The places of lost cells, sheet after sheet as they lie in the file.
LOST: Mapping[str, Callable[[bytes], Sequence[frozenset[Place]]]] = {
    "xls": lost_in_xls,
    "ods": lost_in_opendocument,
}


def send(told: Mapping[str, object]) -> None:
    """Write one line of the answer. Raises MemoryError where it is too long."""
    line = orjson.dumps(told, default=lambda value: UNREADABLE + type(value).__name__)
    if len(line) >= LONGEST_LINE:
        raise MemoryError
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def read(kind: str, hidden: str, content: bytes) -> None:
    """Send the sheets, or raise what is wrong with the file."""
    lost = LOST[kind](content)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    names = book.sheet_names
    left = MOST_CELLS
    told = None
    if hidden in names:
        told, left = cells_of(book.get_sheet_by_name(hidden), left)
    visible = visible_names(book)
    spans = merged_in_opendocument(content) if kind == "ods" else ()
    send({"cells": told, "names": visible})
    for name in visible:
        sheet = book.get_sheet_by_name(name)
        cells, left = cells_of(sheet, left)
        place = names.index(name)
        places = sorted(lost[place]) if place < len(lost) else []
        merged = spans[place] if place < len(spans) else sheet.merged_cell_ranges or []
        send({"name": name, "cells": cells, "lost": places, "merged": merged})


def cells_of(sheet: CalamineSheet, left: int) -> tuple[Cells, int]:
    """All cells of a sheet, and how many there may still be. Raises MemoryError."""
    count = sheet.total_height * sheet.total_width
    if count > left:
        raise MemoryError
    return sheet.to_python(skip_empty_area=False), left - count


def main() -> None:
    """Answer for the file on the standard input; a fault is an answer, too."""
    confine()
    kind, hidden = sys.argv[1:3]
    content = sys.stdin.buffer.read()
    try:
        read(kind, hidden, content)
    except PasswordError:
        send({"fault": PROTECTED})
    except MacrosError:
        send({"fault": MACROS})
    except MemoryError:
        send({"fault": TOO_LARGE})
    except (CalamineError, OSError, ValueError):
        send({"fault": DAMAGED})


if __name__ == "__main__":
    main()
