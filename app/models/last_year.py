"""What a department reported of a table in the year before, once it was accepted (第十二条)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.labels import label
from app.domain.message import Message
from app.domain.period import Period
from app.domain.submission import Status
from app.models.base_table import StoredTable
from app.models.cycle import Cycle
from app.models.snapshot import Snapshot, read_snapshot
from app.models.submission import Submission

# What was looked at and found good; the working rows may say something else by now.
ACCEPTED = frozenset({Status.ACCEPTED, Status.LOCKED})


@dataclass(frozen=True)
class LastYear:
    """An accepted report of the year before: its period, its content and the kept rows."""

    period: Period
    content_hash: str
    snapshot_id: int


def last_year_of(
    session: Session, stored: StoredTable, cycle: Cycle, department: str
) -> LastYear | Message:
    """What the department reported in the year before ``cycle``, or why there is nothing."""
    before = cycle.year.previous
    year = {"year": before.code}
    query = (
        select(Submission, Snapshot.id)
        .join(Cycle, Cycle.id == Submission.cycle_id)
        .join(
            Snapshot,
            (Snapshot.submission_id == Submission.id)
            & (Snapshot.content_hash == Submission.content_hash),
            isouter=True,
        )
        .where(
            Cycle.academic_year == before.code,
            Submission.table_identifier == stored.spec.identifier,
            Submission.department_code == department,
        )
    )
    found = session.execute(query).first()
    if found is None:
        return Message("The department reported nothing of this table in %(year)s.", year)
    submission, snapshot = found
    if submission.status not in ACCEPTED:
        return Message(
            "Last year's data have not been accepted: in %(year)s the table is %(status)s. Only"
            " accepted data are taken over.",
            {**year, "status": label(submission.status)},
        )
    if not snapshot or submission.content_hash is None or submission.nil_reason:
        return Message("The department reported in %(year)s that there was nothing.", year)
    return LastYear(stored.spec.period_in(before), submission.content_hash, snapshot)


def read_last_rows(
    session: Session, stored: StoredTable, last: LastYear
) -> Sequence[dict[str, object]]:
    """The rows as they were accepted, by field code; fields of today only."""
    frame = read_snapshot(session, last.snapshot_id)
    known = [code for code in stored.columns if code in frame.columns]
    return frame.select(known).to_dicts()
