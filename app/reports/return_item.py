"""What came back of a table: the return items that somebody sees, and what he may do with them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import sees_submission, why_not_collected, why_not_read
from app.access.return_item import sees_item, why_not_item_step
from app.catalogue.base_table import TableSpec
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.return_item import ItemState, ItemVerb, days_between, item_step_for
from app.domain.submission import Status
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import fillers_of
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.return_item import Return, ReturnItem, returns_with_items
from app.models.submission import Submission


@dataclass(frozen=True)
class ItemLine:
    """One item; ``days_open`` is None once it is closed, ``field`` what its field is called."""

    item: ReturnItem
    returned: Return
    field: str
    days_open: int | None
    permitted: tuple[ItemVerb, ...]

    @property
    def is_addressed_to(self) -> str:
        """The number of the person it is addressed to."""
        return self.item.addressee_number or ""

    @property
    def may_answer(self) -> bool:
        """Whether the reader may say that it was changed, or explain it."""
        return ItemVerb.EXPLAIN in self.permitted

    @property
    def may_judge(self) -> bool:
        """Whether the reader may close it or open it again."""
        return not {ItemVerb.CLOSE, ItemVerb.REOPEN}.isdisjoint(self.permitted)


@dataclass(frozen=True)
class Returned:
    """The returns of a submission with the items that the reader sees, in their order.

    ``days_left`` until the last return is due, negative when that has passed; None where the table
    is not back any more.
    """

    returns: Sequence[Return] = ()
    lines: Sequence[ItemLine] = ()
    days_left: int | None = None

    @property
    def last(self) -> Return | None:
        """The latest return."""
        return self.returns[-1] if self.returns else None

    @property
    def left(self) -> Sequence[ItemLine]:
        """What waits for an answer."""
        return [line for line in self.lines if line.item.state.is_open]

    @property
    def unclosed(self) -> Sequence[ItemLine]:
        """What is not settled yet."""
        return [line for line in self.lines if line.item.state is not ItemState.CLOSED]

    @property
    def closed(self) -> Sequence[ItemLine]:
        """What is settled."""
        return [line for line in self.lines if line.item.state is ItemState.CLOSED]

    def of_row(self, row_id: str) -> Sequence[ItemLine]:
        """What is not settled of a row."""
        return [line for line in self.unclosed if line.item.row_id == row_id]


NOTHING_RETURNED = Returned()


@dataclass(frozen=True)
class ItemsPage:
    """What came back of one submission, for whoever sees any of it."""

    submission: Submission
    cycle: Cycle
    spec: TableSpec
    department: str
    returned: Returned
    sees_submission: bool


def read_items_page(
    session: Session, store: Store, actor: Actor, submission_id: int, *, now: datetime
) -> ItemsPage:
    """The items of a submission; Refused as not found for whoever sees none of it."""
    missing = Refused(Message("There is no such submission."), Reason.NOT_FOUND)
    submission = session.get(Submission, submission_id)
    if submission is None:
        raise missing
    refuse(why_not_collected(store, submission), Reason.NOT_FOUND)
    stored = store.reported[submission.table_identifier]
    cycle = session.get_one(Cycle, submission.cycle_id)
    fillers = fillers_of(session, submission)
    returned = read_returned(session, stored, actor, submission, cycle, fillers, now=now)
    sees = sees_submission(actor, submission)
    if not sees and not returned.lines:
        raise missing
    department = session.get_one(Department, submission.department_code)
    return ItemsPage(submission, cycle, stored.spec, department.name, returned, sees)


def read_returned(
    session: Session,
    stored: StoredTable,
    actor: Actor,
    submission: Submission,
    cycle: Cycle,
    fillers: Collection[str] = (),
    *,
    now: datetime,
) -> Returned:
    """What came back of the submission, as far as the reader sees it: a teacher what is his."""
    # A table that came back keeps what content it was that did.
    if submission.returned_hash is None:
        return NOTHING_RETURNED
    returns, items = returns_with_items(session, submission.id)
    if not returns:
        return NOTHING_RETURNED
    if why_not_read(actor, stored) is not None and not sees_submission(actor, submission):
        return NOTHING_RETURNED
    by_id = {each.id: each for each in returns}
    seen = [item for item in items if sees_item(actor, submission, item)]
    lines = []
    for item in seen:
        permitted = _permitted(actor, submission, cycle, item, fillers)
        lines.append(_line(stored, item, by_id[item.return_id], permitted, now))
    is_back = submission.status in {Status.RETURNED, Status.ENTERING}
    days_left = days_between(now, returns[-1].due_at) if is_back else None
    return Returned(returns, lines, days_left)


def _permitted(
    actor: Actor,
    submission: Submission,
    cycle: Cycle,
    item: ReturnItem,
    fillers: Collection[str],
) -> tuple[ItemVerb, ...]:
    possible = (verb for verb in ItemVerb if item_step_for(item.state, verb) is not None)
    place = (actor, submission, cycle, item)
    return tuple(v for v in possible if why_not_item_step(*place, v, fillers) is None)


def _line(
    stored: StoredTable,
    item: ReturnItem,
    returned: Return,
    permitted: tuple[ItemVerb, ...],
    now: datetime,
) -> ItemLine:
    spec = stored.spec.by_code.get(item.field_code)
    is_closed = item.state is ItemState.CLOSED
    return ItemLine(
        item=item,
        returned=returned,
        field=item.field_code if spec is None else spec.label,
        days_open=None if is_closed else max(0, days_between(item.raised_at, now)),
        permitted=permitted,
    )
