"""Workbooks of other kinds (.xls, .ods), read in a process of its own.

Such a file can make any parser build far more cells than it has bytes. There is no scan that
finds out beforehand, as there is for .xlsx.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from app.exchange.confined import confined
from app.exchange.confined_reader import (
    DAMAGED,
    LONGEST_LINE,
    MACROS,
    PROTECTED,
    TOO_LARGE,
)
from app.exchange.package import damaged, protected, too_large, with_macros
from app.exchange.spreadsheet import Cells, SheetCells

READER = "app.exchange.confined_reader"
REFUSALS = {
    DAMAGED: damaged,
    TOO_LARGE: too_large,
    PROTECTED: protected,
    MACROS: with_macros,
}


class ConfinedFile:
    """A workbook of the kind ``xls`` or ``ods``; ``hidden`` names the sheet to be told of it."""

    def __init__(self, kind: str, content: bytes, hidden: str) -> None:
        self._kind = kind
        self._content = content
        self._hidden = hidden
        self._lines: Iterator[dict[str, Any]] | None = None
        self._head: dict[str, Any] = {}

    def names(self) -> Sequence[str]:
        """The names of the sheets people see; they are told before the sheets."""
        names: list[str] = self._begun()["names"]
        return names

    def named(self, name: str) -> Cells | None:
        """The cells of the hidden sheet; it is told before the others."""
        if name != self._hidden:
            return None
        cells: Cells | None = self._begun()["cells"]
        return cells

    def visible(self) -> Iterator[SheetCells]:
        """The sheets people see, each sent by the reader as it is asked for."""
        lines, self._lines = self._lines, None
        if lines is None:
            lines = self._told()
            self._head = next(lines)
        for told in lines:
            lost = frozenset((row, column) for row, column in told["lost"])
            merged = [(tuple(first), tuple(last)) for first, last in told["merged"]]
            yield SheetCells(told["name"], told["cells"], lost, merged)

    def _begun(self) -> dict[str, Any]:
        """What the reader says first; its sheets wait to be asked for."""
        if not self._head:
            self._lines = self._told()
            self._head = next(self._lines)
        return self._head

    def _told(self) -> Iterator[dict[str, Any]]:
        """What the reader answers, first of the hidden sheet. Raises Refused for its faults."""
        with confined(READER, self._kind, self._hidden) as process:
            if process.stdin is None or process.stdout is None:  # pragma: no cover - were asked for
                raise damaged()
            try:
                process.stdin.write(self._content)
                process.stdin.close()
            except BrokenPipeError:
                raise too_large() from None
            while line := process.stdout.readline(LONGEST_LINE):
                if not line.endswith(b"\n"):
                    raise too_large()
                told: dict[str, Any] = orjson.loads(line)
                if "fault" in told:
                    raise REFUSALS[told["fault"]]()
                yield told
            if process.wait() != 0:
                raise too_large()
