"""The marks of rows that one department contributes to the table of another (第十条第三款).

Kept by the one write path in the transaction of the rows themselves; nothing here commits.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.access.contribution import (
    Contributed,
    contribution_at,
    why_not_change_marked,
    why_not_contribute,
)
from app.access.person import Actor
from app.actions.planned_row import Place, PlannedRow, changed_fields
from app.actions.row_change import DELETE
from app.actions.row_columns import ChangedColumns
from app.domain.cooperation import CONTRIBUTING
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table import StoredTable
from app.models.base_table_rows import in_batches
from app.models.contributed_row import ContributedRow, marks_among, marks_of_place
from app.models.cooperation import Cooperation


def contributed_at(
    session: Session, stored: StoredTable, period: str, department: str, *, by: Actor
) -> Contributed:
    """What other departments have in the place, and the writer's own part in it.

    Whoever writes holds the submission, as does every step of a request: so the part that he had
    when he was asked who he is still stands, or it is refused here.
    """
    refuse(why_not_contribute(by, stored, period, department))
    table = stored.spec.identifier
    contribution = contribution_at(by, table, period, department)
    if contribution is not None:
        number = contribution.cooperation_id
        status = session.scalar(select(Cooperation.status).where(Cooperation.id == number))
        if status not in CONTRIBUTING:
            raise Refused(
                Message(
                    "The co-operation request has just been settled, so that your department's rows"
                    " stand as they are. Nothing was saved."
                ),
                Reason.LOCKED,
            )
    return Contributed(contribution, marks_of_place(session, table, period, department))


def refuse_rows_of_the_place(place: Place, rows: Sequence[PlannedRow]) -> None:
    """Who only contributes meets rows of others by their keys; nobody tells him what is in them.

    So they are refused before the rules look at what is stored.
    """
    contribution, marks = place.contributed.contribution, place.contributed.marks
    if contribution is None:
        return
    for row in rows:
        if row.outcome:
            continue
        former = _restored(row) if row.current is None else place.stored.row_id(row.current)
        if former is None or (former not in marks and _is_own(place, row)):
            continue
        reason = why_not_change_marked(marks.get(former), contribution)
        if reason is not None:
            row.reject(_finding(row, reason))


def refuse_rows_of_contributors(place: Place, rows: Sequence[PlannedRow]) -> None:
    """The department that reports the table changes no row that another one answers for.

    A row that comes as it is stored, as in an import of the whole table, changes nothing.
    """
    contribution, marks = place.contributed.contribution, place.contributed.marks
    if contribution is not None or not marks:
        return
    for row in rows:
        if row.outcome:
            continue
        if row.current is None:
            mark = marks.get(_restored(row) or "")
        elif row.op == DELETE or changed_fields(row):
            mark = marks.get(place.stored.row_id(row.current))
        else:
            mark = None
        reason = why_not_change_marked(mark, None)
        if reason is not None:
            row.reject(_finding(row, reason))


def refuse_marked_row(
    session: Session, table: str, row_id: str, period: str, department: str, *, by: Actor
) -> None:
    """Refuse adding to a row, or taking from it, what only its contributor answers for."""
    mark = marks_among(session, table, [row_id]).get(row_id)
    if mark is not None:
        part = contribution_at(by, table, period, department)
        refuse(why_not_change_marked(mark, part))


def keep_contributed(
    session: Session,
    place: Place,
    rows: Sequence[PlannedRow],
    ids: Mapping[int, str],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Mark what the writer has contributed, and what has gone or come back of such rows.

    ``ids`` are those of new rows by position.
    """
    marks, table = place.contributed.marks, place.stored.spec.identifier
    if place.contributed.contribution is None and not marks:
        return
    deleted = [
        place.stored.row_id(row.current) for row in rows if row.outcome == "deleted" and row.current
    ]
    created = {
        ids[row.position]: row for row in rows if row.current is None and row.position in ids
    }
    _set_deleted(session, table, marks.keys() & set(deleted), is_deleted=True)
    _set_deleted(session, table, marks.keys() & created.keys(), is_deleted=False)
    new = [
        row_id for row_id, row in created.items() if row_id not in marks and not _is_own(place, row)
    ]
    if place.contributed.contribution is not None and new:
        _add(session, place, new, by=by, now=now)


def move_contributed(session: Session, table: str, period: str, source: str, target: str) -> None:
    """The marks go with their rows to another department; the caller commits.

    What the taker has contributed itself is from now on its own.
    """
    session.execute(
        delete(ContributedRow)
        .where(
            ContributedRow.table_identifier == table,
            ContributedRow.period == period,
            ContributedRow.department_code == source,
            ContributedRow.contributor_code == target,
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(ContributedRow)
        .where(
            ContributedRow.table_identifier == table,
            ContributedRow.period == period,
            ContributedRow.department_code == source,
        )
        .values(department_code=target)
        .execution_options(synchronize_session=False)
    )


def _is_own(place: Place, row: PlannedRow) -> bool:
    """Whether the row is, and stays, about the writer, who teaches in the place himself."""
    field, own = place.stored.spec.person_field, place.scope.person
    if field is None or own is None:
        return False
    stands = None if row.current is None else row.current[field.code]
    if row.checked is not None:
        written = row.values.get(field.code, stands)
    else:
        written = row.change.values.get(field.code, stands)
    return written == own and stands in (None, own)


def _restored(row: PlannedRow) -> str | None:
    """The id of the deleted row that a new one was."""
    if isinstance(row.batch.changes, ChangedColumns):
        return None
    return row.change.restores


def _finding(row: PlannedRow, message: Message) -> Finding:
    return Finding("CONTRIBUTED", row.position, None, Severity.ERROR, Dimension.ACCURACY, message)


def _set_deleted(session: Session, table: str, ids: Collection[str], *, is_deleted: bool) -> None:
    for batch in in_batches(ids):
        session.execute(
            update(ContributedRow)
            .where(ContributedRow.table_identifier == table, ContributedRow.row_id.in_(batch))
            .values(is_deleted=is_deleted)
            .execution_options(synchronize_session=False)
        )


def _add(session: Session, place: Place, ids: Sequence[str], *, by: Actor, now: datetime) -> None:
    contribution = place.contributed.contribution
    if contribution is None:  # pragma: no cover - the caller has looked
        return
    common = {
        "table_identifier": place.stored.spec.identifier,
        "period": place.period,
        "department_code": place.department,
        "contributor_code": contribution.contributor,
        "cooperation_id": contribution.cooperation_id,
        "added_at": now,
        "added_by": by.number,
        "is_deleted": False,
    }
    for batch in in_batches(ids):
        session.execute(insert(ContributedRow), [{**common, "row_id": row_id} for row_id in batch])
