"""Checking what is stored: all rows of a table, period and department at once.

Shared by the step that finishes a table and by the pages that show findings.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import polars as pl
from sqlalchemy import Select, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.domain.finding import Finding, Severity
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import known_references
from app.models.cycle import Cycle
from app.models.place_rows import GatheredRows, PlaceRows, Values, gathered
from app.models.reported_table import told_by_the_database
from app.models.supporting_material import count_materials
from app.rules.base_table import check_rows
from app.rules.coercion import Coerced, coerce, raw_columns
from app.rules.content import content_hash
from app.rules.quality_rule import Broken
from app.rules.supporting_material import material_findings

# So many rows at once are held as the driver has them.
AT_ONCE = 10_000


@dataclass(frozen=True)
class StoredCheck:
    """Rows as stored, their values, typed frame and findings.

    A finding's ``row`` is the position in ``rows``; ``broken`` are rules that failed themselves.
    """

    stored: StoredTable
    rows: PlaceRows
    frame: pl.DataFrame
    findings: Sequence[Finding]
    broken: Sequence[Broken] = ()

    @property
    def values(self) -> Sequence[Values]:
        """Field code → stored value of each row."""
        return self.rows.values

    @cached_property
    def content_hash(self) -> str:
        """The hash of all the rows (decision 8); worked out when it is asked for."""
        return content_hash(self.stored.spec, self.values)

    def values_by_id(self, row_ids: Collection[str]) -> dict[str, Values]:
        """Row id → values of those of the rows that are among the rows of the place."""
        values = self.values
        found = enumerate(self.rows.row_ids)
        return {row_id: values[row] for row, row_id in found if row_id in row_ids}

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
    query = _place_query(session, stored, period, department).limit(limit)
    with told_by_the_database(session, stored):
        return session.execute(query).mappings().all()


def _read_columns(session: Session, stored: StoredTable, period: str, department: str) -> PlaceRows:
    """The same rows, all of them, as columns: no list of rows is ever held."""
    found = GatheredRows(stored)
    with told_by_the_database(session, stored):
        read = session.execute(
            _place_query(session, stored, period, department),
            execution_options={"yield_per": AT_ONCE},
        )
        for part in read.mappings().partitions():
            found.add(part)
    return found.rows()


def _place_query(
    session: Session, stored: StoredTable, period: str, department: str
) -> Select[tuple[Any, ...]]:
    selected = stored.selected(session.get_bind().dialect.name)
    query = select(*selected).where(stored.in_place(period, department))
    return query.order_by(*stored.identity)


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
    rows = _read_columns(session, stored, stored.spec.period_in(cycle.year).code, department)
    return _with_materials(session, cycle, _check(session, store, stored, cycle, rows))


def check_part(
    session: Session,
    store: Store,
    stored: StoredTable,
    cycle: Cycle,
    rows: Sequence[RowMapping],
) -> StoredCheck:
    """Check rows that have been read, and whether their supporting material is there."""
    check = check_read(session, store, stored, cycle, rows)
    return _with_materials(session, cycle, check)


def _with_materials(session: Session, cycle: Cycle, check: StoredCheck) -> StoredCheck:
    """The check with what it says of missing supporting material; of former years nothing."""
    stored, row_ids = check.stored, check.rows.row_ids
    if cycle.is_history or not stored.spec.asks_for_material:
        return check
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
    rows = _read_columns(session, stored, stored.spec.period_in(cycle.year).code, department)
    if table in store.of_others:
        raw = raw_columns(stored.spec, rows.columns)
        rows = _typed(rows, raw, coerce(stored.spec, store.catalogue, raw))
    return content_hash(stored.spec, rows.values)


def check_read(
    session: Session,
    store: Store,
    stored: StoredTable,
    cycle: Cycle,
    rows: Sequence[RowMapping],
) -> StoredCheck:
    """Check rows that have been read already; former years are held to no rules."""
    return _check(session, store, stored, cycle, gathered(stored, rows))


def _check(
    session: Session, store: Store, stored: StoredTable, cycle: Cycle, rows: PlaceRows
) -> StoredCheck:
    raw = raw_columns(stored.spec, rows.columns)
    coerced = coerce(stored.spec, store.catalogue, raw)
    if stored.spec.identifier in store.of_others:
        rows = _typed(rows, raw, coerced)
    if cycle.is_history:
        return StoredCheck(stored, rows, coerced.frame, ())
    references = _references(session, store, stored, cycle, rows)
    checked = check_rows(
        stored.spec,
        store.catalogue,
        raw,
        references,
        coerced=coerced,
        period=stored.spec.period_in(cycle.year),
    )
    return StoredCheck(stored, rows, checked.frame, checked.findings, checked.broken)


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
        return check_part(session, store, stored, cycle, rows).findings
    read = gathered(stored, rows)
    references = _references(session, store, stored, cycle, read)
    raw = raw_columns(stored.spec, read.columns)
    return check_rows(stored.spec, store.catalogue, raw, references).findings


def _typed(rows: PlaceRows, raw: pl.DataFrame, coerced: Coerced) -> PlaceRows:
    """The values in the types of their fields, as a snapshot keeps them; what fits none as text.

    Every kind of database gives the same value in another type; the hash must not tell them apart.
    """
    columns: dict[str, list[object]] = {
        code: coerced.frame[code].to_list() for code in rows.columns
    }
    for code, faults in coerced.faults.items():
        for row in faults:
            columns[code][row] = raw[code][row]
    return replace(rows, columns=columns)


def existing_references(
    session: Session,
    store: Store,
    stored: StoredTable,
    cycle: Cycle,
    values: Sequence[Mapping[str, object]],
) -> Mapping[str, Mapping[str, str]]:
    """Which keys that the rows name exist: reference field → key → what people call it."""
    columns = {each.code: [row[each.code] for row in values] for each in stored.spec.references}
    return _references(session, store, stored, cycle, PlaceRows((), columns))


def _references(
    session: Session, store: Store, stored: StoredTable, cycle: Cycle, rows: PlaceRows
) -> Mapping[str, Mapping[str, str]]:
    wanted = {each.code: set(rows.columns[each.code]) - {None} for each in stored.spec.references}
    if not wanted:
        return {}
    return known_references(session, store, stored.spec.identifier, cycle, wanted)
