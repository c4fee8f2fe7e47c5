"""Reads an .xls or .ods workbook for ``confined_file``; runs as a process of its own.

The file comes in on the standard input; every visible sheet goes out as a line of JSON, its cells
as texts, numbers and truth values, times and dates as people write them.
"""

import sys
from collections.abc import Callable, Mapping
from io import BytesIO

import orjson
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from app.exchange.opendocument_scan import lost_in_opendocument
from app.exchange.spreadsheet import Place
from app.exchange.xls_scan import MacrosError, lost_in_xls
from app.exchange.xlsx_file import visible_names
from app.rules.raw_text import UNREADABLE

try:
    import resource
except ImportError:  # pragma: no cover - Windows has no such limits
    resource = None  # type: ignore[assignment]

DAMAGED = "damaged"
TOO_LARGE = "too_large"
PROTECTED = "protected"
MACROS = "macros"
MOST_CELLS = 5_000_000
MOST_MEMORY = 2 * 1024**3
MOST_SECONDS = 60
LOST: Mapping[str, Callable[[bytes], Mapping[str, frozenset[Place]]]] = {
    "xls": lost_in_xls,
    "ods": lost_in_opendocument,
}


def confine() -> None:
    """Let this process have so much memory and processor time, where the system can."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


def send(told: Mapping[str, object]) -> None:
    """Write one line of the answer."""
    line = orjson.dumps(told, default=lambda value: UNREADABLE + type(value).__name__)
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def read(kind: str, content: bytes) -> None:
    """Send the visible sheets, or what is wrong with the file."""
    lost = LOST[kind](content)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    count = 0
    for name in visible_names(book):
        sheet = book.get_sheet_by_name(name)
        count += sheet.total_height * sheet.total_width
        if count > MOST_CELLS:
            raise MemoryError
        cells = sheet.to_python(skip_empty_area=False)
        send({"name": name, "cells": cells, "lost": sorted(lost.get(name, ()))})


def main() -> None:
    """Answer for the file on the standard input; a fault is an answer, too."""
    confine()
    content = sys.stdin.buffer.read()
    try:
        read(sys.argv[1], content)
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
