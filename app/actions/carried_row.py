"""Rows taken over from last year are somebody's answer only once he has looked at them (第五条)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_locked, why_not_write
from app.access.scopes import rows_of, write_scope
from app.actions.audit_log import Deed, record
from app.domain.message import Reason, refuse
from app.models.base_table import Store
from app.models.base_table_rows import ids_among, in_batches, standing_of
from app.models.carried_row import CarriedRow, waiting_among, waiting_rows
from app.models.database import writing


def settle_carried(
    session: Session,
    table: str,
    written: Mapping[str, Collection[str]],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """What the write path did to rows that may have been taken over: outcome → row ids.

    A changed row has been looked at; a deleted one waits no more, unless it comes back.
    """
    _mark(session, table, written.get("deleted", ()), is_deleted=True)
    _mark(session, table, written.get("created", ()), is_deleted=False)
    _confirm(session, table, written.get("changed", ()), by=by, now=now)


def confirm_rows(
    session: Session,
    store: Store,
    table: str,
    *,
    by: Actor,
    now: datetime,
    period: str,
    department: str,
    ids: Collection[str] | None = None,
) -> int:
    """Say of rows taken over that they are as last year; returns how many were waiting.

    ``ids`` names them, None means all that the actor may change. Raises Refused (forbidden,
    locked).
    """
    stored = store.tables[table]
    refuse(why_not_write(by, stored, "edit", department))
    with writing(session):
        standing = standing_of(session, stored, period, department, for_update=True)
        locked = why_locked(standing.cycle, standing.submission, is_assigned=standing.is_assigned)
        refuse(locked, Reason.LOCKED)
        waiting = set(waiting_rows(session, table, period, department))
        wanted = waiting if ids is None else waiting & set(ids)
        reached = rows_of(stored, write_scope(by, stored, "edit"), period, department)
        confirmed = ids_among(session, stored, reached, wanted)
        if confirmed:
            _confirm(session, table, confirmed, by=by, now=now)
            subject = f"carried_row:{table}:{period}:{department}"
            deed = Deed("carried_row.unchanged", subject, department, after=str(len(confirmed)))
            record(session, deed, by=by, now=now)
        session.commit()
    return len(confirmed)


def move_carried(session: Session, table: str, period: str, source: str, target: str) -> None:
    """The marks go with their rows to another department; the caller commits."""
    session.execute(
        update(CarriedRow)
        .where(
            CarriedRow.table_identifier == table,
            CarriedRow.period == period,
            CarriedRow.department_code == source,
        )
        .values(department_code=target)
        .execution_options(synchronize_session=False)
    )


def _confirm(
    session: Session, table: str, ids: Collection[str], *, by: Actor, now: datetime
) -> None:
    waiting = waiting_among(session, table, ids)
    _mark(session, table, waiting, confirmed_at=now, confirmed_by=by.number)


def _mark(session: Session, table: str, ids: Collection[str], **values: Any) -> None:
    for batch in in_batches(ids):
        session.execute(
            update(CarriedRow)
            .where(CarriedRow.table_identifier == table, CarriedRow.row_id.in_(batch))
            .values(**values)
            .execution_options(synchronize_session=False)
        )
