"""Deciding what becomes of each change, before anything is written.

The plan is the same for a cell edit, a paste, an import and a dry run: find
the row, merge the new values into the stored ones, check the merged row with
the rules, compare versions and keys (decision 5).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.access.adopted_table import OUT_OF_REACH
from app.access.scopes import RowScope, rows_of
from app.actions.row_change import DELETE, INSERT, UPDATE, Change
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import (
    identity_in,
    identity_of,
    ids_among,
    in_batches,
    known_references,
    plain,
)
from app.models.cycle import Cycle
from app.models.row_change import LoggedChange, changes_of_rows, fields_since
from app.rules.base_table import check_rows, duplicate_finding
from app.rules.coercion import coerce, raw_frame


@dataclass(frozen=True)
class Place:
    """Where rows are changed: one table, cycle, period and department."""

    store: Store
    stored: StoredTable
    cycle: Cycle
    period: str
    department: str
    scope: RowScope


@dataclass
class PlannedRow:
    """One change on its way: what it meets and what is decided so far.

    ``references`` are the keys that the checked rows of the request name, with their labels.
    """

    position: int
    change: Change
    current: RowMapping | None = None
    values: dict[str, object] = field(default_factory=dict)
    key: str | None = None
    findings: list[Finding] = field(default_factory=list)
    conflict: dict[str, tuple[object, object]] = field(default_factory=dict)
    latest: LoggedChange | None = None
    references: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    outcome: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nothing has been decided against it."""
        return self.outcome == ""

    @property
    def carries_values(self) -> bool:
        """Whether it still has values to be checked."""
        return self.is_open and self.change.op != DELETE

    @property
    def names_row(self) -> bool:
        """Whether it has to find its row by id; what is new has none yet."""
        if self.change.op == INSERT:
            return False
        return self.change.op == DELETE or self.change.id is not None

    def reject(self, finding: Finding) -> None:
        """Refuse the change for this reason."""
        self.findings.append(finding)
        self.outcome = "rejected"


def plan_changes(session: Session, place: Place, changes: Sequence[Change]) -> list[PlannedRow]:
    """A planned row per change, in their order, each with its outcome."""
    rows = [PlannedRow(position, change) for position, change in enumerate(changes)]
    _find_by_id(session, place, rows)
    _find_by_key(session, place, rows)
    _refuse_out_of_reach(session, place, rows)
    _check(session, place, [row for row in rows if row.carries_values])
    _refuse_repeated(place, rows)
    for row in rows:
        _refuse_foreign_person(place, row)
    _compare_versions(session, place, rows)
    decide(session, place, rows)
    return rows


def decide(session: Session, place: Place, rows: Sequence[PlannedRow]) -> None:
    """Say what becomes of the rows that are still open, by the keys that they leave and take."""
    _refuse_duplicates(session, place, rows)
    for row in rows:
        if row.is_open:
            row.outcome = _outcome(row)


def changed_fields(row: PlannedRow) -> list[str]:
    """The codes whose value differs from what is stored."""
    current = row.current
    return [c for c, value in row.values.items() if current is None or current[c] != value]


def _outcome(row: PlannedRow) -> str:
    if row.change.op == DELETE:
        return "deleted"
    if row.current is None:
        return "created"
    return "changed" if changed_fields(row) else "unchanged"


def _find_by_id(session: Session, place: Place, rows: Sequence[PlannedRow]) -> None:
    """Attach the stored row to every change that names one; a new row has no id yet."""
    stored = place.stored
    wanted: dict[str, tuple[object, ...]] = {}
    for row in rows:
        if row.names_row:
            identity = identity_of(stored, row.change.id or "")
            if identity is not None:
                wanted[row.change.id or ""] = identity
    found: dict[str, RowMapping] = {}
    for batch in in_batches(wanted.values()):
        query = rows_of(stored, place.scope, place.period, place.department)
        for current in session.execute(query.where(identity_in(stored, batch))).mappings():
            found[stored.row_id(current)] = current
    for row in rows:
        if row.names_row:
            row.current = found.get(row.change.id or "")
            if row.current is None:
                row.reject(_gone(row))


def _find_by_key(session: Session, place: Place, rows: Sequence[PlannedRow]) -> None:
    """Attach the stored row to updates and upserts that name none."""
    by_key = [
        row
        for row in rows
        if row.carries_values and row.change.id is None and row.change.op != INSERT
    ]
    if not by_key:
        return
    spec = place.stored.spec
    raw = raw_frame(spec, [row.change.values for row in by_key])
    keys = check_rows(spec, place.store.catalogue, raw, {}).keys.to_list()
    found = _rows_by_key(session, place, keys)
    for row, key in zip(by_key, keys, strict=True):
        row.current = found.get(key) if key is not None else None
        if row.current is None and row.change.op == UPDATE and key is not None:
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


def _rows_by_key(
    session: Session, place: Place, keys: Sequence[str | None]
) -> dict[str, RowMapping]:
    """Stored rows of the place by key, whoever may change them."""
    stored = place.stored
    if stored.key is None:
        return {}
    found: dict[str, RowMapping] = {}
    for batch in in_batches({key for key in keys if key is not None}):
        query = select(stored.table).where(stored.key.in_(batch))
        if stored.period is not None:
            query = query.where(stored.period == place.period)
        if stored.department is not None:
            query = query.where(stored.department == place.department)
        for current in session.execute(query).mappings():
            found[current[stored.key]] = current
    return found


def _check(session: Session, place: Place, rows: Sequence[PlannedRow]) -> None:
    """Run the rules over the merged rows; keep typed values, keys and findings."""
    if not rows:
        return
    stored, catalogue = place.stored, place.store.catalogue
    raw = raw_frame(stored.spec, [_merged(stored, row) for row in rows])
    coerced = coerce(stored.spec, catalogue, raw)
    references: dict[str, dict[str, str]] = {}
    if stored.spec.references:
        wanted = {
            field.code: coerced.frame[field.code].drop_nulls().unique().to_list()
            for field in stored.spec.references
        }
        references = known_references(
            session, place.store, stored.spec.identifier, place.cycle, wanted
        )
    numbers = [row.change.number or row.position + 1 for row in rows]
    checked = check_rows(
        stored.spec,
        catalogue,
        raw,
        references,
        coerced=coerced,
        numbers=numbers,
        period=stored.spec.period_in(place.cycle.year),
    )
    keys = checked.keys.to_list()
    for index, values in enumerate(checked.frame.iter_rows(named=True)):
        row = rows[index]
        row.key = keys[index]
        row.references = references
        row.values = {
            code: value
            for code, value in values.items()
            if row.current is None or code in row.change.values
        }
    for finding in checked.findings:
        _weigh(rows[finding.row or 0], finding)


def _merged(stored: StoredTable, row: PlannedRow) -> dict[str, object]:
    if row.current is None:
        return dict(row.change.values)
    before = {code: plain(value) for code, value in stored.values_of(row.current).items()}
    return before | dict(row.change.values)


def _weigh(row: PlannedRow, finding: Finding) -> None:
    """Keep the finding; refuse the row when its own new value is at fault."""
    placed = replace(finding, row=row.position)
    touched = row.current is None or finding.field is None or finding.field in row.change.values
    if touched and not finding.storable and finding.severity is Severity.ERROR:
        row.reject(placed)
    else:
        row.findings.append(placed)


def _refuse_foreign_person(place: Place, row: PlannedRow) -> None:
    """A teacher writes rows about himself only (第十条第二款)."""
    person_field = place.stored.spec.person_field
    if person_field is None or not row.carries_values:
        return
    if place.scope.covers_department(place.department):
        return
    if row.values.get(person_field.code, place.scope.person) != place.scope.person:
        message = Message("%(label)s has to be your own number.", {"label": person_field.label})
        row.reject(_finding(place, row, "OWN", person_field.code, message))


def _compare_versions(session: Session, place: Place, rows: Sequence[PlannedRow]) -> None:
    """Refuse changes of rows that somebody changed meanwhile, cell by cell.

    Changes of different cells do not disturb each other, as far as the change log tells them.
    """
    stored = place.stored
    stale = [row for row in rows if _is_stale(stored, row)]
    if not stale:
        return
    ids = {row.change.id or "" for row in stale}
    logged = changes_of_rows(session, stored.spec.identifier, ids)
    for row in stale:
        current = row.current
        changes = logged.get(row.change.id or "", [])
        theirs = fields_since(changes, _versions_behind(stored, row))
        fields = [c for c in changed_fields(row) if theirs is None or c in theirs]
        if current is not None and (fields or row.change.op == DELETE):
            row.conflict = {code: (row.values[code], current[code]) for code in fields}
            row.latest = next(iter(changes), None)
            row.outcome = "conflict"


def _is_stale(stored: StoredTable, row: PlannedRow) -> bool:
    if not row.is_open or row.current is None or row.change.id is None:
        return False
    return row.change.version != stored.version_of(row.current)


def _versions_behind(stored: StoredTable, row: PlannedRow) -> int:
    """How many changes the sender has not seen; 0 where versions do not count them."""
    seen, now = row.change.version or "", stored.version_of(row.current) if row.current else ""
    is_counted = all(text.isascii() and text.isdigit() for text in (seen, now))
    return int(now) - int(seen) if is_counted else 0


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
        if row.change.op != INSERT or other is None:
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
    found = _rows_by_key(session, place, [row.key for row in writing])
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


def held_key(stored: StoredTable, row: PlannedRow) -> str | None:
    """The key under which the row is stored now, None for a new one."""
    if row.current is None or stored.key is None:
        return None
    return str(row.current[stored.key])


def _id_of(stored: StoredTable, row: PlannedRow) -> str | None:
    return None if row.current is None else stored.row_id(row.current)


def _leaving(stored: StoredTable, rows: Sequence[PlannedRow]) -> set[str | None]:
    """The ids of the rows whose keys become free if nothing is refused any more."""
    return {
        _id_of(stored, row)
        for row in rows
        if row.is_open and (row.change.op == DELETE or held_key(stored, row) != row.key)
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
