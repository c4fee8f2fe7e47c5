"""What is attached to rows, counted for marks in the grid."""

from collections.abc import Collection

from sqlalchemy import literal, union_all
from sqlalchemy.orm import Session

from app.models.base_table_rows import in_batches
from app.models.comment import open_threads
from app.models.supporting_material import present_materials

COMMENTS = "comments"
MATERIALS = "materials"
Counts = dict[str, dict[str, dict[str, int]]]


def attached_counts(session: Session, table: str, row_ids: Collection[str]) -> Counts:
    """Row id → kind → field code (empty for the row itself) → open threads or materials.

    Rows without any are left out; one statement asks for both kinds.
    """
    found: Counts = {}
    for batch in in_batches(row_ids):
        threads = open_threads(table, batch).add_columns(literal(COMMENTS))
        materials = present_materials(table, batch).add_columns(literal(MATERIALS))
        for row_id, code, count, kind in session.execute(union_all(threads, materials)):
            found.setdefault(row_id, {}).setdefault(kind, {})[code] = count
    return found
