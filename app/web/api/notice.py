"""Notices and reminders over JSON."""

from typing import Any

from flask_babel import lazy_gettext as _

from app.actions.notice import MOST_AT_ONCE, mark_read
from app.actions.reminder import RemindRequest, remind_by_hand
from app.domain.notice import NoticeKind
from app.reports.notice import LARGEST_PAGE, NoticeFilter, NoticeLine, list_notices
from app.web.api.cycle import find_cycle
from app.web.api.endpoint import Call, Endpoint
from app.web.api.schema import Schema, listed, one_of, optional, record, text, whole
from app.web.api.shapes import Json
from app.web.api.submission import read_number
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.formats import local
from app.web.labels import label
from app.web.translation import translated

NUMBER_TEXT: Schema = {"type": ["string", "integer"], "maxLength": 15}
TRUTH: Schema = {"type": "boolean"}
LARGEST_OFFSET = 1_000_000


def own_notices(call: Call) -> Json:
    """The caller's own notices, those not read first."""
    kind = call.query.get("kind")
    wanted = NoticeFilter(
        None if kind is None else NoticeKind(kind),
        bool(call.query.get("unread")),
        call.query.get("offset", 0),
        call.query.get("limit", LARGEST_PAGE),
    )
    found = list_notices(current_session(), current_store(), current_actor(), wanted)
    return {
        "count": found.count,
        "unread": found.unread,
        "notices": [_shape(line) for line in found.lines],
    }


def read_notices(call: Call) -> Json:
    """Mark these of the caller's own notices as read; all of them where none are named."""
    named = call.body.get("notices")
    numbers = None if named is None else [read_number(each, "notices") for each in named]
    by, now = current_actor(), current_time()
    return {"read": mark_read(current_session(), numbers, by=by, now=now)}


def remind_people(call: Call) -> Json:
    """Remind of what is missing whoever the caller may remind."""
    cycle = find_cycle(call.body.get("cycle"))
    wanted = RemindRequest(cycle.id, call.body.get("department"), call.body.get("table"))
    found = remind_by_hand(
        current_session(), current_store(), wanted, by=current_actor(), now=current_time()
    )
    return {
        "people": found.people,
        "tables": found.tables,
        "already": found.already,
        "nobody": found.nobody,
    }


def _shape(line: NoticeLine) -> dict[str, Any]:
    notice = line.notice
    return {
        "id": str(notice.id),
        "kind": notice.kind.value,
        "kind_label": label(notice.kind),
        "text": translated(line.text),
        "link": notice.path,
        "by": notice.by_name,
        "made_at": local(notice.made_at).isoformat(),
        "read_at": None if notice.read_at is None else local(notice.read_at).isoformat(),
    }


NOTICE_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET",
        "notices",
        own_notices,
        _("Your own notices"),
        {
            "kind": one_of(*(kind.value for kind in NoticeKind)),
            "unread": TRUTH,
            "offset": whole(0, LARGEST_OFFSET),
            "limit": whole(1, LARGEST_PAGE),
        },
    ),
    Endpoint(
        "POST",
        "notices/read",
        read_notices,
        _("Mark notices as read"),
        body=record((), notices=listed(NUMBER_TEXT, MOST_AT_ONCE)),
    ),
    Endpoint(
        "POST",
        "reminders",
        remind_people,
        _("Remind people of what is missing"),
        body=record((), cycle=text(64), department=optional(text(64)), table=optional(text(64))),
    ),
)
