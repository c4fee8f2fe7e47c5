"""What stands beside the rows of a page: open comments and supporting materials, as marks."""

from collections.abc import Iterable

from app.access.masks import hidden_in_row
from app.models.base_table import StoredTable
from app.reports.base_table import Row
from app.reports.row_attachment import attached_counts
from app.web.api.shapes import Json
from app.web.current import current_actor, current_session


def attached_marks(stored: StoredTable, rows: Iterable[Row]) -> dict[str, Json]:
    """Row id → ``comments`` and ``materials`` by field code (empty for the row itself).

    Rows without any are left out, and so are the marks of fields that are masked.
    """
    known = {row.id: row for row in rows}
    counted = attached_counts(current_session(), stored.spec.identifier, known)
    found: dict[str, Json] = {}
    for row_id, kinds in counted.items():
        for kind, counts in kinds.items():
            shown = _shown(stored, known[row_id], counts)
            if shown:
                found.setdefault(row_id, {})[kind] = shown
    return found


def _shown(stored: StoredTable, row: Row, counts: dict[str, int]) -> dict[str, int]:
    hidden = hidden_in_row(current_actor(), stored, row.department, row.values)
    return {code: count for code, count in counts.items() if code not in hidden}
