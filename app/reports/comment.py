"""What was said: about a row, about a table, and what is new for somebody."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.comment import why_not_read_whole
from app.access.masks import hidden_fields, hidden_in_row
from app.access.person import Actor
from app.access.policies import why_not_read
from app.access.scopes import condition, read_scope
from app.domain.message import refuse
from app.domain.person import Function
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import ids_among
from app.models.comment import Comment
from app.reports.base_table import read_row
from app.reports.place import find_table

NEW = timedelta(days=14)
MOST_NEW = 8
MOST_LISTED = 100


@dataclass(frozen=True)
class Thread:
    """The first comment and its answers in their order; deleted ones have no text."""

    first: Comment
    answers: Sequence[Comment]


@dataclass(frozen=True)
class NewComment:
    """What somebody else wrote lately, and the table it is about."""

    comment: Comment
    stored: StoredTable


def threads_of_row(
    session: Session, store: Store, table: str, actor: Actor, row_id: str
) -> tuple[list[Thread], str]:
    """The threads of a row in the actor's scope, and the code of its department."""
    stored = find_table(store, table)
    row = read_row(session, store, table, actor, row_id).row
    hidden = hidden_in_row(actor, stored, row.department, row.values)
    return _threads(session, table, hidden, Comment.row_id == row_id), row.department or ""


def threads_of_table(
    session: Session, store: Store, table: str, actor: Actor, period: str, department: str
) -> list[Thread]:
    """The threads about all that a department has in a period. Raises Refused."""
    stored = find_table(store, table)
    refuse(why_not_read(actor, stored))
    refuse(why_not_read_whole(actor, stored, department))
    place = (Comment.period == period, Comment.department_code == department)
    return _threads(session, table, frozenset(), Comment.row_id == "", *place)


def open_threads(
    session: Session, stored: StoredTable, actor: Actor, period: str, department: str | None
) -> list[Thread]:
    """All threads of a place that nobody has resolved, for whoever reads all its rows.

    Some may be about rows that were deleted; whoever shows them leaves those out.
    """
    if department is None or why_not_read_whole(actor, stored, department) is not None:
        return []
    hidden = hidden_fields(actor, stored, department)
    place = (Comment.period == period, Comment.department_code == department)
    found = _threads(session, stored.spec.identifier, hidden, *place)
    return [each for each in found if each.first.resolved_at is None]


def count_open(
    session: Session, stored: StoredTable, actor: Actor, period: str, department: str | None
) -> int:
    """How many there are of ``open_threads``."""
    if department is None or why_not_read_whole(actor, stored, department) is not None:
        return 0
    query = select(Comment.row_id, func.count()).where(
        Comment.table_identifier == stored.spec.identifier,
        Comment.period == period,
        Comment.department_code == department,
        Comment.thread_id.is_(None),
        Comment.resolved_at.is_(None),
        Comment.deleted_at.is_(None),
        Comment.field_code.not_in(sorted(hidden_fields(actor, stored, department))),
    )
    found = session.execute(query.group_by(Comment.row_id)).all()
    present = _present(session, stored, {row_id for row_id, _count in found})
    return sum(count for row_id, count in found if row_id in present)


def _threads(
    session: Session, table: str, hidden: Collection[str], *conditions: ColumnElement[bool]
) -> list[Thread]:
    query = select(Comment).where(Comment.table_identifier == table, *conditions)
    found = session.scalars(query.order_by(Comment.id).limit(MOST_LISTED * 10)).all()
    answers: dict[int, list[Comment]] = {}
    for comment in found:
        if comment.thread_id is not None:
            answers.setdefault(comment.thread_id, []).append(comment)
    threads = [
        Thread(comment, answers.get(comment.id, ()))
        for comment in found
        if comment.thread_id is None and comment.field_code not in hidden
    ]
    return [thread for thread in threads if _says_anything(thread)][-MOST_LISTED:]


def _present(session: Session, stored: StoredTable, row_ids: Collection[str]) -> set[str]:
    """Those ids whose rows are there; the empty one stands for the whole table."""
    of_rows = [row_id for row_id in row_ids if row_id]
    return {"", *(ids_among(session, stored, select(stored.table), of_rows) if of_rows else ())}


def _says_anything(thread: Thread) -> bool:
    return any(each.deleted_at is None for each in (thread.first, *thread.answers))


def new_comments(
    session: Session, store: Store, actor: Actor, *, now: datetime
) -> list[NewComment]:
    """What others wrote lately in the actor's departments and in threads he takes part in.

    Only of threads that are open and places that he reads; the newest first.
    """
    own = actor.departments(Function.DATA_STEWARD, Function.HEAD)
    first, said = aliased(Comment), aliased(Comment)
    taken_part = select(func.coalesce(said.thread_id, said.id)).where(
        said.person_number == actor.number
    )
    thread = func.coalesce(Comment.thread_id, Comment.id)
    query = (
        select(Comment)
        .join(first, first.id == thread)
        .where(
            first.resolved_at.is_(None),
            Comment.deleted_at.is_(None),
            Comment.person_number != actor.number,
            Comment.written_at > now - NEW,
            or_(Comment.department_code.in_(sorted(own)), thread.in_(taken_part)),
        )
        .order_by(Comment.id.desc())
        .limit(MOST_NEW * 3)
    )
    found = [
        NewComment(each, store.tables[each.table_identifier])
        for each in session.scalars(query)
        if each.table_identifier in store.tables
    ]
    reads = _reading(session, actor, found)
    return [each for each in found if reads(each)][:MOST_NEW]


def _reading(
    session: Session, actor: Actor, found: Sequence[NewComment]
) -> Callable[[NewComment], bool]:
    """Whether the actor reads what a comment is about; rows are asked for once per table."""
    partly: dict[str, set[str]] = {}
    for each in found:
        if why_not_read_whole(actor, each.stored, each.comment.department_code) is not None:
            partly.setdefault(each.comment.table_identifier, set()).add(each.comment.row_id)
    tables: Mapping[str, StoredTable] = {
        each.comment.table_identifier: each.stored for each in found
    }
    reached = {table: _reached(session, actor, tables[table], ids) for table, ids in partly.items()}

    def reads(each: NewComment) -> bool:
        comment, department = each.comment, each.comment.department_code
        if comment.field_code in hidden_fields(actor, each.stored, department):
            return False
        if comment.row_id in partly.get(comment.table_identifier, ()):
            return comment.row_id in reached[comment.table_identifier]
        return True

    return reads


def _reached(
    session: Session, actor: Actor, stored: StoredTable, row_ids: Collection[str]
) -> set[str]:
    scope = condition(read_scope(actor, stored), stored)
    return ids_among(session, stored, select(stored.table).where(scope), row_ids)
