"""The same step for many submissions: what was chosen, the form, what became of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.access.policies import why_not_step
from app.actions.audit_log import tidy_reason
from app.actions.batch import Taken, take_steps
from app.actions.submission import StepRequest
from app.domain.finding import REVIEW_POINTS
from app.domain.message import Message, Reason, Refused
from app.domain.submission import Verb, step_for
from app.models.cycle import Cycle
from app.reports.cycle import all_cycles
from app.reports.submission import SubmissionLine, list_submissions
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.cycle.addresses import wanted_cycle
from app.web.errors import STATUSES
from app.web.formats import whole_number
from app.web.retry import persistently
from app.web.submission.labels import PHRASES
from app.web.submission.line_filter import LineFilter, read_filter
from app.web.submission.step_form import LONGEST_REASON, StepForm, read_form, request_of

# As many as one request of the API may carry.
MOST_STEPS = 200
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
    return _form_page(choice, read_form(verb, asked), cycle, wanted)


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
    return _result_page(form, taken, cycle, wanted)


def batch_verb(text: str) -> Verb:
    """The step for many that an address or a button names; 404 where there is none."""
    if text not in {verb.value for verb in BATCH_VERBS}:
        abort(404)
    return Verb(text)


def _lines() -> tuple[Cycle, list[SubmissionLine]]:
    """The year of the form and all its submissions that exist for the person."""
    session = current_session()
    cycle = wanted_cycle(all_cycles(session))
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
        return Message("Somebody has dealt with this table already. Reload to see where it stands.")
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
    reason = tidy_reason(asked.reason)
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
        longest=LONGEST_REASON,
        most=MOST_STEPS,
    )


def _ticked() -> bool:
    """Whether anything was chosen at all: an empty form is answered with a hint."""
    return bool(request.values.get("all") or request.values.getlist("chosen"))


def _result_page(form: StepForm, taken: Sequence[Taken], cycle: Cycle, wanted: LineFilter) -> str:
    """What was done and what was refused; the refused ones stay chosen, as they stand now."""
    _cycle, lines = _lines()
    now: Mapping[int, SubmissionLine] = {line.submission.id: line for line in lines}
    found = [(now[each.submission_id], each) for each in taken if each.submission_id in now]
    refused = [(line, each.refusal) for line, each in found if each.refusal is not None]
    return render_template(
        "submission/batch_result.html",
        verb=form.verb,
        typed=form,
        done=[line for line, each in found if each.refusal is None],
        refused=refused,
        verbs=verb_counts([line for line, _refusal in refused]),
        cycle=cycle,
        wanted=wanted,
    )
