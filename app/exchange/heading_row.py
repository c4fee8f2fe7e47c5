"""Finding the heading row of a sheet and saying what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.catalogue.base_table import TableSpec
from app.domain.message import Message, Reason, Refused
from app.exchange.heading import (
    DEPARTMENT_NAMES,
    IGNORED_NAMES,
    MARK_NAMES,
    fold,
    headings,
    names_of_fields,
)
from app.exchange.sheet import column_letters

# The heading row is looked for in these first rows of a sheet.
HEADING_ROWS = 10
LONGEST_ECHO = 40


@dataclass
class HeadingRow:
    """A row of headings: its position from 0 and what each column means."""

    spec: TableSpec
    position: int
    columns: dict[str, int] = field(default_factory=dict)
    department_column: int | None = None
    mark_column: int | None = None
    unknown: dict[int, str] = field(default_factory=dict)
    repeated: dict[int, str] = field(default_factory=dict)
    blank: list[int] = field(default_factory=list)

    def refuse_misfits(self, cells: Sequence[Sequence[object]]) -> None:
        """Raise Refused with every heading that does not fit the table."""
        faults = tuple(self._faults(cells))
        if faults:
            raise Refused(
                Message(
                    "The headings of the file do not fit table %(table)s. Compare them with the"
                    " template; nothing was read.",
                    {"table": self.spec.title},
                ),
                Reason.INVALID,
                faults,
            )

    def _faults(self, cells: Sequence[Sequence[object]]) -> Iterator[Message]:
        for column, text in self.unknown.items():
            yield Message(
                "Column %(column)s: the table has no field “%(heading)s”. Correct the heading or"
                " delete the column.",
                {"column": column_letters(column), "heading": text},
            )
        for column, text in self.repeated.items():
            yield Message(
                "Column %(column)s: the heading “%(heading)s” stands there a second time. Delete"
                " one of the columns.",
                {"column": column_letters(column), "heading": text},
            )
        for column in self.blank:
            if _has_values(cells[self.position + 1 :], column):
                yield Message(
                    "Column %(column)s has values but no heading. Add the heading or delete the"
                    " column.",
                    {"column": column_letters(column)},
                )
        texts = headings(self.spec)
        for key in self.spec.key_fields:
            if key.code not in self.columns:
                yield Message(
                    "The column “%(heading)s” is missing; without it rows cannot be told apart.",
                    {"heading": texts[key.code]},
                )


def find_heading_row(first: Sequence[Sequence[object]], spec: TableSpec) -> HeadingRow | None:
    """The row with most of the table's headings; None when no row has any.

    Of equal rows the last one counts: exports may carry a line of codes above the headings.
    """
    names = names_of_fields(spec)
    best: HeadingRow | None = None
    for position, line in enumerate(first):
        row = _read_headings(line, spec, names, position)
        if row.columns and (best is None or len(row.columns) >= len(best.columns)):
            best = row
    return best


def _read_headings(
    line: Sequence[object], spec: TableSpec, names: Mapping[str, list[str]], position: int
) -> HeadingRow:
    row = HeadingRow(spec, position)
    for column, cell in enumerate(line):
        name = fold(str(cell))
        codes = names.get(name, [])
        free = [code for code in codes if code not in row.columns]
        if free:
            row.columns[free[0]] = column
        elif codes:
            row.repeated[column] = str(cell).strip()[:LONGEST_ECHO]
        elif not name:
            row.blank.append(column)
        elif name in MARK_NAMES and row.mark_column is None:
            row.mark_column = column
        elif name in DEPARTMENT_NAMES and row.department_column is None:
            row.department_column = column
        elif name not in IGNORED_NAMES:
            row.unknown[column] = str(cell).strip()[:LONGEST_ECHO]
    return row


def _has_values(lines: Sequence[Sequence[object]], column: int) -> bool:
    return any(column < len(line) and str(line[column]).strip() for line in lines)
