"""Exports of adopted tables over the API, filtered like their rows."""

from flask import Response

from app.access.masks import seen
from app.exchange.adopted_export import export_adopted_csv, export_adopted_workbook
from app.reports.adopted_table import find_adopted, iterate_adopted
from app.web.api.adopted_table import adopted_request
from app.web.api.download import csv_answer, download
from app.web.api.endpoint import Call
from app.web.current import current_actor, current_session, current_store, local_time
from app.web.translation import translated


def export_adopted_xlsx(call: Call, table: str) -> Response:
    """The rows in the caller's scope as a workbook."""
    actor = current_actor()
    live = seen(actor, find_adopted(current_store(), table, actor), "list", "export")
    rows = iterate_adopted(current_session(), live, actor, adopted_request(call, live))
    file = export_adopted_workbook(live.spec, rows, translate=translated, now=local_time())
    return download(file, f"{live.spec.title}.xlsx")


def export_adopted_as_csv(call: Call, table: str) -> Response:
    """The same rows as CSV, sent while they are read."""
    actor = current_actor()
    live = seen(actor, find_adopted(current_store(), table, actor), "list", "export")
    rows = iterate_adopted(current_session(), live, actor, adopted_request(call, live))
    return csv_answer(
        export_adopted_csv(live.spec, rows, translate=translated), f"{live.spec.title}.csv"
    )
