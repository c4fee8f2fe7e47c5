"""Exports of adopted tables over the API, filtered like their rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response

from app.access.adopted_table import why_not_read_adopted
from app.access.masks import seen
from app.actions.export import Export, log_export
from app.domain.message import Message, Reason, refuse
from app.exchange.adopted_export import (
    AdoptedForm,
    export_adopted_csv,
    export_adopted_workbook,
)
from app.exchange.csv_export import CsvForm
from app.exchange.export_sheet import why_too_many
from app.models.adopted_row import AdoptedRow
from app.models.adopted_table import LiveTable
from app.reports.adopted_count import AdoptedCount, adopted_count
from app.reports.adopted_table import AdoptedRequest, find_adopted, iterate_adopted
from app.web.api.adopted_table import adopted_request
from app.web.api.download import streamed_answer
from app.web.api.endpoint import CSV, XLSX, Call
from app.web.api.export_request import columns_of_query, export_footer, told_selection
from app.web.api.shapes import Json, reason_shape
from app.web.current import (
    current_actor,
    current_session,
    current_store,
    current_time,
    local_time,
)
from app.web.retry import persistently
from app.web.translation import translated


@dataclass(frozen=True)
class _Chosen:
    live: LiveTable
    wanted: AdoptedRequest
    count: AdoptedCount
    form: AdoptedForm


def adopted_export_shape(call: Call, table: str) -> Json:
    """How many rows an export would hold; masked columns are masked for everybody."""
    live = _found(table)
    count = _count(live, adopted_request(call, live))
    return {
        "rows": {"value": count.value, "exact": count.exact},
        "personal": [column.label for column in live.spec.shown if column.masked],
        "xlsx": reason_shape(why_too_many(count.value)),
        "unmasked": reason_shape(Message("Masked columns of other systems always stay masked.")),
        "whole": False,
    }


def export_adopted_xlsx(call: Call, table: str) -> Response:
    """The rows in the caller's scope as a workbook."""
    chosen = _chosen(call, table)
    refuse(why_too_many(chosen.count.value), Reason.INVALID)
    _log(call, chosen, "xlsx")
    pieces = export_adopted_workbook(
        chosen.live.spec, _rows(chosen), chosen.form, translate=translated, now=local_time()
    )
    return streamed_answer(pieces, f"{chosen.live.spec.title}.xlsx", XLSX)


def export_adopted_as_csv(call: Call, table: str) -> Response:
    """The same rows as CSV, sent while they are read."""
    chosen = _chosen(call, table)
    _log(call, chosen, "csv")
    pieces = export_adopted_csv(
        chosen.live.spec,
        _rows(chosen),
        chosen.form,
        translate=translated,
        encoding=CsvForm(call.query.get("encoding", CsvForm.UTF_8.value)),
    )
    return streamed_answer(pieces, f"{chosen.live.spec.title}.csv", CSV)


def _rows(chosen: _Chosen) -> Iterator[AdoptedRow]:
    return iterate_adopted(current_session(), chosen.live, current_actor(), chosen.wanted)


def _found(table: str) -> LiveTable:
    """The table as the actor may export it. Raises Refused."""
    actor = current_actor()
    live = seen(actor, find_adopted(current_store(), table, actor), "list", "export")
    refuse(why_not_read_adopted(actor, live, "export"))
    return live


def _count(live: LiveTable, wanted: AdoptedRequest) -> AdoptedCount:
    return adopted_count(current_session(), live, current_actor(), wanted)


def _chosen(call: Call, table: str) -> _Chosen:
    live = _found(table)
    wanted = adopted_request(call, live)
    count = _count(live, wanted)
    shown = {column.code for column in live.spec.shown}
    form = AdoptedForm(
        columns_of_query(call, shown, live.spec.title),
        call.query.get("identifiers", False),
        export_footer(),
        count.value if count.exact else None,
    )
    return _Chosen(live, wanted, count, form)


def _log(call: Call, chosen: _Chosen, kind: str) -> None:
    place = chosen.wanted.place
    export = Export(
        f"table:{chosen.live.spec.identifier}",
        chosen.count.value if chosen.count.exact else None,
        is_masked=True,
        department=None if place is None else place.department,
        purpose=call.query.get("purpose", ""),
        chosen={"kind": kind, **told_selection(call)},
    )
    session, by, now = current_session(), current_actor(), current_time()
    persistently(lambda: log_export(session, export, by=by, now=now))
