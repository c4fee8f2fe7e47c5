"""Rows of a sheet as the XML of an .xlsx, a whole column of some thousand cells at a time.

XlsxWriter needs several microseconds for each cell; most of what it does is the same for all cells
of a column. Here a column's cells are told apart by value once, texts are looked at all together,
and the number of a row, which stands in every cell of it, is what joins them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import repeat
from typing import cast

from app.exchange.cell import (
    EXACT_DIGITS,
    FIRST_DAY,
    FORMULA_STARTS,
    LONGEST_TEXT,
    Cell,
    fits_exactly,
)
from app.exchange.row_identity import TEXTS, UNWRITABLE
from app.exchange.sheet import column_letters
from app.rules.raw_text import SERIAL_ZERO

# A text up to this length fits into a cell whatever its characters are.
SAFE_LENGTH = LONGEST_TEXT // 2
# Different values of a column that are remembered with their XML.
MOST_KNOWN = 20_000
# Stands between texts that are looked at together; no cell holds it.
BORDER = "\x00"
# What keeps texts that can be printed from being written as they are: markup and what Excel takes
# for an escape anywhere; blanks that XML does not keep at either end; a formula's start.
_MARKUP = ("&", "<", ">", "_x")
_AT_ENDS = {" ": (" " + BORDER, BORDER + " ")} | {
    start: (BORDER + start,) for start in FORMULA_STARTS if start.isprintable()
}
_NUMBERS = frozenset({int, Decimal})
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
Columns = Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class CellStyles:
    """The numbers of a column's formats: of its cells, and of text like a formula."""

    plain: str
    quoted: str


class ColumnXml:
    """The XML of one column's cells, each from behind its row number to the next cell's letters."""

    def __init__(self, styles: CellStyles, after: str) -> None:
        self._styles = styles
        self._after = after
        self._empty = f'"/>{after}'
        self._start = f'" s="{styles.plain}" t="inlineStr"><is><t>'
        self._end = f"</t></is></c>{after}"
        self._known: dict[object, str] = {None: self._empty, "": self._empty}

    def of(self, values: Sequence[Cell]) -> list[str]:
        """A piece for each value."""
        kinds = set(map(type, values))
        if kinds <= TEXTS:
            whole = values if kinds == {str} else [text or "" for text in values]
            return self._of_texts(cast(Sequence[str], whole))
        return self._of_numbers(values) if kinds <= _NUMBERS else self._of_few(values)

    def _of_texts(self, texts: Sequence[str]) -> list[str]:
        """The pieces of texts; where none of them is special none is looked at alone."""
        joined = BORDER.join(("", *texts, ""))
        if (
            not "".join(texts).isprintable()
            or _has_special(joined)
            or (len(joined) > SAFE_LENGTH and max(map(len, texts)) > SAFE_LENGTH)
        ):
            return self._of_few(texts)
        start, end, empty = self._start, self._end, self._empty
        return [f"{start}{text}{end}" if text else empty for text in texts]

    def _of_numbers(self, values: Sequence[Cell]) -> list[str]:
        """The pieces of numbers; few have so many digits that they are looked at alone."""
        start, end = f'" s="{self._styles.plain}"><v>', f"</v></c>{self._after}"
        return [
            f"{start}{text}{end}" if len(text) <= EXACT_DIGITS else self._piece(value)
            for value, text in zip(values, map(str, values), strict=True)
        ]

    def _of_few(self, values: Sequence[Cell]) -> list[str]:
        """The pieces of values; of equal ones it is made once."""
        known = self._known
        if len(known) > MOST_KNOWN:
            known = self._known = {None: self._empty, "": self._empty}
        for value in set(values) - known.keys():
            known[value] = self._piece(value)
        return [known[value] for value in values]

    def _piece(self, value: Cell) -> str:
        plain = f'" s="{self._styles.plain}"'
        match value:
            case None:
                return self._empty
            case bool():
                return f'{plain} t="b"><v>{value:d}</v></c>{self._after}'
            case str():
                return self._text(value)
            case date() if value >= FIRST_DAY:
                return f"{plain}><v>{(value - SERIAL_ZERO).days}</v></c>{self._after}"
            case int() | Decimal() if fits_exactly(value):
                return f"{plain}><v>{value!s}</v></c>{self._after}"
            case _:
                return self._text(str(value), is_quoted=True)

    def _text(self, value: str, *, is_quoted: bool = False) -> str:
        text = UNWRITABLE.sub("", shortened(value))
        if not text:
            return self._empty
        risky = is_quoted or text.startswith(FORMULA_STARTS)
        style = self._styles.quoted if risky else self._styles.plain
        space = ' xml:space="preserve"' if text != text.strip() else ""
        return (
            f'" s="{style}" t="inlineStr"><is><t{space}>{escaped(text)}</t></is></c>{self._after}'
        )


def _has_special(joined: str) -> bool:
    """Whether one of the joined texts cannot stand as it is.

    A single character is looked for much faster than two, and few texts have it.
    """
    return any(each in joined for each in _MARKUP) or any(
        character in joined and any(place in joined for place in places)
        for character, places in _AT_ENDS.items()
    )


def escaped(text: str) -> str:
    """The text as it stands in XML, so that it is read as it was."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _ESCAPE.sub("_x005F_", text.replace("\r", "&#13;"))


def shortened(text: str) -> str:
    """The text as far as a cell holds it; Excel counts characters beyond U+FFFF twice."""
    if len(text) <= SAFE_LENGTH:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    return units[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")


def row_parts(
    parts: Iterable[Columns], styles: Sequence[CellStyles], first: int
) -> Iterator[bytes]:
    """The XML of rows, a piece for each part; the first has the number ``first``, from 1."""
    count = len(styles)
    columns = [
        ColumnXml(each, f'<c r="{column_letters(index + 1)}' if index + 1 < count else "</row>")
        for index, each in enumerate(styles)
    ]
    number = first
    for part in parts:
        pieces = [column.of(values) for column, values in zip(columns, part, strict=True)]
        lines = [
            str(row).join(cells)
            for row, cells in enumerate(
                zip(repeat('<row r="'), repeat('"><c r="A'), *pieces, strict=False), start=number
            )
        ]
        number += len(lines)
        yield "".join(lines).encode()
