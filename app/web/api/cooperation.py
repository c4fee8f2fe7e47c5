"""Co-operation requests over JSON: what there is, asking, every step (第十条第三款)."""

from typing import Any

from flask import abort
from flask_babel import lazy_gettext as _

from app.actions.cooperation import (
    CooperationDeed,
    WantedPart,
    request_cooperation,
    revise_cooperation,
    take_cooperation_step,
)
from app.domain.cooperation import CooperationStatus, CooperationVerb
from app.models.cooperation import CooperationEvent
from app.reports.cooperation import (
    CooperationFilter,
    CooperationLine,
    CooperationPage,
    Side,
    list_cooperations,
    read_cooperation,
)
from app.web.addresses import NUMBER
from app.web.api.cycle import find_cycle, read_moment
from app.web.api.endpoint import Call, Endpoint
from app.web.api.schema import Schema, listed, one_of, optional, record, text, whole
from app.web.api.shapes import Json, reason_shape
from app.web.api.submission import read_number
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.formats import local
from app.web.labels import label

MOST_FIELDS = 500
VERSION: Schema = {"type": ["string", "integer"], "maxLength": 15}
DAY = optional(text(64))
OVERDUE = "overdue"
BY_FORM = frozenset({CooperationVerb.REQUEST, CooperationVerb.REVISE})


def cooperations_of_year(call: Call) -> Json:
    """The co-operation requests of a collection year that exist for the caller."""
    cycle, state = find_cycle(call.query.get("cycle")), call.query.get("state")
    wanted = CooperationFilter(
        Side(call.query.get("show", Side.ALL)),
        CooperationStatus(state) if state in set(CooperationStatus) else None,
        is_overdue=state == OVERDUE,
    )
    place = (current_session(), current_store(), current_actor(), cycle, wanted)
    lines = list_cooperations(*place, now=current_time())
    return {"cycle": cycle.academic_year, "requests": [_shape(line) for line in lines]}


def one_cooperation(_call: Call, number: int) -> Json:
    """One request with its history and what the caller may do with it."""
    return _read(number)


def ask_department(call: Call, number: int) -> Json:
    """Write down what is asked of another department for the table of a submission."""
    place = (current_session(), current_store(), number, _part(call))
    return _read(request_cooperation(*place, by=current_actor(), now=current_time()).id)


def step_cooperation(call: Call, number: int, verb: str) -> Json:
    """Take a step with a request."""
    if verb not in set(CooperationVerb) or CooperationVerb(verb) in BY_FORM:
        abort(404)
    deed = CooperationDeed(
        CooperationVerb(verb),
        read_number(call.body["version"], "version"),
        call.body.get("reason"),
        due_at=read_moment(call.body.get("due"), "due"),
        rating=call.body.get("rating"),
    )
    place = (current_session(), current_store(), number, deed)
    take_cooperation_step(*place, by=current_actor(), now=current_time())
    return _read(number)


def revise_draft(call: Call, number: int) -> Json:
    """Change a request that was not sent yet."""
    version = read_number(call.body["version"], "version")
    place = (current_session(), current_store(), number, version, _part(call))
    revise_cooperation(*place, by=current_actor(), now=current_time())
    return _read(number)


def _part(call: Call) -> WantedPart:
    return WantedPart(
        partner=call.body["partner"],
        wanted=call.body["wanted"],
        due_at=read_moment(call.body["due"], "due"),
        fields=call.body.get("fields") or (),
        expected_rows=call.body.get("expected_rows"),
    )


def _read(number: int) -> Json:
    place = (current_session(), current_store(), current_actor(), number)
    return _page(read_cooperation(*place, now=current_time()))


def _page(page: CooperationPage) -> Json:
    return {
        **_shape(page.line),
        "rows": page.rows,
        "permitted": [verb.value for verb in page.permitted],
        "refused": [
            {"verb": move.verb.value, "reason": reason_shape(move.refusal)} for move in page.refused
        ],
        "events": [_event(event) for event in page.events],
    }


def _event(event: CooperationEvent) -> Json:
    return {
        "verb": event.verb.value,
        "after": event.after.value,
        "at": local(event.at).isoformat(),
        "by": event.person_name,
        "due": local(event.due_at).isoformat(),
        "reason": event.reason,
    }


def _shape(line: CooperationLine) -> Json:
    request, submission = line.request, line.submission
    shape: dict[str, Any] = {
        "id": str(request.id),
        "version": str(request.version),
        "status": line.status.value,
        "status_label": label(line.status),
        "is_overdue": line.is_overdue,
        "awaits_you": line.awaits,
        "submission": str(submission.id),
        "table": submission.table_identifier,
        "table_label": line.title,
        "period": submission.period,
        "department": submission.department_code,
        "department_label": line.lead,
        "partner": request.partner_code,
        "partner_label": line.partner,
        "by_office": request.by_office,
        "wanted": request.wanted,
        "fields": request.fields or [],
        "expected_rows": request.expected_rows,
        "due": local(request.due_at).isoformat(),
        "asked_by": request.asked_by_name,
        "asked_at": local(request.asked_at).isoformat(),
    }
    return shape | ({"rating": request.rating} if line.shows_rating else {})


_PART: dict[str, Schema] = {
    "partner": text(16),
    "wanted": text(),
    "due": text(64),
    "fields": optional(listed(text(64), MOST_FIELDS)),
    "expected_rows": optional(whole(1)),
}
COOPERATION_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET",
        "cooperation",
        cooperations_of_year,
        _("Co-operation requests of a year, overdue ones first"),
        {
            "cycle": text(64),
            "show": one_of(*Side),
            "state": one_of(OVERDUE, *CooperationStatus),
        },
    ),
    Endpoint(
        "GET",
        f"cooperation/{NUMBER}",
        one_cooperation,
        _("One co-operation request with its history and what you may do"),
    ),
    Endpoint(
        "POST",
        f"submissions/{NUMBER}/cooperation",
        ask_department,
        _("Write down what is asked of another department"),
        body=record(("partner", "wanted", "due"), **_PART),
    ),
    Endpoint(
        "POST",
        f"cooperation/{NUMBER}/revise",
        revise_draft,
        _("Change a co-operation request that was not sent yet"),
        body=record(("version", "partner", "wanted", "due"), version=VERSION, **_PART),
    ),
    Endpoint(
        "POST",
        f"cooperation/{NUMBER}/<verb>",
        step_cooperation,
        _("Send, answer, refuse, confirm, appeal, rule or take back"),
        body=record(
            ("version",),
            version=VERSION,
            reason=optional(text()),
            due=DAY,
            rating=optional(whole(0, 100)),
        ),
    ),
)
