"""The change log of adopted tables: the same two tables as for base tables."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.audit_log import RowsTouched, begin_change_set
from app.actions.reported_place import ReportedPlaces, RowPlace, places_of
from app.actions.row_change import RowResult
from app.models.adopted_table import LiveTable
from app.models.audit_log import RowChange

LOGGED = frozenset({"created", "changed", "deleted"})
# What the log's column holds; the id of a long composite key is kept by its digest.
LONGEST_ID = 200
# Tables that are not reported have neither periods nor departments of ours.
NO_PLACE = ("", "")


def log_adopted(
    session: Session,
    live: LiveTable,
    results: Sequence[RowResult],
    places: ReportedPlaces | None,
    *,
    by: Actor,
    now: datetime,
    way: str,
    reason: str | None,
) -> None:
    """Log what was written, in the same transaction; nothing where nothing was.

    There is one set of changes for each place, so that it is known who worked on what is reported
    there; a row that went from one place to another stands in both.
    """
    for (period, department), touched in _by_place(results, places).items():
        rows = RowsTouched(live.spec.identifier, period, department, way, len(touched))
        change_set = begin_change_set(session, rows, by=by, now=now, reason=reason)
        entries = [_entry(live, change_set, result) for result in touched]
        session.execute(insert(RowChange).execution_options(render_nulls=True), entries)
        if places is not None and (period, department) != NO_PLACE:
            places.begin_entering((period, department), by=by, now=now)


def log_along(
    session: Session,
    along: Sequence[tuple[LiveTable, RowResult]],
    *,
    by: Actor,
    now: datetime,
    way: str,
    reason: str | None,
) -> None:
    """Log what the database did to rows of reported tables along with others that were deleted."""
    tables = {live.spec.identifier: live for live, _result in along}
    for name, live in tables.items():
        results = [result for other, result in along if other.spec.identifier == name]
        places = places_of(session, live)
        log_adopted(session, live, results, places, by=by, now=now, way=way, reason=reason)


def _by_place(
    results: Sequence[RowResult], places: ReportedPlaces | None
) -> dict[RowPlace, list[RowResult]]:
    found: dict[RowPlace, list[RowResult]] = {}
    for result in results:
        if result.outcome in LOGGED:
            for place in _places_of(result, places):
                found.setdefault(place, []).append(result)
    return found


def _places_of(result: RowResult, places: ReportedPlaces | None) -> list[RowPlace]:
    """Where the row was and where it is, each once."""
    if places is None:
        return [NO_PLACE]
    states = []
    if result.outcome != "created":
        states.append({**result.values, **result.before})
    if result.outcome != "deleted":
        states.append(dict(result.values))
    return list(dict.fromkeys(places.of_stored(values) or NO_PLACE for values in states))


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
