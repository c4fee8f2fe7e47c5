"""The assignments of a year as a workbook that can be changed and sent back (第四条).

One line per table and department; a table without any has one empty line. The
list of departments and of kinds stands on a hidden sheet for the drop-downs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.domain.assignment import AssignmentKind
from app.domain.labels import label
from app.domain.message import Message
from app.exchange.cell import ColumnFormat, Translate, write_cell
from app.exchange.sheet import LAST_ROW, OPTIONAL_COLOUR, REQUIRED_COLOUR, heading_format
from app.exchange.sheet import sheet_name as legal_name
from app.exchange.template_identity import COMMA, VERSION
from app.exchange.template_identity import SHEET as IDENTITY
from app.models.department import Department
from app.reports.assignment_plan import AssignmentLine

NUMBER, IDENTIFIER, NAME, DEPARTMENT, KIND, LAST_YEAR = (
    *("number", "identifier", "name"),
    *("department", "kind", "last_year"),
)
HEADINGS = {
    NUMBER: Message("Table number"),
    IDENTIFIER: Message("Table identifier"),
    NAME: Message("Table name"),
    DEPARTMENT: Message("Reporting department"),
    KIND: Message("Way of assigning"),
    LAST_YEAR: Message("Last year"),
}
WIDTHS = {NUMBER: 10, IDENTIFIER: 30, NAME: 44, DEPARTMENT: 30, KIND: 18, LAST_YEAR: 44}
# The columns that are filled in.
FILLED = (DEPARTMENT, KIND)
LISTS = "lists"
# What the hidden sheet says it belongs to, in place of a table.
CONTENT = "assignments"


@dataclass(frozen=True)
class _Draft:
    book: Workbook
    departments: Mapping[str, Department]
    text: Format
    translate: Translate

    def write(self, sheet: Worksheet, row: int, column: int, text: str) -> None:
        """A cell of text, whatever it begins with."""
        write_cell(sheet, row, column, text or None, ColumnFormat(self.text, self.text))


def assignment_workbook(
    year: str,
    lines: Iterable[AssignmentLine],
    departments: Mapping[str, Department],
    *,
    day: date,
    translate: Translate,
    now: datetime,
) -> bytes:
    """The bytes of an .xlsx with the assignments of the academic year ``year``."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    title = f"{translate(Message('Assignments'))} {year}"
    book.set_properties({"title": title, "created": now.replace(tzinfo=None)})
    text = book.add_format({"num_format": "@", "valign": "top"})
    draft = _Draft(book, departments, text, translate)
    sheet = book.add_worksheet(legal_name(title, set()))
    count = _fill_lists(draft, day)
    _begin(draft, sheet, count)
    row = 1
    for line in lines:
        row = _write_line(draft, sheet, row, line)
    sheet.autofilter(0, 0, max(row - 1, 1), len(HEADINGS) - 1)
    _write_identity(book, year)
    book.close()
    return target.getvalue()


def shown_department(department: Department) -> str:
    """``A03 教务处``: how a department stands in the drop-down list."""
    return f"{department.code} {department.name}"


def _begin(draft: _Draft, sheet: Worksheet, departments: int) -> None:
    for index, (name, heading) in enumerate(HEADINGS.items()):
        sheet.set_column(index, index, WIDTHS[name], draft.text)
        look = heading_format(draft.book, REQUIRED_COLOUR if name in FILLED else OPTIONAL_COLOUR)
        sheet.write_string(0, index, draft.translate(heading), look)
    sheet.freeze_panes(1, list(HEADINGS).index(DEPARTMENT))
    for name, letter, last in (
        (DEPARTMENT, "A", departments),
        (KIND, "B", len(AssignmentKind)),
    ):
        index = list(HEADINGS).index(name)
        source = f"={LISTS}!${letter}$1:${letter}${last}"
        sheet.data_validation(1, index, LAST_ROW, index, {"validate": "list", "source": source})


def _write_line(draft: _Draft, sheet: Worksheet, row: int, line: AssignmentLine) -> int:
    """The lines of one table; returns the next free row."""
    owed: list[tuple[str, AssignmentKind | None]] = [*line.plan.kinds.items()] or [("", None)]
    last = COMMA.join(_name(draft, code) for code in (line.last.kinds if line.last else ()))
    for code, kind in owed:
        cells = (
            line.spec.number,
            line.spec.identifier,
            line.spec.name,
            shown_department(draft.departments[code]) if code else "",
            draft.translate(label(kind)) if kind is not None else "",
            last,
        )
        for index, text in enumerate(cells):
            draft.write(sheet, row, index, text)
        row += 1
    return row


def _name(draft: _Draft, code: str) -> str:
    found = draft.departments.get(code)
    return code if found is None else found.name


def _fill_lists(draft: _Draft, day: date) -> int:
    """The hidden sheet; returns the number of departments that exist."""
    sheet = draft.book.add_worksheet(LISTS)
    active = [found for found in draft.departments.values() if found.is_active_on(day)]
    for row, department in enumerate(active):
        draft.write(sheet, row, 0, shown_department(department))
    for row, kind in enumerate(AssignmentKind):
        draft.write(sheet, row, 1, draft.translate(label(kind)))
    sheet.hide()
    return max(len(active), 1)


def _write_identity(book: Workbook, year: str) -> None:
    sheet = book.add_worksheet(IDENTITY)
    for row, cells in enumerate((("version", VERSION), ("table", CONTENT), ("period", year))):
        sheet.write_row(row, 0, cells)
    sheet.very_hidden()
