"""Asking another department for its part in a table, and changing what is not sent yet."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.cooperation import why_not_request_cooperation
from app.actions.cooperation import (
    CooperationDeed,
    request_cooperation,
    revise_cooperation,
    take_cooperation_step,
)
from app.catalogue.base_table import TableKind
from app.domain.cooperation import CooperationVerb
from app.domain.message import Message, Reason, Refused, refuse
from app.models.cooperation import LONGEST_TEXT, Cooperation
from app.models.submission import Submission
from app.reports.cooperation import departments_to_ask, read_cooperation
from app.reports.submission import see_submission
from app.web.cooperation.form import CooperationForm, form_of
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.errors import STATUSES

SEND = "send"
NOT_A_DRAFT = Message("The request was sent already; it is not changed any more.")


def ask_page(
    number: int, typed: CooperationForm | None = None, refusal: Refused | None = None
) -> str:
    """The form to ask a department for its part in the table of a submission."""
    session, store, actor = current_session(), current_store(), current_actor()
    submission, cycle, department = see_submission(session, store, actor, number)
    refuse(why_not_request_cooperation(actor, store, submission, cycle))
    back = url_for("SubmissionView.submission", number=number)
    address = url_for("CooperationView.ask", number=number)
    keep = f"cooperation-{number}"
    return _form(submission, department, typed, refusal, back=back, address=address, keep=keep)


def ask_department(number: int, form: CooperationForm) -> ResponseReturnValue:
    """Write the request down and, if asked, send it; a refused form is shown again as it was."""
    try:
        place = (current_session(), current_store(), number, form.part())
        asked = request_cooperation(*place, by=current_actor(), now=current_time())
    except Refused as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        return ask_page(number, form, refusal), STATUSES[refusal.reason]
    return _then(asked)


def revise_page(
    number: int, typed: CooperationForm | None = None, refusal: Refused | None = None
) -> str:
    """The form of a request that is not sent yet."""
    session, store, actor = current_session(), current_store(), current_actor()
    page = read_cooperation(session, store, actor, number, now=current_time())
    why_not = [move.refusal for move in page.moves if move.verb is CooperationVerb.REVISE]
    if refusal is None:
        refuse(why_not[0] if why_not else NOT_A_DRAFT, Reason.CONFLICT)
    address = url_for("CooperationView.revise", number=number)
    back = url_for("CooperationView.cooperation", number=number)
    keep = f"cooperation-draft-{number}-{page.line.request.version}"
    told = typed or form_of(page.line.request)
    submission, lead = page.line.submission, page.line.lead
    return _form(submission, lead, told, refusal, back=back, address=address, keep=keep)


def revise_request(number: int, form: CooperationForm) -> ResponseReturnValue:
    """Keep the draft as it is now and, if asked, send it."""
    try:
        place = (current_session(), current_store(), number, form.version, form.part())
        asked = revise_cooperation(*place, by=current_actor(), now=current_time())
    except Refused as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        return revise_page(number, form, refusal), STATUSES[refusal.reason]
    return _then(asked)


def _then(asked: Cooperation) -> ResponseReturnValue:
    """Send what was written down where that was wanted; the draft stays where it cannot be."""
    if request.form.get("then") != SEND:
        flash(_("The draft is kept. The department sees it once you send it."), "success")
    else:
        deed = CooperationDeed(CooperationVerb.SEND, asked.version)
        place = (current_session(), current_store(), asked.id, deed)
        try:
            take_cooperation_step(*place, by=current_actor(), now=current_time())
        except Refused as refusal:
            return revise_page(asked.id, refusal=refusal), STATUSES[refusal.reason]
        flash(_("The request is sent. You see the answer here."), "success")
    return redirect(url_for("CooperationView.cooperation", number=asked.id), 303)


def _form(
    submission: Submission,
    lead: str,
    typed: CooperationForm | None,
    refusal: Refused | None,
    **places: str,
) -> str:
    spec = current_store().catalogue.reported[submission.table_identifier]
    return render_template(
        "cooperation/ask.html",
        spec=spec,
        lead=lead,
        takes_rows=spec.kind is TableKind.LIST,
        departments=departments_to_ask(current_session(), submission, current_time()),
        typed=typed,
        refusal=refusal,
        longest=LONGEST_TEXT,
        **places,
    )
