"""Writing, answering, resolving and deleting comments; the log keeps every word."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.comment import why_not_comment, why_not_read_whole
from app.access.masks import hidden_fields, hidden_in_row
from app.access.person import Actor
from app.access.policies import why_not_read
from app.actions.audit_log import Deed, record
from app.actions.row_attachment import find_readable_row, refuse_field, stored_table
from app.domain.cycle import CycleStatus
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import cycle_of_period
from app.models.comment import LONGEST_COMMENT, Comment
from app.models.database import writing


def comment_on_row(
    session: Session,
    store: Store,
    table: str,
    row_id: str,
    field: str,
    text: str,
    *,
    by: Actor,
    now: datetime,
) -> Comment:
    """Begin a thread about a row or one of its cells. Raises Refused."""
    with writing(session):
        found = find_readable_row(session, store, table, row_id, by=by)
        refuse_field(found, field, by)
        comment = Comment(
            table_identifier=table,
            period=found.period,
            department_code=found.department,
            row_id=row_id,
            field_code=field,
        )
        return _write(session, found.stored, comment, text, by=by, now=now)


def comment_on_table(
    session: Session,
    store: Store,
    table: str,
    place: tuple[str, str],
    text: str,
    *,
    by: Actor,
    now: datetime,
) -> Comment:
    """Begin a thread about all that a department has in a period: ``place`` is (period, code)."""
    with writing(session):
        stored, (period, department) = stored_table(store, table), place
        refuse(why_not_read(by, stored))
        refuse(why_not_read_whole(by, stored, department))
        comment = Comment(table_identifier=table, period=period, department_code=department)
        return _write(session, stored, comment, text, by=by, now=now)


def answer_comment(
    session: Session, store: Store, table: str, number: int, text: str, *, by: Actor, now: datetime
) -> Comment:
    """Say something in a thread; one that was resolved is open again."""
    with writing(session):
        first = _thread(session, store, table, number, by)
        answer = Comment(
            table_identifier=table,
            period=first.period,
            department_code=first.department_code,
            row_id=first.row_id,
            field_code=first.field_code,
            thread_id=first.id,
        )
        first.resolved_at = first.resolved_by = None
        return _write(session, store.tables[table], answer, text, by=by, now=now)


def resolve_comment(
    session: Session,
    store: Store,
    table: str,
    number: int,
    *,
    resolved: bool,
    by: Actor,
    now: datetime,
) -> None:
    """Say that nothing more has to be done about a thread, or that something has to."""
    with writing(session):
        first = _thread(session, store, table, number, by)
        refuse(why_not_comment(by, store.tables[table], first.department_code))
        first.resolved_at = now if resolved else None
        first.resolved_by = by.name if resolved else None
        _record(session, "resolve" if resolved else "reopen", first, None, by=by, now=now)
        session.commit()


def delete_comment(
    session: Session, store: Store, table: str, number: int, *, by: Actor, now: datetime
) -> None:
    """Take one's own words off the page; they stay in the log."""
    with writing(session):
        comment = _find(session, store, table, number, by)
        if comment.person_number != by.number:
            raise Refused(Message("Only whoever wrote a comment deletes it."))
        _record(session, "delete", comment, comment.text, by=by, now=now)
        comment.text, comment.deleted_at = "", now
        session.commit()


def _write(
    session: Session,
    stored: StoredTable,
    comment: Comment,
    text: str,
    *,
    by: Actor,
    now: datetime,
) -> Comment:
    refuse(why_not_comment(by, stored, comment.department_code))
    _refuse_archived(session, stored, comment.period)
    comment.text = _tidy(text)
    comment.written_at = now
    comment.person_number, comment.person_name = by.number, by.name
    session.add(comment)
    session.flush()
    verb = "add" if comment.thread_id is None else "answer"
    _record(session, verb, comment, comment.text, by=by, now=now)
    session.commit()
    return comment


def _tidy(text: str) -> str:
    tidy = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
    if not tidy:
        raise Refused(Message("Write something first; nothing was saved."), Reason.INVALID)
    if len(tidy) > LONGEST_COMMENT:
        raise Refused(
            Message(
                "A comment may have at most %(count)s characters; shorten it.",
                {"count": LONGEST_COMMENT},
            ),
            Reason.INVALID,
        )
    return tidy


def _refuse_archived(session: Session, stored: StoredTable, period: str) -> None:
    cycle = cycle_of_period(session, stored, period)
    if cycle is None:
        raise Refused(Message("There is no collection year for this period yet."), Reason.INVALID)
    if cycle.status is CycleStatus.ARCHIVED:
        raise Refused(
            Message(
                "The collection year %(year)s is archived; nothing is added to it.",
                {"year": cycle.academic_year},
            ),
            Reason.LOCKED,
        )


def _thread(session: Session, store: Store, table: str, number: int, by: Actor) -> Comment:
    found = _find(session, store, table, number, by)
    if found.thread_id is None:
        return found
    raise _missing()


def _find(session: Session, store: Store, table: str, number: int, by: Actor) -> Comment:
    """The comment, as far as the actor reads it. Raises Refused (forbidden, not found)."""
    stored = stored_table(store, table)
    refuse(why_not_read(by, stored))
    comment = session.get(Comment, number, with_for_update=True, populate_existing=True)
    if comment is None or comment.table_identifier != table or comment.deleted_at is not None:
        raise _missing()
    if why_not_read_whole(by, stored, comment.department_code) is None:
        hidden = hidden_fields(by, stored, comment.department_code)
    elif not comment.row_id:
        raise _missing()
    else:
        found = find_readable_row(session, store, table, comment.row_id, by=by)
        values = stored.values_of(found.row)
        hidden = hidden_in_row(by, stored, found.department, values)
    if comment.field_code in hidden:
        raise _missing()
    return comment


def _missing() -> Refused:
    return Refused(
        Message("This comment does not exist any more, or is not yours to read."),
        Reason.NOT_FOUND,
    )


def _record(
    session: Session, verb: str, comment: Comment, text: str | None, *, by: Actor, now: datetime
) -> None:
    place = f"{comment.table_identifier} {comment.row_id} {comment.field_code}".rstrip()
    deed = Deed(
        f"comment.{verb}",
        f"comment:{comment.id}",
        department=comment.department_code,
        after=place[:200],
        reason=text,
    )
    record(session, deed, by=by, now=now)
