"""The steps of co-operation requests as they are kept, and requests that come to nothing (第十条).

Inside the transaction of the step, by whoever holds the submission; nothing here commits.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.actions.permission import raise_permission_version
from app.domain.cooperation import OPEN, CooperationStatus, CooperationVerb
from app.models.cooperation import LONGEST_TEXT, Cooperation, CooperationEvent
from app.models.submission import Submission


def withdraw_open(
    session: Session,
    submission: Submission,
    *,
    partner: str | None = None,
    by: Actor,
    now: datetime,
    reason: str | None,
) -> None:
    """Withdraw what is still asked for the table, of ``partner`` alone where one is named.

    Wherever it stands: there is nobody left who could ask, or nothing to be asked for.
    """
    query = select(Cooperation).where(
        Cooperation.submission_id == submission.id, Cooperation.status.in_(sorted(OPEN))
    )
    if partner is not None:
        query = query.where(Cooperation.partner_code == partner)
    locked = query.order_by(Cooperation.id).with_for_update()
    found = session.scalars(locked.execution_options(populate_existing=True)).all()
    said = None if reason is None else reason[:LONGEST_TEXT]
    for request in found:
        before = request.status
        request.status, request.status_since = CooperationStatus.WITHDRAWN, now
        request.version += 1
        place = (session, request, CooperationVerb.CANCEL, before, submission)
        note_event(*place, by=by, now=now, reason=said)
    if found:
        # Whoever contributed has other rights from now on.
        raise_permission_version(session)


def note_event(
    session: Session,
    request: Cooperation,
    verb: CooperationVerb,
    before: CooperationStatus | None,
    submission: Submission,
    *,
    by: Actor,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Keep the step with the request, and in the audit log."""
    session.add(
        CooperationEvent(
            cooperation_id=request.id,
            version=request.version,
            verb=verb,
            after=request.status,
            at=now,
            person_number=by.number,
            person_name=by.name,
            due_at=request.due_at,
            reason=reason,
            rating=request.rating,
        )
    )
    deed = Deed(
        tag=f"cooperation.{verb}",
        subject=f"cooperation:{request.id}",
        department=submission.department_code,
        before=before,
        after=request.status,
        reason=reason,
    )
    record(session, deed, by=by, now=now)
