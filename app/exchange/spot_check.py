"""The check list of a spot check as a workbook, to be filled in beside the evidence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.domain.labels import label
from app.domain.message import Message
from app.domain.spot_check import CheckResult
from app.exchange.cell import LONGEST_TEXT, Translate
from app.exchange.mask import masked
from app.exchange.sheet import OPTIONAL_COLOUR, heading_format, sheet_name
from app.reports.spot_check import DrawnCell, SpotCheckPage

NUMBER, RESULT, NOTE = Message("No."), Message("Result"), Message("What was found")
YES, NO = Message("Yes"), Message("No")
WIDTH = 16


def cell_text(cell: DrawnCell, translate: Translate) -> str:
    """What the reader may see of a value."""
    if cell.is_masked:
        return masked(cell.value) or ""
    if isinstance(cell.value, bool):
        return translate(YES if cell.value else NO)
    return cell.text


def check_list(page: SpotCheckPage, translate: Translate, now: datetime) -> bytes:
    """The drawn rows with a list of results to choose from, as the bytes of an .xlsx file.

    A file goes on from hand to hand: personal values are masked in it whoever asks.
    """
    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    spec = page.line.spec
    book.set_properties({"title": spec.title, "created": now.replace(tzinfo=None)})
    sheet = book.add_worksheet(sheet_name(translate(Message("Check list")), set()))
    look = heading_format(book, OPTIONAL_COLOUR)
    fields = [field.label for field in spec.fields]
    headings = [translate(NUMBER), *fields, translate(RESULT), translate(NOTE)]
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, WIDTH)
        sheet.write_string(0, column, heading, look)
    for line, drawn in enumerate(page.rows, 1):
        told = {cell.field.code: _text(cell, translate) for cell in drawn.cells}
        texts = [told.get(field.code, "") for field in spec.fields]
        result = translate(label(drawn.row.result)) if drawn.row.result else ""
        sheet.write_number(line, 0, drawn.row.number)
        _write(sheet, line, [*texts, result, drawn.row.note or ""])
    choices = [translate(label(result)) for result in CheckResult]
    column = len(fields) + 1
    sheet.data_validation(
        1, column, max(len(page.rows), 1), column, {"validate": "list", "source": choices}
    )
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    book.close()
    return target.getvalue()


def _text(cell: DrawnCell, translate: Translate) -> str:
    return cell_text(replace(cell, is_masked=cell.is_masked or cell.field.mask), translate)


def _write(sheet: Worksheet, line: int, texts: Sequence[str]) -> None:
    """The texts after the number; always as text, so that nothing is read as a formula."""
    for column, text in enumerate(texts, 1):
        sheet.write_string(line, column, text[:LONGEST_TEXT])
