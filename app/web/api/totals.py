"""Totals over JSON: what stands under the columns of a grid."""

from app.reports.adopted_table import find_adopted
from app.reports.totals import Totals, total_adopted_rows, total_rows
from app.web.api.adopted_table import adopted_request, is_adopted
from app.web.api.base_table import place_of
from app.web.api.base_table_rows import rows_request
from app.web.api.endpoint import Call
from app.web.api.shapes import Json
from app.web.current import current_actor, current_session, current_store


def read_totals(call: Call, table: str) -> Json:
    """Filled cells, sums and averages of the rows that ``rows`` would give."""
    session, store, actor = current_session(), current_store(), current_actor()
    if is_adopted(table):
        live = find_adopted(store, table, actor)
        return _shape(total_adopted_rows(session, live, actor, adopted_request(call, live)))
    place = place_of(call, table)
    return _shape(total_rows(session, store, table, actor, rows_request(call, place)))


def _shape(totals: Totals) -> Json:
    return {
        "rows": totals.rows,
        "fields": {
            code: {"filled": total.filled, "sum": total.sum, "average": total.average}
            for code, total in totals.fields.items()
        },
    }
