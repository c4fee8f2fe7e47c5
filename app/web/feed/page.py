"""The page of one feed: its definition in words, its runs, and how it is run."""

from collections.abc import Mapping, Sequence

from flask import render_template
from flask_babel import gettext as _

from app.access.feed import why_not_change_feeds, why_not_run
from app.catalogue.feed import DepartmentSource, FeedContent, FieldSource
from app.domain.feed import Rhythm
from app.domain.message import Message, Refused
from app.exchange.feed_open import writable_departments
from app.models.base_table import StoredTable
from app.models.cycle import Cycle
from app.reports.assignment import department_names, departments_of_table
from app.reports.cycle import all_cycles, kept_cycle
from app.reports.feed import (
    DEPARTMENT,
    FILTER,
    PERIOD,
    FeedLine,
    ShownDefinition,
    feed_line,
    runs_of,
    shown_definition,
    why_not_redefine,
)
from app.web.api.shapes import period_title
from app.web.current import current_actor, current_session, current_store
from app.web.feed.labels import schedule_text, weekday_names

HOURS = range(24)


def render_feed(number: int, refusal: Refused | None = None) -> str:
    """One feed, with the reason why something was refused."""
    session, store, actor = current_session(), current_store(), current_actor()
    line = feed_line(session, store, actor, number)
    target = store.tables.get(line.feed.target_identifier)
    shown = shown_definition(actor, line.feed, line.source)
    names = department_names(session)
    cycles = all_cycles(session)
    cycle = kept_cycle(cycles)
    departments: tuple[str, ...] = ()
    if target is not None and cycle is not None:
        reporting = departments_of_table(session, cycle, target.spec.identifier)
        departments = writable_departments(actor, target, reporting)
    return render_template(
        "feed/page.html",
        line=line,
        feed=line.feed,
        refusal=refusal,
        facts=_facts(line, shown, target, names),
        why_no_facts=shown.refusal,
        runs=runs_of(session, actor, number),
        names=names,
        why_not_run=_why_not_run(line, target),
        why_not_edit=_why_not_edit(line),
        why_not_switch=why_not_change_feeds(actor),
        periods=[] if target is None else _periods(target, cycles),
        departments=departments,
        rhythms=list(Rhythm),
        schedule_text=schedule_text,
        weekdays=weekday_names(),
        hours=HOURS,
    )


def _periods(target: StoredTable, cycles: Sequence[Cycle]) -> list[tuple[str, str]]:
    found = [target.spec.period_in(cycle.year) for cycle in cycles]
    return [(period.code, period_title(period)) for period in found]


def _why_not_run(line: FeedLine, target: StoredTable | None) -> Message | None:
    if line.source is None or target is None:
        return Message("A table of this feed is no longer there; it cannot run.")
    refusal = why_not_run(current_actor(), line.source, target)
    if refusal is None and not line.feed.is_active:
        return Message("The feed %(feed)s is switched off.", {"feed": line.feed.name})
    return refusal


def _why_not_edit(line: FeedLine) -> Message | None:
    if line.source is None or line.target is None:
        return Message("A table of this feed is no longer there; it cannot run.")
    return why_not_redefine(current_actor(), line.feed, line.source)


def _facts(
    line: FeedLine, shown: ShownDefinition, target: StoredTable | None, names: dict[str, str]
) -> list[tuple[str, str]]:
    """The definition in words: what, and where from; of what is left out that it is not shown."""
    if shown.content is None:
        return []
    labels = {} if line.source is None else {c.code: c.label for c in line.source.spec.columns}
    fields = {} if target is None else target.spec.by_code
    told = [(code, _origin(source, labels)) for code, source in shown.content.fields.items()]
    told.append((DEPARTMENT, _whose(shown.content.department, labels, names)))
    told.append((PERIOD, _period(shown.content, labels)))
    not_shown = dict.fromkeys(shown.left_out, str(_("not shown to you")))
    parts = {
        DEPARTMENT: _("Department"),
        PERIOD: _("Period"),
        FILTER: _("Only these rows of the source"),
    }
    words = {code: each.label for code, each in fields.items()} | parts
    return [(words.get(code, code), text) for code, text in {**dict(told), **not_shown}.items()]


def _origin(source: FieldSource, labels: dict[str, str]) -> str:
    if source.column is None:
        return str(_("always “%(value)s”", value=source.value))
    name = labels.get(source.column, source.column)
    pairs = _pairs(source.translate)
    return f"{name} ({pairs})" if pairs else name


def _whose(source: DepartmentSource, labels: dict[str, str], names: dict[str, str]) -> str:
    if source.column is None:
        value = source.value or ""
        return str(_("always “%(value)s”", value=names.get(value, value)))
    name = labels.get(source.column, source.column)
    pairs = _pairs({old: names.get(new, new) for old, new in source.codes.items()})
    return f"{name} ({pairs})" if pairs else name


def _pairs(pairs: Mapping[str, str]) -> str:
    return "; ".join(f"{old} → {new}" for old, new in pairs.items())


def _period(content: FeedContent, labels: dict[str, str]) -> str:
    if content.period is None:
        return str(_("all rows count for the chosen period"))
    name = labels.get(content.period.column, content.period.column)
    return f"{name} = {content.period.pattern}"
