"""The report of collecting: who was merged, who is missing, what was left and why."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.catalogue.base_table import TableSpec
from app.domain.message import Message
from app.exchange.cell import LONGEST_TEXT, Translate
from app.exchange.collect_result import CollectResult, FileLine
from app.exchange.sheet import OPTIONAL_COLOUR, heading_format, sheet_name

# What a file comes to, in words.
STATES = {
    "merged": Message("merged"),
    "conflicting": Message("merged in part, rows left"),
    "refused": Message("not taken in"),
    "identical": Message("the same file again"),
    "choose": Message("waits for a choice"),
}
COUNTS = {
    "created": Message("Added"),
    "changed": Message("Changed"),
    "unchanged": Message("Unchanged"),
    "rejected": Message("Rejected rows"),
    "conflict": Message("Rows in conflict"),
    "absent": Message("Rows not in the file any more"),
}
FILE, TITLE, ROW = Message("File"), Message("Part"), Message("Row in Excel")


@dataclass(frozen=True)
class Report:
    """A result as it is kept and shown: plain lists, in words.

    ``files`` are those of ``FileLine``, ``problems``, ``crossings`` and ``meanwhile`` those of the
    result; ``missing`` are titles of parts of which nothing has come back.
    """

    files: Sequence[dict[str, Any]]
    problems: Sequence[dict[str, Any]]
    crossings: Sequence[dict[str, Any]]
    meanwhile: Sequence[dict[str, Any]]
    missing: Sequence[str]
    total: dict[str, int]
    change_set: int | None = None


def report_of(result: CollectResult, missing: Sequence[str]) -> Report:
    """The report of a result, of a trial, too."""
    return Report(
        [_line(line) for line in result.files],
        [asdict(each) for each in result.problems],
        [asdict(each) for each in (*result.versions, *result.crossings)],
        [asdict(each) for each in result.meanwhile],
        list(missing),
        dict(result.total),
        result.change_set,
    )


def _line(line: FileLine) -> dict[str, Any]:
    return {**asdict(line), "counts": {name: line.counts[name] for name in COUNTS}}


@dataclass
class _Sheet:
    """A sheet that is filled line by line below its headings."""

    page: Worksheet
    next: int = 1

    def add(self, cells: Iterable[object]) -> None:
        """Write the next line; whole numbers as numbers, anything else as text."""
        for column, value in enumerate(cells):
            if isinstance(value, int):
                self.page.write_number(self.next, column, value)
            else:
                self.page.write_string(self.next, column, str(value)[:LONGEST_TEXT])
        self.next += 1


def report_workbook(report: Report, spec: TableSpec, translate: Translate, now: datetime) -> bytes:
    """The report as the bytes of an .xlsx file: files, missing parts, rows that were left."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties({"title": spec.title, "created": now.replace(tzinfo=None)})
    _fill_files(book, report, translate)
    missing = _sheet(book, translate, Message("Nothing returned"), [(TITLE, 30)])
    for title in report.missing:
        missing.add([title])
    _fill_problems(book, report, translate)
    _fill_conflicts(book, report, translate)
    book.close()
    return target.getvalue()


def _sheet(
    book: Workbook, translate: Translate, title: Message, headings: Sequence[tuple[Message, int]]
) -> _Sheet:
    page = book.add_worksheet(sheet_name(translate(title), set()))
    look = heading_format(book, OPTIONAL_COLOUR)
    for column, (heading, width) in enumerate(headings):
        page.set_column(column, column, width)
        page.write_string(0, column, translate(heading), look)
    page.freeze_panes(1, 0)
    return _Sheet(page)


def _fill_files(book: Workbook, report: Report, translate: Translate) -> None:
    headings = [(FILE, 40), (TITLE, 24), (Message("State"), 16)]
    headings += [(words, 10) for words in COUNTS.values()]
    headings.append((Message("Remark"), 60))
    sheet = _sheet(book, translate, Message("Files"), headings)
    for line in report.files:
        remark = " ".join(text for text in (line["reason"], line["note"]) if text)
        counts = [line["counts"][name] for name in COUNTS]
        state = translate(STATES[line["state"]])
        sheet.add([line["name"], line["title"], state, *counts, remark])


def _fill_problems(book: Workbook, report: Report, translate: Translate) -> None:
    headings = [
        *((FILE, 40), (ROW, 8), (Message("Column in Excel"), 8), (Message("Field"), 20)),
        *((Message("What was typed"), 24), (Message("What is wrong and what to do"), 80)),
    ]
    sheet = _sheet(book, translate, Message("What is wrong"), headings)
    for each in report.problems:
        names = ("name", "row", "column", "label", "value", "message")
        sheet.add([each[name] for name in names])


def _fill_conflicts(book: Workbook, report: Report, translate: Translate) -> None:
    headings = [
        *((Message("Row"), 30), (FILE, 40), (ROW, 8), (Message("Field"), 20)),
        *((Message("The file says"), 30), (Message("Stands on the platform"), 30)),
    ]
    sheet = _sheet(book, translate, Message("Conflicts"), headings)
    for each in report.meanwhile:
        gone = [("", "", translate(Message("deleted meanwhile")))]
        for label, said, stands in each["cells"] or gone:
            sheet.add([each["title"], each["file_name"], each["row"], label, said, stands])
    for each in report.crossings:
        for option in each["options"]:
            for label, said in option["cells"] or [("", "")]:
                place = [each["title"], option["name"], option["row"] or "", label, said, ""]
                sheet.add(place)
