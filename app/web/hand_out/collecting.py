"""The pages about collecting: choosing the files, what they come to, the report."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.hand_out import why_not_collect
from app.actions.collect import (
    MergedPart,
    WantedSet,
    decide_collected,
    drop_collected,
    keep_collected,
    note_merged,
)
from app.domain.message import Message, Reason, Refused, refuse
from app.exchange.collect import Collecting, merge_collected, try_collecting
from app.exchange.collect_decision import Decisions, decisions_of
from app.exchange.collect_report import Report, report_of, report_workbook
from app.exchange.collect_result import CollectResult
from app.exchange.collected_file import (
    LARGEST_FILE,
    MOST_FILES,
    CollectedFile,
    collected_files,
    pack_files,
    unpack_files,
)
from app.exchange.collected_part import CollectingPlace, identities_in
from app.exchange.package import MEGABYTE
from app.exchange.part_identity import PartIdentity
from app.models.hand_out import CollectedSet
from app.reports.collect import (
    collected_content,
    find_collected,
    list_collected,
    missing_parts,
)
from app.reports.hand_out import parts_by_token
from app.reports.place import find_table
from app.web.api.download import disposition
from app.web.api.endpoint import XLSX
from app.web.base_table.open_table import OpenTable, open_table
from app.web.current import (
    current_actor,
    current_session,
    current_store,
    current_time,
    local_time,
)
from app.web.errors import STATUSES
from app.web.formats import moment_text, whole_number
from app.web.retry import persistently
from app.web.translation import translated

SEE_OTHER = 303
# Lines of each list on the page; the report has all of them.
SHOWN = 200
GOOD_ROWS = "rows"


def collect_page(table: str, refusal: Refused | None = None) -> ResponseReturnValue:
    """Choosing the files, and what was collected so far."""
    opened = _open(table)
    place, department = opened.place, opened.department or ""
    session, actor = current_session(), current_actor()
    page = render_template(
        "hand_out/collect.html",
        opened=opened,
        sets=list_collected(session, place.stored, place.period.code, department, actor),
        missing=missing_parts(session, place.stored, place.period.code, department),
        why_not=opened.rights["import"],
        refusal=refusal,
        most_files=MOST_FILES,
        largest_file=LARGEST_FILE // MEGABYTE,
        moment_text=moment_text,
    )
    return page if refusal is None else (page, STATUSES[refusal.reason])


def take_files(table: str) -> ResponseReturnValue:
    """Keep the files that were chosen and lead to what they come to."""
    opened = _open(table)
    if opened.rights["import"] is not None:
        raise Refused(opened.rights["import"], Reason.LOCKED)
    chosen = [file for file in request.files.getlist("files") if file.filename]
    try:
        files = collected_files((file.filename or "", file.read()) for file in chosen)
        number = _keep(opened, files)
    except Refused as refusal:
        return collect_page(table, refusal)
    return redirect(url_for("HandOutView.collected", table=table, number=number), SEE_OTHER)


def _keep(opened: OpenTable, files: Sequence[CollectedFile]) -> int:
    """Keep the files; the parts they belong to are noted as returned."""
    session, place = current_session(), _place(opened)
    parts = _parts_in(opened, files)
    wanted = WantedSet(place.period, place.department, pack_files(files), len(files), parts)
    by, now = current_actor(), current_time()
    return keep_collected(session, place.stored, wanted, by=by, now=now)


def _parts_in(opened: OpenTable, files: Sequence[CollectedFile]) -> set[int]:
    """The numbers of the parts that the files belong to."""
    place = _place(opened)
    tokens = {
        found.token for found in identities_in(place, files) if isinstance(found, PartIdentity)
    }
    return {
        part.id
        for part, _hand_out in parts_by_token(current_session(), tokens).values()
        if part.department_code == place.department
    }


def collected_page(table: str, number: int, refusal: Refused | None = None) -> ResponseReturnValue:
    """What the files come to as things stand now; once they are merged, their report."""
    opened, found = _open_set(table, number)
    if found.confirmed_at is not None:
        return _report_page(opened, found)
    result = None
    try:
        result = _try(opened, found)
    except Refused as caught:
        if caught.reason in {Reason.NOT_FOUND, Reason.FORBIDDEN}:
            raise
        refusal = refusal or caught
    page = render_template(
        "hand_out/preview.html",
        opened=opened,
        found=found,
        result=result,
        decisions=decisions_of(found.decisions),
        refusal=refusal,
        shown=SHOWN,
        missing=_missing(opened),
        moment_text=moment_text,
        moment_of=_moment_of,
        good_rows=request.form.get("how") == GOOD_ROWS,
    )
    return page if refusal is None else (page, STATUSES[refusal.reason])


def answer_collected(table: str, number: int) -> ResponseReturnValue:
    """Keep what was decided; then look again, merge, or forget the files."""
    opened, found = _open_set(table, number)
    session, by, act = current_session(), current_actor(), request.form.get("act", "")
    if act == "drop":
        files = unpack_files(collected_content(session, number))
        drop_collected(session, number, _parts_in(opened, files), by=by, now=current_time())
        flash(_("The files are forgotten; nothing of them was written."), "success")
        return redirect(_address("collect", opened), SEE_OTHER)
    decisions = decisions_of({**found.decisions, **request.form.to_dict()})
    try:
        decide_collected(session, number, decisions.as_json(), by=by)
        if act == "merge":
            done = _merge(opened, number, decisions)
            flash(_told(done), "success")
    except Refused as refusal:
        if refusal.reason in {Reason.NOT_FOUND, Reason.FORBIDDEN}:
            raise
        return collected_page(table, number, refusal)
    return redirect(url_for("HandOutView.collected", table=table, number=number), SEE_OTHER)


def _merge(opened: OpenTable, number: int, decisions: Decisions) -> CollectResult:
    """Write what was confirmed; what belongs to it goes along in the same transaction."""
    session, by, now = current_session(), current_actor(), local_time()
    files = unpack_files(collected_content(session, number))

    def keep(result: CollectResult) -> None:
        merged = [
            MergedPart(line.part or 0, line.counts, not line.has_left) for line in result.taken
        ]
        missing = [title for _part, title in _missing(opened)]
        kept = asdict(report_of(result, missing))
        note_merged(session, number, merged, kept, by=by, now=now)

    return merge_collected(
        session,
        Collecting(_place(opened), by, now, translated, decisions),
        files,
        seen=whole_number(request.form.get("seen", "")),
        good_rows=request.form.get("how") == GOOD_ROWS,
        keep=keep,
    )


def report_xlsx(table: str, number: int) -> Response:
    """What became of the files, or would become, as a workbook."""
    opened, found = _open_set(table, number)
    if found.result is not None:
        report = Report(**found.result)
    else:
        report = report_of(_try(opened, found), [title for _part, title in _missing(opened)])
    content = report_workbook(report, opened.spec, translated, local_time())
    response = Response(content, mimetype=XLSX)
    name = f"{opened.spec.title} {_('Report of collecting')} {number}.xlsx"
    response.headers["Content-Disposition"] = disposition(name)
    return response


def _report_page(opened: OpenTable, found: CollectedSet) -> str:
    report = Report(**(found.result or {}))
    return render_template(
        "hand_out/report.html",
        opened=opened,
        found=found,
        report=report,
        shown=SHOWN,
        moment_text=moment_text,
        moment_of=_moment_of,
    )


def _try(opened: OpenTable, found: CollectedSet) -> CollectResult:
    session = current_session()
    files = unpack_files(collected_content(session, found.id))
    decisions = decisions_of(found.decisions)
    work = Collecting(_place(opened), current_actor(), current_time(), translated, decisions)
    return persistently(lambda: try_collecting(session, work, files))


def _open(table: str) -> OpenTable:
    """The table for whoever collects in the department. Raises Refused."""
    opened = open_table(table)
    stored = opened.place.stored
    if opened.department is None:
        reason = Message("Choose a department first; rows are changed in one only.")
        refuse(why_not_collect(current_actor(), stored, ""))
        raise Refused(reason, Reason.INVALID)
    refuse(why_not_collect(current_actor(), stored, opened.department))
    return opened


def _open_set(table: str, number: int) -> tuple[OpenTable, CollectedSet]:
    stored = find_table(current_store(), table)
    found = find_collected(current_session(), stored, current_actor(), number)
    return open_table(table, period=found.period, department=found.department_code), found


def _place(opened: OpenTable) -> CollectingPlace:
    place = opened.place
    return CollectingPlace(
        current_store(), place.stored, place.period.code, opened.department or ""
    )


def _missing(opened: OpenTable) -> list[tuple[int, str]]:
    """Number and title of the parts of which nothing has come back."""
    place = opened.place
    found = missing_parts(
        current_session(), place.stored, place.period.code, opened.department or ""
    )
    return [(part.id, part.title) for part in found]


def _told(done: CollectResult) -> str:
    total = done.total
    return str(
        _(
            "Merged: %(created)s rows added, %(changed)s changed, %(unchanged)s unchanged;"
            " %(left)s rows left.",
            **{name: total[name] for name in ("created", "changed", "unchanged")},
            left=total["rejected"] + total["conflict"],
        )
    )


def _address(page: str, opened: OpenTable) -> str:
    values: dict[str, Any] = {"table": opened.spec.identifier, **opened.parameters()}
    return url_for(f"HandOutView.{page}", **values)


def _moment_of(text: str) -> str:
    """A moment as it was kept, as people read it."""
    return moment_text(datetime.fromisoformat(text)) if text else ""
