"""``/consolidation/``: the whole college's data of the locked years (第十二条)."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.access.roles import CONSOLIDATION
from app.domain.message import Message, Refused
from app.models.cycle import Cycle
from app.reports.consolidation import CONSOLIDATED, consolidated_tables
from app.reports.cycle import all_cycles, cycle_named
from app.web.current import current_actor, current_session, current_store
from app.web.fab.page_view import PageView, expose


class ConsolidationView(PageView):
    """What the locked years hold, and the workbook of each."""

    route_base = "/consolidation"
    default_view = "consolidation"

    @expose("/")
    def consolidation(self) -> ResponseReturnValue:
        """The tables of one year with rows, departments and hashes.

        A year that is not locked yet shows the reason instead.
        """
        actor, session = current_actor(), current_session()
        if not actor.may("read", CONSOLIDATION):
            raise Refused(Message("You have no right to view the consolidated data."))
        cycles = list(all_cycles(session))
        cycle = _wanted(cycles)
        tables, refusal = [], None
        if cycle is not None:
            try:
                found = consolidated_tables(session, current_store(), actor, cycle, with_rows=False)
                tables = list(found)
            except Refused as refused:
                refusal = refused.message
        return render_template(
            "consolidation/page.html",
            cycles=cycles,
            cycle=cycle,
            tables=tables,
            refusal=refusal,
            row_count=sum(part.row_count for table in tables for part in table.parts),
            may_export=actor.may("export", CONSOLIDATION),
        )


def _wanted(cycles: list[Cycle]) -> Cycle | None:
    """The year that was asked for, else the latest locked one, else the latest."""
    year = request.args.get("cycle")
    if not year:
        locked = [cycle for cycle in cycles if cycle.status in CONSOLIDATED]
        return next(iter([*locked, *cycles]), None)
    return cycle_named(cycles, year)
