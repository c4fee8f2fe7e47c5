"""Findings of a place as the register has them, where judging all its rows takes too long."""

from collections.abc import Collection

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.finding import Finding
from app.models.audit_log import ChangeSet, RowChange
from app.models.base_table import Store
from app.models.base_table_rows import in_batches
from app.models.cycle import Cycle
from app.models.finding import PLACE, RegisteredFinding, TableCheck, unpack_message
from app.models.judged_place import OPEN, PlaceFinding, Standing, rules_across, secret_rules


def registered_findings(
    session: Session,
    store: Store,
    table: str,
    cycle: Cycle,
    department: str,
    marks: Collection[str],
) -> dict[str, PlaceFinding]:
    """Mark → the finding where it is there and its row has not changed since it was looked at.

    What it waits for is not told by name.
    """
    place = dict(zip(PLACE, (cycle.id, table, department), strict=True))
    query = select(RegisteredFinding).filter_by(**place, mended_at=None)
    found = [
        each
        for batch in in_batches(marks)
        for each in session.scalars(query.where(RegisteredFinding.mark.in_(batch)))
    ]
    note = session.scalar(select(TableCheck).filter_by(cycle_id=cycle.id, table_identifier=table))
    changed = changed_since(session, table, {each.row_id for each in found}, note)
    across = {each.rule.identifier for each in rules_across(store, table)}
    secret = secret_rules(store, table)
    standing = Standing(session, cycle, table, department)
    return {
        each.mark: standing.of(_found(each, across, secret))
        for each in found
        if each.row_id not in changed
    }


def _found(
    each: RegisteredFinding, across: Collection[str], secret: Collection[str]
) -> PlaceFinding:
    finding = Finding(
        rule=each.rule,
        row=None,
        field=each.field_code or None,
        severity=each.severity,
        dimension=each.dimension,
        message=unpack_message(each.message),
        about=tuple(each.about),
    )
    return PlaceFinding(
        finding,
        each.row_id,
        each.mark,
        each.values_digest,
        OPEN,
        # Which table it is matters to nobody who explains.
        waits_for=(each.table_identifier,) if each.is_waiting else (),
        is_across=not each.row_id or each.rule in across,
        is_secret=each.rule in secret,
    )


def changed_since(
    session: Session, table: str, row_ids: Collection[str], note: TableCheck | None
) -> frozenset[str]:
    """Those of the rows that were changed after the register noted the table.

    All that ever were where a change with a lower number than the newest one then was committed
    later: its rows may have been read before.
    """
    newest = 0 if note is None else note.change_set_id
    counts = None if note is None else note.known.get(table)
    up_to_newest = select(func.count()).where(
        ChangeSet.table_identifier == table, ChangeSet.id <= newest
    )
    is_overtaken = up_to_newest.scalar_subquery() != (counts[0] if counts else 0)
    found: set[str] = set()
    for batch in in_batches(sorted(row_ids)):
        query = select(RowChange.row_id).where(
            RowChange.table_identifier == table,
            RowChange.row_id.in_(batch),
            or_(RowChange.change_set_id > newest, is_overtaken),
        )
        found.update(session.scalars(query.distinct()))
    return frozenset(found)
