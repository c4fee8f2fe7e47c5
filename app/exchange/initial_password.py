"""The workbook with which a department hands out its initial passwords, made once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.domain.message import Message
from app.exchange.cell import Translate
from app.exchange.sheet import OPTIONAL_COLOUR, heading_format, sheet_name

COLUMNS = (
    (Message("Staff number"), 14),
    (Message("Name"), 14),
    (Message("Sign-in name"), 16),
    (Message("Initial password"), 22),
    (Message("Received by (signature)"), 24),
)
HEADING_ROW = 4


@dataclass(frozen=True)
class Handout:
    """What one person is handed; the password stands nowhere else."""

    number: str
    name: str
    username: str
    password: str
    department: str


def by_department(handouts: Sequence[Handout]) -> Mapping[str, list[Handout]]:
    """The name of a department → what its people are handed, in their order."""
    parts: dict[str, list[Handout]] = {}
    for handout in sorted(handouts, key=lambda one: (one.department, one.number)):
        parts.setdefault(handout.department, []).append(handout)
    return parts


def password_workbook(
    handouts: Sequence[Handout], address: str, *, translate: Translate, now: datetime
) -> bytes:
    """One sheet per department, to be printed and handed out; ``address`` may be empty."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    title = translate(Message("Initial passwords"))
    book.set_properties({"title": title, "created": now.replace(tzinfo=None)})
    taken: set[str] = set()
    for department, people in by_department(handouts).items():
        sheet = book.add_worksheet(sheet_name(department, taken))
        _fill(book, sheet, department, people, address, translate)
    book.close()
    return target.getvalue()


def _fill(
    book: Workbook,
    sheet: Worksheet,
    department: str,
    people: Sequence[Handout],
    address: str,
    translate: Translate,
) -> None:
    cell = book.add_format({"num_format": "@", "border": 1})
    secret = book.add_format({"num_format": "@", "border": 1, "font_name": "Courier New"})
    bold = book.add_format({"bold": True, "font_size": 14})
    told = {"department": department}
    sheet.write_string(0, 0, translate(Message("Initial passwords of %(department)s", told)), bold)
    if address:
        where = Message("Sign in at: %(address)s", {"address": address})
        sheet.write_string(2, 0, translate(where))
    hint = Message(
        "The password has to be changed at the first sign-in; destroy this sheet afterwards."
    )
    sheet.write_string(1, 0, translate(hint))
    look = heading_format(book, OPTIONAL_COLOUR)
    for index, (heading, width) in enumerate(COLUMNS):
        sheet.set_column(index, index, width)
        sheet.write_string(HEADING_ROW, index, translate(heading), look)
    for row, one in enumerate(people, start=HEADING_ROW + 1):
        for index, text in enumerate((one.number, one.name, one.username)):
            sheet.write_string(row, index, text, cell)
        sheet.write_string(row, 3, one.password, secret)
        sheet.write_blank(row, 4, None, cell)
    sheet.repeat_rows(HEADING_ROW)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
