"""Submissions over JSON: where they stand and the steps people take."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import abort
from flask_babel import gettext as _

from app.access.masks import hidden_fields
from app.actions.batch import Taken, take_steps
from app.actions.submission import take_step
from app.actions.submission_step import StepRequest
from app.domain.message import Refused
from app.domain.request import Cause
from app.domain.return_item import WantedItem
from app.domain.submission import Status, Verb
from app.models.submission import Submission
from app.reports.finding_count import total
from app.reports.submission import (
    Move,
    SubmissionLine,
    SubmissionPage,
    list_submissions,
    moves_of,
    read_submission,
)
from app.web.api.cycle import find_cycle
from app.web.api.endpoint import Call
from app.web.api.return_item import returned_shape
from app.web.api.schema import Malformed
from app.web.api.shapes import Json, findings_shape, state_shape
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.errors import STATUSES
from app.web.fab.password import proves_password
from app.web.formats import local
from app.web.labels import label
from app.web.retry import persistently
from app.web.translation import translated

LISTED = 200


def list_of_submissions(call: Call) -> Json:
    """The submissions of a collection year that exist for the caller."""
    session, actor = current_session(), current_actor()
    cycle = find_cycle(call.query.get("cycle"))
    status = call.query.get("status")
    lines = list_submissions(
        session,
        current_store(),
        actor,
        cycle,
        now=current_time(),
        department=call.query.get("department"),
        status=None if status is None else Status(status),
        table=call.query.get("table"),
    )
    shapes = [_line(line, moves_of(actor, cycle, line.submission)) for line in lines]
    return {"cycle": cycle.academic_year, "submissions": shapes}


def one_submission(_call: Call, number: int) -> Json:
    """One submission in full: its moves, history and open findings.

    No findings, not even a number of them, where they are not shown to the caller. Of very many
    rows only the number, as the register has it; the list of findings has them all.
    """
    session, store, actor = current_session(), current_store(), current_actor()
    page = read_submission(session, store, actor, number, now=current_time())
    submission = page.line.submission
    stored = store.reported[submission.table_identifier]
    hidden = hidden_fields(actor, stored, submission.department_code)
    findings = None if page.check is None else page.check.findings
    return {
        **_line(page.line, page.moves),
        "cycle": page.cycle.academic_year,
        "row_count": page.row_count,
        "findings": None if findings is None else findings_shape(findings[:LISTED], hidden),
        "finding_count": _finding_count(page),
        "content_hash": submission.content_hash,
        "receipt_number": submission.receipt_number,
        **returned_shape(page.returned),
        "history": [
            {
                "at": local(entry.at).isoformat(),
                "person": entry.person_name,
                "tag": entry.tag,
                "before": entry.before,
                "after": entry.after,
                "reason": entry.reason,
            }
            for entry in page.history
        ],
    }


def _finding_count(page: SubmissionPage) -> int | None:
    if page.registered is not None:
        return total(page.registered.counts)
    return None if page.check is None else len(page.check.findings)


def step_submission(call: Call, number: int, verb: str) -> Json:
    """Take one step and answer the new state."""
    wanted, version = _verb(verb), read_number(call.body["version"], "version")
    return state_shape(_step(number, _request(wanted, call.body, version)))


def step_submissions(call: Call, verb: str) -> Json:
    """Take the same step with several submissions, each for itself.

    All that was sent is read and the password is proved before the first step.
    """
    wanted, sent = _verb(verb), call.body["submissions"]
    seen = [
        (read_number(item["id"], "id"), read_number(item["version"], "version")) for item in sent
    ]
    request = _request(wanted, call.body)
    actor, store = current_actor(), current_store()
    taken = take_steps(
        current_session(),
        store,
        seen,
        request,
        by=actor,
        now=current_time(),
        each=persistently,
    )
    return {"results": [_result(each) for each in taken]}


def _request(verb: Verb, body: Mapping[str, Any], version: int = 0) -> StepRequest:
    """The step that is asked for; Refused when the password with it is wrong."""
    return StepRequest(
        verb,
        version,
        reason=(body.get("reason") or "").strip() or None,
        points=body.get("points"),
        reauthenticated=proves_password(current_actor(), body.get("password")),
        cause=Cause(body["cause"]) if body.get("cause") else None,
        items=[
            WantedItem(item["reason"], item.get("row") or "", item.get("field") or "")
            for item in body.get("items", ())
        ],
        due_on=_day(body.get("due")),
    )


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        kind = _("a day (2026-09-30)")
        raise Malformed(_("%(key)s has to be %(kind)s.", key="due", kind=kind)) from error


def _step(number: int, request: StepRequest) -> Submission:
    actor, store = current_actor(), current_store()
    return take_step(current_session(), store, number, request, by=actor, now=current_time())


def _result(taken: Taken) -> Json:
    number = str(taken.submission_id)
    if taken.refusal is not None:
        return {"id": number, "ok": False, "refusal": refusal_shape(taken.refusal)}
    status = taken.status or Status.NOT_STARTED
    return {
        "id": number,
        "version": str(taken.version),
        "status": status.value,
        "status_label": label(status),
        "ok": True,
        "refusal": None,
    }


def _verb(text: str) -> Verb:
    if text not in set(Verb):
        abort(404)
    return Verb(text)


def read_number(value: object, name: str) -> int:
    """A whole number, also as text: ids and versions are given out as text."""
    text = str(value)
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Malformed(_("%(key)s has to be %(kind)s.", key=name, kind=_("a whole number")))
    return int(text)


def refusal_shape(refusal: Refused) -> Json:
    """Why one of several was refused."""
    return {
        "status": STATUSES[refusal.reason],
        "detail": translated(refusal.message),
        "details": [translated(detail) for detail in refusal.details],
    }


def _line(line: SubmissionLine, moves: tuple[Move, ...]) -> Json:
    submission = line.submission
    return {
        **state_shape(submission),
        "table": {
            "identifier": line.spec.identifier,
            "number": line.spec.number,
            "name": line.spec.name,
        },
        "department": {"code": submission.department_code, "name": line.department},
        "period": submission.period,
        "is_late": line.is_late,
        "reason": submission.reason,
        "changes": submission.change_counts,
        "permitted": [move.verb.value for move in moves if move.refusal is None],
        "refused": {
            move.verb.value: translated(move.refusal) for move in moves if move.refusal is not None
        },
    }
