"""Requests over JSON: asking, what waits, deciding one or many."""

from typing import Any

from flask import abort
from flask_babel import lazy_gettext as _

from app.actions.request import Decided, Decision, ask, decide, decide_many
from app.domain.message import Message, Reason, Refused
from app.domain.request import Cause, RequestKind, RequestStatus, RequestVerb
from app.models.request import Request
from app.reports.request import (
    VERBS,
    RequestFilter,
    RequestLine,
    list_requests,
    read_request,
)
from app.web.addresses import NUMBER
from app.web.api.cycle import find_cycle, read_moment
from app.web.api.endpoint import Call, Endpoint
from app.web.api.schema import Schema, listed, one_of, optional, record, text
from app.web.api.shapes import Json
from app.web.api.submission import read_number, refusal_shape
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.formats import local
from app.web.labels import label
from app.web.retry import persistently

MOST_AT_ONCE = 200
VERSION: Schema = {"type": ["string", "integer"], "maxLength": 15}
REASON = optional(text(500))
DAY = optional(text(64))
CAUSE: Schema = {
    "type": ["string", "null"],
    "enum": [*(cause.value for cause in Cause), None],
}


def requests_of_year(call: Call) -> Json:
    """The requests of a collection year that exist for the caller."""
    cycle = find_cycle(call.query.get("cycle"))
    session, store, actor = current_session(), current_store(), current_actor()
    status = call.query.get("status")
    wanted = RequestFilter(None if status is None else RequestStatus(status))
    lines = list_requests(session, store, actor, cycle, wanted, now=current_time())
    return {"cycle": cycle.academic_year, "requests": [_shape(line) for line in lines]}


def request_extension(call: Call, number: int) -> Json:
    """Ask for a later due date of one table."""
    return _ask(call, number, RequestKind.EXTENSION)


def request_exemption(call: Call, number: int) -> Json:
    """Ask to set a table as not applicable."""
    return _ask(call, number, RequestKind.EXEMPTION)


def request_reopening(call: Call, number: int) -> Json:
    """Ask the quality office to open an accepted table again."""
    return _ask(call, number, RequestKind.REOPENING_WISH)


def decide_request(call: Call, number: int, verb: str) -> Json:
    """Grant, refuse or take back one request."""
    version = read_number(call.body["version"], "version")
    decision = _decision(call, verb, version)
    place = (current_session(), current_store(), number, decision)
    decide(*place, by=current_actor(), now=current_time())
    return _read(number)


def decide_requests(call: Call, verb: str) -> Json:
    """The same decision on several requests, each for itself."""
    decision = _decision(call, verb, 0)
    seen = [
        (read_number(item["id"], "id"), read_number(item["version"], "version"))
        for item in call.body["requests"]
    ]
    decided = decide_many(
        *(current_session(), current_store(), seen, decision),
        by=current_actor(),
        now=current_time(),
        each=persistently,
    )
    return {"results": [_result(each) for each in decided]}


def _ask(call: Call, number: int, kind: RequestKind) -> Json:
    request: Request = ask(
        *(current_session(), current_store(), number, kind, call.body.get("reason")),
        until=read_moment(call.body.get("until"), "until"),
        by=current_actor(),
        now=current_time(),
    )
    return _read(request.id)


def _read(number: int) -> Json:
    place = (current_session(), current_store(), current_actor(), number)
    return _shape(read_request(*place, now=current_time()))


def _decision(call: Call, verb: str, version: int) -> Decision:
    if verb not in {each.value for each in VERBS}:
        abort(404)
    cause = call.body.get("cause")
    return Decision(
        RequestVerb(verb),
        version,
        call.body.get("reason"),
        until=read_moment(call.body.get("until"), "until"),
        cause=Cause(cause) if cause else None,
    )


def _result(decided: Decided) -> Json:
    number = str(decided.request_id)
    if decided.refusal is not None:
        return {"id": number, "ok": False, "refusal": refusal_shape(decided.refusal)}
    if decided.status is None:  # pragma: no cover - it is either decided or refused
        raise Refused(Message("There is no such request."), Reason.NOT_FOUND)
    return {"id": number, "ok": True, "status": decided.status.value, "refusal": None}


def _shape(line: RequestLine) -> Json:
    request = line.request
    moments: dict[str, Any] = {
        name: None if moment is None else local(moment).isoformat()
        for name, moment in (
            ("until", request.until),
            ("expires_at", request.expires_at),
            ("asked_at", request.asked_at),
            ("decided_at", request.decided_at),
        )
    }
    return {
        "id": str(request.id),
        "version": str(request.version),
        "kind": line.kind.value,
        "kind_label": label(line.kind),
        "status": line.status.value,
        "status_label": label(line.status),
        "submission": None if request.submission_id is None else str(request.submission_id),
        "table": line.title,
        "department": line.department,
        "reason": request.reason,
        "cause": None if request.cause is None else request.cause.value,
        "items": [
            {"row": item.row_id or None, "field": item.field or None, "reason": item.reason}
            for item in request.wanted_items
        ],
        "due": None if request.items_due_on is None else request.items_due_on.isoformat(),
        "asked_by": request.asked_by_name,
        "decided_by": request.decided_by_name,
        "decision_reason": request.decision_reason,
        "permitted": [verb.value for verb in line.permitted],
        **moments,
    }


_DECISION: dict[str, Schema] = {"reason": REASON, "until": DAY, "cause": CAUSE}
REQUEST_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET",
        "requests",
        requests_of_year,
        _("Requests with what you may decide"),
        {"cycle": text(64), "status": one_of(*(status.value for status in RequestStatus))},
    ),
    Endpoint(
        "POST",
        f"submissions/{NUMBER}/request_extension",
        request_extension,
        _("Ask for a later due date"),
        body=record(("reason", "until"), reason=REASON, until=DAY, version=VERSION),
    ),
    Endpoint(
        "POST",
        f"submissions/{NUMBER}/request_exemption",
        request_exemption,
        _("Ask to set a table as not applicable"),
        body=record(("reason",), reason=REASON, version=VERSION),
    ),
    Endpoint(
        "POST",
        f"submissions/{NUMBER}/request_reopening",
        request_reopening,
        _("Ask to open an accepted table again"),
        body=record(("reason",), reason=REASON, version=VERSION),
    ),
    Endpoint(
        "POST",
        f"requests/{NUMBER}/<verb>",
        decide_request,
        _("Decide on a request or take it back"),
        body=record(("version",), version=VERSION, **_DECISION),
    ),
    Endpoint(
        "POST",
        "requests/<verb>",
        decide_requests,
        _("The same decision on several requests"),
        body=record(
            ("requests",),
            requests=listed(record(("id", "version"), id=VERSION, version=VERSION), MOST_AT_ONCE),
            **_DECISION,
        ),
    ),
)
