"""The list of the year's findings with the counts above it that narrow it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from app.access.finding import RIGHTS, why_not_gather
from app.access.person import Actor
from app.access.policies import WORKING, why_not_read_board
from app.access.roles import FINDING
from app.actions.annual_note import TABLE
from app.actions.explanation import MOST_AT_ONCE, FindingPlace
from app.domain.finding import Dimension, Severity
from app.domain.finding_state import FindingState, FindingVerb
from app.domain.message import Message, Reason, Refused
from app.jobs.keeper import CHECK_PLACE
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.finding import LONGEST_EXPLANATION
from app.reports.assignment import department_names
from app.reports.cycle import collected_cycles
from app.reports.finding import (
    FindingCount,
    broken_rules,
    count_findings,
    last_looked,
    list_findings,
    open_of_rule,
)
from app.reports.finding_due import due_tables, failed_checks
from app.reports.job import job_at
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.cycle.addresses import wanted_cycle
from app.web.finding.acts import Acted, FindingForm, WholeRule
from app.web.finding.line import may_explain, shown_findings
from app.web.finding.list_filter import ListFilter, read_filter
from app.web.finding.rule_title import rule_title
from app.web.formats import whole_number
from app.web.job.line import JobLine, line_of
from app.web.paging import PAGE_LENGTH, Paged


@dataclass(frozen=True)
class CountRow:
    """A table or department with its numbers of findings by dimension."""

    code: str
    name: str
    by_dimension: Mapping[Dimension, int]
    by_severity: Mapping[Severity, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_dimension.values())

    @property
    def errors(self) -> int:
        """Those that have to be mended."""
        return self.by_severity.get(Severity.ERROR, 0)


def render_findings(form: FindingForm | None = None, acted: Acted | None = None) -> str:
    """The page; after something was refused with what was ticked and typed."""
    session, store, actor = current_session(), current_store(), current_actor()
    refuse_unless_reader(actor)
    cycles = collected_cycles(session)
    cycle = wanted_cycle(cycles)
    if cycle is None:
        return render_template("finding/list.html", cycle=None)
    wanted = read_filter(request.values)
    page, counts = _page_of(session, store, actor, cycle, wanted)
    names = department_names(session)
    titles = {table: spec.title for table, spec in store.catalogue.reported.items()}
    return render_template(
        "finding/list.html",
        cycle=cycle,
        whole=whole_rule(cycle, wanted),
        counts_whole=why_not_read_board(actor) is None,
        cycles=cycles,
        wanted=wanted,
        rule_text=rule_title(store, wanted.table, wanted.rule) if wanted.rule else "",
        page=page,
        counts=counts,
        by_table=count_rows([(each.table, each) for each in counts.around], titles),
        by_department=count_rows([(each.department, each) for each in counts.around], names),
        dimensions=dimensions_in(counts.around),
        table_titles=titles,
        departments=sorted((code, names.get(code, code)) for code in counts.departments),
        tables=[(code, titles[code]) for code in titles if code in counts.tables],
        severities=list(Severity),
        states=list(FindingState),
        all_dimensions=list(Dimension),
        **_last_check(session, store, cycle, wanted.table),
        gathers=why_not_gather(actor, store.tables.get(TABLE)) is None,
        waives=actor.may(RIGHTS[FindingVerb.WAIVE], FINDING),
        typed=form,
        acted=acted,
        longest=LONGEST_EXPLANATION,
    )


def _last_check(session: Session, store: Store, cycle: Cycle, table: str) -> dict[str, Any]:
    """As of when the list is, of one table or all, and what the last check could not ask."""
    check, is_outdated = _check_under_way(session), _is_outdated(session, store, cycle, table)
    return {
        "looked_at": last_looked(session, cycle),
        "is_outdated": is_outdated,
        # A page that asks again and again stays as it is: it is told where there is more to see.
        "has_news": "HX-Request" in request.headers and check is None and not is_outdated,
        "broken": [rule_title(store, "", rule) for rule in broken_rules(session, cycle)],
        "failed": list(failed_checks(session, cycle)),
        "check": check,
    }


def _is_outdated(session: Session, store: Store, cycle: Cycle, table: str) -> bool:
    """Whether rows have changed since the list was made, which the background follows."""
    if cycle.is_history or cycle.status not in WORKING:
        return False
    due = due_tables(session, store, cycle, now=current_time())
    return table in due if table else bool(due)


def whole_rule(cycle: Cycle, wanted: ListFilter) -> WholeRule | None:
    """The open warnings that the reader may explain together: of one rule at one place.

    None where there are more than can be explained at once.
    """
    session, store, actor = current_session(), current_store(), current_actor()
    stored = store.reported.get(wanted.table)
    if stored is None or not wanted.rule or not wanted.department:
        return None
    if not may_explain(actor, stored, wanted.department):
        return None
    place = FindingPlace(wanted.table, stored.spec.period_in(cycle.year).code, wanted.department)
    asked = replace(replace(wanted, state=None).asked(), limit=MOST_AT_ONCE + 1)
    marks = open_of_rule(session, store, actor, cycle, asked)
    return WholeRule(place, marks) if len(marks) <= MOST_AT_ONCE else None


def refuse_unless_reader(actor: Actor) -> None:
    """Raises Refused for whoever may not read findings."""
    if not actor.may("read", FINDING):
        raise Refused(Message("You have no right to view findings."), Reason.FORBIDDEN)


@dataclass(frozen=True)
class Counts:
    """``found`` are the counts of the list, ``around`` those without its place and dimension.

    ``tables`` and ``departments`` are all that have any finding in the year.
    """

    found: Sequence[FindingCount]
    around: Sequence[FindingCount]
    by_state: Mapping[FindingState, int]
    tables: frozenset[str]
    departments: frozenset[str]


def _page_of(
    session: Session, store: Store, actor: Actor, cycle: Cycle, wanted: ListFilter
) -> tuple[Paged, Counts]:  # type: ignore[type-arg]
    everything = count_findings(session, store, actor, cycle, ListFilter().asked())
    present = [each for each in everything if _fits(wanted, each)]
    found = present
    if wanted.rule or wanted.state is FindingState.MENDED:
        found = count_findings(session, store, actor, cycle, wanted.asked())
    around = [each for each in everything if _fits(_without_place(wanted), each)]
    stateless = replace(wanted, state=None)
    by_state = Counter[FindingState]()
    for each in everything:
        if _fits(stateless, each):
            by_state[each.state] += each.count
    total = sum(each.count for each in found)
    pages = max(1, -(-total // PAGE_LENGTH))
    number = min(max(whole_number(request.values.get("page", "")), 1), pages)
    lines = list_findings(session, store, actor, cycle, wanted.asked(number))
    counts = Counts(
        found,
        around,
        by_state,
        frozenset(each.table for each in everything),
        frozenset(each.department for each in everything),
    )
    return Paged(shown_findings(cycle, lines), number, pages, total), counts


def _without_place(wanted: ListFilter) -> ListFilter:
    return replace(wanted, table="", department="", dimension=None)


def _fits(wanted: ListFilter, each: FindingCount) -> bool:
    asked = (
        (wanted.table, each.table),
        (wanted.department, each.department),
        (wanted.dimension, each.dimension),
        (wanted.severity, each.severity),
        (wanted.state, each.state),
    )
    return all(not want or want == have for want, have in asked)


def count_rows(
    counts: Sequence[tuple[str, FindingCount]], names: Mapping[str, str]
) -> list[CountRow]:
    """One row per code, those with most errors and findings first."""
    by_code: dict[str, list[FindingCount]] = {}
    for code, each in counts:
        by_code.setdefault(code, []).append(each)
    rows = []
    for code, own in by_code.items():
        dimensions, severities = Counter[Dimension](), Counter[Severity]()
        for each in own:
            dimensions[each.dimension] += each.count
            severities[each.severity] += each.count
        rows.append(CountRow(code, names.get(code, code), dimensions, severities))
    return sorted(rows, key=lambda row: (-row.errors, -row.total, row.code))


def dimensions_in(counts: Sequence[FindingCount]) -> list[Dimension]:
    """The dimensions that have findings, in their order."""
    present = {each.dimension for each in counts}
    return [dimension for dimension in Dimension if dimension in present]


def _check_under_way(session: Session) -> JobLine | None:
    job = job_at(session, CHECK_PLACE)
    return None if job is None else line_of(job)
