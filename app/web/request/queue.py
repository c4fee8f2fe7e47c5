"""The queue: what waits for a decision, deciding one or many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.request import decides_at_all
from app.actions.request import Decided, Decision, decide_many
from app.domain.message import Message, Reason, Refused
from app.domain.request import Cause, RequestKind, RequestStatus, RequestVerb
from app.models.cycle import Cycle
from app.reports.cycle import collected_cycles
from app.reports.request import (
    RequestCounts,
    RequestFilter,
    RequestLine,
    count_requests,
    list_requests,
    read_request,
)
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.cycle.addresses import wanted_cycle
from app.web.errors import STATUSES
from app.web.labels import label
from app.web.paging import PAGE_LENGTH, Paged, page_asked
from app.web.request.form import LONGEST_REASON, RequestForm, read_cause
from app.web.retry import persistently

WAITING, OPEN, ALL = "waiting", "open", "all"
SHOWN: Mapping[str, RequestFilter] = {
    WAITING: RequestFilter(waits=True, limit=PAGE_LENGTH),
    OPEN: RequestFilter(RequestStatus.ASKED, limit=PAGE_LENGTH),
    ALL: RequestFilter(limit=PAGE_LENGTH),
}
DECIDING = (RequestVerb.ANSWER, RequestVerb.REFUSE, RequestVerb.CANCEL)


@dataclass(frozen=True)
class Chip:
    """A choice above the list with how many stand behind it."""

    value: str
    text: str
    count: int


def queue_page(
    typed: RequestForm | None = None,
    refusals: Sequence[tuple[RequestLine, Refused]] = (),
    refusal: Refused | None = None,
) -> str:
    """The requests of a year; those that were refused stay ticked, with everything typed."""
    session, actor = current_session(), current_actor()
    cycles = collected_cycles(session)
    cycle = wanted_cycle(cycles)
    decides = decides_at_all(actor)
    shown = request.values.get("show", "")
    chosen = shown if shown in SHOWN else (WAITING if decides else ALL)
    counts = RequestCounts(0, 0, {})
    if cycle is not None:
        counts = count_requests(session, actor, cycle, now=current_time())
    behind = {WAITING: sum(counts.waiting.values()), OPEN: counts.open, ALL: counts.all}
    page = _page_of(cycle, chosen, behind[chosen])
    return render_template(
        "request/queue.html",
        cycle=cycle,
        cycles=cycles,
        page=page,
        chosen=chosen,
        chips=[
            Chip(WAITING, _("Waiting for me"), behind[WAITING]),
            Chip(OPEN, _("Open"), behind[OPEN]),
            Chip(ALL, _("All"), behind[ALL]),
        ][0 if decides else 1 :],
        decides=any(line.waits for line in page.lines),
        has_wishes=RequestKind.REOPENING_WISH in counts.waiting,
        has_extensions=RequestKind.EXTENSION in counts.waiting,
        typed=typed,
        refusals=refusals,
        refusal=refusal,
        causes=list(Cause),
        longest=LONGEST_REASON,
    )


def _page_of(cycle: Cycle | None, chosen: str, count: int) -> Paged[RequestLine]:
    """The page that the address asks for of so many."""
    number, pages = page_asked(count, request.values)
    lines: Sequence[RequestLine] = ()
    if cycle is not None:
        wanted = replace(SHOWN[chosen], offset=(number - 1) * PAGE_LENGTH)
        place = (current_session(), current_store(), current_actor(), cycle)
        lines = list_requests(*place, wanted, now=current_time())
    return Paged(lines, number, pages, count)


def decide_chosen(name: str, form: RequestForm) -> ResponseReturnValue:
    """Decide on the ticked ones, each for itself."""
    verb = _verb(name)
    try:
        if not form.chosen:
            raise Refused(Message("Tick the requests first; nothing was changed."), Reason.INVALID)
        decided = _decide(verb, form)
    except Refused as refusal:
        return queue_page(form, refusal=refusal), STATUSES[refusal.reason]
    done = sum(each.refusal is None for each in decided)
    if done:
        flash(_("%(verb)s: %(count)s done.", verb=label(verb), count=done), "success")
    if done < len(decided):
        refused = [each for each in decided if each.refusal is not None]
        first = refused[0].refusal
        status = STATUSES[first.reason] if first is not None else 422
        return queue_page(form, _named(refused), first), status
    return redirect(url_for("RequestView.requests", **_place()), 303)


def decide_one(number: int, name: str, form: RequestForm) -> ResponseReturnValue:
    """Decide on one request from the page of its submission, and go back there."""
    verb = _verb(name)
    line = _line(number)
    only = RequestForm(form.reason, form.until_on, form.cause, form.chosen[:1])
    try:
        [decided] = _decide(verb, only)
        if decided.refusal is not None:
            raise decided.refusal
    except Refused as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        return queue_page(form, [(line, refusal)], refusal), STATUSES[refusal.reason]
    flash(_("%(verb)s: %(count)s done.", verb=label(verb), count=1), "success")
    if line.request.submission_id is None:
        return redirect(url_for("RequestView.requests"), 303)
    return redirect(url_for("SubmissionView.submission", number=line.request.submission_id), 303)


def _decide(verb: RequestVerb, form: RequestForm) -> list[Decided]:
    decision = Decision(verb, 0, form.reason, until=form.until, cause=read_cause(form.cause))
    return decide_many(
        current_session(),
        current_store(),
        form.chosen,
        decision,
        by=current_actor(),
        now=current_time(),
        each=persistently,
    )


def _named(refused: Sequence[Decided]) -> list[tuple[RequestLine, Refused]]:
    """The refused ones that exist for the reader, with the reasons."""
    found = []
    for each in refused:
        if each.refusal is not None and each.refusal.reason is not Reason.NOT_FOUND:
            found.append((_line(each.request_id), each.refusal))
    return found


def _line(number: int) -> RequestLine:
    session, store, actor = current_session(), current_store(), current_actor()
    return read_request(session, store, actor, number, now=current_time())


def _verb(name: str) -> RequestVerb:
    if name not in {verb.value for verb in DECIDING}:
        abort(404)
    return RequestVerb(name)


def _place() -> dict[str, Any]:
    return {name: request.form[name] for name in ("cycle", "show") if request.form.get(name)}
