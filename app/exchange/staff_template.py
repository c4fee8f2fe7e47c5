"""The template of a list of people, with drop-downs for everything that has a list."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from io import BytesIO

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.domain.labels import label
from app.domain.message import Message
from app.domain.person import Function, TeacherKind
from app.domain.staff_list import (
    COLUMNS,
    DEPARTMENT,
    FROM,
    FUNCTION,
    KIND,
    NUMBER,
    POST_DEPARTMENT,
    REQUIRED_COLUMNS,
    TO,
    USERNAME,
)
from app.exchange.cell import Translate
from app.exchange.heading import REQUIRED_MARK
from app.exchange.sheet import (
    HEADING_HEIGHT,
    OPTIONAL_COLOUR,
    REQUIRED_COLOUR,
    column_letters,
    heading_format,
    sheet_name,
)
from app.exchange.staff_list import HEADINGS, MOST_ROWS
from app.exchange.validation import FIRST_DAY, LAST_DAY

DAYS = (FROM, TO)
WIDTH = 20
GUIDE = (
    Message("One row for each person. Whoever has several functions stands in several rows."),
    Message("Staff numbers are text: keep leading zeros. A number belongs to one person for ever."),
    Message("An empty cell keeps what the platform has. Nothing is deleted by a list."),
    Message("Without a department of the function, the person's own department counts."),
    Message("Without a first day, the function begins today. A deputy gets a last day."),
    Message("A sign-in name makes a first login; its initial password is shown once afterwards."),
)


def make_staff_template(
    departments: Sequence[str], *, translate: Translate, now: datetime
) -> bytes:
    """The template as the bytes of an .xlsx file; ``departments`` are their names."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    title = translate(Message("List of people"))
    book.set_properties({"title": title, "created": now.replace(tzinfo=None)})
    taken: set[str] = set()
    entry = book.add_worksheet(sheet_name(title, taken))
    guide = book.add_worksheet(sheet_name(translate(Message("How to fill in")), taken))
    codes = book.add_worksheet(sheet_name(translate(Message("Codes")), taken))
    lists = {
        DEPARTMENT: list(departments),
        POST_DEPARTMENT: list(departments),
        KIND: _labels(TeacherKind, translate),
        FUNCTION: _labels(Function, translate),
    }
    sources = _fill_codes(codes, lists)
    _fill_entry(book, entry, sources, translate)
    for row, text in enumerate(GUIDE):
        guide.write_string(row, 0, translate(text))
    guide.set_column(0, 0, 90)
    book.close()
    return target.getvalue()


def _labels(members: type[StrEnum], translate: Translate) -> list[str]:
    return [translate(label(member)) for member in members]


def _fill_codes(sheet: Worksheet, lists: dict[str, list[str]]) -> dict[str, str]:
    """Column → the area its drop-down shows."""
    sources = {}
    quoted = sheet.get_name().replace("'", "''")
    for index, (column, words) in enumerate(lists.items()):
        for row, word in enumerate(words):
            sheet.write_string(row, index, word)
        letters = column_letters(index)
        sources[column] = f"='{quoted}'!${letters}$1:${letters}${max(len(words), 1)}"
    sheet.hide()
    return sources


def _fill_entry(
    book: Workbook, sheet: Worksheet, sources: dict[str, str], translate: Translate
) -> None:
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.set_row(0, HEADING_HEIGHT)
    for index, column in enumerate(COLUMNS):
        required = column in REQUIRED_COLUMNS
        look = heading_format(book, REQUIRED_COLOUR if required else OPTIONAL_COLOUR)
        heading = translate(HEADINGS[column])
        sheet.write_string(0, index, f"{heading} {REQUIRED_MARK}" if required else heading, look)
        sheet.set_column(index, index, WIDTH, day if column in DAYS else text)
        if column in sources:
            options: dict[str, object] = {"validate": "list", "source": sources[column]}
        elif column in DAYS:
            options = {
                "validate": "date",
                "criteria": "between",
                "minimum": FIRST_DAY,
                "maximum": LAST_DAY,
            }
        elif column in (NUMBER, USERNAME):
            options = {"validate": "length", "criteria": "<=", "value": 64}
        else:
            continue
        sheet.data_validation(1, index, MOST_ROWS, index, options | {"ignore_blank": True})
    sheet.freeze_panes(1, 2)
