"""Recording attempts to finish a table: evidence for the appraisal (第十七条)."""

from collections import Counter
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.models.audit_log import AuditEntry
from app.models.database import begin_write
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
    filled = sum(value not in EMPTY for code in required for value in check.rows.columns[code])
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


def keep_blocked_attempt(
    session: Session, submission_id: int, judged: JudgedPlace, *, by: Actor, now: datetime
) -> None:
    """Undo what the refused step has done and keep the attempt itself, which is evidence.

    Once per content: clicking again without mending anything counts no more.
    """
    content_hash = judged.check.content_hash
    session.rollback()
    begin_write(session)
    # Locked once more, so that two clicks at once leave one entry.
    submission = session.get_one(
        Submission, submission_id, with_for_update=True, populate_existing=True
    )
    keep_attempt(session, submission, judged, by=by, now=now)
    tag, subject = "submission.finish_refused", f"submission:{submission.id}"
    known = select(AuditEntry.id).where(
        AuditEntry.subject == subject,
        AuditEntry.tag == tag,
        AuditEntry.content_hash == content_hash,
    )
    if session.scalar(known.limit(1)) is None:
        deed = Deed(
            tag=tag,
            subject=subject,
            department=submission.department_code,
            before=submission.status,
            after=submission.status,
            reason=str(len(judged.open_errors)),
            content_hash=content_hash,
        )
        record(session, deed, by=by, now=now)
    session.commit()


def faulty_cells(judged: JudgedPlace) -> dict[str, int]:
    """Dimension → cells with an error of it; one cell counts once, by its first error."""
    found: Counter[str] = Counter()
    errors = (each.finding for each in judged.open_errors)
    # In the order of rows, so that cells of one row at once are told apart.
    for _row, of_row in groupby(errors, key=lambda finding: finding.row):
        first: dict[str, str] = {}
        for finding in of_row:
            first.setdefault(finding.field or finding.rule, finding.dimension.value)
        found.update(first.values())
    return dict(found)
