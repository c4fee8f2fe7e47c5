"""What the appraisal counts of rows entered on behalf of teachers (第十条第二款, 第十七条)."""

from decimal import Decimal

from app.domain.evidence import Delegated, Records, Reported
from app.domain.measurement import Event, Measurement, ratio
from app.domain.message import Message


def unfounded_delegation(records: Records) -> Measurement:
    """The share of the rows entered on behalf of teachers that nobody vouches for.

    A department whose teachers all answered for themselves has none.
    """
    tables = [(table, found) for table in records.owed if (found := table.delegated)]
    if not tables:
        return Measurement(None, Message("No table of the department is filled in by teachers."))
    events = tuple(_delegated(table, found) for table, found in tables if found.rows)
    rows = sum(found.rows for _table, found in tables)
    unfounded = sum(found.unfounded for _table, found in tables)
    if not rows:
        return Measurement(
            Decimal(0), Message("No rows were entered on behalf of teachers."), events
        )
    summary = Message(
        "%(unfounded)s of %(rows)s rows entered on behalf of teachers have no basis",
        {"unfounded": unfounded, "rows": rows},
    )
    return Measurement(ratio(unfounded, rows), summary, events)


def _delegated(table: Reported, found: Delegated) -> Event:
    text = Message(
        "%(unfounded)s of %(rows)s rows entered on behalf of teachers have no basis",
        {"unfounded": found.unfounded, "rows": found.rows},
    )
    amount = Decimal(found.unfounded)
    return Event(text, amount, amount > 0, table.submission_id, table.table)
