"""What a row is called where only one line of it is shown."""

from collections.abc import Mapping

from app.access.masks import hidden_in_row
from app.access.person import Actor
from app.catalogue.base_table import FieldSpec, FieldType, TableKind, TableSpec
from app.models.base_table import StoredTable
from app.web.base_table.cell_text import shown_text
from app.web.current import current_catalogue

# A number says nothing of what it was counted of, and a text of several lines says too much.
UNTELLING = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.BOOLEAN, FieldType.TEXT})


def row_title(
    actor: Actor, stored: StoredTable, department: str | None, values: Mapping[str, object]
) -> str:
    """Its key, else its name, masked as for the actor; empty for a row that is gone.

    The row of a table that has only one is called as the table is.
    """
    if not values:
        return ""
    spec = stored.spec
    if spec.kind is TableKind.SINGLE_ROW:
        return spec.title
    hidden = hidden_in_row(actor, stored, department, values)
    catalogue = current_catalogue()
    return " · ".join(
        shown_text(catalogue, field, values.get(field.code), hidden=field.code in hidden)
        for field in title_fields(spec)
    )


def title_fields(spec: TableSpec) -> tuple[FieldSpec, ...]:
    """The fields by which people tell the rows of a table apart, at least one.

    Without a key it is the first name, else the first field that is no number or longer text.
    """
    if spec.key_fields:
        return spec.key_fields
    telling = [field for field in spec.fields if field.type not in UNTELLING]
    names = [field for field in telling if field.code.endswith("name")]
    return (*names, *telling, *spec.fields)[:1]
