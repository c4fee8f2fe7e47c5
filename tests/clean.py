"""Many submissions of the demo college that nothing stands against, without a step for each.

They are put into a status by the store, with the people and the content that the steps to it would
have left behind; tests of one step taken with many begin there.
"""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.submission import Status
from app.models.cycle import Cycle
from app.models.judged_place import judge_place
from app.models.judged_table import JudgedTables
from app.models.return_item import ReturnItem
from app.models.submission import Submission
from tests.demo import DemoCollege

# Numbers of nobody: whoever takes the next step has had no part in what went before.
QA_OFFICE = "A04"
FILLER, REVIEWER, HEAD, OFFICE = "99001", "99002", "99003", "99004"


def clean_submissions(
    demo: DemoCollege, status: Status, count: int, department: str | None = None
) -> list[int]:
    """The ids of ``count`` submissions that stand in ``status`` now; all others are exempt.

    A ``department`` that owes too few owes all other tables too, with nothing in them.
    """
    with demo.session() as session:
        cycle = session.get_one(Cycle, demo.cycle.id)
        tables, found = JudgedTables(), []
        if department is not None:
            _owe_all(session, demo, cycle, department)
        query = select(Submission).where(Submission.cycle_id == cycle.id).order_by(Submission.id)
        everything = session.scalars(query).all()
        returned = set(session.scalars(select(ReturnItem.submission_id)))
        for submission in everything:
            # A rule waits for tables that others have not finished: none of them is left.
            _put(submission, status, None)
        session.flush()
        for submission in everything:
            is_wanted = department in (None, submission.department_code) and len(found) < count
            is_wanted = is_wanted and submission.id not in returned
            # The quality office's own data take two of its people.
            is_wanted = is_wanted and submission.department_code != QA_OFFICE
            content = _content(session, demo, cycle, submission, tables) if is_wanted else None
            _put(submission, Status.EXEMPT if content is None else status, content)
            found += [] if content is None else [submission.id]
        session.commit()
    assert len(found) == count, f"only {len(found)} submissions are clean"
    return found


def _owe_all(session: Session, demo: DemoCollege, cycle: Cycle, department: str) -> None:
    """A submission for every table that the department does not have."""
    query = select(Submission.table_identifier).where(
        Submission.cycle_id == cycle.id, Submission.department_code == department
    )
    owed = set(session.scalars(query))
    session.add_all(
        Submission(
            cycle_id=cycle.id,
            table_identifier=table,
            department_code=department,
            period=spec.period_in(cycle.year).code,
            status_since=datetime.now(UTC),
            nil_reason="本学年没有此项",
        )
        for table, spec in demo.store.catalogue.tables.items()
        if table not in owed
    )
    session.flush()


def _content(
    session: Session,
    demo: DemoCollege,
    cycle: Cycle,
    submission: Submission,
    tables: JudgedTables,
) -> str | None:
    """The hash of its rows; None where a rule has something against them."""
    table, spec = submission.table_identifier, demo.store.reported[submission.table_identifier].spec
    if spec.spot_check or table not in demo.store.tables:
        return None
    judged = tables.of(session, demo.store, table, cycle)
    place = judge_place(*(session, demo.store, table, cycle, submission.department_code), judged)
    is_clean = not place.found and not place.broken
    return place.check.content_hash if is_clean else None


def _put(submission: Submission, status: Status, content: str | None) -> None:
    now = datetime.now(UTC)
    submission.forget_approvals()
    submission.status, submission.content_hash, submission.returned_hash = status, content, None
    submission.finished_at, submission.finished_by = now, FILLER
    submission.reviewed_at, submission.reviewed_by = now, REVIEWER
    if status in {Status.SUBMITTED, Status.UNDER_QA_REVIEW, Status.ACCEPTED}:
        submission.confirmed_at, submission.confirmed_by = now, HEAD
        submission.first_reported_at = submission.first_reported_at or now
    if status in {Status.UNDER_QA_REVIEW, Status.ACCEPTED}:
        submission.received_at, submission.received_by = now, OFFICE
    if status is Status.ACCEPTED:
        submission.accepted_at, submission.accepted_by = now, OFFICE
