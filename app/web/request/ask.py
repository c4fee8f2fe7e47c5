"""Asking: the page of one submission's requests, and that of unlocking a year."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.policies import why_not_cycle_step
from app.access.request import OF_DEPARTMENTS
from app.access.roles import CYCLE
from app.actions.cycle import CycleRequest, take_cycle_step
from app.actions.request import ask
from app.domain.cycle import CycleVerb
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.request import Cause, RequestKind
from app.domain.submission import Status
from app.models.cycle import Cycle
from app.reports.request import requests_of
from app.reports.submission import list_submissions, see_submission
from app.web.current import (
    current_actor,
    current_session,
    current_store,
    current_time,
    local_time,
)
from app.web.cycle.labels import year_text
from app.web.errors import STATUSES
from app.web.labels import label
from app.web.request.form import LONGEST_REASON, RequestForm, read_cause


def ask_page(
    number: int,
    kind: RequestKind | None = None,
    typed: RequestForm | None = None,
    refusal: Refused | None = None,
) -> str:
    """What was asked for about a submission and what can be asked for now."""
    session, store, actor = current_session(), current_store(), current_actor()
    submission, cycle, department = see_submission(session, store, actor, number)
    found = requests_of(session, store, actor, submission, cycle, now=current_time())
    if found.is_empty:
        refuse(Message("You have no right to ask for this."))
    return render_template(
        "request/ask.html",
        submission=submission,
        cycle=cycle,
        department=department,
        title=store.catalogue.reported[submission.table_identifier].title,
        requests=found,
        due_at=submission.due_by(cycle.due_at),
        kind=kind,
        typed=typed,
        refusal=refusal,
        longest=LONGEST_REASON,
    )


def ask_for(number: int, name: str, form: RequestForm) -> ResponseReturnValue:
    """Ask; a refused form is shown again with everything typed."""
    if name not in {kind.value for kind in OF_DEPARTMENTS}:
        abort(404)
    kind = RequestKind(name)
    try:
        place = (current_session(), current_store(), number)
        ask(
            *(*place, kind, form.reason),
            until=form.until,
            by=current_actor(),
            now=current_time(),
        )
    except Refused as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        return ask_page(number, kind, form, refusal), STATUSES[refusal.reason]
    flash(_("%(kind)s: asked for. You see the answer here.", kind=label(kind)), "success")
    return redirect(url_for("SubmissionView.submission", number=number), 303)


def unlock_page(
    number: int, typed: RequestForm | None = None, refusal: Refused | None = None
) -> str:
    """The tables of a locked year, to tick those that have to be corrected."""
    session, store, actor = current_session(), current_store(), current_actor()
    cycle = _cycle(number)
    lines = list_submissions(session, store, actor, cycle, now=current_time(), status=Status.LOCKED)
    return render_template(
        "request/unlock.html",
        cycle=cycle,
        lines=lines,
        typed=typed,
        refusal=refusal,
        causes=list(Cause),
        why_not=why_not_cycle_step(actor, cycle, CycleVerb.UNLOCK),
        longest=LONGEST_REASON,
    )


def ask_to_unlock(number: int, form: RequestForm) -> ResponseReturnValue:
    """Ask a leader to unlock the year; a refused form is shown again as it was."""
    cycle = _cycle(number)
    try:
        cause = read_cause(form.cause)
        if cause is None:
            raise Refused(Message("Choose who caused it."), Reason.INVALID)
        asked = CycleRequest(
            *(CycleVerb.UNLOCK, cycle.version, form.reason), tables=form.tables, cause=cause
        )
        place = (current_session(), current_store(), number, asked)
        take_cycle_step(*place, by=current_actor(), now=local_time())
    except Refused as refusal:
        return unlock_page(number, form, refusal), STATUSES[refusal.reason]
    flash(
        _(
            "Unlocking %(year)s is asked for; a leader of the college decides within 24 hours.",
            year=year_text(cycle.academic_year),
        ),
        "success",
    )
    return redirect(url_for("RequestView.requests", cycle=cycle.academic_year), 303)


def _cycle(number: int) -> Cycle:
    actor = current_actor()
    cycle = current_session().get(Cycle, number)
    if not actor.may(CycleVerb.UNLOCK.value, CYCLE):
        raise Refused(Message("You have no right to do this with a collection year."))
    if cycle is None:
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    return cycle
