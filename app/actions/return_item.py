"""Answering return items and judging the answers (第十一条, 第十二条)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import sees_submission, why_not_collected
from app.access.return_item import sees_item, why_items_wait, why_not_item_step
from app.actions.audit_log import Deed, record_all, tidy_reason
from app.actions.returning import digest_of, rows_in_place
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.return_item import (
    LONGEST_ITEM,
    ItemState,
    ItemVerb,
    Side,
    item_step_for,
    passed_level,
)
from app.domain.submission import Status, Verb
from app.models.base_table import Store
from app.models.base_table_rows import fillers_of
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.return_item import ReturnItem, items_of, last_return
from app.models.submission import Submission


def take_item_step(
    session: Session,
    store: Store,
    submission_id: int,
    numbers: Collection[int],
    verb: ItemVerb,
    text: str | None,
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Answer items or judge their answers, all of them or none; returns how many.

    ``text`` is the explanation, a remark on what was changed, or why an item is opened again.
    Raises Refused: an item somebody has dealt with meanwhile is a conflict.
    """
    said = tidy_reason(text, LONGEST_ITEM)
    with writing(session):
        submission, cycle = _open(session, store, submission_id)
        # Several answers at once are those of one submission, which is locked meanwhile.
        found = _chosen(session, submission, numbers, by)
        fillers = fillers_of(session, submission)
        deeds = []
        for item in found:
            before = item.state
            _refuse_step(submission, cycle, item, verb, said, fillers, by)
            if verb is ItemVerb.CHANGE:
                _refuse_as_it_was(session, store, submission, item)
            _take(item, verb, said, by=by, now=now)
            deeds.append(_deed(submission, item, verb, before, said))
        record_all(session, deeds, by=by, now=now)
        session.commit()
    return len(found)


def _open(session: Session, store: Store, submission_id: int) -> tuple[Submission, Cycle]:
    submission = session.get(
        Submission, submission_id, with_for_update=True, populate_existing=True
    )
    if submission is None:
        raise _missing()
    refuse(why_not_collected(store, submission), Reason.NOT_FOUND)
    return submission, session.get_one(Cycle, submission.cycle_id, populate_existing=True)


def _chosen(
    session: Session, submission: Submission, numbers: Collection[int], by: Actor
) -> list[ReturnItem]:
    query = (
        select(ReturnItem)
        .where(ReturnItem.submission_id == submission.id, ReturnItem.number.in_(sorted(numbers)))
        .order_by(ReturnItem.number)
        .execution_options(populate_existing=True)
    )
    found = [item for item in session.scalars(query) if sees_item(by, submission, item)]
    if len(found) == len(set(numbers)) > 0:
        return found
    raise (
        _missing()
        if numbers or not sees_submission(by, submission)
        else Refused(Message("Choose the return items first; nothing was changed."), Reason.INVALID)
    )


def _missing() -> Refused:
    return Refused(Message("There is no such return item."), Reason.NOT_FOUND)


def _refuse_step(
    submission: Submission,
    cycle: Cycle,
    item: ReturnItem,
    verb: ItemVerb,
    said: str | None,
    fillers: Collection[str],
    by: Actor,
) -> None:
    refusal = why_not_item_step(by, submission, cycle, item, verb, fillers)
    step = item_step_for(item.state, verb)
    if refusal is not None:
        raise Refused(refusal, Reason.CONFLICT if step is None else Reason.FORBIDDEN)
    if step is not None and step.needs_reason and said is None:
        raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)


def _refuse_as_it_was(
    session: Session, store: Store, submission: Submission, item: ReturnItem
) -> None:
    """Nobody says that he has changed what is as it was; a row that is gone has changed."""
    if item.is_whole:
        return
    stored = store.reported[submission.table_identifier]
    row = rows_in_place(session, stored, submission, {item.row_id}).get(item.row_id)
    if row is not None and digest_of(stored, row, item.field_code) == item.values_digest:
        raise Refused(
            Message(
                "This is as it was when it was sent back. Correct it first, or explain why it"
                " stays as it is."
            ),
            Reason.INVALID,
        )


def _take(item: ReturnItem, verb: ItemVerb, said: str | None, *, by: Actor, now: datetime) -> None:
    step = item_step_for(item.state, verb)
    if step is None:  # pragma: no cover - the policy has refused it already
        raise Refused(Message("This step does not exist."))
    item.state = step.target
    if step.holder is Side.FILLER:
        item.answer, item.answered_at = said, now
        item.answered_by, item.answered_by_name = by.number, by.name
    else:
        item.judgement, item.judged_at = said, now
        item.judged_by, item.judged_by_name = by.number, by.name


def _deed(
    submission: Submission,
    item: ReturnItem,
    verb: ItemVerb,
    before: ItemState,
    said: str | None,
) -> Deed:
    return Deed(
        tag=f"return_item.{verb}",
        subject=f"return_item:{item.id}",
        department=submission.department_code,
        before=before,
        after=item.state,
        reason=said,
    )


def answer_by_finishing(
    session: Session,
    submission: Submission,
    reason: str | None,
    *,
    is_changed: bool,
    by: Actor,
    now: datetime,
) -> None:
    """Answer what is about the whole table; refuse finishing while any other item is open.

    A table that was changed answers it by that, one that is as it was by ``reason``. The caller
    holds the submission locked, records the step and commits.
    """
    items = items_of(session, submission.id)
    for item in items:
        if item.is_whole and item.state.is_open and (is_changed or reason):
            verb = ItemVerb.CHANGE if is_changed else ItemVerb.EXPLAIN
            _take(item, verb, reason, by=by, now=now)
    if submission.status is Status.RETURNED and not is_changed:
        _refuse_unexplained(session, submission, reason)
    refuse(why_items_wait(items, Verb.FINISH, is_taken=True), Reason.INVALID)


def _refuse_unexplained(session: Session, submission: Submission, reason: str | None) -> None:
    """What is as it was goes on only where that was explained, item by item."""
    returned = last_return(session, submission.id)
    items = items_of(session, submission.id)
    since = [
        item.state
        for item in items
        if returned and item.answered_at and item.answered_at >= returned.sent_at
    ]
    is_explained = ItemState.CHANGED not in since and ItemState.EXPLAINED in since
    # Tables that were sent back before there were items have a reason alone.
    if not (is_explained if items else reason):
        raise Refused(
            Message("Nothing was changed since the table was sent back. Mend it or explain why."),
            Reason.INVALID,
        )


def close_by_passing(
    session: Session, submission: Submission, verb: Verb, *, by: Actor, now: datetime
) -> None:
    """Passing the table closes what is about the whole of it; everything else is judged before.

    The caller holds the submission locked, records the step and commits.
    """
    items = items_of(session, submission.id)
    refuse(why_items_wait(items, verb), Reason.INVALID)
    for item in items:
        if item.level is passed_level(verb) and item.state.is_answered:
            _take(item, ItemVerb.CLOSE, None, by=by, now=now)
