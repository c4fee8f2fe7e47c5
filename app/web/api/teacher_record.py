"""Teachers' own data and their records over JSON (第十条第二款)."""

from typing import Any

from flask import abort
from flask_babel import lazy_gettext as _

from app.access.teacher_record import why_not_own_data
from app.actions.record_effect import RecordRequest
from app.actions.teacher_record import RecordTaken, take_record_step, take_record_steps
from app.domain.message import refuse
from app.domain.return_item import LONGEST_ITEM
from app.domain.teacher_record import (
    Declaration,
    MissingCause,
    RecordHolder,
    RecordStatus,
    RecordVerb,
    verbs_of,
)
from app.models.teacher_record import RecordStanding
from app.reports.own_data import OwnSection, read_own_data
from app.reports.teacher_record import RecordLine, read_records
from app.web.addresses import NUMBER
from app.web.api.cycle import find_cycle
from app.web.api.endpoint import Call, Endpoint
from app.web.api.schema import Schema, listed, one_of, optional, record, text
from app.web.api.shapes import Json, reason_shape
from app.web.api.submission import read_number, refusal_shape
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.formats import local
from app.web.labels import label

MOST_AT_ONCE = 500
VERSION: Schema = {"type": ["string", "integer"], "maxLength": 15}
# The exact limits are told in words by the action.
WORDS = optional(text(LONGEST_ITEM * 4))
TEACHERS = frozenset(verbs_of(RecordHolder.TEACHER))
STEWARDS = frozenset(verbs_of(RecordHolder.STEWARD))


def own_data(call: Call) -> Json:
    """The caller's own sections of a year."""
    refuse(why_not_own_data(current_actor()))
    cycle = find_cycle(call.query.get("cycle"))
    session, store, actor = current_session(), current_store(), current_actor()
    own = read_own_data(session, store, actor, cycle, with_past=False)
    return {
        "cycle": cycle.academic_year,
        "done": own.done,
        "sections": [_section(each) for each in own.sections],
    }


def own_record_step(call: Call, number: int, verb: str) -> Json:
    """A step with the caller's own record."""
    if verb not in {each.value for each in TEACHERS}:
        abort(404)
    actor = current_actor()
    refuse(why_not_own_data(actor))
    version = read_number(call.body["version"], "version")
    declared = call.body.get("declaration")
    declaration = Declaration(declared) if declared else None
    asked = RecordRequest(RecordVerb(verb), call.body.get("reason"), declaration=declaration)
    place = (current_session(), current_store(), number, actor.number, version, asked)
    status = take_record_step(*place, by=actor, now=current_time())
    return {"submission": str(number), "person": actor.number, **_status(status)}


def teacher_records(_call: Call, number: int) -> Json:
    """The teachers of a submission with what the caller may do."""
    page = read_records(current_session(), current_store(), current_actor(), number)
    return {
        "submission": str(number),
        "waiting": page.waiting,
        "records": [_line(line) for line in page.lines],
    }


def teacher_record_steps(call: Call, number: int, verb: str) -> Json:
    """The same step with several teachers' records, each for itself."""
    if verb not in {each.value for each in STEWARDS}:
        abort(404)
    cause = call.body.get("cause")
    asked = RecordRequest(
        RecordVerb(verb),
        call.body.get("reason"),
        MissingCause(cause) if cause else None,
        call.body.get("basis"),
    )
    seen = {
        item["person"]: read_number(item["version"], "version") for item in call.body["records"]
    }
    place = (current_session(), current_store(), number, seen, asked)
    taken = take_record_steps(*place, by=current_actor(), now=current_time())
    return {"results": [_taken(each) for each in taken]}


def _status(status: RecordStatus) -> Json:
    return {"status": status.value, "status_label": label(status)}


def _teacher(teacher: RecordStanding) -> Json:
    found = teacher.record
    return {
        "person": teacher.person_number,
        "name": teacher.person_name,
        "version": str(teacher.version),
        **_status(teacher.status),
        "rows": teacher.rows,
        "declaration": found.declaration.value if found and found.declaration else None,
        "missing_cause": found.missing_cause.value if found and found.missing_cause else None,
        "reason": found.reason if found else None,
        "delegated": bool(found and found.is_delegated),
        "basis": found.basis if found else None,
        "objected": bool(found and found.is_objected),
        "confirmed_at": _moment(found.confirmed_at if found else None),
        "settled_by": found.settled_by_name if found else None,
    }


def _line(line: RecordLine) -> Json:
    return {
        **_teacher(line.teacher),
        "entered_by": line.entered_by or None,
        "permitted": [verb.value for verb in line.permitted],
    }


def _section(section: OwnSection) -> Json:
    spec, submission = section.spec, section.submission
    return {
        **_teacher(section.teacher),
        "submission": str(submission.id),
        "table": {"identifier": spec.identifier, "number": spec.number, "name": spec.name},
        "section": spec.section.value if spec.section else None,
        "department": {"code": submission.department_code, "name": section.department},
        "period": submission.period,
        "due": _moment(section.due_at),
        "errors": section.errors,
        "warnings": section.warnings,
        "waiting": section.waiting,
        "may_carry": section.may_carry,
        "items": [
            {
                "number": item.number,
                "row": item.row_id or None,
                "field": item.field_code or None,
                "reason": item.reason,
            }
            for item in section.items
        ],
        "permitted": [verb.value for verb in section.permitted],
        "rights": {action: reason_shape(why) for action, why in section.refusals.items()},
    }


def _taken(taken: RecordTaken) -> Json:
    told: Json = {"person": taken.person_number, "name": taken.person_name}
    if taken.refusal is not None:
        return {**told, "ok": False, "refusal": refusal_shape(taken.refusal)}
    status = {} if taken.status is None else _status(taken.status)
    return {**told, "ok": True, **status, "refusal": None}


def _moment(at: Any) -> str | None:
    return None if at is None else local(at).isoformat(timespec="seconds")


_PERSON = record(("person", "version"), person=text(32), version=VERSION)
TEACHER_RECORD_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("GET", "my", own_data, _("The caller's own data as a teacher"), {"cycle": text(64)}),
    Endpoint(
        "POST",
        f"my/{NUMBER}/<verb>",
        own_record_step,
        _("Hand over, declare, take back, confirm or object to one's own record"),
        body=record(
            ("version",),
            version=VERSION,
            reason=WORDS,
            declaration=optional(one_of(*(declared.value for declared in Declaration))),
        ),
    ),
    Endpoint(
        "GET",
        f"teacher_records/{NUMBER}",
        teacher_records,
        _("The teachers of a submission and where their records stand"),
    ),
    Endpoint(
        "POST",
        f"teacher_records/{NUMBER}/<verb>",
        teacher_record_steps,
        _("Take up records of teachers, send them back or record them as missing"),
        body=record(
            ("records",),
            records=listed(_PERSON, MOST_AT_ONCE),
            reason=WORDS,
            basis=WORDS,
            cause=optional(one_of(*(cause.value for cause in MissingCause))),
        ),
    ),
)
