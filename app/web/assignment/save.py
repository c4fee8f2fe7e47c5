"""Saving what was chosen on the pages of the assignments."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.actions.assignment_change import Change, change_assignments, fill_assignments
from app.domain.assignment import AssignmentKind, TableAssignment
from app.domain.message import Message, Reason, Refused
from app.reports.assignment_plan import AssignmentPage
from app.web.assignment.choice import decoded
from app.web.assignment.page import Typed, read_year
from app.web.current import current_actor, current_session, current_store, local_time
from app.web.formats import whole_number
from app.web.paging import page_with


def chosen(number: int, typed: Typed) -> list[TableAssignment]:
    """The plans that were chosen: line by line, and for the marked lines together."""
    plans = {table: decoded(table, value) for table, value in typed.choices.items()}
    if bool(typed.marked) != bool(typed.marked_to):
        raise Refused(
            Message("Mark the tables and choose the department that they go to; both are needed."),
            Reason.INVALID,
        )
    if typed.marked:
        present = {line.spec.identifier: line.plan for line in read_year(number).lines}
        for table in typed.marked:
            plans[table] = _marked(table, typed.marked_to, present.get(table))
    return list(plans.values())


def _marked(table: str, value: str, present: TableAssignment | None) -> TableAssignment:
    """The common choice for one marked table; who gives guidance goes on doing so."""
    plan = decoded(table, value)
    if plan.kind is AssignmentKind.OWN_STAFF and present is not None:
        advising = set(present.guidance) - set(plan.departments)
        plan = replace(plan, guidance=tuple(sorted(advising)))
    return plan


def plan_typed(table: str, form: MultiDict[str, str]) -> TableAssignment:
    """What the form of one table says."""
    kind = form.get("kind", "")
    if kind == AssignmentKind.RESPONSIBLE:
        code = form.get("department", "")
        return TableAssignment(table, departments=(code,) if code else ())
    if kind == AssignmentKind.OWN_STAFF:
        codes = tuple(sorted(set(form.getlist("departments"))))
        advising = tuple(sorted(set(form.getlist("guidance"))))
        return TableAssignment(table, AssignmentKind.OWN_STAFF, codes, advising)
    return TableAssignment(table)


def save(number: int, wanted: Sequence[TableAssignment], reason: str) -> list[Change]:
    """Assign the tables; ``version`` comes with the form."""
    return change_assignments(
        current_session(),
        current_store(),
        number,
        wanted,
        version=version_sent(),
        by=current_actor(),
        now=local_time(),
        reason=reason,
    )


def fill(number: int, *, from_catalogue: bool) -> list[Change]:
    """Take last year's assignments over, or what the catalogue proposes."""
    return fill_assignments(
        current_session(),
        current_store(),
        number,
        version=version_sent(),
        by=current_actor(),
        now=local_time(),
        from_catalogue=from_catalogue,
        replace="replace" in request.form,
    )


def version_sent() -> int:
    """The version of the year that the page showed; 0 where none can be read."""
    return whole_number(request.form.get("version", ""))


def told(changes: Sequence[Change]) -> str:
    """What was saved, in a sentence."""
    if not changes:
        return str(_("Nothing had to be changed."))
    return str(_("Saved: %(count)s tables are assigned anew.", count=len(changes)))


def page_of_table(page: AssignmentPage, table: str) -> int:
    """The page of the whole list that has the table."""
    return page_with([line.spec.identifier for line in page.lines].index(table))


def home_of(number: int, table: str = "", query: Mapping[str, str] | None = None) -> str:
    """The address of the list, at a table; without one at its top, where the message stands."""
    page = read_year(number)
    values = {"cycle": page.cycle.academic_year, **(query or {})}
    if table:
        values["page"] = str(page_of_table(page, table))
    place = f"#{table}" if table else ""
    return f"{url_for('AssignmentView.assignments')}?{urlencode(values)}{place}"
