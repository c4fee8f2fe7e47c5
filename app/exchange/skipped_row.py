"""Rows below the headings that are no records: units, numbers, totals, notes, headings again."""

from collections.abc import Iterator, Sequence

from app.catalogue.base_table import TableSpec
from app.exchange.heading import NOTE, ORDINALS, TOTAL, UNIT_WORDS, fold
from app.exchange.layout import SkippedKind, SkippedRow
from app.exchange.spreadsheet import Cells

# So many rows at the end may be notes and signatures.
MOST_AT_END = 30
LONGEST_ECHO = 40
FEWEST_NUMBERS = 3


def skipped_rows(cells: Cells, heading: int, spec: TableSpec) -> tuple[SkippedRow, ...]:
    """The rows after the heading row at position ``heading`` that are not imported, in order."""
    found = [
        *_below_heading(cells, heading, spec),
        *_repeated(cells, heading),
        *_at_end(cells, heading),
    ]
    return tuple(sorted(found, key=lambda one: one.row))


def _repeated(cells: Cells, heading: int) -> Iterator[SkippedRow]:
    """The headings once more, as tables that are made for printing have them on every page."""
    wanted = _texts(cells[heading])
    if not wanted:
        return
    # One cell tells most rows apart: few are looked at whole.
    column = next(at for at, cell in enumerate(cells[heading]) if str(cell).strip())
    sign = cells[heading][column]
    for position, line in enumerate(cells):
        if position > heading and line[column : column + 1] == [sign] and _texts(line) == wanted:
            yield _skipped(position, SkippedKind.HEADINGS, wanted)


def _below_heading(cells: Cells, heading: int, spec: TableSpec) -> Iterator[SkippedRow]:
    """A row of units and one of running numbers stand directly below the headings."""
    units = {fold(one.unit) for one in spec.fields if one.unit} | UNIT_WORDS
    for position in range(heading + 1, min(heading + 3, len(cells))):
        texts = _texts(cells[position])
        if not texts:
            continue
        if all(fold(text).strip("()") in units for text in texts):
            yield _skipped(position, SkippedKind.UNITS, texts)
        elif _are_running_numbers(texts):
            yield _skipped(position, SkippedKind.NUMBERS, texts)
        else:
            return


def _are_running_numbers(texts: Sequence[str]) -> bool:
    """Whether the cells count the columns: 1, 2, 3, … perhaps after two ordinals."""
    ordinals = [text for text in texts if text in ORDINALS]
    numbers = texts[len(ordinals) :]
    wanted = [str(number) for number in range(1, len(numbers) + 1)]
    return len(texts) >= FEWEST_NUMBERS and [text.removesuffix(".0") for text in numbers] == wanted


def _at_end(cells: Cells, heading: int) -> Iterator[SkippedRow]:
    """Notes, signatures and totals after the last record."""
    left = MOST_AT_END
    for position in range(len(cells) - 1, heading, -1):
        texts = _texts(cells[position])
        if not texts:
            continue
        left -= 1
        first = fold(texts[0])
        if TOTAL.fullmatch(first):
            yield _skipped(position, SkippedKind.TOTAL, texts)
        elif NOTE.match(first):
            yield _skipped(position, SkippedKind.NOTE, texts)
        else:
            return
        if not left:
            return


def _texts(line: Sequence[object]) -> list[str]:
    return [text for cell in line if (text := str(cell).strip())]


def _skipped(position: int, kind: SkippedKind, texts: Sequence[str]) -> SkippedRow:
    return SkippedRow(position + 1, kind, " ".join(texts)[:LONGEST_ECHO])
