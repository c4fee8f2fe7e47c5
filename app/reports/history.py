"""What is kept of former years: which table of which department, with how many rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_not_history, why_not_prepare_cycle
from app.catalogue.base_table import TableSpec
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.snapshot import Snapshot
from app.models.submission import Submission


@dataclass(frozen=True)
class HistoryLine:
    """A table of a department in a year of history."""

    table: TableSpec
    department: str
    rows: int


def history_year(session: Session, actor: Actor, number: int) -> Cycle:
    """The year of history of this id; Refused as forbidden, or as not found where it is none."""
    refuse(why_not_prepare_cycle(actor))
    cycle = session.get(Cycle, number)
    if cycle is None or why_not_history(actor, cycle) is not None:
        raise Refused(Message("There is no such year of former data."), Reason.NOT_FOUND)
    return cycle


def history_lines(session: Session, store: Store, cycle: Cycle) -> Sequence[HistoryLine]:
    """What the year holds, in printed order."""
    query = (
        select(Submission.table_identifier, Department.name, Snapshot.row_count)
        .join(Department, Department.code == Submission.department_code)
        .join(
            Snapshot,
            (Snapshot.submission_id == Submission.id)
            & (Snapshot.content_hash == Submission.content_hash),
        )
        .where(Submission.cycle_id == cycle.id)
        .order_by(Submission.department_code)
    )
    tables = store.catalogue.tables
    found = [
        HistoryLine(tables[table], name, rows)
        for table, name, rows in session.execute(query)
        if table in tables
    ]
    return sorted(found, key=lambda line: line.table.sort_key)
