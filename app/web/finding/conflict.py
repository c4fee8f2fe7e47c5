"""``/findings/conflicts``: the same fact told differently in two tables, with both places (V23)."""

from dataclasses import dataclass

from flask import render_template, request

from app.models.cycle import Cycle
from app.reports.assignment import department_names
from app.reports.conflict import Conflict, Told, list_conflicts
from app.reports.cycle import collected_cycles
from app.web.base_table.cell_text import shown_text
from app.web.current import current_actor, current_catalogue, current_session, current_store
from app.web.cycle.addresses import wanted_cycle
from app.web.finding.list_filter import ListFilter, read_filter
from app.web.finding.page import refuse_unless_reader
from app.web.paging import paged
from app.web.submission.addresses import cell_path


@dataclass(frozen=True)
class ShownPlace:
    """One of the two places: its words, the value, the way to the cell and to the row's form.

    ``value`` is empty where it is masked for the reader.
    """

    table: str
    department: str
    field: str
    value: str
    address: str
    form: str


@dataclass(frozen=True)
class ShownConflict:
    """A fact with both places; the first is the one that is believed.

    ``key`` is empty where it is masked or the fact is told of a whole table. ``findings`` leads to
    the findings of the rule that warns of it.
    """

    fact: str
    key: str
    believed: ShownPlace
    other: ShownPlace
    table: str
    rule: str
    department: str


def conflicts_page() -> str:
    """The conflicts of a year that the reader sees both sides of, narrowed by the address."""
    session, store, actor = current_session(), current_store(), current_actor()
    refuse_unless_reader(actor)
    cycles = collected_cycles(session)
    cycle = wanted_cycle(cycles)
    if cycle is None:
        return render_template("finding/conflicts.html", cycle=None)
    wanted = read_filter(request.args)
    found = list_conflicts(session, store, actor, cycle.year)
    names = department_names(session)
    titles = {name: spec.title for name, spec in store.catalogue.tables.items()}
    sides = [side for each in found for side in (each.believed, each.other)]
    page = paged([each for each in found if _fits(wanted, each)], request.args)
    departments = {side.department for side in sides} - {""}
    return render_template(
        "finding/conflicts.html",
        cycle=cycle,
        cycles=cycles,
        wanted=wanted,
        page=page,
        lines=[_shown(cycle, each, names) for each in page.lines],
        tables=[(name, titles[name]) for name in titles if name in {each.table for each in sides}],
        departments=sorted((code, names.get(code, code)) for code in departments),
        has_any=bool(found),
    )


def _fits(wanted: ListFilter, each: Conflict) -> bool:
    """Whether one of both sides is what is looked for."""
    return any(
        wanted.table in {"", side.table} and wanted.department in {"", side.department}
        for side in (each.believed, each.other)
    )


def _shown(cycle: Cycle, each: Conflict, names: dict[str, str]) -> ShownConflict:
    believed, other = (_place(cycle, side, names) for side in (each.believed, each.other))
    where = (each.other.table, each.rule, each.other.department)
    return ShownConflict(each.fact, each.key, believed, other, *where)


def _place(cycle: Cycle, told: Told, names: dict[str, str]) -> ShownPlace:
    spec = current_store().tables[told.table].spec
    period = spec.period_in(cycle.year).code
    cell = cell_path(told.table, period, told.department, told.row_id or "", told.field.code)
    value = ""
    if told.value is not None:
        value = shown_text(current_catalogue(), told.field, told.value, hidden=False)
    return ShownPlace(
        table=spec.title,
        department=names.get(told.department, told.department),
        field=told.field.label,
        value=value,
        address=cell if told.row_id else f"/data/{told.table}/?period={period}",
        form=f"/data/{told.table}/{told.row_id}" if told.row_id else f"/data/{told.table}/",
    )
