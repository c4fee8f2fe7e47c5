"""Rows that a teacher stands for, as grid and form tell whoever else might change them."""

from collections.abc import Iterable

from app.access.contribution import contribution_at
from app.access.teacher_record import why_closed_to_others, writes_own_rows
from app.domain.message import Message
from app.models.teacher_record import records_of
from app.reports.base_table import Row
from app.reports.place import Place
from app.web.current import current_actor, current_session


def closed_rows(place: Place, rows: Iterable[Row]) -> dict[str, Message]:
    """Row id → why whoever asks may not change it: its teacher has handed it over (第十条第二款).

    Of one department only, where rows are written; a teacher's own rows are closed as a whole.
    """
    actor, field, department = current_actor(), place.stored.spec.person_field, place.department
    shown = list(rows)
    if field is None or department is None or not shown:
        return {}
    if writes_own_rows(actor, place.stored, department):
        return {}
    table = place.stored.spec.identifier
    people = {row.id: str(row.values[field.code]) for row in shown}
    others = set(people.values())
    if contribution_at(actor, table, place.period.code, department) is not None:
        others.discard(actor.number)
    records = records_of(current_session(), place.cycle.id, table, department, others)
    reasons = {number: why_closed_to_others(record) for number, record in records.items()}
    return {
        row: reason for row, number in people.items() if (reason := reasons.get(number)) is not None
    }
