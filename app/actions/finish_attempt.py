"""Recording attempts to finish a table: evidence for the appraisal (第十七条)."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.models.judged_place import JudgedPlace
from app.models.submission import FinishAttempt, Submission

EMPTY = (None, "")


def keep_attempt(
    session: Session, submission: Submission, judged: JudgedPlace, *, by: Actor, now: datetime
) -> None:
    """Store what the check found, once per content; the caller commits.

    The submission is locked by the caller, so that two clicks make one attempt. What is waived or
    waits for another department is no fault of this one.
    """
    check = judged.check
    known = select(FinishAttempt.id).where(
        FinishAttempt.submission_id == submission.id,
        FinishAttempt.content_hash == check.content_hash,
    )
    if session.scalar(known.limit(1)) is not None:
        return
    spec = check.stored.spec
    required = [field.code for field in spec.fields if field.required or field.key]
    filled = sum(row[code] not in EMPTY for row in check.values for code in required)
    session.add(
        FinishAttempt(
            submission_id=submission.id,
            attempted_at=now,
            attempted_by=by.number,
            is_blocked=bool(judged.open_errors),
            content_hash=check.content_hash,
            row_count=len(check.rows),
            cell_count=len(check.rows) * len(spec.fields),
            required_count=len(check.rows) * len(required),
            filled_count=filled,
            errors=faulty_cells(judged),
        )
    )


def faulty_cells(judged: JudgedPlace) -> dict[str, int]:
    """Dimension → cells with an error of it; one cell counts once, by its first error."""
    first: dict[object, str] = {}
    for finding in (each.finding for each in judged.open_errors):
        place = (finding.row, finding.field or finding.rule)
        first.setdefault(place, finding.dimension.value)
    return dict(Counter(first.values()))
