"""Comments over JSON: what was said about a row or a table, saying something, resolving it."""

from flask_babel import lazy_gettext as _

from app.access.comment import why_not_comment
from app.actions.comment import (
    answer_comment,
    comment_on_row,
    comment_on_table,
    delete_comment,
    resolve_comment,
)
from app.domain.message import Message, Reason, Refused
from app.models.comment import LONGEST_COMMENT, Comment
from app.reports.comment import Thread, threads_of_row, threads_of_table
from app.reports.place import Place, find_place
from app.web.addresses import NUMBER
from app.web.api.base_table import place_of
from app.web.api.endpoint import Call, Endpoint
from app.web.api.schema import optional, record, text
from app.web.api.shapes import Json, reason_shape
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.formats import local

# The exact limit is told in words by the action.
TEXT = text(LONGEST_COMMENT * 4)
CODE = text(64)


def row_comments(_call: Call, table: str, row: str) -> Json:
    """The threads of a row."""
    session, store, actor = current_session(), current_store(), current_actor()
    threads, department = threads_of_row(session, store, table, actor, row)
    return _answer(threads, table, department)


def add_row_comment(call: Call, table: str, row: str) -> Json:
    """Begin a thread about a row, or the cell of ``field``."""
    comment = comment_on_row(
        current_session(),
        current_store(),
        table,
        row,
        call.body.get("field") or "",
        call.body["text"],
        by=current_actor(),
        now=current_time(),
    )
    return comment_shape(comment)


def table_comments(call: Call, table: str) -> Json:
    """The threads about all that a department has in a period."""
    place, department = _whole(place_of(call, table))
    session, store, actor = current_session(), current_store(), current_actor()
    threads = threads_of_table(session, store, table, actor, place.period.code, department)
    return _answer(threads, table, department)


def add_table_comment(call: Call, table: str) -> Json:
    """Begin a thread about all that a department has in a period."""
    session, store, actor = current_session(), current_store(), current_actor()
    asked = {name: call.body.get(name) for name in ("period", "department")}
    place, department = _whole(find_place(session, store, actor, table, **asked))
    where = (place.period.code, department)
    comment = comment_on_table(
        session, store, table, where, call.body["text"], by=actor, now=current_time()
    )
    return comment_shape(comment)


def answer_one_comment(call: Call, table: str, number: int) -> Json:
    """Say something in a thread."""
    comment = answer_comment(
        current_session(),
        current_store(),
        table,
        number,
        call.body["text"],
        by=current_actor(),
        now=current_time(),
    )
    return comment_shape(comment)


def resolve_one_comment(call: Call, table: str, number: int) -> Json:
    """Say that nothing more has to be done about a thread, or that something has to."""
    resolve_comment(
        current_session(),
        current_store(),
        table,
        number,
        resolved=call.body["resolved"],
        by=current_actor(),
        now=current_time(),
    )
    return {}


def delete_one_comment(_call: Call, table: str, number: int) -> Json:
    """Take one's own words off the page."""
    session, store, actor = current_session(), current_store(), current_actor()
    delete_comment(session, store, table, number, by=actor, now=current_time())
    return {}


def _whole(place: Place) -> tuple[Place, str]:
    if place.department is None:
        raise Refused(
            Message("Choose a department first; comments belong to one only."), Reason.INVALID
        )
    return place, place.department


def _answer(threads: list[Thread], table: str, department: str) -> Json:
    stored = current_store().tables[table]
    return {
        "threads": [_thread_shape(thread) for thread in threads],
        "why_not_write": reason_shape(why_not_comment(current_actor(), stored, department)),
        "longest": LONGEST_COMMENT,
    }


def _thread_shape(thread: Thread) -> Json:
    first = thread.first
    resolved = first.resolved_at
    return comment_shape(first) | {
        "field": first.field_code or None,
        "resolved": None
        if resolved is None
        else {"by": first.resolved_by, "at": local(resolved).isoformat(timespec="seconds")},
        "answers": [comment_shape(each) for each in thread.answers if each.deleted_at is None],
    }


def comment_shape(comment: Comment) -> Json:
    """One comment; its text is null where it was deleted and only answers are left."""
    return {
        "id": comment.id,
        "by": comment.person_name,
        "at": local(comment.written_at).isoformat(timespec="seconds"),
        "text": None if comment.deleted_at is not None else comment.text,
        "own": comment.person_number == current_actor().number,
    }


COMMENT_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("GET", "data/<table>/rows/<row>/comments", row_comments, _("The comments on a row")),
    Endpoint(
        "POST",
        "data/<table>/rows/<row>/comments",
        add_row_comment,
        _("Comment on a row or a cell"),
        body=record(("text",), text=TEXT, field=optional(CODE)),
    ),
    Endpoint(
        "GET",
        "data/<table>/comments",
        table_comments,
        _("The comments on a table of a department and period"),
        {"period": CODE, "department": CODE},
    ),
    Endpoint(
        "POST",
        "data/<table>/comments",
        add_table_comment,
        _("Comment on a table of a department and period"),
        body=record(("text",), text=TEXT, period=optional(CODE), department=optional(CODE)),
    ),
    Endpoint(
        "POST",
        f"data/<table>/comments/{NUMBER}/answers",
        answer_one_comment,
        _("Answer a comment"),
        body=record(("text",), text=TEXT),
    ),
    Endpoint(
        "PUT",
        f"data/<table>/comments/{NUMBER}/resolved",
        resolve_one_comment,
        _("Resolve a comment, or open it again"),
        body=record(("resolved",), resolved={"type": "boolean"}),
    ),
    Endpoint(
        "DELETE",
        f"data/<table>/comments/{NUMBER}",
        delete_one_comment,
        _("Delete a comment of one's own"),
    ),
)
