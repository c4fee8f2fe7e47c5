"""Groups of rows over JSON: what the panel beside the totals shows."""

from app.reports.adopted_table import find_adopted
from app.reports.row_group import Grouping, RowGroup, group_adopted_rows, group_rows
from app.web.api.adopted_table import adopted_request, is_adopted
from app.web.api.base_table import place_of
from app.web.api.base_table_rows import rows_request
from app.web.api.endpoint import Call
from app.web.api.shapes import Json
from app.web.current import current_actor, current_session, current_store

MEASURES = ("count", "sum", "average", "filled", "distinct")


def read_groups(call: Call, table: str) -> Json:
    """The rows that ``rows`` would give, put together by one or two columns."""
    session, store, actor = current_session(), current_store(), current_actor()
    by = tuple(code for code in call.query.get("by", "").split(",") if code)
    measure = call.query.get("measure", MEASURES[0])
    of = None if measure == MEASURES[0] else call.query.get("of", "")
    grouping = Grouping(by, of)
    if is_adopted(table):
        live = find_adopted(store, table, actor)
        wanted = adopted_request(call, live)
        found = group_adopted_rows(session, store, live, actor, wanted, grouping)
    else:
        place = place_of(call, table)
        wanted_rows = rows_request(call, place)
        found = group_rows(session, store, table, actor, wanted_rows, grouping)
    return {
        "groups": [
            {"keys": list(each.keys), "rows": each.rows, "value": _value(each, measure)}
            for each in found.groups
        ],
        "more": found.has_more,
        "labels": found.labels,
    }


def _value(group: RowGroup, measure: str) -> object:
    if measure == "distinct":
        return group.distinct
    if group.total is None:
        return group.rows
    return getattr(group.total, measure)
