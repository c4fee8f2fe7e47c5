"""Exporting rows of a base table into a file that is kept for a day."""

from collections.abc import Iterator

from sqlalchemy import RowMapping

from app.access.masks import masked_by_roles
from app.access.policies import why_not_read
from app.access.row_filter import parse_filter
from app.actions.job import Made
from app.domain.message import refuse
from app.exchange.base_table import Told
from app.exchange.export import ExportForm, export_csv, export_workbook
from app.exchange.template_identity import Place as WorkbookPlace
from app.jobs.work import Work
from app.reports.assignment import department_names
from app.reports.base_table import RowsRequest, iterate_rows
from app.reports.place import Place, find_place

WORKBOOK = "xlsx"


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
    """The file's content and how many rows it has."""
    rows = _Counted(_rows(work, place), work.told, work.request.get("rows", 0))
    form = ExportForm(masks=masked_by_roles(work.by, place.stored, "export"))
    catalogue = work.store.catalogue
    if work.request["format"] == WORKBOOK:
        file = export_workbook(
            catalogue,
            place.stored,
            rows,
            to,
            names,
            form,
            translate=work.translate,
            now=work.now,
        )
        with file:
            return file.read(), rows.count
    chunks = export_csv(catalogue, place.stored, rows, to, names, form, translate=work.translate)
    return b"".join(chunks), rows.count


def _rows(work: Work, place: Place) -> Iterator[RowMapping]:
    asked = work.request
    wanted = RowsRequest(
        period=place.period.code,
        department=place.department,
        search=asked["q"],
        filter=None if asked["filter"] is None else parse_filter(asked["filter"]),
        sort=tuple(asked["sort"]),
        cycle=place.cycle,
    )
    return iterate_rows(work.session, work.store, asked["table"], work.by, wanted)


class _Counted:
    """Rows that are counted, and told of, while they are read."""

    def __init__(self, rows: Iterator[RowMapping], told: Told, total: int) -> None:
        self._rows, self._told, self._total = rows, told, total
        self.count = 0

    def __iter__(self) -> Iterator[RowMapping]:
        for row in self._rows:
            self.count += 1
            if self.count % 500 == 0:
                self._told(self.count, self._total)
            yield row
