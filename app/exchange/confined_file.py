"""Workbooks of other kinds (.xls, .ods), read in a process of its own.

Such a file can make any parser build far more cells than it has bytes. There is no scan that
finds out beforehand, as there is for .xlsx; so the reader may use so much memory and time, and
whatever it does wrong ends with it.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen

import orjson

from app.exchange.confined_reader import DAMAGED, MACROS, PROTECTED, TOO_LARGE
from app.exchange.package import damaged, protected, too_large, with_macros
from app.exchange.spreadsheet import Cells, SheetCells

READER = "app.exchange.confined_reader"
# Where the package ``app`` lies, for a process that knows nothing.
HOME = Path(__file__).parents[2]


class ConfinedFile:
    """A workbook of the kind ``xls`` or ``ods``."""

    def __init__(self, kind: str, content: bytes) -> None:
        self._kind = kind
        self._content = content

    def visible(self) -> Iterator[SheetCells]:
        """The sheets people see, each sent by the reader as it is asked for."""
        path = os.pathsep.join(filter(None, (str(HOME), os.environ.get("PYTHONPATH"))))
        with Popen(  # noqa: S603 - our own program; the file comes in as its input
            [sys.executable, "-m", READER, self._kind],
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        ) as process:
            try:
                yield from self._sheets(process)
            finally:
                process.kill()

    def named(self, _name: str) -> Cells | None:
        """No template of ours is of these kinds."""
        return None

    def _sheets(self, process: "Popen[bytes]") -> Iterator[SheetCells]:
        if process.stdin is None or process.stdout is None:  # pragma: no cover - pipes were asked
            raise damaged()
        try:
            process.stdin.write(self._content)
            process.stdin.close()
        except BrokenPipeError:
            raise too_large() from None
        for line in process.stdout:
            told = orjson.loads(line)
            if "fault" in told:
                raise REFUSALS[told["fault"]]()
            lost = frozenset((row, column) for row, column in told["lost"])
            yield SheetCells(told["name"], told["cells"], lost)
        if process.wait() != 0:
            raise too_large()


REFUSALS = {
    DAMAGED: damaged,
    TOO_LARGE: too_large,
    PROTECTED: protected,
    MACROS: with_macros,
}
