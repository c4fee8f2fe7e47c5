"""The filtered list of findings as a download."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.actions.export import Export, log_export
from app.domain.message import Message, Reason, Refused
from app.exchange.finding_list import finding_workbook
from app.models.cycle import Cycle
from app.reports.cycle import collected_cycles
from app.reports.finding import LARGEST_PAGE, FindingFilter, count_findings, list_findings
from app.web.api.download import download
from app.web.current import current_actor, current_session, current_store, current_time, local_time
from app.web.cycle.addresses import wanted_cycle
from app.web.cycle.labels import year_text
from app.web.finding.line import ShownFinding, shown_findings
from app.web.finding.list_filter import read_filter
from app.web.formats import moment_text
from app.web.labels import label
from app.web.retry import persistently
from app.web.translation import translated

HEADINGS = (
    (lazy_gettext("Table"), 30),
    (lazy_gettext("Department"), 18),
    (lazy_gettext("Row"), 20),
    (lazy_gettext("Field"), 16),
    (lazy_gettext("Severity"), 8),
    (lazy_gettext("Dimension"), 16),
    (lazy_gettext("What is wrong"), 60),
    (lazy_gettext("State"), 16),
    (lazy_gettext("Explanation"), 40),
    (lazy_gettext("Explained by"), 12),
    (lazy_gettext("Ruling of the quality office"), 30),
    (lazy_gettext("Found at"), 17),
    (lazy_gettext("Rule"), 30),
)


def findings_xlsx() -> Response:
    """All findings of the filter, masked as they are on the page; who took them is noted."""
    session, store, actor = current_session(), current_store(), current_actor()
    cycle = wanted_cycle(collected_cycles(session))
    if cycle is None:
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    wanted = read_filter(request.args)
    asked = replace(wanted.asked(), offset=None, limit=LARGEST_PAGE)
    count = sum(each.count for each in count_findings(session, store, actor, cycle, asked))
    export = Export(
        f"cycle:{cycle.academic_year}",
        count,
        is_masked=True,
        department=wanted.department or None,
        chosen={"kind": "findings", **wanted.pairs()},
    )
    persistently(lambda: log_export(session, export, by=actor, now=current_time()))
    title = _("Findings of %(year)s", year=year_text(cycle.academic_year))
    headings = [(str(words), width) for words, width in HEADINGS]
    now = local_time()
    lines = (_cells(each) for each in _all(cycle, asked))
    return download(
        finding_workbook(title, headings, lines, now=now), f"{title} {now:%Y-%m-%d}.xlsx"
    )


def _all(cycle: Cycle, asked: FindingFilter) -> Iterator[ShownFinding]:
    session, store, actor = current_session(), current_store(), current_actor()
    while lines := list_findings(session, store, actor, cycle, asked):
        yield from shown_findings(cycle, lines)
        asked = replace(asked, after=lines[-1].number)


def _cells(each: ShownFinding) -> Sequence[str]:
    line, said = each.line, each.line.explanation
    ruling = ""
    if said is not None and said.ruled_at is not None:
        ruling = "：".join(filter(None, (label(said.ruling), said.ruling_reason)))
    return (
        each.table,
        each.department,
        each.row,
        each.field,
        label(line.severity),
        label(line.dimension),
        translated(line.message),
        label(line.state),
        "" if said is None else said.text,
        "" if said is None else said.by,
        line.waived_because or ruling,
        moment_text(line.found_at),
        line.rule,
    )
