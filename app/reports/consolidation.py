"""The whole college's data of a locked year, from the snapshots (第十二条)."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.masks import masked_by_roles
from app.access.person import Actor
from app.access.roles import CONSOLIDATION
from app.catalogue.base_table import TableSpec
from app.domain.cycle import CycleStatus
from app.domain.message import Message, Reason, Refused
from app.domain.period import Period
from app.domain.submission import Status
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.snapshot import Snapshot, read_snapshot
from app.models.submission import Submission

CONSOLIDATED = frozenset({CycleStatus.LOCKED, CycleStatus.ARCHIVED})


@dataclass(frozen=True)
class Part:
    """What one department reported of a table; ``frame`` has a column per field."""

    department: str
    status: Status
    nil_reason: str | None
    content_hash: str | None
    row_count: int
    frame: pl.DataFrame | None


@dataclass(frozen=True)
class ConsolidatedTable:
    """One table of the college in a locked year; ``masks`` are fields masked for whoever asks."""

    spec: TableSpec
    period: Period
    parts: tuple[Part, ...]
    masks: frozenset[str] = frozenset()


def consolidated_tables(
    session: Session, store: Store, actor: Actor, cycle: Cycle, *, with_rows: bool
) -> Iterator[ConsolidatedTable]:
    """Table by table in printed order, so that one at a time is in memory.

    Raises Refused before the first when the right is missing or the year is
    not locked.
    """
    action = "export" if with_rows else "read"
    if not actor.may(action, CONSOLIDATION):
        raise Refused(Message("You have no right to view the consolidated data."))
    if cycle.status not in CONSOLIDATED:
        raise Refused(
            Message(
                "The collection year %(year)s is not locked yet, so there is nothing to"
                " consolidate.",
                {"year": cycle.academic_year},
            ),
            Reason.LOCKED,
        )
    return _tables(session, store, actor, cycle, with_rows=with_rows)


def _tables(
    session: Session, store: Store, actor: Actor, cycle: Cycle, *, with_rows: bool
) -> Iterator[ConsolidatedTable]:
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
    by_table: dict[str, list[tuple[Submission, str, int | None, int | None]]] = {}
    for submission, name, snapshot_id, row_count in session.execute(query):
        found = by_table.setdefault(submission.table_identifier, [])
        found.append((submission, name, snapshot_id, row_count))
    for identifier, spec in store.catalogue.reported.items():
        if identifier in by_table:
            parts = tuple(
                _part(session, *entry, with_rows=with_rows) for entry in by_table[identifier]
            )
            masks = masked_by_roles(actor, store.reported[identifier], "export")
            yield ConsolidatedTable(spec, spec.period_in(cycle.year), parts, masks)


def _part(
    session: Session,
    submission: Submission,
    department: str,
    snapshot_id: int | None,
    row_count: int | None,
    *,
    with_rows: bool,
) -> Part:
    counts = submission.status is Status.LOCKED and snapshot_id is not None
    frame = read_snapshot(session, snapshot_id) if counts and with_rows and snapshot_id else None
    return Part(
        department=department,
        status=submission.status,
        nil_reason=submission.nil_reason,
        content_hash=submission.content_hash,
        row_count=(row_count or 0) if counts else 0,
        frame=frame,
    )
