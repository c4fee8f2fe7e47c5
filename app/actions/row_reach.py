"""Writing rows of a base table so that none leaves what the writer's roles open.

Where an administrator has narrowed a role, only the database can say whether a written row is
still in reach; so the rows are written behind a savepoint and looked at. A new row is found by the
key of its base table, which none lacks (``sys_key``; in a single-row table it is empty).
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.actions.planned_row import Place, PlannedRow
from app.actions.row_change import RowResult
from app.actions.row_plan import decide, ids_within, out_of_reach
from app.actions.row_write import WRITTEN, Log, write_rows

KEPT = frozenset({"created", "changed"})


def write_within_reach(
    session: Session, place: Place, rows: Sequence[PlannedRow], log: Log
) -> Sequence[RowResult]:
    """Write the planned rows; those that would leave the place's scope are rejected instead."""
    if not place.scope.within:
        return write_rows(session, place, rows, log)
    while True:
        attempt = session.begin_nested()
        results = write_rows(session, place, rows, log)
        kept = [result.id for result in results if result.outcome in KEPT and result.id]
        inside = ids_within(session, place, kept)
        outside = [
            row
            for row, result in zip(rows, results, strict=True)
            if result.outcome in KEPT and result.id not in inside
        ]
        if not outside:
            attempt.commit()
            return results
        attempt.rollback()
        _reject(session, place, rows, outside)


def _reject(
    session: Session, place: Place, rows: Sequence[PlannedRow], outside: Sequence[PlannedRow]
) -> None:
    """Refuse these rows, and with them whatever was to take the keys that they now keep."""
    for row in rows:
        if row.outcome in WRITTEN:
            row.outcome = ""
    for row in outside:
        row.reject(out_of_reach(row))
    decide(session, place, rows)
