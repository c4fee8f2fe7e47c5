"""Deciding what becomes of each change, before anything is written.

The plan is the same for a cell edit, a paste, an import and a dry run: find
the row, merge the new values into the stored ones, check the merged row with
the rules, compare versions and keys (decision 5).
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.access.adopted_table import OUT_OF_REACH
from app.access.scopes import rows_of
from app.actions.contributed_row import (
    refuse_rows_of_contributors,
    refuse_rows_of_the_place,
)
from app.actions.planned_row import Place, PlannedRow, changed_fields, held_key, planned
from app.actions.row_change import DELETE, INSERT, UPDATE, Change
from app.actions.row_check import check, keys_as_sent
from app.actions.row_lookup import rows_met
from app.catalogue.base_table import FieldSpec
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message
from app.models.base_table import StoredTable
from app.models.base_table_rows import identity_in, identity_of, ids_among, in_batches
from app.models.row_change import changes_of_rows, fields_since, versions_between
from app.rules.base_table import duplicate_finding


def plan_changes(session: Session, place: Place, changes: Sequence[Change]) -> list[PlannedRow]:
    """A planned row per change, in their order, each with its outcome."""
    rows = planned(changes)
    _find_by_id(session, place, rows)
    _find_by_key(session, place, rows)
    _refuse_out_of_reach(session, place, rows)
    _refuse_rows_of_others(place, rows)
    refuse_rows_of_the_place(place, rows)
    check(session, place, [row for row in rows if row.carries_values])
    _refuse_repeated(place, rows)
    _refuse_foreign_persons(place, rows)
    _compare_versions(session, place, rows)
    refuse_rows_of_contributors(place, rows)
    decide(session, place, rows)
    return rows


def decide(session: Session, place: Place, rows: Sequence[PlannedRow]) -> None:
    """Say what becomes of the rows that are still open, by the keys that they leave and take."""
    _refuse_duplicates(session, place, rows)
    for row in rows:
        if row.is_open:
            row.outcome = _outcome(row)


def _outcome(row: PlannedRow) -> str:
    if row.op == DELETE:
        return "deleted"
    if row.current is None:
        return "created"
    return "changed" if changed_fields(row) else "unchanged"


def _find_by_id(session: Session, place: Place, rows: Sequence[PlannedRow]) -> None:
    """Attach the stored row to every change that names one; a new row has no id yet."""
    stored = place.stored
    named = [row for row in rows if row.names_row]
    wanted: dict[str, tuple[object, ...]] = {}
    for row in named:
        identity = identity_of(stored, row.id or "")
        if identity is not None:
            wanted[row.id or ""] = identity
    found: dict[str, RowMapping] = {}
    for batch in in_batches(wanted.values()):
        query = rows_of(stored, place.scope, place.period, place.department)
        for current in session.execute(query.where(identity_in(stored, batch))).mappings():
            found[stored.row_id(current)] = current
    for row in named:
        row.current = found.get(row.id or "")
        if row.current is None:
            row.reject(_gone(row))


def _find_by_key(session: Session, place: Place, rows: Sequence[PlannedRow]) -> None:
    """Attach the stored row to updates and upserts that name none."""
    by_key = [row for row in rows if row.carries_values and row.id is None and row.op != INSERT]
    if not by_key:
        return
    keys = keys_as_sent(place, by_key)
    found = rows_met(session, place, by_key[0].batch, keys)
    for row, key in zip(by_key, keys, strict=True):
        row.current = found.get(key) if key is not None else None
        if row.current is None and row.op == UPDATE and key is not None:
            row.reject(_gone(row))


def _refuse_out_of_reach(session: Session, place: Place, rows: Sequence[PlannedRow]) -> None:
    """A row that was found by its key may be one that the sender's roles do not open."""
    if not place.scope.within:
        return
    found = [
        (place.stored.row_id(row.current), row)
        for row in rows
        if row.current is not None and not row.names_row
    ]
    inside = ids_within(session, place, [row_id for row_id, _row in found])
    for row_id, row in found:
        if row_id not in inside:
            row.reject(out_of_reach(row))


def ids_within(session: Session, place: Place, ids: Collection[str]) -> set[str]:
    """Those of the row ids that the place's scope holds as the rows are now."""
    query = rows_of(place.stored, place.scope, place.period, place.department)
    return ids_among(session, place.stored, query, ids)


def out_of_reach(row: PlannedRow) -> Finding:
    """Why a row that is, or would be, beyond what the sender's roles open is refused."""
    return _row_finding(row, OUT_OF_REACH)


def _refuse_rows_of_others(place: Place, rows: Sequence[PlannedRow]) -> None:
    """A row found by its key may be another teacher's, whose values nobody else is told of.

    So it is refused before the rules look at what is stored in it.
    """
    person_field = _own_field(place)
    if person_field is None:
        return
    for row in rows:
        person = None if row.current is None else row.current[person_field.code]
        if row.current is not None and row.carries_values and person != place.scope.person:
            row.reject(_not_own(place, row, person_field))


def _refuse_foreign_persons(place: Place, rows: Sequence[PlannedRow]) -> None:
    """A teacher writes rows about himself only (第十条第二款)."""
    person_field = _own_field(place)
    if person_field is None:
        return
    for row in rows:
        person = row.values.get(person_field.code, place.scope.person)
        if row.carries_values and person != place.scope.person:
            row.reject(_not_own(place, row, person_field))


def _own_field(place: Place) -> FieldSpec | None:
    """The field that has to hold the sender's own number, None for who enters whole departments."""
    if place.scope.covers_department(place.department) or place.contributed.contribution:
        return None
    return place.stored.spec.person_field


def _not_own(place: Place, row: PlannedRow, field: FieldSpec) -> Finding:
    message = Message("%(label)s has to be your own number.", {"label": field.label})
    return _finding(place, row, "OWN", field.code, message)


def _compare_versions(session: Session, place: Place, rows: Sequence[PlannedRow]) -> None:
    """Refuse changes of rows that somebody changed meanwhile, cell by cell.

    Changes of different cells do not disturb each other, as far as the change log tells them.
    """
    stored = place.stored
    stale = [row for row in rows if _is_stale(stored, row)]
    if not stale:
        return
    ids = {row.id or "" for row in stale}
    logged = changes_of_rows(session, stored.spec.identifier, ids)
    for row in stale:
        current = row.current
        changes = logged.get(row.id or "", [])
        theirs = fields_since(changes, _versions_behind(stored, row))
        fields = [c for c in changed_fields(row) if theirs is None or c in theirs]
        if current is not None and (fields or row.op == DELETE):
            row.conflict = {code: (row.values[code], current[code]) for code in fields}
            row.latest = next(iter(changes), None)
            row.outcome = "conflict"


def _is_stale(stored: StoredTable, row: PlannedRow) -> bool:
    if not row.is_open or row.current is None or row.id is None:
        return False
    return row.change.version != stored.version_of(row.current)


def _versions_behind(stored: StoredTable, row: PlannedRow) -> int:
    """How many changes the sender has not seen; 0 where versions do not count them."""
    now = stored.version_of(row.current) if row.current else ""
    return versions_between(row.change.version or "", now)


def _refuse_repeated(place: Place, rows: Sequence[PlannedRow]) -> None:
    """Refuse all but the first of several changes of one row."""
    seen: set[str] = set()
    for row in rows:
        if not row.is_open or row.current is None:
            continue
        row_id = place.stored.row_id(row.current)
        if row_id in seen:
            message = Message("This row is changed twice in one request. Change it once.")
            row.reject(_row_finding(row, message))
        seen.add(row_id)


def _meet_equals(writing: Sequence[PlannedRow], found: Mapping[str, RowMapping]) -> None:
    """An insert of a row that is stored already, value by value, changes nothing.

    So a save that is sent again because its answer was lost is answered alike.
    """
    for row in writing:
        other = found.get(row.key or "")
        if row.op != INSERT or other is None:
            continue
        if all(other[code] == value for code, value in row.values.items()):
            row.current = other


def _refuse_duplicates(session: Session, place: Place, rows: Sequence[PlannedRow]) -> None:
    """Refuse a key that another row of the place still has after the request.

    A row that is deleted or takes another key leaves its own one to others; if
    it is refused, so is the row that was to take its key.
    """
    stored = place.stored
    writing = [row for row in rows if row.carries_values and row.key is not None]
    if not writing:
        return
    met = writing[0].batch.met
    for row in writing:
        held = held_key(stored, row)
        # A row that keeps its key is the one that has it.
        if held is not None and held == row.key:
            met.setdefault(held, row.current)
    found = rows_met(session, place, writing[0].batch, [row.key for row in writing])
    # Nearly always every row meets nothing or itself.
    if all(found.get(row.key or "") in (None, row.current) for row in writing):
        return
    leaving = _leaving(stored, rows)
    staying = {
        key: row_id
        for key, row_id in ((key, stored.row_id(other)) for key, other in found.items())
        if row_id not in leaving
    }
    _meet_equals(writing, {key: found[key] for key in staying})
    wanted = {row.key: row for row in writing}
    blocked = [
        row for row in writing if row.key in staying and _id_of(stored, row) != staying[row.key]
    ]
    while blocked:
        row = blocked.pop()
        values = row.values if row.current is None else stored.values_of(row.current) | row.values
        row.reject(duplicate_finding(stored.spec, row.position, values, place.store.catalogue))
        follower = wanted.get(held_key(stored, row))
        if follower is not None and follower.is_open:
            blocked.append(follower)


def _id_of(stored: StoredTable, row: PlannedRow) -> str | None:
    return None if row.current is None else stored.row_id(row.current)


def _leaving(stored: StoredTable, rows: Sequence[PlannedRow]) -> set[str | None]:
    """The ids of the rows whose keys become free if nothing is refused any more."""
    return {
        _id_of(stored, row)
        for row in rows
        if row.is_open and (row.op == DELETE or held_key(stored, row) != row.key)
    }


def _gone(row: PlannedRow) -> Finding:
    message = Message(
        "This row does not exist (any more). Reload the page to see the present rows."
    )
    return _row_finding(row, message)


def _row_finding(row: PlannedRow, message: Message) -> Finding:
    return Finding("ROW", row.position, None, Severity.ERROR, Dimension.ACCURACY, message)


def _finding(place: Place, row: PlannedRow, suffix: str, code: str, message: Message) -> Finding:
    rule = f"QR.{place.stored.spec.identifier.upper()}.{code.upper()}.{suffix}"
    return Finding(rule, row.position, code, Severity.ERROR, Dimension.ACCURACY, message)
