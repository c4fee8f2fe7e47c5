"""The page of one submission: what is shown of it and which steps are offered."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template
from flask_babel import gettext as _

from app.access.cooperation import why_not_request_cooperation
from app.access.person import Actor
from app.access.policies import why_not_read
from app.access.roles import COOPERATION, SUBMISSION
from app.domain.cooperation import CooperationVerb
from app.domain.finding import REVIEW_POINTS
from app.domain.message import Refused
from app.domain.person import Function
from app.domain.request import Cause
from app.domain.submission import Holder, Status, Verb, step_for
from app.models.audit_log import LONGEST_REASON
from app.models.contributed_row import marks_among
from app.models.finding import LONGEST_EXPLANATION
from app.models.place_size import MOST_LIVE
from app.reports.completeness import PlaceCompleteness, place_completeness
from app.reports.cooperation import cooperations_of
from app.reports.finding_count import total
from app.reports.request import RequestsOfSubmission, requests_of
from app.reports.review_point import Filled, point_facts
from app.reports.submission import Move, SubmissionPage, read_submission
from app.reports.workbench import FORWARD
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.finding.acts import FindingForm
from app.web.finding.as_of import as_of_texts
from app.web.posted import forget_kept
from app.web.submission.addresses import grid_path
from app.web.submission.attached import attached_to
from app.web.submission.audit_log import history_line
from app.web.submission.changes import compares, counts_text
from app.web.submission.finding import FindingGroup, finding_groups, told_findings, what_blocks
from app.web.submission.labels import PHRASES
from app.web.submission.preview import preview_of
from app.web.submission.step_form import LONGEST_POINT_REASON, StepForm

# Who takes steps in a department.
DEPARTMENT_STEPS = (Function.DATA_STEWARD, Function.HEAD)
# What the forms of the steps are made with.
FORM_WORDS: Mapping[str, Any] = {
    "causes": list(Cause),
    "points": REVIEW_POINTS,
    "phrases": PHRASES,
    "longest": LONGEST_REASON,
    "longest_point": LONGEST_POINT_REASON,
}


def render_submission(
    number: int,
    typed: StepForm | None = None,
    refusal: Refused | None = None,
    explained: FindingForm | None = None,
) -> str:
    """The page; after a refusal with the reason and what was typed into that form."""
    session, store, actor = current_session(), current_store(), current_actor()
    page = read_submission(session, store, actor, number, now=current_time())
    submission = page.line.submission
    stored = store.reported[submission.table_identifier]
    requests = _requests(page)
    why_no_rows = why_not_read(actor, stored)
    return render_template(
        "submission/page.html",
        page=page,
        submission=submission,
        period=stored.spec.period_in(page.cycle.year),
        rows=_rows_text(page),
        possible=without_pending(possible_moves(submission.status, page.moves), requests),
        requests=requests,
        cooperation=_cooperation(page),
        refused=refused_moves(actor, submission.status, page.moves),
        edits=submission.status.is_editable and actor.may("edit", submission.table_identifier),
        takes_steps=actor.holds(Function.QA_OFFICE) or bool(actor.departments(*DEPARTMENT_STEPS)),
        forward=FORWARD.get(submission.status),
        **_findings(page, explained),
        preview=None if why_no_rows else preview_of(session, store, actor, page),
        why_no_rows=why_no_rows,
        attached=None if why_no_rows else attached_to(session, store, actor, page),
        # A fingerprint of the rows: for those who compare what was handed over.
        shows_content=actor.holds(Function.QA_OFFICE) or actor.holds(Function.ARCHIVE),
        history=[history_line(entry) for entry in page.history],
        grid=grid_path(submission),
        typed=typed,
        refusal=refusal,
        counts_text=counts_text,
        compares=compares(submission),
        **FORM_WORDS,
    )


def _requests(page: SubmissionPage) -> RequestsOfSubmission:
    """What was asked for about the table and what the reader may ask for."""
    asked = (current_store(), current_actor(), page.line.submission, page.cycle)
    now, has_any = current_time(), page.was_asked_about
    return requests_of(current_session(), *asked, now=now, has_any=has_any)


def _cooperation(page: SubmissionPage) -> dict[str, Any]:
    """Who was asked for a part of the table, and whether the reader may ask."""
    session, store, actor = current_session(), current_store(), current_actor()
    submission = page.line.submission
    has_any = page.was_shared or page.open_cooperation
    asked = (session, store, actor, submission)
    leads = submission.department_code in actor.departments(*DEPARTMENT_STEPS)
    is_asker = leads or actor.holds(Function.QA_OFFICE)
    return {
        "lines": cooperations_of(*asked, now=current_time()) if has_any else [],
        "may_ask": is_asker and actor.may(CooperationVerb.REQUEST, COOPERATION),
        "why_not_ask": why_not_request_cooperation(actor, store, submission, page.cycle),
        "open": page.open_cooperation,
    }


def _rows_text(page: SubmissionPage) -> str | int:
    """How many rows there are, as far as anybody has counted them."""
    if page.row_count is None:
        text: str = _("more than %(count)s", count=MOST_LIVE)
        return text
    return page.row_count


def _findings(page: SubmissionPage, explained: FindingForm | None) -> dict[str, Any]:
    """What the page tells of the rules, and what was typed into one of their forms."""
    store, actor = current_store(), current_actor()
    stored = store.reported[page.line.submission.table_identifier]
    told = told_findings(store, actor, stored, page)
    complete = _completeness(page)
    groups = finding_groups(store, page, told)
    return {
        "told": told,
        "finding_count": total(page.counts),
        "notes": [] if told is None else as_of_texts(told),
        "groups": groups,
        "contributors": _contributors(page, groups),
        "blocking": what_blocks(page),
        "facts": point_facts(page, now=current_time(), **_filled(complete)),
        "complete": complete,
        "table_titles": {name: spec.title for name, spec in store.catalogue.tables.items()},
        "explained": explained,
        "kept_done": forget_kept(),
        "longest_explanation": LONGEST_EXPLANATION,
    }


def _contributors(page: SubmissionPage, groups: Sequence[FindingGroup]) -> Mapping[str, str]:
    """Row id → the department that has contributed the row, of those that are found fault with."""
    if not (page.was_shared or page.open_cooperation):
        return {}
    rows = {each.line.row_id for group in groups for each in group.findings}
    marks = marks_among(current_session(), page.line.spec.identifier, rows - {""})
    return {row_id: mark.name for row_id, mark in marks.items()}


def _completeness(page: SubmissionPage) -> PlaceCompleteness | None:
    """How complete the rows are as long as they are judged; None for other systems' tables."""
    session, store = current_session(), current_store()
    submission, judged = page.line.submission, page.judged
    if judged is None or submission.table_identifier not in store.tables:
        return None
    rows = judged.check.values
    return place_completeness(session, store, current_actor(), submission, page.cycle, rows)


def _filled(complete: PlaceCompleteness | None) -> dict[str, Filled]:
    """What the point of completeness tells."""
    if complete is None:
        return {}
    cells, rows = complete.completeness.cells, complete.completeness.rows
    return {
        "cells": Filled(cells.filled, cells.expected),
        "rows": Filled(rows.filled, rows.expected),
    }


def possible_moves(status: Status, moves: Sequence[Move]) -> list[Verb]:
    """The steps the server would take now, the one ahead first."""
    found = [move.verb for move in moves if move.refusal is None]
    return sorted(found, key=lambda verb: verb is not FORWARD.get(status))


def without_pending(verbs: Sequence[Verb], requests: RequestsOfSubmission) -> list[Verb]:
    """The steps without that for which somebody waits for a second person already."""
    pending = requests.pending_reopening is not None
    return [verb for verb in verbs if not (pending and verb is Verb.REOPEN)]


def refused_moves(actor: Actor, status: Status, moves: Sequence[Move]) -> list[tuple[Move, Holder]]:
    """The steps the server would refuse now, each with whose step it is.

    Steps that are never the actor's are left out: the page says whose move it is.
    """
    found = []
    for move in moves:
        step = step_for(status, move.verb)
        is_his = actor.may(move.verb.value, SUBMISSION)
        if move.refusal is not None and step is not None and is_his:
            found.append((move, step.holder))
    return found
