"""Reading a workbook of assignments and showing what it would change (第四条).

Nothing is written here: the preview is a dry run of the very action that saves
the page. What a line says wrong is told with its row and column in Excel.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.assignment_change import AssignmentsRefused, Change, change_assignments
from app.catalogue.catalogue import Catalogue
from app.domain.assignment import AssignmentKind, TableAssignment, table_assignment
from app.domain.labels import label
from app.domain.message import Message, Reason, Refused
from app.exchange.assignment import CONTENT, DEPARTMENT, HEADINGS, IDENTIFIER, KIND, NUMBER
from app.exchange.cell import Translate
from app.exchange.file_kind import open_spreadsheet
from app.exchange.heading import fold
from app.exchange.heading_row import HEADING_ROWS, LONGEST_ECHO
from app.exchange.sheet import column_letters
from app.exchange.spreadsheet import Cells
from app.exchange.template_identity import COMMA, SHEET, read_identity
from app.models.assignment_plan import all_departments
from app.models.base_table import Store
from app.models.department import Department

# A college has a hundred tables and some dozens of departments.
MOST_LINES = 20_000
# Where a dry run needs a reason: it is asked for when the preview is confirmed.
_REASON_LATER = "-"


@dataclass(frozen=True)
class FileFault:
    """What is wrong at a place of the file: Excel row and column letters."""

    row: int
    column: str
    message: Message


@dataclass(frozen=True)
class Preview:
    """What the file would change, and everything against it.

    ``rows`` maps a table to the first Excel row that names it. With any fault
    the file cannot be taken over.
    """

    changes: Sequence[Change]
    faults: Sequence[FileFault]
    rows: Mapping[str, int]


@dataclass
class _Reading:
    catalogue: Catalogue
    departments: Mapping[str, Department]
    kinds: Mapping[str, AssignmentKind]
    columns: Mapping[str, int]
    faults: list[FileFault] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    owed: dict[str, dict[str, tuple[AssignmentKind, int]]] = field(default_factory=dict)

    def fault(self, row: int, heading: str, message: Message) -> None:
        """Note what is wrong in a column of a line."""
        letters = column_letters(self.columns.get(heading, 0))
        self.faults.append(FileFault(row, letters, message))


def preview_assignments(
    session: Session,
    store: Store,
    cycle_id: int,
    year: str,
    content: bytes,
    file_name: str,
    *,
    version: int,
    translate: Translate,
    by: Actor,
    now: datetime,
) -> Preview:
    """What would become of the file; Refused where it is no such file or nobody's to send.

    Tables that the file does not name stay as they are.
    """
    how = {"version": version, "by": by, "now": now, "dry_run": True, "reason": _REASON_LATER}
    # Whoever may not assign is told so, and recorded, before anything is read.
    change_assignments(session, store, cycle_id, [], **how)  # type: ignore[arg-type]
    departments = all_departments(session)
    reading = _read(store.catalogue, departments, content, file_name, year, translate)
    plans = _plans(reading)
    if reading.faults:
        return Preview((), _in_order(reading.faults), reading.rows)
    try:
        changes = change_assignments(session, store, cycle_id, plans, **how)  # type: ignore[arg-type]
    except AssignmentsRefused as refusal:
        for table, message in refusal.faults.items():
            reading.fault(reading.rows[table], DEPARTMENT, message)
        return Preview((), _in_order(reading.faults), reading.rows)
    return Preview(changes, (), reading.rows)


def _in_order(faults: Sequence[FileFault]) -> list[FileFault]:
    return sorted(faults, key=lambda fault: (fault.row, len(fault.column), fault.column))


def _read(
    catalogue: Catalogue,
    departments: Mapping[str, Department],
    content: bytes,
    file_name: str,
    year: str,
    translate: Translate,
) -> _Reading:
    kinds = {fold(translate(label(kind))): kind for kind in AssignmentKind}
    kinds |= {fold(kind.value): kind for kind in AssignmentKind}
    cells, position, columns = _sheet(content, file_name, year, translate)
    reading = _Reading(catalogue, departments, kinds, columns)
    if len(cells) - position > MOST_LINES:
        raise Refused(
            Message("The file has more than %(count)s lines.", {"count": MOST_LINES}),
            Reason.INVALID,
        )
    for row, line in enumerate(cells[position + 1 :], start=position + 2):
        texts = {h: _text(line, index) for h, index in columns.items()}
        if any(texts.values()):
            _read_line(reading, row, texts)
    return reading


def _sheet(
    content: bytes, file_name: str, year: str, translate: Translate
) -> tuple[Cells, int, dict[str, int]]:
    """Cells, position of the heading row and columns of the first sheet that has the headings."""
    book = open_spreadsheet(content, file_name)
    _refuse_foreign(book.named(SHEET) or (), year)
    for sheet in book.visible():
        for position, line in enumerate(sheet.cells[:HEADING_ROWS]):
            columns = _columns(line, translate)
            if DEPARTMENT in columns and (IDENTIFIER in columns or NUMBER in columns):
                return sheet.cells, position, columns
    headings = COMMA.join(f"“{translate(HEADINGS[h])}”" for h in (IDENTIFIER, DEPARTMENT, KIND))
    raise Refused(
        Message(
            "No sheet of this file has the headings %(headings)s in its first rows. Download the"
            " assignments, change them in that file and upload it.",
            {"headings": headings},
        ),
        Reason.INVALID,
    )


def _refuse_foreign(cells: Cells, year: str) -> None:
    identity = read_identity(cells)
    if identity is None:
        return
    if identity.table != CONTENT:
        raise Refused(
            Message("This file is the template of a base table, not of the assignments."),
            Reason.INVALID,
        )
    if identity.period != year:
        raise Refused(
            Message(
                "This file has the assignments of %(found)s; those of %(here)s are being changed."
                " Download the file of this year.",
                {"found": identity.period, "here": year},
            ),
            Reason.INVALID,
        )


def _columns(line: Sequence[object], translate: Translate) -> dict[str, int]:
    names = {fold(translate(HEADINGS[h])): h for h in (NUMBER, IDENTIFIER, DEPARTMENT, KIND)}
    columns: dict[str, int] = {}
    for index, cell in enumerate(line):
        heading = names.get(fold(str(cell)))
        if heading is None:
            continue
        if heading in columns:
            raise Refused(
                Message(
                    "Column %(column)s: the heading “%(heading)s” stands there a second time."
                    " Delete one of the columns.",
                    {"column": column_letters(index), "heading": str(cell).strip()},
                ),
                Reason.INVALID,
            )
        columns[heading] = index
    return columns


def _text(line: Sequence[object], index: int) -> str:
    return str(line[index]).strip() if index < len(line) else ""


def _read_line(reading: _Reading, row: int, texts: Mapping[str, str]) -> None:
    table = _table(reading, row, texts)
    if table is None:
        return
    reading.rows.setdefault(table, row)
    owed = reading.owed.setdefault(table, {})
    department = _department(reading, row, texts[DEPARTMENT])
    kind = _kind(reading, row, texts.get(KIND, ""))
    if department is None or kind is None:
        return
    if department in owed:
        reading.fault(
            row,
            DEPARTMENT,
            Message(
                "Row %(row)s assigns this table to the same department already. Delete one of"
                " them.",
                {"row": owed[department][1]},
            ),
        )
        return
    owed[department] = (kind, row)


def _table(reading: _Reading, row: int, texts: Mapping[str, str]) -> str | None:
    """The table that a line names by its identifier, or by its number where there is none."""
    identifier, number = texts.get(IDENTIFIER, ""), texts.get(NUMBER, "")
    tables = reading.catalogue.reported
    by_number = {spec.number: name for name, spec in tables.items()}
    heading, typed = (IDENTIFIER, identifier) if identifier else (NUMBER, number)
    if not typed:
        reading.fault(row, heading, Message("The line names no table."))
        return None
    found = identifier if identifier in tables else by_number.get(number)
    if found is None or (identifier and found != identifier):
        reading.fault(
            row,
            heading,
            Message("There is no table “%(text)s”.", {"text": typed[:LONGEST_ECHO]}),
        )
        return None
    if number and by_number.get(number, found) != found:
        reading.fault(
            row,
            NUMBER,
            Message(
                "The number is that of another table: %(table)s.",
                {"table": tables[by_number[number]].title},
            ),
        )
        return None
    return found


def _department(reading: _Reading, row: int, text: str) -> str | None:
    """The code that is named by code, name, or both as in the drop-down list."""
    if not text:
        return None
    named = {found.name: code for code, found in reading.departments.items()}
    code, _, name = text.partition(" ")
    if text in reading.departments:
        return text
    if text in named:
        return named[text]
    if code in reading.departments and reading.departments[code].name == name.strip():
        return code
    reading.fault(
        row,
        DEPARTMENT,
        Message(
            "There is no department “%(text)s”. Choose one from the drop-down list.",
            {"text": text[:LONGEST_ECHO]},
        ),
    )
    return None


def _kind(reading: _Reading, row: int, text: str) -> AssignmentKind | None:
    if not text:
        return AssignmentKind.RESPONSIBLE
    kind = reading.kinds.get(fold(text))
    if kind is None:
        reading.fault(
            row,
            KIND,
            Message(
                "There is no way of assigning “%(text)s”. Choose one from the drop-down list.",
                {"text": text[:LONGEST_ECHO]},
            ),
        )
    return kind


def _plans(reading: _Reading) -> list[TableAssignment]:
    """The lines of each table together; what does not go together is noted."""
    for owed in reading.owed.values():
        for row, message in _disagreements(owed):
            reading.fault(row, DEPARTMENT, message)
    return [
        table_assignment(table, {code: kind for code, (kind, _) in owed.items()})
        for table, owed in reading.owed.items()
    ]


def _disagreements(
    owed: Mapping[str, tuple[AssignmentKind, int]],
) -> Iterator[tuple[int, Message]]:
    responsible = [row for kind, row in owed.values() if kind is AssignmentKind.RESPONSIBLE]
    for row in responsible[1:]:
        yield (
            row,
            Message(
                "Row %(row)s has a responsible department for this table already; there can be"
                " only one.",
                {"row": responsible[0]},
            ),
        )
    each = [row for kind, row in owed.values() if kind is AssignmentKind.OWN_STAFF]
    if responsible and each:
        yield (
            each[0],
            Message(
                "Row %(row)s names one responsible department; then no others report the table"
                " for themselves.",
                {"row": responsible[0]},
            ),
        )
