"""An export of very many rows: a job makes the file, which is then kept for a day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Response
from flask_babel import lazy_gettext as _

from app.actions.job import Asked, ask_for_job
from app.domain.job import JobKind
from app.domain.message import Message, Reason, Refused
from app.exchange.export_file import KINDS, checked_columns, refuse_export
from app.reports.base_table import RowsRequest, read_rows
from app.reports.place import Place
from app.web.api.adopted_table import is_adopted
from app.web.api.base_table_rows import rows_request
from app.web.api.endpoint import Call, Endpoint
from app.web.api.export import ENCODED, exporting_of, place_of_export
from app.web.api.import_job import answer_with_key
from app.web.api.schema import Schema, one_of, record
from app.web.current import current_actor, current_session, current_store, current_time

FORMATS = KINDS
# What the query of a file had at once may say, too.
SELECTION: Mapping[str, Schema] = ENCODED


@dataclass(frozen=True)
class Selected:
    """The rows that a query selects; ``count`` of them, at least so many unless exact."""

    place: Place
    wanted: RowsRequest
    count: int
    is_exact: bool


def selected_rows(call: Call, table: str) -> Selected:
    """What the query selects. A query that cannot be carried out is refused here already."""
    place = _place_of_export(call, table)
    wanted = rows_request(call, place)
    page = read_rows(
        current_session(), current_store(), table, current_actor(), replace(wanted, limit=1)
    )
    return Selected(place, wanted, page.count, page.count_exact)


def export_in_background(call: Call, table: str) -> Response:
    """Let a job make the file of the rows that the query selects; its key (202)."""
    selected, query = selected_rows(call, table), call.query
    kind = query.get("format", FORMATS[0])
    exporting = exporting_of(call, selected.place, kind)
    purpose, choice = refuse_export(exporting), exporting.choice
    columns = checked_columns(selected.place.stored, choice.columns)
    asked = {
        "table": table,
        "format": kind,
        "period": selected.place.period.code,
        "department": query.get("department"),
        "whole": query.get("whole", False),
        "q": selected.wanted.search,
        "filter": json.loads(query["filter"]) if query.get("filter") else None,
        "sort": list(selected.wanted.sort),
        "columns": None if columns is None else list(columns),
        "codes": choice.codes,
        "identifiers": choice.identifiers,
        "unmasked": choice.unmasked,
        "purpose": purpose,
        "encoding": choice.encoding.value,
        "told": dict(choice.told),
        "rows": selected.count if selected.is_exact else 0,
    }
    job = Asked(JobKind.EXPORT, asked, department=selected.place.department)
    return answer_with_key(
        ask_for_job(current_session(), job, by=current_actor(), now=current_time())
    )


def _place_of_export(call: Call, table: str) -> Place:
    """Where the rows are. Refused for whoever may not export them, and for adopted tables."""
    if is_adopted(table):
        raise Refused(
            Message("Rows of adopted tables are exported at once; use the buttons of the table."),
            Reason.INVALID,
        )
    return place_of_export(call, table)


EXPORT_JOB_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "POST",
        "data/<table>/exports",
        export_in_background,
        _("Let a job make the file of an export"),
        {**SELECTION, "format": one_of(*FORMATS)},
        body=record(()),
    ),
)
