"""Exporting rows of a base table into a file that is kept for a day."""

from collections.abc import Iterator

from app.access.masks import masked_by_roles
from app.access.policies import why_not_read
from app.access.row_filter import parse_filter
from app.actions.base_table import Told
from app.actions.export import Export, log_export
from app.actions.job import Made
from app.domain.message import Message, Reason, refuse
from app.domain.period import LOCAL_ZONE
from app.exchange.export import ExportForm, Part, export_csv, export_workbook, exported_names
from app.exchange.export_sheet import why_not_workbook
from app.exchange.template_identity import Place as WorkbookPlace
from app.jobs.work import Work
from app.reports.assignment import department_names
from app.reports.base_table import RowsRequest
from app.reports.export import export_size, iterate_columns
from app.reports.place import Place, find_place

WORKBOOK = "xlsx"
# As pages write it.
MOMENT = "%Y-%m-%d %H:%M"


def export_rows(work: Work) -> Made:
    """Export the rows as the request for them would; what is masked then is masked here."""
    asked = work.request
    place = find_place(
        work.session,
        work.store,
        work.by,
        asked["table"],
        period=asked["period"],
        department=asked["department"],
    )
    refuse(why_not_read(work.by, place.stored, "export"))
    names = department_names(work.session)
    department = place.department or ""
    to = WorkbookPlace(place.period, department, names.get(department, ""))
    content, count = _file(work, place, to, names)
    parts = (place.stored.spec.title, place.period.code, to.department_name)
    name = " ".join(part for part in parts if part)
    return Made({"rows": count, "file_name": f"{name}.{asked['format']}"}, output=content)


def _file(work: Work, place: Place, to: WorkbookPlace, names: dict[str, str]) -> tuple[bytes, int]:
    """The file's content and how many rows it has; the log has it before the first of them."""
    wanted, table = _wanted(work, place), place.stored.spec.identifier
    size = export_size(work.session, work.store, table, work.by, wanted)
    if work.request["format"] == WORKBOOK:
        refuse(why_not_workbook(size.rows, size.longest), Reason.INVALID)
    chosen = {name: work.request[name] for name in ("period", "q", "filter", "sort")}
    chosen["kind"] = work.request["format"]
    export = Export(f"table:{table}", size.rows, True, place.department, chosen=chosen)
    log_export(work.session, export, by=work.by, now=work.now)
    masks = masked_by_roles(work.by, place.stored, "export")
    form = ExportForm(masks=masks, footer=_footer(work), count=size.rows)
    read = exported_names(place.stored, form)
    parts = iterate_columns(work.session, work.store, table, work.by, wanted, read)
    rows = _Counted(parts, work.told, size.rows)
    sent = (work.store.catalogue, place.stored, rows, to, names, form)
    if work.request["format"] == WORKBOOK:
        pieces = export_workbook(
            *sent, translate=work.translate, now=work.now.astimezone(LOCAL_ZONE)
        )
    else:
        pieces = export_csv(*sent, translate=work.translate)
    return b"".join(pieces), rows.count


def _footer(work: Work) -> str:
    """What stands below printed pages, as where the file is had at once."""
    moment = f"{work.now.astimezone(LOCAL_ZONE):{MOMENT}}"
    told = {"name": work.by.name, "moment": moment}
    return work.translate(Message("Exported by %(name)s, %(moment)s", told))


def _wanted(work: Work, place: Place) -> RowsRequest:
    asked = work.request
    return RowsRequest(
        period=place.period.code,
        department=place.department,
        search=asked["q"],
        filter=None if asked["filter"] is None else parse_filter(asked["filter"]),
        sort=tuple(asked["sort"]),
        cycle=place.cycle,
    )


class _Counted:
    """Parts of rows, counted and told of while they are read."""

    def __init__(self, parts: Iterator[Part], told: Told, total: int) -> None:
        self._parts, self._told, self._total = parts, told, total
        self.count = 0

    def __iter__(self) -> Iterator[Part]:
        for part in self._parts:
            self.count += len(next(iter(part.values())))
            # The last word is the worker's: until the file is kept, it can be given up.
            self._told(min(self.count, self._total - 1), self._total)
            yield part
