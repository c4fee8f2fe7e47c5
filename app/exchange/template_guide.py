"""What a template tells people: comments at headings and the sheet of guidance."""

from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.catalogue.base_table import FieldType, TableSpec
from app.catalogue.catalogue import Catalogue
from app.domain.labels import label
from app.domain.message import Message
from app.exchange.cell import Column, Translate
from app.exchange.sheet import OPTIONAL_COLOUR, heading_format
from app.exchange.template_identity import Place
from app.exchange.validation import validation_of
from app.reports.reference import MOST_LISTED, Choices

TYPE_NAMES: Mapping[FieldType, Message] = {
    FieldType.STRING: Message("Text"),
    FieldType.TEXT: Message("Long text"),
    FieldType.INTEGER: Message("Whole number"),
    FieldType.NUMBER: Message("Decimal number"),
    FieldType.BOOLEAN: Message("Yes or no"),
    FieldType.DATE: Message("Date"),
    FieldType.YEARMONTH: Message("Year and month"),
    FieldType.CODE: Message("Entry of a code list"),
    FieldType.REFERENCE: Message("Row of another table"),
}


@dataclass(frozen=True)
class Draft:
    """A template on its way: everything its sheets are made from."""

    book: Workbook
    catalogue: Catalogue
    spec: TableSpec
    place: Place
    columns: tuple[Column, ...]
    translate: Translate
    choices: Mapping[str, Choices]

    def is_listed(self, column: Column) -> bool:
        """Whether the column offers a list of rows that it may name."""
        some = self.choices.get(column.field.code)
        is_reference = self.catalogue.code_list_of(column.stored) is None
        return is_reference and some is not None and bool(some.picks)


def help_text(draft: Draft, column: Column) -> str:
    """What a heading's comment says: guidance, what to type, whether required."""
    translate = draft.translate
    parts = [column.field.guidance, _what_to_type(draft, column)]
    if column.field.required:
        parts.append(translate(Message("Required.")))
    return "\n".join(part for part in parts if part)


def _what_to_type(draft: Draft, column: Column) -> str:
    """The type, with the code list or the table a value has to come from."""
    translate, field = draft.translate, column.field
    codes = draft.catalogue.code_list_of(column.stored)
    if field.reference is not None:
        target = draft.catalogue.tables[field.reference.table]
        named = target.by_code[field.reference.field].label
        found_in = {"label": named, "table": target.title}
        return translate(_what_to_name(draft, column, found_in))
    if codes is not None:
        return translate(Message("Choose from the list “%(list)s”.", {"list": codes.title}))
    options = validation_of(column, translate)
    if options is not None:
        return str(options["error_message"])
    return translate(TYPE_NAMES[field.type])


def _what_to_name(draft: Draft, column: Column, found_in: Mapping[str, object]) -> Message:
    """How to name a row of the table it comes from."""
    if draft.is_listed(column):
        return Message(
            "Choose a %(label)s of table %(table)s from the drop-down list; the %(label)s alone"
            " will do, too.",
            found_in,
        )
    some = draft.choices.get(column.field.code)
    if some is not None and not some.is_whole:
        return Message(
            "Type a %(label)s of table %(table)s. It has more than %(count)s rows, too many for a"
            " drop-down list.",
            {**found_in, "count": MOST_LISTED},
        )
    return Message("Type a %(label)s of table %(table)s.", found_in)


def fill_guide(draft: Draft, sheet: Worksheet) -> None:
    """What the table is about and what each field means."""
    translate, spec, place = draft.translate, draft.spec, draft.place
    bold = draft.book.add_format({"bold": True, "font_size": 14})
    wrapped = draft.book.add_format({"text_wrap": True, "valign": "top"})
    heading = heading_format(draft.book, OPTIONAL_COLOUR)
    sheet.write_string(0, 0, spec.title, bold)
    sheet.write_string(1, 0, f"{place.period.code} {translate(label(place.period.kind))}")
    sheet.write_string(2, 0, place.department_name)
    sheet.merge_range(3, 0, 3, 5, spec.guidance, wrapped)
    sheet.set_row(3, 48)
    sheet.write_string(4, 0, translate(_ENTRY_HINT))
    names = [translate(name) for name in _GUIDE_HEADINGS]
    for index, name in enumerate(names):
        sheet.write_string(6, index, name, heading)
    for row, column in enumerate(draft.columns, start=7):
        for index, text in enumerate(_guide_line(draft, column)):
            sheet.write_string(row, index, text, wrapped)
    for index, width in enumerate((30, 10, 8, 8, 40, 60)):
        sheet.set_column(index, index, width)
    sheet.freeze_panes(7, 1)
    sheet.protect("", {"format_columns": True, "format_rows": True})


_ENTRY_HINT = Message(
    "Fill in the first sheet from its second row on. Headings with a mark are required."
)
_GUIDE_HEADINGS = (
    Message("Field"),
    Message("Type"),
    Message("Unit"),
    Message("Required"),
    Message("What to type"),
    Message("Meaning"),
)


def _guide_line(draft: Draft, column: Column) -> tuple[str, ...]:
    field = column.field
    required = draft.translate(Message("required")) if field.required else ""
    return (
        column.heading,
        draft.translate(TYPE_NAMES[field.type]),
        field.unit,
        required,
        _what_to_type(draft, column),
        field.guidance,
    )
