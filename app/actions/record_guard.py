"""What teachers' records ask of other steps: of writing rows, finishing, sending back, reassigning.

Each is one call inside the transaction of the step; nothing here commits (第十条第二款, 第十一条).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.teacher_record import (
    why_closed_to_others,
    why_closed_to_teacher,
    why_not_settled,
    writes_own_rows,
)
from app.actions.audit_log import Deed, record_all
from app.actions.planned_row import Place, PlannedRow
from app.actions.row_plan import decide
from app.actions.row_write import WRITTEN
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message, Reason, refuse
from app.domain.teacher_record import RecordStatus, RecordVerb, record_step_for
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import in_batches, present_rows
from app.models.cycle import Cycle
from app.models.return_item import ReturnItem
from app.models.submission import Submission
from app.models.teacher_record import (
    LONGEST_REASON,
    TeacherRecord,
    other_fillers,
    read_standings,
    records_of,
    row_counts,
    unsettled,
)

# So few rows name so few teachers that only their records are read.
FEW_ROWS = 100


def refuse_closed_records(session: Session, place: Place, rows: Sequence[PlannedRow]) -> None:
    """A teacher writes while his record is open; what he stands for nobody else writes.

    Raises Refused for the teacher's own rows; of others the rows are rejected one by one, also of
    those whose department contributes.
    """
    field = place.stored.spec.person_field
    if field is None or place.is_history:
        return
    at = (place.cycle.id, place.stored.spec.identifier, place.department)
    contributes = place.contributed.contribution is not None
    if not contributes and not place.scope.covers_department(place.department):
        own = place.scope.person or ""
        refuse(why_closed_to_teacher(records_of(session, *at, [own]).get(own)), Reason.LOCKED)
        return
    few = len(rows) <= FEW_ROWS
    named = {number for row in rows for number in _people(place, row)} if few else None
    records = records_of(session, *at, named)
    # Who contributes may teach there as well: of rows about him it is his own record that counts.
    himself = place.scope.person if contributes else None
    closed = {
        number: reason
        for number, each in records.items()
        if (
            reason := why_closed_to_teacher(each)
            if number == himself
            else why_closed_to_others(each)
        )
    }
    if closed:
        _reject_closed(session, place, rows, closed)


def _reject_closed(
    session: Session, place: Place, rows: Sequence[PlannedRow], closed: Mapping[str, Message]
) -> None:
    """Reject changes of these teachers' rows, and whatever was to take the keys they now keep."""
    refused = []
    for row in rows:
        if row.outcome in WRITTEN:
            reasons = [closed[number] for number in _people(place, row) if number in closed]
            refused += [(row, reasons[0])] if reasons else []
    if not refused:
        return
    for row in rows:
        if row.outcome in WRITTEN:
            row.outcome = ""
    for row, reason in refused:
        finding = ("ROW_CLOSED", row.position, None, Severity.ERROR, Dimension.ACCURACY)
        row.reject(Finding(*finding, reason))
    decide(session, place, rows)


def renew_unconfirmed(
    session: Session, place: Place, rows: Sequence[PlannedRow], *, by: Actor
) -> None:
    """A teacher confirms what he has seen: where rows change meanwhile, he is told of what stands.

    Whoever holds the page of before has an earlier version of his record.
    """
    if place.stored.spec.person_field is None or place.is_history:
        return
    at = (place.cycle.id, place.stored.spec.identifier, place.department)
    waiting = {
        number: found
        for number, found in records_of(session, *at).items()
        if found.waits_for_confirmation and number != by.number
    }
    if not waiting:
        return
    written = {n for row in rows if row.outcome in WRITTEN for n in _people(place, row)}
    at_place = (session, place.stored, place.period, place.department)
    counts, fillers = row_counts(*at_place), other_fillers(*at_place)
    for number in waiting.keys() & written:
        found = waiting[number]
        found.version += 1
        found.entered_by = fillers.get(number, "")
        found.delegated_rows = counts.get(number, 0) if found.entered_by else 0


def refuse_closed_row(
    session: Session, stored: StoredTable, row: RowMapping, cycle: Cycle, *, by: Actor
) -> None:
    """Refuse adding to a row, or taking from it, what its teacher has handed over or stands for."""
    field = stored.spec.person_field
    if field is None or stored.department is None:
        return
    number, department = str(row[field.code]), str(row[stored.department])
    at = (cycle.id, stored.spec.identifier, department)
    found = records_of(session, *at, [number]).get(number)
    if found is None:
        return
    is_own = number == by.number and writes_own_rows(by, stored, department)
    refuse(why_closed_to_teacher(found) if is_own else why_closed_to_others(found), Reason.LOCKED)


def _people(place: Place, row: PlannedRow) -> list[str]:
    """Whom the row is about, before the change and after it."""
    field = place.stored.spec.person_field
    if field is None:  # pragma: no cover - asked of tables of teachers only
        return []
    stands = [] if row.current is None else [str(row.current[field.code])]
    written = row.values.get(field.code) if row.carries_values or row.checked is not None else None
    return stands if written is None else [*stands, str(written)]


def refuse_unsettled_records(
    session: Session, store: Store, submission: Submission, cycle: Cycle
) -> None:
    """Refuse finishing while a teacher's record is neither taken up nor recorded as missing."""
    stored = store.reported[submission.table_identifier]
    if stored.spec.person_field is None:
        return
    standings = read_standings(session, stored, cycle, submission.department_code)
    refuse(why_not_settled(len(unsettled(standings))), Reason.INVALID)


def return_records(
    session: Session,
    stored: StoredTable,
    submission: Submission,
    items: Collection[ReturnItem],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Open the records of the teachers to whom, or to whose rows, items are addressed; only these.

    What is said of the whole table leaves it to the data steward.
    """
    field = stored.spec.person_field
    if field is None:
        return
    rows = present_rows(session, stored, {item.row_id for item in items if item.row_id})
    reasons: dict[str, list[str]] = {}
    for item in items:
        row = rows.get(item.row_id)
        numbers = {item.addressee_number, None if row is None else str(row[field.code])}
        for number in numbers - {None}:
            reasons.setdefault(str(number), []).append(item.reason)
    at = (submission.cycle_id, submission.table_identifier, submission.department_code)
    deeds = [
        _returned(found, "；".join(dict.fromkeys(reasons[number])), by=by, now=now)
        for number, found in records_of(session, *at).items()
        if number in reasons and record_step_for(found.status, RecordVerb.SEND_BACK)
    ]
    record_all(session, deeds, by=by, now=now)


def _returned(found: TeacherRecord, reason: str, *, by: Actor, now: datetime) -> Deed:
    before = found.status
    found.forget()
    found.reason = reason[:LONGEST_REASON]
    found.step_to(RecordStatus.RETURNED, by.number, by.name, now)
    return Deed(
        tag=f"teacher_record.{RecordVerb.SEND_BACK}",
        subject=f"teacher_record:{found.id}",
        department=found.department_code,
        before=before,
        after=found.status,
        reason=found.reason,
    )


def move_records(session: Session, cycle_id: int, table: str, source: str, target: str) -> None:
    """The records go with their rows to another department.

    Where a teacher has one there as well it is of former times: the taker had no rows.
    """
    of_table = (TeacherRecord.cycle_id == cycle_id, TeacherRecord.table_identifier == table)
    leaving = select(TeacherRecord.person_number).where(
        *of_table, TeacherRecord.department_code == source
    )
    for batch in in_batches(session.scalars(leaving).all()):
        former = delete(TeacherRecord).where(
            *of_table,
            TeacherRecord.department_code == target,
            TeacherRecord.person_number.in_(batch),
        )
        session.execute(former.execution_options(synchronize_session=False))
    session.execute(
        update(TeacherRecord)
        .where(*of_table, TeacherRecord.department_code == source)
        .values(department_code=target)
        .execution_options(synchronize_session=False)
    )
