"""A finding as pages show it: where it is, the way there, and what may be done with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.access.finding import RIGHTS
from app.access.person import Actor
from app.access.policies import why_not_write
from app.access.roles import FINDING
from app.catalogue.base_table import TableSpec
from app.domain.finding_state import FindingState, FindingVerb, finding_step_for
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import present_rows
from app.models.cycle import Cycle
from app.reports.assignment import department_names
from app.reports.finding import FindingLine
from app.web.base_table.row_title import row_title
from app.web.current import current_actor, current_session, current_store
from app.web.submission.addresses import cell_path

RULED = (FindingVerb.ADOPT, FindingVerb.REJECT)


@dataclass(frozen=True)
class ShownFinding:
    """A finding with the words for its place.

    ``row`` is what the row is called, empty for the whole table; ``address`` leads to the cell,
    ``form`` to the row's form. ``tick`` names it in a form that explains or rules on it, empty
    where the reader can do neither.
    """

    line: FindingLine
    table: str
    department: str
    row: str
    field: str
    address: str
    form: str
    tick: str
    may_explain: bool
    may_rule: bool
    waits_for: Sequence[str] = ()


def shown_findings(cycle: Cycle, lines: Sequence[FindingLine]) -> list[ShownFinding]:
    """The lines of any places of a year, in their order."""
    session, store, actor = current_session(), current_store(), current_actor()
    names = department_names(session)
    titles = _row_titles(store, actor, lines)
    places = dict.fromkeys((line.table, line.department) for line in lines)
    explains = {place: may_explain(actor, store.reported[place[0]], place[1]) for place in places}
    rules = may_rule(actor)
    return [
        _shown(
            store,
            cycle,
            line,
            names.get(line.department, line.department),
            titles.get((line.table, line.row_id), ""),
            explains=explains[line.table, line.department],
            rules=rules,
        )
        for line in lines
    ]


def may_explain(actor: Actor, stored: StoredTable, department: str) -> bool:
    """Whether warnings of the place are the actor's to explain, as far as rights go."""
    return (
        actor.may(RIGHTS[FindingVerb.EXPLAIN], FINDING)
        and why_not_write(actor, stored, "edit", department) is None
    )


def may_rule(actor: Actor) -> bool:
    """Whether explanations are the actor's to rule on, as far as rights go."""
    return actor.may(RIGHTS[FindingVerb.ADOPT], FINDING)


def _shown(
    store: Store,
    cycle: Cycle,
    line: FindingLine,
    department: str,
    row: str,
    *,
    explains: bool,
    rules: bool,
) -> ShownFinding:
    spec = store.reported[line.table].spec
    is_theirs = line.table in store.of_others
    can_explain = explains and _can(line, FindingVerb.EXPLAIN)
    can_rule = rules and any(_can(line, verb) for verb in RULED)
    form = f"/data/{line.table}/{line.row_id}" if line.row_id else ""
    period = spec.period_in(cycle.year).code
    cell = cell_path(line.table, period, line.department, line.row_id, line.field)
    return ShownFinding(
        line=line,
        table=spec.title,
        department=department,
        row=row,
        field=_field_label(spec, line.field),
        address=form if is_theirs and form else cell,
        form=form or cell,
        tick=tick_of(line) if can_explain or can_rule else "",
        may_explain=can_explain,
        may_rule=can_rule,
        waits_for=[store.catalogue.reported[each].title for each in line.waits_for],
    )


def _field_label(spec: TableSpec, code: str | None) -> str:
    field = spec.by_code.get(code or "")
    return "" if field is None else field.label


def tick_of(line: FindingLine) -> str:
    """How a form names the finding, with the values that were seen."""
    return "|".join((line.table, line.department, line.mark, line.seen or ""))


def _can(line: FindingLine, verb: FindingVerb) -> bool:
    if verb is FindingVerb.EXPLAIN and line.state is FindingState.EXPLAINED:
        return True
    return finding_step_for(line.state, verb, line.severity) is not None


def _row_titles(
    store: Store, actor: Actor, lines: Iterable[FindingLine]
) -> Mapping[tuple[str, str], str]:
    """Table and row id → what the row is called; nothing of rows in tables of other systems."""
    ids: dict[str, dict[str, str]] = {}
    for line in lines:
        if line.row_id and line.table in store.tables:
            ids.setdefault(line.table, {})[line.row_id] = line.department
    titles = {}
    for table, departments in ids.items():
        stored = store.tables[table]
        for row_id, row in present_rows(current_session(), stored, departments).items():
            values = stored.values_of(row)
            titles[table, row_id] = row_title(actor, stored, departments[row_id], values)
    return titles
