"""What stands against locking a year: what is neither accepted nor exempt (第十二条)."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.domain.message import Message, Reason, Refused
from app.domain.submission import Status
from app.models.base_table import Store
from app.models.department import Department
from app.models.submission import Submission

LISTED = 50
DONE = frozenset({Status.ACCEPTED, Status.LOCKED, Status.EXEMPT})


def refuse_open(session: Session, store: Store, submissions: Sequence[Submission]) -> None:
    """Refuse to lock a year with these submissions, naming those that are not accepted yet."""
    open_ones = [each for each in submissions if each.status not in DONE]
    if not open_ones:
        return
    raise Refused(
        Message(
            "%(count)s submissions are not accepted yet; the year cannot be locked.",
            {"count": len(open_ones)},
        ),
        Reason.INVALID,
        tuple(_named(session, store, submission) for submission in open_ones[:LISTED]),
    )


def _named(session: Session, store: Store, submission: Submission) -> Message:
    name = submission.table_identifier
    spec = store.catalogue.reported.get(name)
    # Looked up once each: the session remembers departments it has read.
    department = session.get_one(Department, submission.department_code)
    return Message(
        "%(table)s (%(department)s)",
        {"table": spec.title if spec else name, "department": department.name},
    )
