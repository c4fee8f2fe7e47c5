"""The board as a workbook: departments, the matrix of tables, and every line.

Cells hold words, never formulas; the colours are those of the pages, and the
word of the status always stands beside them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.domain.labels import label
from app.domain.message import Message
from app.domain.submission import Status
from app.exchange.cell import Translate
from app.exchange.sheet import OPTIONAL_COLOUR, heading_format, sheet_name
from app.exchange.workbook_file import workbook_file
from app.reports.board import BoardLine, Figures, by_department, figures_of

FIRST_ROW = 3
FIGURES: tuple[tuple[Message, Callable[[Figures], int], bool], ...] = (
    (Message("Owed"), lambda figures: figures.owed, False),
    (Message("Reported"), lambda figures: figures.reported, True),
    (Message("Accepted"), lambda figures: figures.accepted, True),
    (Message("Sent back"), lambda figures: figures.returned, False),
    (Message("Overdue"), lambda figures: figures.late, False),
    (Message("Overdue and missing"), lambda figures: figures.missing, False),
    (Message("not applicable"), lambda figures: figures.exempt, False),
)
LINE_HEADINGS = (
    (Message("Chapter"), 16),
    (Message("Table number"), 10),
    (Message("Table name"), 36),
    (Message("Department"), 22),
    (Message("Kind of department"), 12),
    (Message("Status"), 16),
    (Message("Days in this status"), 10),
    (Message("How it stands"), 46),
    (Message("Time"), 20),
)
COLOURS: Mapping[Status, str] = {
    Status.ENTERING: "#DCEBFA",
    Status.UNDER_REVIEW: "#D6ECF5",
    Status.AWAITING_CONFIRMATION: "#D6ECF5",
    Status.SUBMITTED: "#EBDDF3",
    Status.UNDER_QA_REVIEW: "#EBDDF3",
    Status.RETURNED: "#F8D7D7",
    Status.ACCEPTED: "#D9F0DF",
    Status.LOCKED: "#D9F0DF",
    Status.EXEMPT: "#EEEEEE",
}


@dataclass(frozen=True)
class _Work:
    """The book with what every sheet needs."""

    book: Workbook
    title: str
    lines: Sequence[BoardLine]
    chapters: Mapping[str, str]
    standing: Callable[[BoardLine], str]
    delay: Callable[[BoardLine], str]
    translate: Translate
    taken: set[str]

    def sheet(self, name: Message) -> Worksheet:
        """A new sheet under the title of the book."""
        sheet = self.book.add_worksheet(sheet_name(self.translate(name), self.taken))
        sheet.write_string(0, 0, self.title, self.book.add_format({"bold": True, "font_size": 14}))
        return sheet


def board_workbook(
    title: str,
    lines: Sequence[BoardLine],
    chapters: Mapping[str, str],
    *,
    standing: Callable[[BoardLine], str],
    delay: Callable[[BoardLine], str],
    translate: Translate,
    now: datetime,
) -> IO[bytes]:
    """An open temporary file with the .xlsx, at its beginning.

    ``chapters`` maps numbers to titles; ``standing`` and ``delay`` put a line
    into words.
    """
    with workbook_file(title, now) as (target, book):
        work = _Work(book, title, lines, chapters, standing, delay, translate, set())
        _write_departments(work)
        _write_matrix(work)
        _write_lines(work)
    return target


def _write_departments(work: _Work) -> None:
    sheet = work.sheet(Message("By department"))
    look, share = heading_format(work.book, OPTIONAL_COLOUR), work.book.add_format()
    share.set_num_format("0.0%")
    headings = [Message("Department")]
    for name, _count, has_share in FIGURES:
        headings += [name, Message("Share")] if has_share else [name]
    _write_headings(work, sheet, headings, look)
    sheet.set_column(0, 0, 24)
    row = FIRST_ROW
    for own in by_department(work.lines).values():
        _write_figures(sheet, row, own[0].department, figures_of(own), share)
        row += 1
    total = work.translate(Message("All together"))
    _write_figures(sheet, row, total, figures_of(work.lines), share)


def _write_figures(sheet: Worksheet, row: int, name: str, figures: Figures, share: Format) -> None:
    sheet.write_string(row, 0, name)
    column = 1
    for _name, count, has_share in FIGURES:
        sheet.write_number(row, column, count(figures))
        column += 1
        if has_share:
            sheet.write_number(row, column, figures.percent(count(figures)) / 100, share)
            column += 1


def _write_matrix(work: _Work) -> None:
    """Tables by departments; a cell holds the word of the status."""
    sheet = work.sheet(Message("Tables by departments"))
    departments = by_department(work.lines)
    columns = {code: position for position, code in enumerate(departments, start=1)}
    looks = _status_formats(work.book)
    heading = heading_format(work.book, OPTIONAL_COLOUR)
    sheet.write_string(FIRST_ROW - 1, 0, work.translate(Message("Table")), heading)
    for code, own in departments.items():
        sheet.write_string(FIRST_ROW - 1, columns[code], own[0].department, heading)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, max(1, len(columns)), 13)
    sheet.freeze_panes(FIRST_ROW, 1)
    tables: dict[str, list[BoardLine]] = {}
    for line in work.lines:
        tables.setdefault(line.spec.title, []).append(line)
    for row, (title, own) in enumerate(tables.items(), start=FIRST_ROW):
        sheet.write_string(row, 0, title)
        for line in own:
            word = work.translate(label(line.status))
            sheet.write_string(row, columns[line.department_code], word, looks[line.status])


def _write_lines(work: _Work) -> None:
    sheet = work.sheet(Message("Line by line"))
    look, looks = heading_format(work.book, OPTIONAL_COLOUR), _status_formats(work.book)
    _write_headings(work, sheet, [heading for heading, _width in LINE_HEADINGS], look)
    for column, (_heading, width) in enumerate(LINE_HEADINGS):
        sheet.set_column(column, column, width)
    for row, line in enumerate(work.lines, start=FIRST_ROW):
        chapter = line.spec.chapter
        sheet.write_string(row, 0, f"{chapter} {work.chapters.get(chapter, '')}".strip())
        sheet.write_string(row, 1, line.spec.number)
        sheet.write_string(row, 2, line.spec.name)
        sheet.write_string(row, 3, line.department)
        sheet.write_string(row, 4, work.translate(label(line.kind)))
        sheet.write_string(row, 5, work.translate(label(line.status)), looks[line.status])
        sheet.write_number(row, 6, line.days)
        sheet.write_string(row, 7, work.standing(line))
        sheet.write_string(row, 8, work.delay(line))
    last = FIRST_ROW - 1 + len(work.lines)
    sheet.autofilter(FIRST_ROW - 1, 0, last, len(LINE_HEADINGS) - 1)


def _write_headings(
    work: _Work, sheet: Worksheet, headings: Sequence[Message], look: Format
) -> None:
    for column, heading in enumerate(headings):
        sheet.write_string(FIRST_ROW - 1, column, work.translate(heading), look)
    sheet.freeze_panes(FIRST_ROW, 1)


def _status_formats(book: Workbook) -> dict[Status, Format]:
    plain = {"align": "center"}
    return {
        status: book.add_format(
            plain | ({"bg_color": COLOURS[status]} if status in COLOURS else {})
        )
        for status in Status
    }
