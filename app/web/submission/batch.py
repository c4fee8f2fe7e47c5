"""The same step for many submissions: what was chosen, the form, what became of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.access.policies import why_not_step
from app.actions.audit_log import tidy_reason
from app.actions.batch import Taken, take_steps
from app.actions.receipt import issue_receipts
from app.actions.submission_step import StepRequest
from app.domain.finding import REVIEW_POINTS
from app.domain.message import Message, Reason, Refused
from app.domain.request import Cause
from app.domain.submission import Verb, step_for
from app.models.audit_log import LONGEST_JOINED_REASON, LONGEST_REASON
from app.models.cycle import Cycle
from app.reports.cycle import collected_cycles
from app.reports.submission import SubmissionLine, list_submissions
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.cycle.addresses import wanted_cycle
from app.web.errors import STATUSES
from app.web.formats import whole_number
from app.web.kept_answer import KEPT, begin_again, kept_value, show_next
from app.web.labels import label
from app.web.retry import persistently
from app.web.submission.labels import PHRASES
from app.web.submission.line_filter import LineFilter, read_filter
from app.web.submission.step_form import StepForm, read_form, request_of
from app.web.translation import translated

# As many as one request of the API may carry.
MOST_STEPS = 200
# The kind of what is kept for the page of results.
RESULT = "batch"
# So many details of a refusal are told; the page of the submission has them all.
MOST_DETAILS = 3
# In the order of the buttons; what only begins a table or moves a whole year is none of them.
BATCH_VERBS = (
    *(Verb.RECEIVE, Verb.ACCEPT, Verb.CONFIRM, Verb.REVIEW, Verb.FINISH),
    *(Verb.SEND_BACK, Verb.WITHDRAW, Verb.EXEMPT, Verb.REOPEN),
)


@dataclass(frozen=True)
class Choice:
    """The lines a person chose for a step.

    ``ready`` take the step as far as can be said beforehand, each in the
    version that was seen; ``left_out`` cannot, with the reason; ``rest`` are so
    many more than one request carries.
    """

    ready: Sequence[SubmissionLine]
    left_out: Sequence[tuple[SubmissionLine, Message]] = ()
    rest: int = 0


def verb_counts(lines: Iterable[SubmissionLine]) -> list[tuple[Verb, int]]:
    """For how many lines each step is possible, in the order of the buttons; no zeros."""
    counted = [(verb, sum(verb in line.permitted for line in lines)) for verb in BATCH_VERBS]
    return [(verb, count) for verb, count in counted if count]


def prepare_steps() -> ResponseReturnValue:
    """Show what was chosen and ask for what the step needs; nothing is changed yet."""
    asked = request.args
    verb = batch_verb(asked.get("verb", ""))
    cycle, lines = _lines()
    wanted = read_filter(asked)
    choice = _choice(verb, cycle, lines, wanted)
    form = read_form(verb, asked)
    before = kept_value(RESULT)
    if before is not None:
        # From the page of results: what was written there goes along.
        form = replace(form, reason=before["text"])
    return _form_page(choice, form, cycle, wanted)


def perform_steps(verb: Verb) -> ResponseReturnValue:
    """Take the step with each of the chosen; a form at fault is shown again with all typed."""
    form = read_form(verb, request.form)
    cycle, lines = _lines()
    wanted = read_filter(request.form)
    choice = _choice(verb, cycle, lines, wanted)
    try:
        asked = _complete_request(form, choice)
    except Refused as refusal:
        return _form_page(choice, form, cycle, wanted, refusal), STATUSES[refusal.reason]
    known = {line.submission.id for line in lines}
    seen = [pair for pair in _chosen(request.form) if pair[0] in known][:MOST_STEPS]
    taken = take_steps(
        current_session(),
        current_store(),
        seen,
        asked,
        by=current_actor(),
        now=current_time(),
        each=persistently,
    )
    place: dict[str, Any] = {"cycle": cycle.academic_year, **wanted.pairs()}
    sheets = _sheets(verb, taken)
    try:
        return show_next(
            RESULT, {**_told(form, taken), "sheets": sheets}, "SubmissionView.results", **place
        )
    except Refused:
        # The steps are done, even where the database is too busy to keep what is to be told.
        done = sum(one.refusal is None for one in taken)
        flash(_outcome(verb, done, len(taken) - done), "info")
        return redirect(url_for("SubmissionView.submissions", **place))


def _sheets(verb: Verb, taken: Sequence[Taken]) -> list[int]:
    """The sheets to sign, one per department, for what was confirmed together."""
    done = [each.submission_id for each in taken if each.refusal is None]
    if verb is not Verb.CONFIRM or not done:
        return []
    session, by, now = current_session(), current_actor(), current_time()
    try:
        issued = persistently(lambda: issue_receipts(session, done, by=by, now=now))
    except Refused:
        # What was confirmed stays so; the sheet can be made later.
        return []
    return [receipt.id for receipt in issued]


def _outcome(verb: Verb, done: int, refused: int) -> str:
    return str(
        _(
            "%(verb)s: %(done)s done, %(refused)s not done",
            verb=label(verb),
            done=done,
            refused=refused,
        )
    )


def show_results() -> ResponseReturnValue:
    """What was done and what was refused; the refused ones stay chosen, as they stand now."""
    told = kept_value(RESULT)
    cycle, lines = _lines()
    wanted = read_filter(request.args)
    if told is None:
        return begin_again("SubmissionView.submissions", cycle=cycle.academic_year)
    now: Mapping[int, SubmissionLine] = {line.submission.id: line for line in lines}
    found = [(now[each["id"]], each) for each in told["taken"] if each["id"] in now]
    refused = [(line, each) for line, each in found if each["why"]]
    return render_template(
        "submission/batch_result.html",
        verb=Verb(told["verb"]),
        text=told["text"],
        kept=request.args[KEPT],
        sheets=told.get("sheets", ()),
        done=[line for line, each in found if not each["why"]],
        refused=refused,
        verbs=verb_counts([line for line, _each in refused]),
        cycle=cycle,
        wanted=wanted,
    )


def batch_verb(text: str) -> Verb:
    """The step for many that an address or a button names; 404 where there is none."""
    if text not in {verb.value for verb in BATCH_VERBS}:
        abort(404)
    return Verb(text)


def _lines() -> tuple[Cycle, list[SubmissionLine]]:
    """The year of the form and all its submissions that exist for the person."""
    session = current_session()
    cycle = wanted_cycle(collected_cycles(session))
    if cycle is None:
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    lines = list_submissions(session, current_store(), current_actor(), cycle, now=current_time())
    return cycle, lines


def _choice(
    verb: Verb, cycle: Cycle, lines: Sequence[SubmissionLine], wanted: LineFilter
) -> Choice:
    """The lines of the form, or all of its filter that the step is possible for."""
    if request.values.get("all"):
        ready = [
            line
            for line in lines
            if verb in line.permitted and wanted.matches(line) and wanted.selects(line)
        ]
        return Choice(ready[:MOST_STEPS], rest=max(0, len(ready) - MOST_STEPS))
    versions = dict(_chosen(request.values))
    ready, left_out = [], []
    for line in lines:
        if line.submission.id not in versions:
            continue
        reason = _why_not(verb, cycle, line, versions[line.submission.id])
        if reason is None:
            ready.append(line)
        else:
            left_out.append((line, reason))
    return Choice(ready[:MOST_STEPS], left_out, max(0, len(ready) - MOST_STEPS))


def _why_not(verb: Verb, cycle: Cycle, line: SubmissionLine, version: int) -> Message | None:
    if line.submission.version != version:
        return Message("This table has changed since the page was shown. See where it stands now.")
    return why_not_step(current_actor(), line.submission, cycle, verb)


def _chosen(form: MultiDict[str, str]) -> list[tuple[int, int]]:
    """Pairs of id and version, each id once; what cannot be read names nothing."""
    found: dict[int, int] = {}
    for text in form.getlist("chosen"):
        number, _dash, version = text.partition("-")
        found.setdefault(whole_number(number), whole_number(version))
    return list(found.items())


def _complete_request(form: StepForm, choice: Choice) -> StepRequest:
    """What every one of them is asked for; Refused where the form lacks what all need."""
    if not _chosen(request.values):
        raise Refused(Message("Choose the tables first; nothing was changed."), Reason.INVALID)
    asked = request_of(form, request.form.get("password", ""))
    if form.verb is Verb.CONFIRM and not asked.reauthenticated:
        raise Refused(Message("Enter your password once more to confirm."), Reason.INVALID)
    if form.verb is Verb.REVIEW and set(form.points) != {point.value for point in REVIEW_POINTS}:
        raise Refused(
            Message(
                "All four points have to be met for every table. Review those for which one is"
                " not met by themselves."
            ),
            Reason.INVALID,
        )
    reason = tidy_reason(asked.reason, LONGEST_JOINED_REASON)
    if reason is None and needs_reason(form.verb, choice.ready):
        raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
    return asked


def needs_reason(verb: Verb, lines: Iterable[SubmissionLine]) -> bool:
    """Whether one of the lines takes the step with a reason only."""
    steps = (step_for(line.status, verb) for line in lines)
    return any(step is not None and step.needs_reason for step in steps)


def _form_page(
    choice: Choice,
    form: StepForm,
    cycle: Cycle,
    wanted: LineFilter,
    refusal: Refused | None = None,
) -> str:
    return render_template(
        "submission/batch.html",
        choice=choice,
        verb=form.verb,
        typed=form,
        ticked=_ticked(),
        cycle=cycle,
        wanted=wanted,
        refusal=refusal,
        reason_needed=needs_reason(form.verb, choice.ready),
        points=REVIEW_POINTS,
        phrases=PHRASES,
        causes=list(Cause),
        longest=LONGEST_REASON,
        most=MOST_STEPS,
    )


def _ticked() -> bool:
    """Whether anything was chosen at all: an empty form is answered with a hint."""
    return bool(request.values.get("all") or request.values.getlist("chosen"))


def _told(form: StepForm, taken: Sequence[Taken]) -> dict[str, Any]:
    """What became of each, in words: ``why`` is empty for what was done."""
    return {"verb": form.verb.value, "text": form.text, "taken": [_told_of(one) for one in taken]}


def _told_of(one: Taken) -> dict[str, Any]:
    details = one.refusal.details if one.refusal else ()
    return {
        "id": one.submission_id,
        "why": translated(one.refusal.message) if one.refusal else "",
        "details": [translated(detail) for detail in details[:MOST_DETAILS]],
        "has_more": len(details) > MOST_DETAILS,
    }
