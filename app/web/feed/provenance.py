"""Where cells come from, in words, for the grid and the form."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from app.reports.base_table import Row
from app.reports.feed import Fed, fed_cells
from app.web.current import current_session, current_store
from app.web.formats import local


def fed_texts(table: str, rows: Iterable[Row]) -> dict[str, dict[str, str]]:
    """Row id → field code → where the value comes from; rows that no feed gave are left out."""
    values = {row.id: row.values for row in rows}
    found = fed_cells(current_session(), current_store(), table, values)
    return {row_id: _texts(cells) for row_id, cells in found.items()}


def _texts(cells: Mapping[str, Fed]) -> dict[str, str]:
    return {code: fed_text(fed) for code, fed in cells.items()}


def fed_text(fed: Fed) -> str:
    """From which source a value comes, and since which day it agrees with it."""
    day = local(fed.at).date().isoformat()
    return str(_("from %(source)s, %(day)s", source=fed.source, day=day))
