"""The whole college's data of a year, from the snapshots (第十二条).

What people are still changing never counts: of every submission only the content that was
reported, named by its hash.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.consolidation import (
    why_not_read_consolidated,
    why_not_ready,
    why_not_unreviewed,
)
from app.access.masks import masked_by_roles, masked_fields
from app.access.person import Actor
from app.catalogue.base_table import FieldSpec, FieldType, TableSpec
from app.domain.consolidation import COUNTED, Reading
from app.domain.cycle import OVER
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.period import Period
from app.domain.submission import Status
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.snapshot import Snapshot, read_snapshot
from app.models.submission import Submission

CONSOLIDATED = OVER
ADDED = frozenset({FieldType.INTEGER, FieldType.NUMBER})
# Shares of something: added up they say nothing.
SHARES = frozenset({"%", "‰"})


@dataclass(frozen=True)
class Part:
    """What one department reported of a table; ``frame`` has a column per field.

    ``counts`` tells whether it is part of the total.
    """

    department: str
    status: Status
    nil_reason: str | None
    content_hash: str | None
    row_count: int
    frame: pl.DataFrame | None
    counts: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether the department owes it and it is not part of the total."""
        return not self.counts and self.status is not Status.EXEMPT

    @property
    def is_unreviewed(self) -> bool:
        """Whether it counts although nobody has accepted it yet."""
        return self.counts and self.status not in COUNTED[Reading.PARTIAL]


@dataclass(frozen=True)
class ConsolidatedTable:
    """One table of the college in a year; ``masks`` are fields masked for whoever asks."""

    spec: TableSpec
    period: Period
    parts: tuple[Part, ...]
    masks: frozenset[str] = frozenset()

    @property
    def row_count(self) -> int:
        """The rows of all parts."""
        return sum(part.row_count for part in self.parts)

    @property
    def missing(self) -> tuple[Part, ...]:
        """What is owed and not part of the total."""
        return tuple(part for part in self.parts if part.is_missing)


@dataclass(frozen=True)
class Sums:
    """The sums of a table's figures: field code → sum, of each part by department and in all."""

    table: ConsolidatedTable
    fields: tuple[FieldSpec, ...]
    of_parts: Mapping[str, Mapping[str, Decimal]]
    total: Mapping[str, Decimal]
    row_count: int


def consolidated_tables(
    session: Session,
    store: Store,
    actor: Actor,
    cycle: Cycle,
    *,
    with_rows: bool,
    reading: Reading = Reading.FINAL,
) -> Iterator[ConsolidatedTable]:
    """Table by table in printed order, so that one at a time is in memory.

    Raises Refused before the first when the right is missing or the year has no such data.
    """
    refuse_consolidated(actor, cycle, reading, with_rows=with_rows)
    return read_tables(session, store, actor, cycle, reading, with_rows=with_rows)


def refuse_consolidated(actor: Actor, cycle: Cycle, reading: Reading, *, with_rows: bool) -> None:
    """Refuse whoever may not see such data, and a year that has none."""
    refuse(why_not_read_consolidated(actor, "export" if with_rows else "read"))
    refuse(why_not_ready(cycle, reading), Reason.LOCKED)
    if reading is Reading.UNREVIEWED:
        refuse(why_not_unreviewed(actor, cycle))


def sums_of(
    session: Session, store: Store, actor: Actor, cycle: Cycle, table: str, reading: Reading
) -> Sums:
    """The figures of one table added up. Raises Refused, not found for a table nobody reports.

    The total is that of all rows together, not of the sums beside it: they are equal.
    """
    refuse_consolidated(actor, cycle, reading, with_rows=False)
    found = list(read_tables(session, store, actor, cycle, reading, with_rows=True, only=table))
    if not found:
        raise Refused(Message("There is no such table in this year."), Reason.NOT_FOUND)
    [consolidated] = found
    masks = masked_fields(store.reported[table]) | masked_by_roles(actor, store.reported[table])
    fields = tuple(
        field
        for field in consolidated.spec.fields
        if field.type in ADDED and field.code not in masks
        if field.unit and field.unit not in SHARES
    )
    frames = [part.frame for part in consolidated.parts if part.frame is not None]
    together = pl.concat(frames, how="diagonal_relaxed") if frames else None
    return Sums(
        consolidated,
        fields,
        {part.department: _added(part.frame, fields) for part in consolidated.parts if part.counts},
        _added(together, fields),
        0 if together is None else together.height,
    )


def _added(frame: pl.DataFrame | None, fields: tuple[FieldSpec, ...]) -> dict[str, Decimal]:
    """Field code → exact sum; nothing for what the content does not have."""
    if frame is None:
        return {}
    present = [field.code for field in fields if field.code in frame.columns]
    return {
        code: sum((Decimal(value) for value in frame[code].drop_nulls()), Decimal(0))
        for code in present
    }


def read_tables(
    session: Session,
    store: Store,
    actor: Actor,
    cycle: Cycle,
    reading: Reading,
    *,
    with_rows: bool,
    only: str | None = None,
) -> Iterator[ConsolidatedTable]:
    """Table by table, or ``only`` one of them; who may see them has been judged already."""
    query = (
        select(Submission, Department.name, Snapshot.id, Snapshot.row_count)
        .join(Department, Department.code == Submission.department_code)
        .join(
            Snapshot,
            (Snapshot.submission_id == Submission.id)
            & (Snapshot.content_hash == Submission.content_hash),
            isouter=True,
        )
        .where(Submission.cycle_id == cycle.id)
        .order_by(Submission.department_code)
    )
    if only is not None:
        query = query.where(Submission.table_identifier == only)
    by_table: dict[str, list[tuple[Submission, str, int | None, int | None]]] = {}
    for submission, name, snapshot_id, row_count in session.execute(query):
        found = by_table.setdefault(submission.table_identifier, [])
        found.append((submission, name, snapshot_id, row_count))
    for identifier, spec in store.catalogue.reported.items():
        if identifier in by_table:
            parts = tuple(
                _part(session, *entry, reading, with_rows=with_rows)
                for entry in by_table[identifier]
            )
            masks = masked_by_roles(actor, store.reported[identifier], "export")
            yield ConsolidatedTable(spec, spec.period_in(cycle.year), parts, masks)


def _part(
    session: Session,
    submission: Submission,
    department: str,
    snapshot_id: int | None,
    row_count: int | None,
    reading: Reading,
    *,
    with_rows: bool,
) -> Part:
    counts = submission.status in COUNTED[reading] and snapshot_id is not None
    frame = read_snapshot(session, snapshot_id) if counts and with_rows and snapshot_id else None
    return Part(
        department=department,
        status=submission.status,
        nil_reason=submission.nil_reason,
        content_hash=submission.content_hash,
        row_count=(row_count or 0) if counts else 0,
        frame=frame,
        counts=counts,
    )
