"""The change log of adopted tables: the same two tables as for base tables."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.audit_log import RowsTouched, begin_change_set
from app.actions.row_change import RowResult
from app.models.adopted_table import LiveTable
from app.models.audit_log import RowChange

LOGGED = frozenset({"created", "changed", "deleted"})
# What the log's column holds; the id of a long composite key is kept by its digest.
LONGEST_ID = 200
# Adopted tables have neither periods nor departments of ours.
NO_PLACE = ""


def log_adopted(
    session: Session,
    live: LiveTable,
    results: Sequence[RowResult],
    *,
    by: Actor,
    now: datetime,
    way: str,
    reason: str | None,
) -> None:
    """Log what was written, in the same transaction; nothing where nothing was."""
    touched = [result for result in results if result.outcome in LOGGED]
    if not touched:
        return
    rows = RowsTouched(live.spec.identifier, NO_PLACE, NO_PLACE, way, len(touched))
    change_set = begin_change_set(session, rows, by=by, now=now, reason=reason)
    entries = [_entry(live, change_set, result) for result in touched]
    session.execute(insert(RowChange).execution_options(render_nulls=True), entries)


def logged_id(row_id: str) -> str:
    """The id under which the log keeps a row."""
    if len(row_id) <= LONGEST_ID:
        return row_id
    return "#" + sha256(row_id.encode()).hexdigest()


def _entry(live: LiveTable, change_set_id: int, result: RowResult) -> dict[str, object]:
    after = dict(result.values)
    if result.outcome == "changed":
        after = {code: after.get(code) for code in result.before}
    return {
        "change_set_id": change_set_id,
        "table_identifier": live.spec.identifier,
        "row_id": logged_id(result.id or ""),
        "operation": result.outcome,
        "before": None if result.outcome == "created" else dict(result.before),
        "after": None if result.outcome == "deleted" else after,
    }
