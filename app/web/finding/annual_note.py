"""``/findings/annual_note``: accepted explanations become the ministry's table 11.1."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.finding import why_not_gather, why_not_write_notes
from app.actions.annual_note import TABLE, Words, noted_rows, write_notes
from app.actions.row_change import Outcome
from app.domain.message import Message, Reason, Refused, refuse
from app.models.cycle import Cycle
from app.reports.assignment import department_names, departments_of_table
from app.reports.cycle import collected_cycles
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.cycle.addresses import wanted_cycle
from app.web.errors import STATUSES
from app.web.finding.rule_title import rule_title
from app.web.submission.addresses import cell_path
from app.web.translation import translated


@dataclass(frozen=True)
class NoteLine:
    """A row as it would be: ``outcome`` created, changed, unchanged or rejected; empty unknown."""

    table: str
    field: str
    issue: str
    explanation: str
    outcome: str = ""
    before: str = ""
    why: str = ""


def note_page(refusal: Refused | None = None) -> str:
    """What would be written, compared with what is there where one may write it."""
    session, store, actor = current_session(), current_store(), current_actor()
    refuse(why_not_gather(actor, store.tables.get(TABLE)))
    cycle, department = _place()
    rows = noted_rows(session, store, cycle, _words())
    outcome, why_not = None, None
    try:
        department = _assigned(cycle, department)
        name = department_names(session).get(department, department)
        refuse(why_not_write_notes(actor, store.tables[TABLE], name))
        outcome = write_notes(
            session, store, cycle, department, rows, by=actor, now=current_time(), dry_run=True
        )
    except Refused as refused:
        why_not = refused.message
    spec = store.tables[TABLE].spec
    period = spec.period_in(cycle.year).code
    return render_template(
        "finding/annual_note.html",
        cycle=cycle,
        spec=spec,
        lines=_lines(rows, outcome),
        assigned=department is not None,
        why_not=why_not,
        refusal=refusal,
        address=cell_path(TABLE, period, department or ""),
    )


def write_note() -> ResponseReturnValue:
    """Write the rows; where one of them cannot be stored, none is."""
    session, store, actor = current_session(), current_store(), current_actor()
    refuse(why_not_gather(actor, store.tables.get(TABLE)))
    cycle, department = _place()
    rows = noted_rows(session, store, cycle, _words())
    try:
        department = _assigned(cycle, department)
        outcome = write_notes(session, store, cycle, department, rows, by=actor, now=current_time())
    except Refused as refused:
        return note_page(refused), STATUSES[refused.reason]
    if not outcome.written:
        bad = Refused(
            Message("Some rows cannot be stored; nothing was written. The reasons stand below."),
            Reason.INVALID,
        )
        return note_page(bad), STATUSES[bad.reason]
    counts = {
        name: sum(result.outcome == name for result in outcome.results)
        for name in ("created", "changed", "unchanged")
    }
    flash(
        _("Table 11.1: new %(created)s, changed %(changed)s, unchanged %(unchanged)s.", **counts),
        "success",
    )
    period = store.tables[TABLE].spec.period_in(cycle.year).code
    return redirect(cell_path(TABLE, period, department), 303)


def _words() -> Words:
    store = current_store()
    return Words(
        title=lambda table, rule: rule_title(store, table, rule),
        whole_table=str(_("Whole table")),
        said=lambda department, count, text: str(
            _(
                "%(department)s (%(count)s places): %(text)s",
                department=department,
                count=count,
                text=text,
            )
        ),
    )


def _place() -> tuple[Cycle, str | None]:
    """The year and the department that reports the table; the actor's own where it is several."""
    session, actor = current_session(), current_actor()
    cycle = wanted_cycle(collected_cycles(session))
    if cycle is None:
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    departments = departments_of_table(session, cycle, TABLE)
    own = {held.department for held in actor.appointments}
    ordered = sorted(departments, key=lambda code: code not in own)
    return cycle, ordered[0] if ordered else None


def _assigned(cycle: Cycle, department: str | None) -> str:
    """The department, where there is one. Raises Refused."""
    if department is not None:
        return department
    raise Refused(
        Message(
            "Table 11.1 is assigned to no department in the collection year %(year)s. Assign it"
            " first.",
            {"year": cycle.academic_year},
        ),
        Reason.INVALID,
    )


def _lines(rows: Sequence[object], outcome: Outcome | None) -> list[NoteLine]:
    lines = []
    for position, row in enumerate(rows):
        values = dict(row)  # type: ignore[call-overload]
        line = (values["target_table"], values["target_field"], values["issue"])
        result = outcome.results[position] if outcome is not None else None
        against = None if result is None else result.obstacle
        lines.append(
            NoteLine(
                *line,
                values["explanation"],
                "" if result is None else result.outcome,
                "" if result is None else str(result.before.get("explanation") or ""),
                translated(against.message) if against is not None and not result.ok else "",  # type: ignore[union-attr]
            )
        )
    return lines
