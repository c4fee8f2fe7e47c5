"""Sending a table back with items, in the transaction of the step (第十一条, 第十二条)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from json import dumps

from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.audit_log import tidy_reason
from app.actions.record_guard import return_records
from app.domain.message import Message, Reason, Refused
from app.domain.return_item import (
    LONGEST_ITEM,
    MOST_ITEMS,
    ItemState,
    WantedItem,
    due_of_return,
)
from app.domain.submission import Holder
from app.models.audit_log import LONGEST_JOINED_REASON
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import identity_in, identity_of, in_batches
from app.models.return_item import Return, ReturnItem, items_of, last_return
from app.models.row_filler import Filler, Present, fillers_of_cells, present_fillers
from app.models.submission import Submission
from app.rules.reading import text_of

LONGEST_ROW_ID = 200


@dataclass(frozen=True)
class SentBack:
    """A step that sends a table back: whose it is, with what, and by when it is due."""

    level: Holder
    items: Sequence[WantedItem]
    due_on: date | None
    by: Actor
    now: datetime


def wanted_items(items: Sequence[WantedItem], reason: str | None) -> Sequence[WantedItem]:
    """The items of a step; a reason alone is one item for the whole table."""
    return items if items or reason is None else (WantedItem(reason),)


def reason_to_return(
    session: Session, submission: Submission, items: Collection[WantedItem]
) -> str | None:
    """Why the table goes back, in one text, where only its items say it.

    An item that was opened again is reason enough; None where nothing was said at all.
    """
    again = (i for i in items_of(session, submission.id) if i.state is ItemState.REOPENED)
    said = [item.reason.strip() for item in items] or [i.judgement or i.reason for i in again]
    # Each may be a sentence of its own; together they are clauses of one.
    whole = "；".join(dict.fromkeys(each.rstrip("。；") for each in said))
    return (
        whole if len(whole) <= LONGEST_JOINED_REASON else f"{whole[: LONGEST_JOINED_REASON - 1]}…"
    ) or None


def send_back(session: Session, store: Store, submission: Submission, sent: SentBack) -> None:
    """Keep the return with its items.

    Raises Refused: all items are raised or none. The caller holds the submission locked, commits.
    """
    wanted = _judged(submission, store, sent.items)
    before = last_return(session, submission.id)
    returned = Return(
        submission_id=submission.id,
        number=1 if before is None else before.number + 1,
        level=sent.level,
        sent_at=sent.now,
        sent_by=sent.by.number,
        sent_by_name=sent.by.name,
        due_at=_due(sent.now, sent.due_on),
        content_hash=submission.content_hash,
    )
    session.add(returned)
    session.flush()
    known = len(items_of(session, submission.id))
    made = _items(session, store, submission, wanted, sent)
    for number, item in enumerate(made, start=known + 1):
        item.return_id, item.number = returned.id, number
    session.add_all(made)
    session.flush()
    stored = store.reported[submission.table_identifier]
    return_records(session, stored, submission, made, by=sent.by, now=sent.now)


def judged_items(
    session: Session,
    store: Store,
    submission: Submission,
    items: Sequence[WantedItem],
    due_on: date | None,
    *,
    now: datetime,
) -> Sequence[WantedItem]:
    """The items, tidy, of a return that somebody else has to agree to; nothing is kept yet.

    Raises Refused as ``send_back`` does, so that it need not be refused when it is agreed to.
    """
    _due(now, due_on)
    wanted = _judged(submission, store, items)
    _rows(session, store.reported[submission.table_identifier], submission, wanted)
    return wanted


def _due(now: datetime, due_on: date | None) -> datetime:
    due_at = due_of_return(now, due_on)
    if due_at < now:
        raise Refused(
            Message("The day by which it is due has passed already. Choose a later one."),
            Reason.INVALID,
        )
    return due_at


def _judged(
    submission: Submission, store: Store, wanted: Sequence[WantedItem]
) -> Sequence[WantedItem]:
    """The items with tidy reasons. Raises Refused where one says nothing or names no field."""
    if len(wanted) > MOST_ITEMS:
        raise Refused(
            Message(
                "At most %(count)s return items at once; send the whole table back instead.",
                {"count": MOST_ITEMS},
            ),
            Reason.INVALID,
        )
    spec = store.reported[submission.table_identifier].spec
    found = []
    for item in wanted:
        reason = tidy_reason(item.reason, LONGEST_ITEM)
        if reason is None:
            raise Refused(Message("Say the reason of every return item."), Reason.INVALID)
        if item.field and (item.field not in spec.by_code or not item.row_id):
            raise Refused(
                Message(
                    "Table %(table)s has no field %(field)s. Nothing was saved.",
                    {"table": spec.title, "field": item.field},
                ),
                Reason.INVALID,
            )
        found.append(WantedItem(reason, item.row_id, item.field))
    return list(dict.fromkeys(found))


def _items(
    session: Session,
    store: Store,
    submission: Submission,
    wanted: Sequence[WantedItem],
    sent: SentBack,
) -> list[ReturnItem]:
    stored = store.reported[submission.table_identifier]
    rows = _rows(session, stored, submission, wanted)
    positions = _positions(session, stored, submission) if rows else {}
    cells = {(item.row_id, item.field) for item in wanted if item.row_id}
    last = fillers_of_cells(session, submission.table_identifier, cells)
    numbers = {filler.number for filler in last.values() if filler is not None}
    present = present_fillers(session, submission, numbers, sent.now.date())
    made = []
    for item in wanted:
        addressee, instead_of = _addressee(last.get((item.row_id, item.field)), present)
        row = rows.get(item.row_id)
        made.append(
            ReturnItem(
                submission_id=submission.id,
                level=sent.level,
                row_id=item.row_id,
                row_number=positions.get(item.row_id),
                field_code=item.field,
                reason=item.reason,
                values_digest="" if row is None else digest_of(stored, row, item.field),
                **_addressed(addressee),
                instead_of=instead_of,
                raised_at=sent.now,
            )
        )
    return made


def _rows(
    session: Session, stored: StoredTable, submission: Submission, wanted: Sequence[WantedItem]
) -> dict[str, RowMapping]:
    """The rows that items name, by id. Raises Refused where one is not there any more."""
    row_ids = {item.row_id for item in wanted if item.row_id}
    rows = rows_in_place(session, stored, submission, row_ids)
    if row_ids - rows.keys():
        raise Refused(
            Message("A row that an item names is not in this table any more. Reload the page."),
            Reason.INVALID,
        )
    return rows


def _addressed(person: Filler | None) -> dict[str, str | None]:
    """The columns that name to whom an item goes."""
    number, name = (None, None) if person is None else (person.number, person.name)
    return {"addressee_number": number, "addressee_name": name}


def _addressee(filler: Filler | None, present: Present) -> tuple[Filler | None, str | None]:
    """To whom an item goes, and in whose place where the filler is not there any more.

    Rows of unknown origin and whole tables are the steward's.
    """
    steward = next(iter(present.stewards), None)
    if filler is None:
        return steward, None
    if filler.number in present.fillers:
        return present.fillers[filler.number], None
    return steward, filler.name


def rows_in_place(
    session: Session, stored: StoredTable, submission: Submission, row_ids: Collection[str]
) -> dict[str, RowMapping]:
    """Row id → the row, of those that belong to the submission."""
    found: dict[str, RowMapping] = {}
    named = (identity_of(stored, row_id) for row_id in row_ids if len(row_id) <= LONGEST_ROW_ID)
    selected = stored.selected(session.get_bind().dialect.name)
    in_place = stored.in_place(submission.period, submission.department_code)
    for batch in in_batches(identity for identity in named if identity is not None):
        query = select(*selected).where(in_place, identity_in(stored, batch))
        found |= {stored.row_id(row): row for row in session.execute(query).mappings()}
    return found


def digest_of(stored: StoredTable, row: RowMapping, field: str) -> str:
    """What tells the values of a cell, or of a whole row, from others: a SHA-256 in hex."""
    values = stored.values_of(row)
    codes = [field] if field else list(values)
    told = [f"{code}={text_of(values.get(code)) or ''}" for code in codes]
    return sha256(dumps(told).encode("utf-8", "replace")).hexdigest()


def _positions(session: Session, stored: StoredTable, submission: Submission) -> dict[str, int]:
    """Row id → where it stands in the table, counted from 1."""
    in_place = stored.in_place(submission.period, submission.department_code)
    query = select(*stored.identity).where(in_place).order_by(*stored.identity)
    rows = session.execute(query).mappings()
    return {stored.row_id(row): position for position, row in enumerate(rows, start=1)}
