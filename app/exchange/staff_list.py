"""Reading a list of people from a workbook or a CSV file.

Only what the file says is read here; whether it fits the platform is judged
when it is planned.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from app.domain.labels import label
from app.domain.message import Message, Reason, Refused
from app.domain.person import Function, TeacherKind
from app.domain.staff_list import (
    COLUMNS,
    DEPARTMENT,
    FROM,
    FUNCTION,
    KIND,
    NAME,
    NUMBER,
    POST_DEPARTMENT,
    REQUIRED_COLUMNS,
    TO,
    USERNAME,
    RowFault,
    StaffRow,
    StaffRows,
)
from app.exchange.cell import Translate
from app.exchange.file_kind import open_spreadsheet
from app.exchange.heading import IGNORED_NAMES, STAFF_NAMES, fold
from app.exchange.sheet import column_letters
from app.exchange.spreadsheet import Cells
from app.rules.reading import half_width, read_date

MOST_ROWS = 5000
HEADING_ROWS = 10
LONGEST_ECHO = 40
COMMA = "\u3001"
HEADINGS: Mapping[str, Message] = {
    NUMBER: Message("Staff number"),
    NAME: Message("Name"),
    DEPARTMENT: Message("Department"),
    KIND: Message("Kind of teacher"),
    FUNCTION: Message("Function"),
    POST_DEPARTMENT: Message("Department of the function"),
    FROM: Message("First day"),
    TO: Message("Last day"),
    USERNAME: Message("Sign-in name"),
}


def read_staff_file(content: bytes, file_name: str, translate: Translate) -> StaffRows:
    """The rows of the first sheet with headings of a list of people.

    Raises Refused (invalid) where the file or its headings misfit, naming
    every heading at fault; faults of single rows are part of the answer.
    """
    for sheet in open_spreadsheet(content, file_name).visible():
        heading = _find_headings(sheet.cells[:HEADING_ROWS], translate)
        if heading is not None:
            heading.refuse_misfits(sheet.cells, translate)
            return _Reader(sheet.cells, heading, sheet.lost, translate).read()
    wanted = COMMA.join(translate(HEADINGS[column]) for column in COLUMNS)
    raise Refused(
        Message(
            "The first rows of the file have none of the headings of a list of people. It needs:"
            " %(headings)s. Download the template and fill it in.",
            {"headings": wanted},
        ),
        Reason.INVALID,
    )


@dataclass
class _Headings:
    """The row of headings, from 0, and what is wrong with it."""

    position: int
    columns: dict[str, int] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    repeated: dict[int, str] = field(default_factory=dict)
    blank: list[int] = field(default_factory=list)

    def refuse_misfits(self, cells: Cells, translate: Translate) -> None:
        """Raise Refused with every heading that does not fit."""
        faults = tuple(self._faults(cells, translate))
        if faults:
            raise Refused(
                Message(
                    "The headings of the file are not those of a list of people. Compare them with"
                    " the template; nothing was read."
                ),
                Reason.INVALID,
                faults,
            )

    def _faults(self, cells: Cells, translate: Translate) -> Iterator[Message]:
        for column in REQUIRED_COLUMNS:
            if column not in self.columns:
                yield Message(
                    "The column “%(heading)s” is missing. Add it to the file.",
                    {"heading": translate(HEADINGS[column])},
                )
        for index, text in sorted(self.unknown.items()):
            yield Message(
                "Column %(column)s: a list of people has no column “%(heading)s”. Correct the"
                " heading or delete the column.",
                {"column": column_letters(index), "heading": text},
            )
        for index, text in sorted(self.repeated.items()):
            yield Message(
                "Column %(column)s: the heading “%(heading)s” stands there a second time. Delete"
                " one of the columns.",
                {"column": column_letters(index), "heading": text},
            )
        for index in self.blank:
            if any(_text(line, index) for line in cells[self.position + 1 :]):
                yield Message(
                    "Column %(column)s has values but no heading. Add the heading or delete the"
                    " column.",
                    {"column": column_letters(index)},
                )


def _find_headings(first: Cells, translate: Translate) -> _Headings | None:
    """The row with most headings of a list of people; None when no row has any."""
    names = {fold(translate(HEADINGS[column])): column for column in COLUMNS}
    for column, others in STAFF_NAMES.items():
        names |= {fold(name): column for name in others}
    found = [_read_headings(line, names, position) for position, line in enumerate(first)]
    best = max(found, key=lambda row: len(row.columns), default=None)
    return best if best is not None and best.columns else None


def _read_headings(line: Sequence[object], names: Mapping[str, str], position: int) -> _Headings:
    row = _Headings(position)
    for index, cell in enumerate(line):
        name = fold(str(cell))
        column = names.get(name)
        if column is not None and column not in row.columns:
            row.columns[column] = index
        elif column is not None:
            row.repeated[index] = str(cell).strip()[:LONGEST_ECHO]
        elif not name:
            row.blank.append(index)
        elif name not in IGNORED_NAMES:
            row.unknown[index] = str(cell).strip()[:LONGEST_ECHO]
    return row


@dataclass
class _Reader:
    """The cells below the headings on their way to rows."""

    cells: Cells
    heading: _Headings
    lost: frozenset[tuple[int, int]]
    translate: Translate
    faults: list[RowFault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.functions = _words(Function, self.translate)
        self.kinds = _words(TeacherKind, self.translate)

    def read(self) -> StaffRows:
        """Every row that says something."""
        rows = []
        for position in range(self.heading.position + 1, len(self.cells)):
            texts = {
                column: _text(self.cells[position], index)
                for column, index in self.heading.columns.items()
            }
            if any(texts.values()):
                rows.append(self._row(position, texts))
            if len(rows) > MOST_ROWS:
                raise Refused(
                    Message(
                        "The list has more than %(count)s rows. Bring it in by several files.",
                        {"count": MOST_ROWS},
                    ),
                    Reason.INVALID,
                )
        if not rows and not self.faults:
            raise Refused(Message("The list has headings but no rows."), Reason.INVALID)
        letters = tuple(
            (column, column_letters(index)) for column, index in self.heading.columns.items()
        )
        return StaffRows(tuple(row for row in rows if row), tuple(self.faults), letters)

    def _row(self, position: int, texts: Mapping[str, str]) -> StaffRow | None:
        number = position + 1
        for column, index in self.heading.columns.items():
            if (position, index) in self.lost:
                message = Message(
                    "The cell shows an error or was never calculated. Type the value."
                )
                self.faults.append(RowFault(number, column, message))
        given = {column: text or None for column, text in texts.items()}
        staff_number = half_width(texts.get(NUMBER, ""))
        if not staff_number:
            message = Message("The staff number is missing. Type it, or delete the row.")
            self.faults.append(RowFault(number, NUMBER, message))
            return None
        kind = self._word(number, KIND, given, self.kinds)
        function = self._word(number, FUNCTION, given, self.functions)
        return StaffRow(
            row=number,
            number=staff_number,
            name=given.get(NAME),
            department=given.get(DEPARTMENT),
            teacher_kind=TeacherKind(kind) if kind else None,
            function=Function(function) if function else None,
            post_department=given.get(POST_DEPARTMENT),
            valid_from=self._day(number, FROM, given),
            valid_to=self._day(number, TO, given),
            username=half_width(given.get(USERNAME) or "") or None,
        )

    def _word(
        self, row: int, column: str, given: Mapping[str, str | None], words: Mapping[str, str]
    ) -> str | None:
        text = given.get(column)
        if text is None:
            return None
        found = words.get(fold(text))
        if found is None:
            allowed = COMMA.join(dict.fromkeys(self._labels(words)))
            message = Message(
                "“%(text)s” is not known here. Use one of: %(words)s.",
                {"text": text[:LONGEST_ECHO], "words": allowed},
            )
            self.faults.append(RowFault(row, column, message))
        return found

    def _labels(self, words: Mapping[str, str]) -> Iterator[str]:
        members: type[StrEnum] = Function if words is self.functions else TeacherKind
        for member in members:
            yield self.translate(label(member))

    def _day(self, row: int, column: str, given: Mapping[str, str | None]) -> date | None:
        text = given.get(column)
        if text is None:
            return None
        value = read_date(text).value
        if isinstance(value, date):
            return value
        message = Message(
            "“%(text)s” is not a day. Type it like 2026-09-01.", {"text": text[:LONGEST_ECHO]}
        )
        self.faults.append(RowFault(row, column, message))
        return None


def _words(members: type[StrEnum], translate: Translate) -> dict[str, str]:
    """Folded word → member, by its name and by its code."""
    words = {fold(member.value): member.value for member in members}
    return words | {fold(translate(label(member))): member.value for member in members}


def _text(line: Sequence[object], index: int) -> str:
    """What a cell says, as one would type it."""
    value = line[index] if index < len(line) else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
