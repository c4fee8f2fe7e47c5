"""The head of an exported sheet: its notice, its headings, how it looks and prints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.domain.message import Message, Reason, Refused, refuse
from app.exchange.cell import LONGEST_TEXT, ColumnFormat
from app.exchange.sheet import (
    HEADING_HEIGHT,
    LAST_ROW,
    MOST_COLUMNS,
    OPTIONAL_COLOUR,
    heading_format,
    sheet_name,
)

TEXT: Mapping[str, object] = {"num_format": "@", "valign": "top"}
NOTICE_COLOUR = "#C00000"
QUIET_COLOUR = "#7F7F7F"
A4 = 9
# Above the rows there are up to three lines.
MOST_ROWS = LAST_ROW - 2


@dataclass(frozen=True)
class HeadedColumn:
    """A column of the sheet; ``look`` are XlsxWriter's properties of its cells.

    ``code`` is what the catalogue calls it, empty for a column of our own.
    """

    heading: str
    code: str = ""
    width: float = 12
    colour: str = OPTIONAL_COLOUR
    look: Mapping[str, object] = field(default_factory=lambda: TEXT)
    is_hidden: bool = False


@dataclass(frozen=True)
class SheetHead:
    """What stands above the rows and on printed pages.

    ``notice`` says in red who took the rows along and for what; ``with_identifiers`` adds a line
    of codes above the headings; ``count`` rows are filtered together, None for no filter.
    """

    title: str
    notice: str = ""
    footer: str = ""
    with_identifiers: bool = False
    frozen: int = 0
    count: int | None = None


def begin_sheet(
    book: Workbook, head: SheetHead, columns: Sequence[HeadedColumn]
) -> tuple[Worksheet, int, list[ColumnFormat]]:
    """A new sheet with its head, the row, from 0, where its rows begin, and their formats."""
    _refuse_too_wide(columns)
    sheet = book.add_worksheet(sheet_name(head.title, set()))
    row = 0
    if head.notice:
        look = book.add_format({"bold": True, "font_color": NOTICE_COLOUR})
        sheet.write_string(row, 0, head.notice, look)
        row += 1
    if head.with_identifiers:
        look = book.add_format({"font_color": QUIET_COLOUR, "num_format": "@"})
        for index, column in enumerate(columns):
            sheet.write_string(row, index, column.code, look)
        row += 1
    _write_headings(book, sheet, row, columns)
    _arrange(sheet, row, head, columns)
    formats = [_formats(book, column) for column in columns]
    return sheet, row + 1, formats


def _write_headings(
    book: Workbook, sheet: Worksheet, row: int, columns: Sequence[HeadedColumn]
) -> None:
    looks = {colour: heading_format(book, colour) for colour in {c.colour for c in columns}}
    sheet.set_row(row, HEADING_HEIGHT)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, None, {"hidden": column.is_hidden})
        sheet.write_string(row, index, column.heading, looks[column.colour])


def _arrange(sheet: Worksheet, row: int, head: SheetHead, columns: Sequence[HeadedColumn]) -> None:
    """What stays in sight, what is filtered together, how pages are printed."""
    sheet.freeze_panes(row + 1, head.frozen)
    if head.count is not None:
        sheet.autofilter(row, 0, min(row + max(head.count, 1), LAST_ROW), len(columns) - 1)
    sheet.repeat_rows(row)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    footer = head.footer.replace("&", "&&")
    sheet.set_footer(f"&L{footer}&R&P / &N")


def _formats(book: Workbook, column: HeadedColumn) -> ColumnFormat:
    quoted = {**column.look, "num_format": "@", "quote_prefix": True}
    return ColumnFormat(book.add_format(dict(column.look)), book.add_format(quoted))


def why_too_many(count: int) -> Message | None:
    """Why no sheet holds so many rows below its headings, None if one does."""
    if count <= MOST_ROWS:
        return None
    return Message(
        "A sheet holds at most %(count)s rows. Narrow the filter or export as CSV.",
        {"count": MOST_ROWS},
    )


def why_not_workbook(count: int, longest: int) -> Message | None:
    """Why no sheet holds so many rows with texts up to so many characters, None if one does.

    A text that is cut off would be taken for one that somebody shortened when it comes back.
    """
    if longest > LONGEST_TEXT:
        return Message(
            "A text has %(count)s characters; a cell holds %(most)s. Export as CSV instead.",
            {"count": longest, "most": LONGEST_TEXT},
        )
    return why_too_many(count)


def refuse_too_many(row: int) -> None:
    """Raise Refused for a row, from 0, that no sheet has."""
    refuse(why_too_many(row), Reason.INVALID)


def _refuse_too_wide(columns: Sequence[HeadedColumn]) -> None:
    if len(columns) > MOST_COLUMNS:
        raise Refused(
            Message(
                "A sheet holds at most %(count)s columns. Hide some of them or export as CSV.",
                {"count": MOST_COLUMNS},
            ),
            Reason.INVALID,
        )
