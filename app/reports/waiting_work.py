"""What waits for a person beside the steps of tables: questions, and items that came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.roles import REGULATION
from app.catalogue.base_table import TableSpec
from app.domain.person import Function
from app.domain.question import QuestionStatus
from app.domain.return_item import OPEN_ITEMS
from app.domain.submission import Status
from app.models.base_table import Store
from app.models.question import Question
from app.models.return_item import Return, ReturnItem
from app.models.submission import Submission


@dataclass(frozen=True)
class ItemsBack:
    """How many items of a table came back to the person, where, and by when they are due."""

    spec: TableSpec
    period: str
    department: str
    count: int
    due_at: datetime

    def is_late(self, now: datetime) -> bool:
        """Whether they should have been put right by now."""
        return now > self.due_at


def count_unanswered(session: Session, actor: Actor) -> int:
    """How many questions wait for an official answer of the actor; asks only where he answers."""
    if not (actor.may("answer", REGULATION) and actor.holds(Function.QA_OFFICE)):
        return 0
    query = select(func.count()).select_from(Question)
    return session.scalar(query.where(Question.status == QuestionStatus.ASKED)) or 0


def items_back(session: Session, store: Store, actor: Actor) -> Sequence[ItemsBack]:
    """What came back to a teacher and waits for his answer, what is due first before the rest."""
    if not actor.holds(Function.TEACHER):
        return ()
    place = (Submission.table_identifier, Submission.period, Submission.department_code)
    query = (
        select(*place, func.count(), func.max(Return.due_at))
        .select_from(ReturnItem)
        .join(Submission, Submission.id == ReturnItem.submission_id)
        .join(Return, Return.id == ReturnItem.return_id)
        .where(
            ReturnItem.addressee_number == actor.number,
            ReturnItem.state.in_(sorted(OPEN_ITEMS)),
            Submission.status == Status.RETURNED,
        )
        .group_by(*place)
    )
    specs = store.catalogue.reported
    found = [
        ItemsBack(specs[table], period, department, count, due_at)
        for table, period, department, count, due_at in session.execute(query)
        if table in specs
    ]
    return sorted(found, key=lambda each: (each.due_at, each.spec.sort_key))
