"""The preview of a feed, and the run that is confirmed from it."""

from collections.abc import Mapping
from datetime import datetime

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.feed import Choice
from app.domain.message import Reason, Refused
from app.exchange.feed import StalePreview, run_feed
from app.exchange.feed_difference import Decisions
from app.exchange.feed_open import note_refusal, open_feed
from app.exchange.feed_result import SHOWN, FeedResult
from app.reports.assignment import department_names
from app.web.api.shapes import period_title
from app.web.base_table.cell_text import shown_text
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    local_time,
)
from app.web.errors import STATUSES
from app.web.feed.page import render_feed
from app.web.formats import moment_text
from app.web.retry import persistently
from app.web.translation import translated

CHOICE = "choice-"
CHOICES = {choice.value: choice for choice in Choice}


def render_preview(number: int, given: Mapping[str, str], refusal: Refused | None = None) -> str:
    """What a run would write for the period and department that are asked for. Raises Refused."""
    result = _run(number, given, now=local_time(), dry_run=True)
    return _page(result, given, refusal)


def answer_run(number: int, now: datetime) -> ResponseReturnValue:
    """Write what was confirmed; refused, the preview is shown as it is now."""
    try:
        result = _run(
            number,
            request.form,
            now=now,
            dry_run=False,
            digest=request.form.get("digest", ""),
            decisions=read_decisions(),
        )
    except StalePreview as refusal:
        return render_preview(number, request.form, refusal), STATUSES[refusal.reason]
    except Refused as refusal:
        if refusal.reason in {Reason.NOT_FOUND, Reason.FORBIDDEN}:
            raise
        session, by = current_session(), current_actor()
        session.rollback()
        note_refusal(session, number, refusal, by=by, now=now, translate=translated)
        return render_feed(number, refusal), STATUSES[refusal.reason]
    total = result.total
    words = _(
        "Written: %(created)s rows added, %(changed)s changed, %(deleted)s deleted. Open conflicts:"
        " %(conflicts)s; not taken: %(rejected)s.",
        **{name: total[name] for name in ("created", "changed", "deleted")},
        conflicts=total["conflicts"],
        rejected=total["rejected"],
    )
    flash(words, "success")
    return redirect(f"/feeds/{number}")


def _run(
    number: int,
    given: Mapping[str, str],
    *,
    now: datetime,
    dry_run: bool,
    digest: str | None = None,
    decisions: Mapping[str, Decisions] | None = None,
) -> FeedResult:
    session, store, by = current_session(), current_store(), current_actor()
    opened = open_feed(
        session,
        store,
        number,
        by=by,
        period=given.get("period") or None,
        department=given.get("department") or None,
    )
    return run_feed(
        session,
        store,
        opened,
        by=by,
        now=now,
        dry_run=dry_run,
        digest=digest,
        decisions=decisions or {},
        translate=translated,
        each=persistently,
    )


def read_decisions() -> dict[str, Decisions]:
    """What the form decides, by department."""
    single: dict[str, dict[tuple[str, str], Choice]] = {}
    deleting: dict[str, set[str]] = {}
    for name, text in request.form.items():
        parts = name.removeprefix(CHOICE).split("-", 2)
        if name.startswith(CHOICE) and len(parts) == 3 and text in CHOICES:
            single.setdefault(parts[0], {})[parts[1], parts[2]] = CHOICES[text]
    for text in request.form.getlist("delete"):
        department, _sign, key = text.partition("-")
        deleting.setdefault(department, set()).add(key)
    others = CHOICES.get(request.form.get("others", ""))
    departments = {*single, *deleting, *request.form.getlist("fed_department")}
    return {
        each: Decisions(single.get(each, {}), others, frozenset(deleting.get(each, ())))
        for each in departments
    }


def _page(result: FeedResult, given: Mapping[str, str], refusal: Refused | None) -> str:
    opened = result.opened
    fields, catalogue = opened.target.spec.by_code, current_catalogue()

    def value_text(code: str, value: object) -> str:
        return shown_text(catalogue, fields[code], value, hidden=False)

    return render_template(
        "feed/preview.html",
        result=result,
        opened=opened,
        total=result.total,
        refusal=refusal,
        names=department_names(current_session()),
        fields=fields,
        value_text=value_text,
        period_title=period_title(opened.period),
        department=given.get("department", ""),
        shown=SHOWN,
        choices=list(Choice),
        moment_text=moment_text,
    )
