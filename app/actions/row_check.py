"""Checking planned rows by the rules, merged with what is stored (decision 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl
from sqlalchemy.orm import Session

from app.actions.planned_row import Place, PlannedRow
from app.actions.row_columns import ChangedColumns, row_numbers
from app.domain.finding import Finding, Severity
from app.models.base_table import StoredTable
from app.models.base_table_rows import known_references, plain
from app.rules.base_table import check_rows, is_lenient, row_keys
from app.rules.coercion import Coerced, coerce, raw_column, raw_frame


def keys_as_sent(place: Place, rows: Sequence[PlannedRow]) -> list[str | None]:
    """The key that each row has by its own values alone, None where they make none."""
    spec, batch = place.stored.spec, rows[0].batch
    keys = row_keys(spec, place.store.catalogue, _as_sent(place.stored, rows)).to_list()
    # Where the key is in every row its own, it stays the same when the rest is merged.
    if isinstance(batch.changes, ChangedColumns) and len(keys) == len(batch.changes):
        own = {field.code for field in spec.key_fields}
        if own <= batch.changes.fields.keys() and own.isdisjoint(batch.changes.silent):
            batch.keys = keys
    return keys


def check(session: Session, place: Place, rows: Sequence[PlannedRow]) -> None:
    """Run the rules over the merged rows; keep typed values, keys and findings."""
    if not rows:
        return
    spec, catalogue, batch = place.stored.spec, place.store.catalogue, rows[0].batch
    raw = _merged(place.stored, rows)
    coerced = coerce(spec, catalogue, raw)
    batch.references = _references(session, place, coerced)
    numbers = row_numbers(batch.changes, [row.position for row in rows])
    known = None if batch.keys is None else [batch.keys[row.position] for row in rows]
    checked = check_rows(
        spec,
        catalogue,
        raw,
        batch.references,
        coerced=coerced,
        numbers=numbers,
        keys=known,
        # Former years are held to no rules.
        period=None if place.is_history else spec.period_in(place.cycle.year),
    )
    batch.typed = checked.frame
    for number, (row, key) in enumerate(zip(rows, checked.keys.to_list(), strict=True)):
        row.key = key
        row.checked = number
    for tidied in checked.tidied:
        row = rows[tidied.row]
        row.tidied = (*row.tidied, tidied)
    for finding in checked.findings:
        _weigh(place, rows[finding.row or 0], finding)


def _references(
    session: Session, place: Place, coerced: Coerced
) -> Mapping[str, Mapping[str, str]]:
    """What the rows refer to of what there is, with labels."""
    spec = place.stored.spec
    if not spec.references:
        return {}
    wanted = {
        field.code: list({*coerced.frame[field.code].to_list()} - {None})
        for field in spec.references
    }
    return known_references(session, place.store, spec.identifier, place.cycle, wanted)


def _as_sent(stored: StoredTable, rows: Sequence[PlannedRow]) -> pl.DataFrame:
    """The raw texts of the rows' own values."""
    changes = rows[0].batch.changes
    if isinstance(changes, ChangedColumns):
        texts = changes.texts(stored.spec)
        whole = len(rows) == len(changes)
        return texts if whole else texts[[row.position for row in rows]]
    return raw_frame(stored.spec, [row.change.values for row in rows])


def _merged(stored: StoredTable, rows: Sequence[PlannedRow]) -> pl.DataFrame:
    """The raw texts of the rows, with what is stored where a change names nothing."""
    changes = rows[0].batch.changes
    if not isinstance(changes, ChangedColumns):
        return raw_frame(stored.spec, [_merged_row(stored, row) for row in rows])
    texts = _as_sent(stored, rows)
    there = [(number, row) for number, row in enumerate(rows) if row.current is not None]
    for code in stored.columns if there else ():
        silent = changes.silent.get(code, frozenset())
        is_named = code in changes.cells.columns
        if is_named and not silent:
            continue
        kept = [each for each in there if not is_named or each[1].position in silent]
        texts = texts.with_columns(_with_stored(stored, texts[code], kept))
    return texts


def _with_stored(
    stored: StoredTable, texts: pl.Series, kept: Sequence[tuple[int, PlannedRow]]
) -> pl.Series:
    """The column with the stored value in the numbered rows."""
    column = stored.columns[texts.name]
    values = [plain(row.current[column]) for _, row in kept if row.current is not None]
    field = stored.spec.by_code[texts.name]
    return texts.scatter([number for number, _ in kept], raw_column(field, values))


def _merged_row(stored: StoredTable, row: PlannedRow) -> dict[str, object]:
    if row.current is None:
        return dict(row.change.values)
    before = {code: plain(value) for code, value in stored.values_of(row.current).items()}
    return before | dict(row.change.values)


def _weigh(place: Place, row: PlannedRow, finding: Finding) -> None:
    """Keep the finding; refuse the row when its own new value is at fault."""
    placed = finding if finding.row == row.position else replace(finding, row=row.position)
    if place.is_history and is_lenient(place.stored.spec, finding):
        row.find(placed)
        return
    named = finding.field is None or row.current is None
    touched = named or finding.field in row.batch.fields_of(row.position)
    if touched and not finding.storable and finding.severity is Severity.ERROR:
        row.reject(placed)
    else:
        row.find(placed)
