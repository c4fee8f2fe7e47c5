"""What a row is called where only one line of it is shown."""

from collections.abc import Mapping

from app.access.masks import hidden_in_row
from app.access.person import Actor
from app.models.base_table import StoredTable
from app.web.base_table.cell_text import shown_text
from app.web.current import current_catalogue


def row_title(
    actor: Actor, stored: StoredTable, department: str | None, values: Mapping[str, object]
) -> str:
    """Its key, else its first field, masked as for the actor; empty for a row that is gone."""
    if not values:
        return ""
    hidden = hidden_in_row(actor, stored, department, values)
    fields = stored.spec.key_fields or stored.spec.fields[:1]
    catalogue = current_catalogue()
    return " · ".join(
        shown_text(catalogue, field, values.get(field.code), hidden=field.code in hidden)
        for field in fields
    )
