"""One request: what was asked, where it stands, what can be done next, what was done."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.contribution import contribution_at
from app.actions.cooperation import DATED, NAMED_ANEW, take_cooperation_step
from app.domain.cooperation import (
    BEST_RATING,
    LEAST_RATING,
    CooperationVerb,
    cooperation_step_for,
)
from app.domain.message import Reason, Refused
from app.models.cooperation import LONGEST_TEXT
from app.reports.cooperation import CooperationPage, read_cooperation
from app.web.cooperation.form import CooperationForm
from app.web.cooperation.labels import EXPLANATIONS, REASON_WORDS
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.errors import STATUSES
from app.web.labels import label
from app.web.submission.addresses import grid_path

# Drafts are changed in the form in which they were written.
BY_FORM = frozenset({CooperationVerb.REQUEST, CooperationVerb.REVISE})
# A draft names its date itself.
DATED_HERE = DATED - {CooperationVerb.SEND}
FORWARD = frozenset(
    {CooperationVerb.SEND, CooperationVerb.ANSWER, CooperationVerb.CONFIRM, CooperationVerb.ORDER}
)


def cooperation_page(
    number: int,
    verb: CooperationVerb | None = None,
    typed: CooperationForm | None = None,
    refusal: Refused | None = None,
) -> str:
    """The page; after a refusal with the reason and what was typed into that form."""
    session, store, actor = current_session(), current_store(), current_actor()
    page = read_cooperation(session, store, actor, number, now=current_time())
    return render_template(
        "cooperation/page.html",
        page=page,
        line=page.line,
        request_=page.line.request,
        steps=[each for each in page.permitted if each not in BY_FORM],
        may_revise=CooperationVerb.REVISE in page.permitted,
        needs_reason={
            each
            for each in CooperationVerb
            if (step := cooperation_step_for(page.line.status, each)) and step.needs_reason
        },
        forward=FORWARD,
        dated=DATED_HERE,
        named_anew=NAMED_ANEW,
        words=REASON_WORDS,
        explanations=EXPLANATIONS,
        ratings=range(BEST_RATING, LEAST_RATING - 1, -1),
        grid=_grid(page),
        contributes=_contributes(page),
        verb=verb,
        typed=typed,
        refusal=refusal,
        longest=LONGEST_TEXT,
    )


def take_step(number: int, name: str, form: CooperationForm) -> ResponseReturnValue:
    """Take a step; a refused form is shown again with everything typed."""
    if name not in set(CooperationVerb) or CooperationVerb(name) in BY_FORM:
        abort(404)
    verb = CooperationVerb(name)
    try:
        place = (current_session(), current_store(), number, form.deed(verb))
        take_cooperation_step(*place, by=current_actor(), now=current_time())
    except Refused as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        return cooperation_page(number, verb, form, refusal), STATUSES[refusal.reason]
    flash(_("%(verb)s: done.", verb=label(verb)), "success")
    return redirect(url_for("CooperationView.cooperation", number=number), 303)


def _grid(page: CooperationPage) -> str | None:
    """Where the rows are, for whoever may look at them."""
    table = page.line.submission.table_identifier
    return grid_path(page.line.submission) if current_actor().may("list", table) else None


def _contributes(page: CooperationPage) -> bool:
    """Whether the reader may add rows on the request now."""
    submission = page.line.submission
    place = (submission.table_identifier, submission.period, submission.department_code)
    part = contribution_at(current_actor(), *place)
    return part is not None and part.cooperation_id == page.line.request.id
