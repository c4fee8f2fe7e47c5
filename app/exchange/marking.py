"""What is marked in a file that is given back: faults, notes in cells, and the list of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.exchange.cell import LONGEST_TEXT

# Notes are signed, so that those of an earlier reading are known.
AUTHOR = "statedata"
MARK = "FFC7CE"
WIDTHS = (10, 24, 24, 80)
# More would be too slow to mark; they are told on the page, and on the list as far as it goes.
MOST_MARKED = 2_000
MOST_LISTED = 20_000
LONGEST_NOTE = 1_000


@dataclass(frozen=True)
class CellFault:
    """What is wrong with a cell, or with a whole row; ``row`` counts from 1 as people do.

    ``column`` are letters, empty for the row as a whole.
    """

    row: int
    column: str
    field: str
    value: str
    message: str

    @property
    def address(self) -> str:
        """The cell to look at: of a whole row its first one."""
        return f"{self.column or 'A'}{self.row}"


@dataclass(frozen=True)
class Marking:
    """Everything that is written into the ``sheet`` of a file and after its last sheet.

    ``notes`` go by the addresses of cells; ``lines`` are those of the sheet ``title``, each with
    the address it leads to, the first of them the headings.
    """

    sheet: str
    title: str
    notes: dict[str, str]
    lines: list[list[str]]


def marking_of(
    sheet: str, title: str, headings: Sequence[str], faults: Sequence[CellFault]
) -> Marking:
    """What to write for the faults."""
    texts: dict[str, list[str]] = {}
    for fault in faults[:MOST_LISTED]:
        texts.setdefault(fault.address, []).append(fault.message)
    notes = {
        address: "\n".join(several)[:LONGEST_NOTE]
        for address, several in list(texts.items())[:MOST_MARKED]
    }
    lines = [
        [fault.address, fault.field, fault.value[:LONGEST_TEXT], fault.message]
        for fault in faults[:MOST_LISTED]
    ]
    return Marking(sheet, title, notes, [list(headings), *lines])


def quoted(sheet: str) -> str:
    """A sheet's name as it stands in addresses."""
    return "'" + sheet.replace("'", "''") + "'"
