"""``/consolidation/``: the whole college's data of the years (第十二条)."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.consolidation import (
    why_not_read_consolidated,
    why_not_ready,
    why_not_show_unreviewed,
    why_not_unreviewed,
)
from app.access.roles import CONSOLIDATION
from app.actions.consolidation import show_unreviewed
from app.domain.consolidation import Reading
from app.domain.cycle import CycleStatus
from app.domain.message import Message, Reason, Refused, refuse
from app.models.cycle import Cycle
from app.reports.consolidation import CONSOLIDATED, consolidated_tables, sums_of
from app.reports.cycle import all_cycles, cycle_named
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.fab.page_view import PageView, expose


class ConsolidationView(PageView):
    """What the years hold: final where they are locked, else what was accepted so far."""

    route_base = "/consolidation"
    default_view = "consolidation"

    @expose("/")
    def consolidation(self) -> ResponseReturnValue:
        """The tables of one year with rows, departments and hashes, and what is missing."""
        actor, session = current_actor(), current_session()
        refuse(why_not_read_consolidated(actor))
        cycles = list(all_cycles(session))
        cycle = _wanted(cycles)
        if cycle is None:
            return render_template("consolidation/page.html", cycles=(), cycle=None)
        reading, refusal, tables = _reading(cycle), why_not_ready(cycle, _reading(cycle)), []
        if refusal is None:
            place = (session, current_store(), actor, cycle)
            tables = list(consolidated_tables(*place, with_rows=False, reading=reading))
        return render_template(
            "consolidation/page.html",
            cycles=cycles,
            cycle=cycle,
            reading=reading,
            tables=tables,
            refusal=refusal,
            row_count=sum(table.row_count for table in tables),
            missing=[(table, part) for table in tables for part in table.missing],
            may_export=actor.may("export", CONSOLIDATION),
            why_not_unreviewed=why_not_unreviewed(actor, cycle),
            decides=why_not_show_unreviewed(actor, cycle) is None,
        )

    @expose("/<year>/<table>")
    def table(self, year: str, table: str) -> ResponseReturnValue:
        """One table: what every department reported, added up."""
        actor, session = current_actor(), current_session()
        refuse(why_not_read_consolidated(actor))
        cycle = cycle_named(all_cycles(session), year)
        if table not in current_store().reported:
            raise Refused(Message("There is no such table in this year."), Reason.NOT_FOUND)
        reading = _reading(cycle)
        sums = sums_of(session, current_store(), actor, cycle, table, reading)
        return render_template("consolidation/table.html", cycle=cycle, reading=reading, sums=sums)

    @expose("/<year>/unreviewed", methods=["POST"])
    def unreviewed(self, year: str) -> ResponseReturnValue:
        """Let leaders see data that are not reviewed yet, or no longer."""
        refuse(why_not_read_consolidated(current_actor()))
        session = current_session()
        cycle = cycle_named(all_cycles(session), year)
        shown = request.form.get("shown") == "yes"
        show_unreviewed(session, cycle.id, shown=shown, by=current_actor(), now=current_time())
        flash(
            _("Leaders now see data of this year that are not reviewed yet, marked as such.")
            if shown
            else _("Leaders see accepted data of this year only."),
            "success",
        )
        return redirect(url_for("ConsolidationView.consolidation", cycle=year), 303)


def _wanted(cycles: list[Cycle]) -> Cycle | None:
    """The year that was asked for, else the latest locked one, else the latest that has begun."""
    year = request.args.get("cycle")
    if not year:
        locked = [cycle for cycle in cycles if cycle.status in CONSOLIDATED]
        begun = [cycle for cycle in cycles if cycle.status is not CycleStatus.PREPARING]
        return next(iter([*locked, *begun, *cycles]), None)
    return cycle_named(cycles, year)


def _reading(cycle: Cycle) -> Reading:
    """Final data of a locked year; else what was accepted, or what is asked for."""
    if cycle.status in CONSOLIDATED:
        return Reading.FINAL
    is_wanted = request.args.get("reading") == Reading.UNREVIEWED.value
    return Reading.UNREVIEWED if is_wanted else Reading.PARTIAL
