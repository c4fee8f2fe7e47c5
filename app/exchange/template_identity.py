"""What a template says of itself on a hidden sheet, and whether it fits here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from xlsxwriter.workbook import Workbook

from app.catalogue.base_table import TableSpec
from app.domain.message import Message
from app.domain.period import Period
from app.exchange.heading import headings

SHEET = "statedata"
VERSION = "1"
# The mark between things told one after another: 、
COMMA = "\u3001"


@dataclass(frozen=True)
class Place:
    """The period and the department rows belong to.

    ``department`` and ``department_name`` are empty for several departments.
    """

    period: Period
    department: str = ""
    department_name: str = ""


@dataclass(frozen=True)
class TemplateIdentity:
    """For which table, period and department a workbook was made.

    ``department`` is empty where rows of several departments were exported;
    ``fields`` are (code, type, heading) as they were then.
    """

    table: str
    number: str
    period: str
    department: str
    catalogue: str
    fields: tuple[tuple[str, str, str], ...]


def identity_of(
    spec: TableSpec, catalogue_digest: str, period: str, department: str
) -> TemplateIdentity:
    """The identity of a workbook made now."""
    texts = headings(spec)
    return TemplateIdentity(
        spec.identifier,
        spec.number,
        period,
        department,
        catalogue_digest,
        tuple((field.code, field.type.value, texts[field.code]) for field in spec.fields),
    )


def write_identity(
    book: Workbook, identity: TemplateIdentity, more: Iterable[tuple[str, ...]] = ()
) -> None:
    """Add the sheet, with ``more`` lines; people do not see it, not even among hidden ones."""
    sheet = book.add_worksheet(SHEET)
    for row, cells in enumerate((*_lines(identity), *more)):
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text)
    sheet.very_hidden()


def _lines(identity: TemplateIdentity) -> Iterator[tuple[str, ...]]:
    yield ("version", VERSION)
    for name in ("table", "number", "period", "department", "catalogue"):
        yield (name, getattr(identity, name))
    for field in identity.fields:
        yield ("field", *field)


def read_identity(rows: Sequence[Sequence[object]]) -> TemplateIdentity | None:
    """The identity from the cells of its sheet; None when it is not whole."""
    lines = [[str(cell) for cell in row] for row in rows]
    plain = {line[0]: line[1] for line in lines if len(line) > 1 and line[0] != "field"}
    fields = tuple((line[1], line[2], line[3]) for line in lines if line[:1] == ["field"])
    if plain.get("version") != VERSION or not {"table", "period"} <= set(plain):
        return None
    return TemplateIdentity(
        plain["table"],
        plain.get("number", ""),
        plain["period"],
        plain.get("department", ""),
        plain.get("catalogue", ""),
        fields,
    )


def why_foreign(found: TemplateIdentity, here: TemplateIdentity, name: str) -> Message | None:
    """Why a workbook made for elsewhere cannot be taken in here, None if it can.

    ``name`` is the table's printed title. A newer catalogue does no harm as
    long as the table's fields are the same.
    """
    if found.table != here.table:
        return Message(
            "This file is the template of table %(found)s, not of %(here)s. Choose the file that"
            " belongs here or open the other table.",
            {"found": found.number or found.table, "here": name},
        )
    if found.period != here.period:
        return Message(
            "This file was made for the period %(found)s; rows are being entered for %(here)s."
            " Download the template of this period and copy the rows over.",
            {"found": found.period, "here": here.period},
        )
    if found.department and found.department != here.department:
        return Message(
            "This file was made for the department %(found)s, not for %(here)s. Download the"
            " template of this department.",
            {"found": found.department, "here": here.department},
        )
    if found.catalogue == here.catalogue or set(found.fields) == set(here.fields):
        return None
    return _changed_fields(found, here)


def _changed_fields(found: TemplateIdentity, here: TemplateIdentity) -> Message:
    before = {code: heading for code, _, heading in set(found.fields) - set(here.fields)}
    after = {code: heading for code, _, heading in set(here.fields) - set(found.fields)}
    changed = [*after.values(), *(text for code, text in before.items() if code not in after)]
    return Message(
        "The table has changed since this template was made: %(fields)s. Download the present"
        " template and copy the rows over.",
        {"fields": COMMA.join(changed)},
    )
