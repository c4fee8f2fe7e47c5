"""Collection years over JSON."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from flask import abort, current_app
from flask_babel import gettext as _
from sqlalchemy import select

from app.access.policies import why_not_cycle_step
from app.access.roles import CYCLE
from app.actions.cycle import CycleRequest, take_cycle_step
from app.catalogue.revision import pack_catalogue
from app.domain.cycle import CycleVerb, cycle_steps_from
from app.domain.message import Message, Reason, Refused
from app.domain.period import LOCAL_ZONE
from app.domain.request import Cause
from app.domain.submission import Status
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.reports.cycle import all_cycles, collected_cycles, current_cycle, cycle_named
from app.web.api.endpoint import Call
from app.web.api.schema import Malformed
from app.web.api.shapes import Json
from app.web.current import current_actor, current_session, current_store, local_time
from app.web.formats import local
from app.web.labels import label
from app.web.translation import translated

LAST_MOMENT = time(23, 59, 59)


def list_cycles(_call: Call) -> Json:
    """Every collection year, the latest first, with what the caller may do with it."""
    if not current_actor().may("read", CYCLE):
        raise Refused(Message("You have no right to view the collection years."))
    return {"cycles": [cycle_shape(cycle) for cycle in all_cycles(current_session())]}


def step_cycle(call: Call, number: int, verb: str) -> Json:
    """Take one step of the year and answer the new state."""
    if verb not in set(CycleVerb):
        abort(404)
    wanted = CycleVerb(verb)
    revision = b""
    if wanted is CycleVerb.OPEN:
        revision = pack_catalogue(current_app.config["STATEDATA_CATALOGUE"])
    request = CycleRequest(
        wanted,
        _version(call.body["version"]),
        reason=(call.body.get("reason") or "").strip() or None,
        due_at=read_moment(call.body.get("due_at"), "due_at"),
        revision=revision,
        tables=_submissions(number, call.body.get("tables") or ()),
        cause=Cause(call.body["cause"]) if call.body.get("cause") else None,
    )
    cycle = take_cycle_step(
        current_session(),
        current_store(),
        number,
        request,
        by=current_actor(),
        # The day of the college decides who is in office.
        now=local_time(),
    )
    return cycle_shape(cycle)


def _submissions(number: int, tables: Sequence[str]) -> tuple[int, ...]:
    """The ids of what is locked of these tables in the year; none where a table has no such.

    What is exempt has nothing to correct and stays as it is.
    """
    if not tables:
        return ()
    query = select(Submission.id, Submission.table_identifier).where(
        Submission.cycle_id == number,
        Submission.table_identifier.in_(tables),
        Submission.status == Status.LOCKED,
    )
    found = current_session().execute(query).all()
    if {table for _number, table in found} != set(tables):
        return ()
    return tuple(number for number, _table in found)


def find_cycle(year: str | None, *, with_history: bool = False) -> Cycle:
    """The collection year of an academic year, or the present one."""
    cycles = (all_cycles if with_history else collected_cycles)(current_session())
    found = current_cycle(cycles) if year is None else cycle_named(cycles, year)
    if found is None:
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    return found


def _version(value: Any) -> int:
    text = str(value)
    if not text.isascii() or not text.isdigit():
        raise Malformed(_("%(key)s has to be %(kind)s.", key="version", kind=_("a whole number")))
    return int(text)


def read_moment(text: str | None, name: str) -> datetime | None:
    """A day means its last moment; a time without a zone is that of the college."""
    if text is None:
        return None
    try:
        if "T" not in text:
            return datetime.combine(date.fromisoformat(text), LAST_MOMENT, LOCAL_ZONE)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed(
            _("%(key)s has to be a day like 2025-12-31 or a time.", key=name)
        ) from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=LOCAL_ZONE)


def due_shape(cycle: Cycle) -> str | None:
    """When the year is due; None as long as it is provisional and nobody has set it."""
    return None if cycle.is_provisional else local(cycle.due_at).isoformat()


def cycle_shape(cycle: Cycle) -> Json:
    """A year as JSON: where it stands and what the caller may do with it."""
    steps = cycle_steps_from(cycle.status)
    refusals = {step.verb: why_not_cycle_step(current_actor(), cycle, step.verb) for step in steps}
    return {
        "id": str(cycle.id),
        "version": str(cycle.version),
        "academic_year": cycle.academic_year,
        "status": cycle.status.value,
        "status_label": label(cycle.status),
        "is_history": cycle.is_history,
        "due_at": due_shape(cycle),
        "locked_at": None if cycle.locked_at is None else local(cycle.locked_at).isoformat(),
        "permitted": [verb.value for verb, refusal in refusals.items() if refusal is None],
        "refused": {
            verb.value: translated(refusal)
            for verb, refusal in refusals.items()
            if refusal is not None
        },
    }
