"""Checking what is stored: all rows of a table, period and department at once.

Shared by the step that finishes a table and by the pages that show findings.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl
from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.domain.finding import Finding, Severity
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import known_references
from app.models.cycle import Cycle
from app.models.reported_table import told_by_the_database
from app.models.supporting_material import count_materials
from app.rules.base_table import check_rows
from app.rules.coercion import Coerced, coerce, raw_frame
from app.rules.content import content_hash
from app.rules.quality_rule import Broken
from app.rules.supporting_material import material_findings


@dataclass(frozen=True)
class StoredCheck:
    """Rows as stored, their values, typed frame and findings.

    A finding's ``row`` is the position in ``rows``; ``broken`` are rules that failed themselves.
    """

    stored: StoredTable
    rows: Sequence[RowMapping]
    values: Sequence[Mapping[str, object]]
    frame: pl.DataFrame
    findings: Sequence[Finding]
    broken: Sequence[Broken] = ()

    @cached_property
    def content_hash(self) -> str:
        """The hash of all the rows (decision 8); worked out when it is asked for."""
        return content_hash(self.stored.spec, self.values)

    def values_by_id(self, row_ids: Collection[str]) -> dict[str, Mapping[str, object]]:
        """Row id → values of those of the rows that are among the rows of the place."""
        found = zip(map(self.stored.row_id, self.rows), self.values, strict=True)
        return {row_id: values for row_id, values in found if row_id in row_ids}

    @property
    def errors(self) -> list[Finding]:
        """The findings that block finishing the table."""
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]


def read_place(
    session: Session,
    stored: StoredTable,
    period: str,
    department: str,
    limit: int | None = None,
) -> Sequence[RowMapping]:
    """All rows of a period and department in a stable order, without any scope.

    For steps and checks that concern the whole table; pages read through
    ``app.access.scopes``. Raises Refused where another system's table is gone or was altered.
    """
    selected = stored.selected(session.get_bind().dialect.name)
    query = select(*selected).where(stored.in_place(period, department)).order_by(*stored.identity)
    with told_by_the_database(session, stored):
        return session.execute(query.limit(limit)).mappings().all()


def read_parts(
    session: Session, stored: StoredTable, period: str, department: str, size: int
) -> Iterator[Sequence[RowMapping]]:
    """All rows of a place of ours, ``size`` at once, without any scope; each part is a read anew.

    Whoever reads may write between two parts; rows that are added meanwhile come with the last.
    """
    (key,) = stored.identity
    query = select(*stored.table.c).where(stored.in_place(period, department))
    query = query.order_by(key).limit(size)
    part = session.execute(query).mappings().all()
    while part:
        yield part
        if len(part) < size:
            return
        part = session.execute(query.where(key > part[-1][key])).mappings().all()


def check_stored(
    session: Session, store: Store, table: str, cycle: Cycle, department: str
) -> StoredCheck:
    """Read and check everything a department has in a table for a cycle."""
    stored = store.reported[table]
    rows = read_place(session, stored, stored.spec.period_in(cycle.year).code, department)
    return check_part(session, store, stored, cycle, rows)


def check_part(
    session: Session,
    store: Store,
    stored: StoredTable,
    cycle: Cycle,
    rows: Sequence[RowMapping],
) -> StoredCheck:
    """Check rows that have been read, and whether their supporting material is there."""
    check = check_read(session, store, stored, cycle, rows)
    return check if cycle.is_history else _with_materials(session, check)


def _with_materials(session: Session, check: StoredCheck) -> StoredCheck:
    """The check with what it says of missing supporting material."""
    stored = check.stored
    if not stored.spec.asks_for_material:
        return check
    row_ids = [stored.row_id(row) for row in check.rows]
    present = count_materials(session, stored.spec.identifier, row_ids)
    missing = material_findings(
        stored.spec, check.values, [present.get(row_id, {}) for row_id in row_ids]
    )
    # Sorting is stable: what is said of a row stays together.
    together = sorted([*check.findings, *missing], key=lambda finding: finding.row or 0)
    return replace(check, findings=together)


def hash_stored(session: Session, store: Store, table: str, cycle: Cycle, department: str) -> str:
    """The hash of everything a department has in a table for a cycle, without checking it."""
    stored = store.reported[table]
    rows = read_place(session, stored, stored.spec.period_in(cycle.year).code, department)
    values: Sequence[Mapping[str, object]] = [stored.values_of(row) for row in rows]
    if table in store.of_others:
        raw = raw_frame(stored.spec, values)
        values = _typed(raw, coerce(stored.spec, store.catalogue, raw))
    return content_hash(stored.spec, values)


def check_read(
    session: Session,
    store: Store,
    stored: StoredTable,
    cycle: Cycle,
    rows: Sequence[RowMapping],
) -> StoredCheck:
    """Check rows that have been read already; former years are held to no rules."""
    values: Sequence[Mapping[str, object]] = [stored.values_of(row) for row in rows]
    raw = raw_frame(stored.spec, values)
    coerced = coerce(stored.spec, store.catalogue, raw)
    if stored.spec.identifier in store.of_others:
        values = _typed(raw, coerced)
    if cycle.is_history:
        return StoredCheck(stored, rows, values, coerced.frame, ())
    references = existing_references(session, store, stored, cycle, values)
    checked = check_rows(
        stored.spec,
        store.catalogue,
        raw,
        references,
        coerced=coerced,
        period=stored.spec.period_in(cycle.year),
    )
    return StoredCheck(stored, rows, values, checked.frame, checked.findings, checked.broken)


def told_before(
    session: Session,
    store: Store,
    stored: StoredTable,
    cycle: Cycle,
    rows: Sequence[RowMapping],
    *,
    is_across: bool,
) -> Sequence[Finding]:
    """What is told of rows before a rule is: of a value that is wrong by itself nothing else is.

    Before one that looks beyond the row (``is_across``) everything that single rows tell.
    """
    if is_across:
        return _with_materials(session, check_read(session, store, stored, cycle, rows)).findings
    values: Sequence[Mapping[str, object]] = [stored.values_of(row) for row in rows]
    references = existing_references(session, store, stored, cycle, values)
    raw = raw_frame(stored.spec, values)
    return check_rows(stored.spec, store.catalogue, raw, references).findings


def _typed(raw: pl.DataFrame, coerced: Coerced) -> list[dict[str, object]]:
    """The values in the types of their fields, as a snapshot keeps them; what fits none as text.

    Every kind of database gives the same value in another type; the hash must not tell them apart.
    """
    rows: list[dict[str, object]] = coerced.frame.to_dicts()
    for code, faults in coerced.faults.items():
        for row in faults:
            rows[row][code] = raw[code][row]
    return rows


def existing_references(
    session: Session,
    store: Store,
    stored: StoredTable,
    cycle: Cycle,
    values: Sequence[Mapping[str, object]],
) -> Mapping[str, Mapping[str, str]]:
    """Which keys that the rows name exist: reference field → key → what people call it."""
    wanted = {
        field.code: {row[field.code] for row in values if row[field.code] is not None}
        for field in stored.spec.references
    }
    if not wanted:
        return {}
    return known_references(session, store, stored.spec.identifier, cycle, wanted)
