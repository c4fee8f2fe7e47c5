"""``/findings/completeness``: how complete the tables of a year are, and who is missing (V21)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import render_template, request

from app.access.policies import why_not_read_board
from app.access.roles import FINDING, SUBMISSION
from app.domain.message import refuse
from app.reports.assignment import department_names
from app.reports.completeness import PlaceCompleteness, read_completeness, total_of
from app.reports.cycle import collected_cycles
from app.rules.completeness import Completeness
from app.web.current import current_actor, current_session, current_store
from app.web.cycle.addresses import wanted_cycle
from app.web.finding.list_filter import read_filter
from app.web.paging import paged

# Of one list and place; the list itself has them all.
LISTED = 40


@dataclass(frozen=True)
class CountRow:
    """A table or department with all its places added up."""

    code: str
    name: str
    completeness: Completeness

    @property
    def absent(self) -> int:
        """How many rows are missing."""
        return self.completeness.rows.expected - self.completeness.rows.filled


def completeness_page() -> str:
    """The counts by table and department, then place by place with the way to who is missing."""
    session, store, actor = current_session(), current_store(), current_actor()
    refuse(why_not_read_board(actor))
    cycles = collected_cycles(session)
    cycle = wanted_cycle(cycles)
    if cycle is None:
        return render_template("finding/completeness.html", cycle=None)
    wanted, only_missing = read_filter(request.args), request.args.get("missing") == "1"
    places = read_completeness(session, store, actor, cycle).places
    names = department_names(session)
    titles = {name: spec.title for name, spec in store.catalogue.tables.items()}
    around = [
        each
        for each in places
        if wanted.table in {"", each.spec.identifier} and wanted.department in {"", each.department}
    ]
    listed = [each for each in around if each.absent or not only_missing]
    return render_template(
        "finding/completeness.html",
        cycle=cycle,
        cycles=cycles,
        wanted=wanted,
        only_missing=only_missing,
        total=total_of(around),
        missing_places=sum(1 for each in around if each.absent),
        by_table=_rows(((each.spec.identifier, each) for each in around), titles),
        by_department=_rows(((each.department, each) for each in around), names),
        page=paged(listed, request.args),
        count=len(around),
        names=names,
        table_titles=titles,
        tables=[(name, titles[name]) for name in titles if name in _tables(places)],
        departments=sorted({(each.department, names[each.department]) for each in places}),
        most=LISTED,
        links=actor.may("read", SUBMISSION),
        has_findings=actor.may("read", FINDING),
    )


def _tables(places: Iterable[PlaceCompleteness]) -> set[str]:
    return {each.spec.identifier for each in places}


def _rows(
    places: Iterable[tuple[str, PlaceCompleteness]], names: dict[str, str]
) -> Sequence[CountRow]:
    """One row per code, those with most missing rows first, then the least complete ones."""
    by_code: dict[str, list[PlaceCompleteness]] = {}
    for code, each in places:
        by_code.setdefault(code, []).append(each)
    rows = [CountRow(code, names[code], total_of(own)) for code, own in by_code.items()]
    return sorted(rows, key=lambda row: (-row.absent, row.completeness.required.percent, row.code))
