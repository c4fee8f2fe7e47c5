"""The rows behind a teacher's record: what waits, what came back, what is as last year."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_unconfirmed
from app.actions.carried_row import settle_carried
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.return_item import OPEN_ITEMS
from app.models.base_table import StoredTable
from app.models.carried_row import CarriedRow, count_waiting
from app.models.return_item import ReturnItem
from app.models.submission import Submission


def refuse_waiting(
    session: Session, stored: StoredTable, submission: Submission, number: str
) -> None:
    """Refuse while rows taken over from last year wait for the teacher's look."""
    place = (stored.spec.identifier, submission.period, submission.department_code)
    refuse(why_unconfirmed(count_waiting(session, *place, number)), Reason.INVALID)


def refuse_open_items(session: Session, submission: Submission, number: str) -> None:
    """Refuse while return items addressed to the teacher have no answer."""
    query = select(func.count()).where(
        ReturnItem.submission_id == submission.id,
        ReturnItem.addressee_number == number,
        ReturnItem.state.in_(OPEN_ITEMS),
    )
    waiting = session.scalar(query)
    if waiting:
        raise Refused(
            Message(
                "%(count)s return items are not answered. Mark each as changed, or explain it.",
                {"count": waiting},
            ),
            Reason.INVALID,
        )


def confirm_unchanged(
    session: Session,
    stored: StoredTable,
    submission: Submission,
    number: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Confirm all rows of the teacher as last year's. Raises Refused where one is not.

    The caller records the step and commits.
    """
    table, person = stored.spec.identifier, stored.person
    if person is None:  # pragma: no cover - tables of teachers have one
        return
    in_place = stored.in_place(submission.period, submission.department_code)
    query = select(*stored.identity).where(in_place, person == number)
    rows = {stored.row_id(row) for row in session.execute(query).mappings()}
    waiting = select(CarriedRow.row_id).where(
        CarriedRow.table_identifier == table,
        CarriedRow.row_id.in_(sorted(rows)),
        CarriedRow.confirmed_at.is_(None),
        CarriedRow.is_deleted.is_(False),
    )
    if rows - set(session.scalars(waiting)):
        raise Refused(
            Message(
                "Some of these rows are new or were changed, so that it is not as last year. Look"
                " at them and hand them over."
            ),
            Reason.INVALID,
        )
    settle_carried(session, table, {"changed": rows}, by=by, now=now)
