"""The beginning of the entry of a table (第十条, T1)."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.domain.submission import Status, Verb
from app.models.submission import Submission


def begin_entering(
    session: Session, submission: Submission | None, *, by: Actor, now: datetime
) -> None:
    """The first stored row begins the entry (T1), recorded like any step; the caller commits."""
    if submission is None or submission.status is not Status.NOT_STARTED:
        return
    submission.status = Status.ENTERING
    submission.version += 1
    submission.status_since = now
    deed = Deed(
        tag=f"submission.{Verb.ENTER}",
        subject=f"submission:{submission.id}",
        department=submission.department_code,
        before=Status.NOT_STARTED,
        after=Status.ENTERING,
    )
    record(session, deed, by=by, now=now)
