"""What to tell of planned rows: of few at once, of very many when it is asked for."""

from collections.abc import Mapping, Sequence

from app.actions.planned_row import ROWS_AT_ONCE, Place, PlannedRow, changed_fields
from app.actions.row_change import Results, RowResult


def results_of(
    place: Place, rows: Sequence[PlannedRow], ids: Mapping[int, str]
) -> Sequence[RowResult]:
    """The results in the order of the rows; ``ids`` maps positions of new ones to their ids."""
    if len(rows) <= ROWS_AT_ONCE:
        return tuple(result_of(place, row, ids.get(row.position)) for row in rows)
    return Results(
        [row.outcome for row in rows],
        {position: row.findings for position, row in enumerate(rows) if row.findings},
        lambda position: result_of(place, rows[position], ids.get(position)),
        {position: row.tidied for position, row in enumerate(rows) if row.tidied},
    )


def result_of(place: Place, row: PlannedRow, new_id: str | None) -> RowResult:
    """What to tell about the row; ``new_id`` is the id of an inserted one."""
    stored = place.stored
    fields = changed_fields(row) if row.outcome == "changed" else []
    current = row.current
    before: dict[str, object] = {}
    values: dict[str, object] = {}
    version = None
    if current is not None:
        before = {code: current[code] for code in fields}
        if row.outcome == "deleted":
            before = stored.values_of(current)
        values = stored.values_of(current)
        version = stored.version_of(current)
    if row.outcome in {"created", "changed"}:
        values = values | row.values
        if stored.version is not None:
            version = str(current[stored.version] + 1) if current is not None else "1"
    return RowResult(
        op=row.op,
        outcome=row.outcome,
        id=new_id or (stored.row_id(current) if current is not None else row.id),
        version=version,
        values={} if row.outcome in {"rejected", "deleted"} else values,
        findings=tuple(row.findings),
        before=before,
        conflict=row.conflict or {},
        latest=row.latest,
        tidied=tuple(row.tidied),
    )
