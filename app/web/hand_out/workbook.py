"""The workbooks of a handing out as downloads, made from the rows as they are stored now."""

from collections.abc import Iterator, Sequence

from flask import Response

from app.access.hand_out import EXPORT
from app.access.masks import masked_by_roles
from app.actions.export import Export, log_export
from app.domain.message import Message, Reason, Refused
from app.exchange.hand_out import Issue, archive_of, file_names, part_workbook
from app.exchange.template_identity import Place as WorkbookPlace
from app.models.hand_out import HandOutPart
from app.reports.hand_out import rows_by_part
from app.reports.reference import listed_choices
from app.web.api.download import disposition, streamed_answer
from app.web.api.endpoint import XLSX
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    current_time,
    local_time,
)
from app.web.hand_out.page import OpenHandOut, open_hand_out
from app.web.retry import persistently
from app.web.translation import translated

ZIP = "application/zip"


def workbooks_zip(table: str, number: int) -> Response:
    """All workbooks in one archive, sent while they are made; the first is made before."""
    found = open_hand_out(table, number)
    pieces = archive_of(_files(found, found.parts), local_time())
    return streamed_answer(pieces, f"{found.opened.spec.title} {found.place.period.code}.zip", ZIP)


def workbook_xlsx(table: str, number: int, part: int) -> Response:
    """The workbook of one part."""
    found = open_hand_out(table, number)
    wanted = [each for each in found.parts if each.id == part]
    if not wanted:
        raise Refused(Message("There is no such handing out in your scope."), Reason.NOT_FOUND)
    name, content = next(_files(found, wanted))
    response = Response(content, mimetype=XLSX)
    response.headers["Content-Disposition"] = disposition(name)
    return response


def _files(found: OpenHandOut, parts: Sequence[HandOutPart]) -> Iterator[tuple[str, bytes]]:
    """Name and content of the workbooks; of a file among many the name is the same as alone."""
    session, store, actor = current_session(), current_store(), current_actor()
    place, opened = found.place, found.opened
    masks = masked_by_roles(actor, place.stored, EXPORT)
    choices = listed_choices(session, store, place.stored, actor, place.cycle)
    issue = Issue(current_catalogue(), place.stored, translated, local_time(), masks, choices)
    rows = rows_by_part(session, store, actor, place, found.hand_out)
    names = file_names((part.title for part in found.parts), place.stored.spec.name)
    _log(found, sum(len(rows.get(part.key, [])) for part in parts))
    by_part = {part.id: name for part, name in zip(found.parts, names, strict=True)}
    for part in parts:
        department = part.department_code
        where = WorkbookPlace(place.period, department, opened.name_of(department))
        yield by_part[part.id], part_workbook(issue, part, where, rows.get(part.key, []))


def _log(found: OpenHandOut, rows: int) -> None:
    """Rows leave the platform here like by an export, as often as the workbooks are fetched."""
    place, hand_out = found.place, found.hand_out
    export = Export(
        f"table:{place.stored.spec.identifier}",
        rows,
        is_masked=True,
        department=place.department,
        chosen={"kind": "hand_out", "hand_out": hand_out.id, "period": place.period.code},
    )
    session, by, now = current_session(), current_actor(), current_time()
    persistently(lambda: log_export(session, export, by=by, now=now))
