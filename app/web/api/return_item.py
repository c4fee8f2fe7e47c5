"""Return items over JSON: what came back, answering it, judging the answers."""

from typing import Any

from flask_babel import lazy_gettext as _

from app.actions.return_item import take_item_step
from app.domain.return_item import LONGEST_ITEM, MOST_ITEMS, ItemVerb
from app.models.base_table_rows import fillers_of
from app.reports.place import submission_at
from app.reports.return_item import NOTHING_RETURNED, ItemLine, Returned, read_returned
from app.web.addresses import NUMBER
from app.web.api.base_table import place_of
from app.web.api.endpoint import Call, Endpoint
from app.web.api.schema import Schema, listed, one_of, optional, record, text, whole
from app.web.api.shapes import Json
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.formats import local
from app.web.labels import label

ITEM = "<int(max=999999):position>"
CODE = text(64)
# The exact limit is told in words by the action.
TEXT = optional(text(LONGEST_ITEM * 4))
# What a step that sends a table back may carry.
RETURNING: dict[str, Schema] = {
    "items": listed(
        record(
            ("reason",),
            row=optional(text(200)),
            field=optional(CODE),
            reason=text(LONGEST_ITEM * 4),
        ),
        MOST_ITEMS,
    ),
    "due": optional({"type": "string", "format": "date", "maxLength": 10}),
}
ANSWERS = {"changed": ItemVerb.CHANGE, "explained": ItemVerb.EXPLAIN}


def returned_rows(call: Call, table: str) -> Json:
    """What came back of a table of a department and period, as far as the caller sees it."""
    place = place_of(call, table)
    session, actor = current_session(), current_actor()
    submission = submission_at(session, place)
    if submission is None:
        return returned_shape(NOTHING_RETURNED) | {"submission": None}
    fillers = fillers_of(session, submission)
    told = (session, place.stored, actor, submission, place.cycle, fillers)
    returned = read_returned(*told, now=current_time())
    return returned_shape(returned) | {"submission": str(submission.id)}


def answer_item(call: Call, number: int, position: int) -> Json:
    """Say that an item was changed, or explain why it stays."""
    return _take(number, [position], ANSWERS[call.body["answer"]], call.body.get("text"))


def close_item(_call: Call, number: int, position: int) -> Json:
    """Find an answer right."""
    return _take(number, [position], ItemVerb.CLOSE, None)


def reopen_item(call: Call, number: int, position: int) -> Json:
    """Find an answer not right, with the reason."""
    return _take(number, [position], ItemVerb.REOPEN, call.body["reason"])


def judge_items(call: Call, number: int) -> Json:
    """Close several items, or open them again for one reason: all of them or none."""
    verb = ItemVerb(call.body["verb"])
    return _take(number, call.body["items"], verb, call.body.get("reason"))


def _take(number: int, items: list[int], verb: ItemVerb, said: str | None) -> Json:
    session, store = current_session(), current_store()
    by, now = current_actor(), current_time()
    return {"done": take_item_step(session, store, number, items, verb, said, by=by, now=now)}


def returned_shape(returned: Returned) -> Json:
    """What came back: the last return, and every item that the caller sees."""
    last = returned.last
    return {
        "returned": None
        if last is None
        else {
            "number": last.number,
            "level": last.level.value,
            "sent_by": last.sent_by_name,
            "sent_at": _moment(last.sent_at),
            "due_at": _moment(last.due_at),
            "days_left": returned.days_left,
        },
        "items": [item_shape(line) for line in returned.lines],
        "left": len(returned.left),
    }


def item_shape(line: ItemLine) -> Json:
    """One item; ``row`` and ``field`` are null for the whole table, ``field`` for a whole row."""
    item = line.item
    return {
        "number": item.number,
        "return": line.returned.number,
        "row": item.row_id or None,
        "row_number": item.row_number,
        "field": item.field_code or None,
        "field_label": line.field or None,
        "reason": item.reason,
        "state": item.state.value,
        "state_label": label(item.state),
        "addressee": item.addressee_name,
        "instead_of": item.instead_of,
        "days_open": line.days_open,
        "answer": item.answer,
        "answered_by": item.answered_by_name,
        "answered_at": None if item.answered_at is None else _moment(item.answered_at),
        "judgement": item.judgement,
        "judged_by": item.judged_by_name,
        "judged_at": None if item.judged_at is None else _moment(item.judged_at),
        "permitted": [verb.value for verb in line.permitted],
    }


def _moment(at: Any) -> str:
    return local(at).isoformat(timespec="seconds")


RETURN_ITEM_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET",
        "data/<table>/return_items",
        returned_rows,
        _("What came back of a table of a department and period"),
        {"period": CODE, "department": CODE},
    ),
    Endpoint(
        "POST",
        f"submissions/{NUMBER}/items/{ITEM}/answer",
        answer_item,
        _("Answer a return item: it was changed, or why it stays"),
        body=record(("answer",), answer=one_of(*ANSWERS), text=TEXT),
    ),
    Endpoint(
        "POST",
        f"submissions/{NUMBER}/items/{ITEM}/close",
        close_item,
        _("Close a return item"),
        body=record(),
    ),
    Endpoint(
        "POST",
        f"submissions/{NUMBER}/items/{ITEM}/reopen",
        reopen_item,
        _("Open a return item again"),
        body=record(("reason",), reason=text(LONGEST_ITEM * 4)),
    ),
    Endpoint(
        "POST",
        f"submissions/{NUMBER}/items",
        judge_items,
        _("Close several return items, or open them again"),
        body=record(
            ("verb", "items"),
            verb=one_of(ItemVerb.CLOSE.value, ItemVerb.REOPEN.value),
            items=listed(whole(1, 999_999), MOST_ITEMS),
            reason=TEXT,
        ),
    ),
)
