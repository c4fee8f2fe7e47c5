"""Feeds over JSON: which there are, what a run would write, running one."""

from typing import Any

from flask_babel import lazy_gettext as _

from app.access.feed import why_not_run
from app.domain.feed import Choice
from app.domain.message import Refused
from app.exchange.feed import StalePreview, run_feed
from app.exchange.feed_difference import Decisions
from app.exchange.feed_open import OpenFeed, note_refusal, open_feed
from app.exchange.feed_result import DepartmentResult, FeedResult, ShownConflict
from app.models.feed import FeedRun
from app.reports.feed import FeedLine, feed_line, list_feeds, runs_of, shown_definition
from app.web.addresses import NUMBER
from app.web.api.endpoint import Call, Endpoint
from app.web.api.schema import one_of, optional, record, text
from app.web.api.shapes import Json, change_shape, period_shape, reason_shape
from app.web.current import current_actor, current_session, current_store, local_time
from app.web.formats import local
from app.web.retry import persistently
from app.web.translation import translated

CODE = text(64)
MOST_DECISIONS = 2000
CHOICE = one_of(*(choice.value for choice in Choice))
DECISION = record(
    ("department", "key", "choice"), department=CODE, key=CODE, field=optional(CODE), choice=CHOICE
)
FEED_RUN = record(
    ("digest",),
    period=optional(CODE),
    department=optional(CODE),
    digest=CODE,
    decisions={"type": "array", "items": DECISION, "maxItems": MOST_DECISIONS},
    others=optional(CHOICE),
    delete={
        "type": "array",
        "items": record(("department", "key"), department=CODE, key=CODE),
        "maxItems": MOST_DECISIONS,
    },
)


def list_of_feeds(_call: Call) -> Json:
    """Every feed with its last run."""
    lines = list_feeds(current_session(), current_store(), current_actor())
    return {"feeds": [_line_shape(line) for line in lines]}


def one_feed(_call: Call, number: int) -> Json:
    """One feed with what the caller may know of its definition, and its runs."""
    session, actor = current_session(), current_actor()
    line = feed_line(session, current_store(), actor, number)
    runs = [_run_shape(run) for run in runs_of(session, actor, number)]
    shown = shown_definition(actor, line.feed, line.source)
    return {
        **_line_shape(line),
        "definition": None if shown.content is None else shown.content.as_json(),
        "not_shown": [part.removeprefix("-") for part in shown.left_out],
        "why_no_definition": reason_shape(shown.refusal),
        "runs": runs,
    }


def preview_of_feed(call: Call, number: int) -> Json:
    """What a run would write; its digest goes back with the run."""
    opened = _opened(number, call.query)
    session, store, actor = current_session(), current_store(), current_actor()
    return _result_shape(run_feed(session, store, opened, by=actor, now=local_time()))


def run_one_feed(call: Call, number: int) -> Json:
    """Write what the preview showed, with what is decided about conflicts."""
    session, store, actor, now = current_session(), current_store(), current_actor(), local_time()
    try:
        opened = _opened(number, call.body)
        result = run_feed(
            session,
            store,
            opened,
            by=actor,
            now=now,
            dry_run=False,
            digest=call.body["digest"],
            decisions=_decisions(call.body, opened.departments),
            translate=translated,
            each=persistently,
        )
    except StalePreview:
        raise
    except Refused as refusal:
        session.rollback()
        note_refusal(session, number, refusal, by=actor, now=now, translate=translated)
        raise
    return _result_shape(result)


def _opened(number: int, asked: Any) -> OpenFeed:
    return open_feed(
        current_session(),
        current_store(),
        number,
        by=current_actor(),
        period=asked.get("period"),
        department=asked.get("department"),
    )


def _decisions(body: Any, departments: tuple[str, ...]) -> dict[str, Decisions]:
    others = body.get("others")
    single: dict[str, dict[tuple[str, str], Choice]] = {}
    for each in body.get("decisions") or ():
        place = (each["key"], each.get("field") or "")
        single.setdefault(each["department"], {})[place] = Choice(each["choice"])
    deleting: dict[str, set[str]] = {}
    for each in body.get("delete") or ():
        deleting.setdefault(each["department"], set()).add(each["key"])
    return {
        code: Decisions(
            single.get(code, {}),
            None if others is None else Choice(others),
            frozenset(deleting.get(code, ())),
        )
        for code in departments
    }


def _line_shape(line: FeedLine) -> Json:
    store, actor = current_store(), current_actor()
    target = store.tables.get(line.feed.target_identifier)
    refusal = None
    if line.source is not None and target is not None:
        refusal = why_not_run(actor, line.source, target)
    return {
        "id": line.feed.id,
        "version": line.feed.version,
        "name": line.feed.name,
        "source": line.feed.source_identifier,
        "target": line.feed.target_identifier,
        "active": line.feed.is_active,
        "complete": line.source is not None and target is not None,
        "why_not_run": reason_shape(refusal),
        "last_run": None if line.last_run is None else _run_shape(line.last_run),
    }


def _run_shape(run: FeedRun) -> Json:
    return {
        "at": local(run.at).isoformat(timespec="seconds"),
        "by": run.person_name,
        "scheduled": run.is_scheduled,
        "result": run.result.value,
        "period": run.period,
        "department": run.department_code,
        "refusal": run.refusal,
        "counts": {
            name: getattr(run, name)
            for name in (
                *("created", "changed", "unchanged", "deleted"),
                *("conflicts", "vanished", "rejected"),
            )
        },
    }


def _result_shape(result: FeedResult) -> Json:
    return {
        "period": period_shape(result.opened.period),
        "read": result.read,
        "unplaced": dict(result.unplaced),
        "tells_vanished": result.tells_vanished,
        "digest": result.digest,
        "written": result.written,
        "departments": [_department_shape(each) for each in result.departments],
    }


def _department_shape(each: DepartmentResult) -> Json:
    return {
        "department": each.department,
        "refusal": reason_shape(each.refusal),
        "counts": dict(each.counts),
        "rows": [
            {
                "title": row.title,
                "outcome": row.outcome,
                "cells": [
                    {"field": code, "before": before, "after": after}
                    for code, before, after in row.cells
                ],
            }
            for row in each.rows
        ],
        "conflicts": [_conflict_shape(one) for one in each.conflicts],
        "vanished": [
            {"key": one.key, "id": one.row.row_id, "title": one.title, "touched": one.is_touched}
            for one in each.vanished
        ],
        "rejected": [
            {
                "row": row.number,
                "title": row.title,
                "messages": [translated(message) for message in row.messages],
            }
            for row in each.rejected
        ],
    }


def _conflict_shape(one: ShownConflict) -> Json:
    conflict = one.conflict
    return {
        "key": conflict.key,
        "id": conflict.row_id,
        "title": conflict.title,
        "field": conflict.field or None,
        "mine": conflict.mine,
        "source": conflict.brought,
        "changed": None if one.typed is None else change_shape(one.typed),
    }


FEED_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("GET", "feeds", list_of_feeds, _("Feeds from adopted tables into base tables")),
    Endpoint("GET", f"feeds/{NUMBER}", one_feed, _("One feed with its definition and runs")),
    Endpoint(
        "GET",
        f"feeds/{NUMBER}/preview",
        preview_of_feed,
        _("What a run of a feed would write"),
        {"period": CODE, "department": CODE},
    ),
    Endpoint(
        "POST",
        f"feeds/{NUMBER}/runs",
        run_one_feed,
        _("Run a feed as its preview showed"),
        body=FEED_RUN,
    ),
)
