"""The Excel template of one base table for a period and a department.

The sheet to fill in is not protected: cells pasted into a protected sheet
become locked themselves, and whoever pastes could not mend them any more.
Its headings refuse typing by a validation instead.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from types import MappingProxyType

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.catalogue.base_table import FieldSpec, TableSpec
from app.catalogue.catalogue import Catalogue
from app.domain.message import Message
from app.exchange.cell import (
    Translate,
    column_format,
    columns_of,
    shown_codes,
    widths,
    write_cell,
)
from app.exchange.heading import ROW_MARK
from app.exchange.row_identity import write_marks
from app.exchange.sheet import LAST_ROW, column_letters, sheet_name, write_headings
from app.exchange.template_guide import Draft, fill_guide, help_text
from app.exchange.template_identity import Place, identity_of, write_identity
from app.exchange.validation import (
    heading_validation,
    list_name,
    reference_list_name,
    reference_validation,
    validation_of,
)
from app.reports.reference import Choices

NO_CHOICES: Mapping[str, Choices] = MappingProxyType({})
# Key columns at the left stay in sight, but never more than these.
MOST_FROZEN = 3


@dataclass(frozen=True)
class RowMarks:
    """The marks of the rows that fill a template in advance, and ``lines`` for its hidden sheet."""

    marks: Sequence[str]
    lines: Sequence[tuple[str, ...]]


def make_template(
    catalogue: Catalogue,
    spec: TableSpec,
    place: Place,
    *,
    translate: Translate,
    now: datetime,
    rows: Iterable[Mapping[str, object]] = (),
    unmasked: bool = False,
    masks: Collection[str] = (),
    marked: RowMarks | None = None,
    choices: Mapping[str, Choices] = NO_CHOICES,
) -> bytes:
    """The template as the bytes of an .xlsx file.

    ``rows`` (field code → stored value) fill it in advance; personal values
    among them are masked unless ``unmasked``, fields of ``masks`` always. The
    marks of the rows stand in a hidden column after the fields. ``choices`` are
    the rows that reference fields offer, by their codes.
    """
    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties({"title": spec.title, "created": now.replace(tzinfo=None)})
    named = shown_references(choices)
    columns = columns_of(catalogue, spec, translate, unmasked=unmasked, masks=masks, named=named)
    draft = Draft(book, catalogue, spec, place, columns, translate, choices)
    taken: set[str] = set()
    entry = book.add_worksheet(sheet_name(spec.title, taken))
    guide = book.add_worksheet(sheet_name(translate(Message("How to fill in")), taken))
    codes = book.add_worksheet(sheet_name(translate(Message("Codes")), taken))
    _fill_entry(draft, entry, rows)
    if marked is not None:
        write_marks(entry, 0, len(columns), ROW_MARK, marked.marks)
    fill_guide(draft, guide)
    _fill_codes(draft, codes)
    identity = identity_of(spec, catalogue.digest, place.period.code, place.department)
    write_identity(book, identity, marked.lines if marked is not None else ())
    entry.activate()
    book.close()
    return target.getvalue()


def _fill_entry(draft: Draft, sheet: Worksheet, rows: Iterable[Mapping[str, object]]) -> None:
    formats = [column_format(draft.book, column) for column in draft.columns]
    width = widths(draft.columns)
    for index, column in enumerate(draft.columns):
        sheet.set_column(index, index, width[column.field.code], formats[index].plain)
        options = validation_of(column, draft.translate)
        if draft.is_listed(column):
            options = reference_validation(column, draft.translate)
        if options is not None:
            sheet.data_validation(1, index, LAST_ROW, index, dict(options))
    write_headings(draft.book, sheet, 0, draft.columns)
    for index, column in enumerate(draft.columns):
        sheet.write_comment(0, index, help_text(draft, column), {"x_scale": 2, "y_scale": 1.5})
    last = len(draft.columns) - 1
    sheet.data_validation(0, 0, 0, last, dict(heading_validation(draft.translate)))
    sheet.freeze_panes(1, _leading_keys(draft.spec.fields))
    for row, values in enumerate(rows, start=1):
        for index, column in enumerate(draft.columns):
            value = values[column.field.code]
            shown = None if value is None else column.show(value)
            write_cell(sheet, row, index, shown, formats[index])


def _leading_keys(fields: Sequence[FieldSpec]) -> int:
    count = 0
    for field in fields[:MOST_FROZEN]:
        if not field.key:
            break
        count += 1
    return count


def shown_references(choices: Mapping[str, Choices]) -> Mapping[str, Mapping[str, str]]:
    """Field code → key → key and label, of the fields that have choices."""
    return {code: some.shown for code, some in choices.items()}


def _fill_codes(draft: Draft, sheet: Worksheet) -> None:
    """One column per list of the table, each named for the drop-downs."""
    bold = draft.book.add_format({"bold": True})
    text = draft.book.add_format({"num_format": "@"})
    for index, (name, (title, lines)) in enumerate(_lists(draft).items()):
        sheet.write_string(0, index, title, bold)
        sheet.set_column(index, index, 24)
        for row, shown in enumerate(lines, start=1):
            sheet.write_string(row, index, shown, text)
        quoted = sheet.get_name().replace("'", "''")
        letters = column_letters(index)
        draft.book.define_name(name, f"='{quoted}'!${letters}$2:${letters}${len(lines) + 1}")
    sheet.protect()
    sheet.hide()


def _lists(draft: Draft) -> dict[str, tuple[str, Sequence[str]]]:
    """Name → title and lines: of the code lists of the table, and of rows its fields may name."""
    lists: dict[str, tuple[str, Sequence[str]]] = {}
    for column in draft.columns:
        codes = draft.catalogue.code_list_of(column.stored)
        reference = column.field.reference
        if codes is not None:
            lines = list(shown_codes(codes).values())
            lists[list_name(codes.identifier)] = (codes.title, lines)
        elif reference is not None and draft.is_listed(column):
            title = draft.catalogue.tables[reference.table].title
            shown = list(draft.choices[column.field.code].shown.values())
            lists[reference_list_name(reference)] = (title, shown)
    return lists
