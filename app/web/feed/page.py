"""The page of one feed: its definition in words, its runs, and how it is run."""

from collections.abc import Mapping, Sequence

from flask import render_template
from flask_babel import gettext as _

from app.access.feed import why_not_change_feeds, why_not_define, why_not_run
from app.catalogue.feed import DepartmentSource, FeedContent, FieldSource, read_content
from app.domain.feed import Rhythm
from app.domain.message import Message, Refused
from app.exchange.feed_open import writable_departments
from app.models.base_table import StoredTable
from app.models.cycle import Cycle
from app.reports.assignment import department_names, departments_of_table
from app.reports.cycle import all_cycles, current_cycle
from app.reports.feed import FeedLine, feed_line, runs_of
from app.web.api.shapes import period_title
from app.web.current import current_actor, current_session, current_store
from app.web.feed.labels import schedule_text, weekday_names

HOURS = range(24)


def render_feed(number: int, refusal: Refused | None = None) -> str:
    """One feed, with the reason why something was refused."""
    session, store, actor = current_session(), current_store(), current_actor()
    line = feed_line(session, store, actor, number)
    target = store.tables.get(line.feed.target_identifier)
    names = department_names(session)
    cycles = all_cycles(session)
    cycle = current_cycle(cycles)
    departments: tuple[str, ...] = ()
    if target is not None and cycle is not None:
        reporting = departments_of_table(session, cycle, target.spec.identifier)
        departments = writable_departments(actor, target, reporting)
    return render_template(
        "feed/page.html",
        line=line,
        feed=line.feed,
        refusal=refusal,
        facts=_facts(line, target, names),
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
    return why_not_define(current_actor(), line.source)


def _facts(
    line: FeedLine, target: StoredTable | None, names: dict[str, str]
) -> list[tuple[str, str]]:
    """The definition in words: what, and where from."""
    content = read_content(line.feed.content)
    labels = {} if line.source is None else {c.code: c.label for c in line.source.spec.columns}
    fields = {} if target is None else target.spec.by_code
    told = [
        (fields[code].label if code in fields else code, _origin(source, labels))
        for code, source in content.fields.items()
    ]
    whose = (str(_("Department")), _whose(content.department, labels, names))
    return [*told, whose, *_rest(content, labels)]


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


def _rest(content: FeedContent, labels: dict[str, str]) -> list[tuple[str, str]]:
    period = str(_("all rows count for the chosen period"))
    if content.period is not None:
        name = labels.get(content.period.column, content.period.column)
        period = f"{name} = {content.period.pattern}"
    return [(str(_("Period")), period)]
