"""Exporting rows of a base table into a file that is kept for a day."""

from collections.abc import Iterator
from dataclasses import replace

from app.access.row_filter import parse_filter
from app.actions.base_table import Told
from app.actions.job import Made
from app.exchange.csv_export import CsvForm
from app.exchange.export import Part
from app.exchange.export_file import ExportChoice, Exporting, export_file
from app.jobs.work import Work
from app.reports.base_table import RowsRequest
from app.reports.place import Place, find_place


def export_rows(work: Work) -> Made:
    """Export the rows as the request for them would; what is masked then is masked here."""
    asked = work.request
    found = find_place(
        work.session,
        work.store,
        work.by,
        asked["table"],
        period=asked["period"],
        department=asked["department"],
    )
    place = replace(found, department=None) if asked.get("whole") else found
    exporting = Exporting(
        work.session,
        work.store,
        place,
        _choice(work, place),
        by=work.by,
        now=work.now,
        translate=work.translate,
    )
    watched = _Watched(work.told)
    file = export_file(exporting, watched.parts_of)
    content = b"".join(file.pieces)
    return Made({"rows": watched.count, "file_name": file.name}, output=content)


def _choice(work: Work, place: Place) -> ExportChoice:
    """What was chosen; a request that was made before there was a choice has the usual one."""
    asked = work.request
    columns = asked.get("columns")
    return ExportChoice(
        RowsRequest(
            period=place.period.code,
            department=place.department,
            search=asked["q"],
            filter=None if asked["filter"] is None else parse_filter(asked["filter"]),
            sort=tuple(asked["sort"]),
            cycle=place.cycle,
        ),
        kind=asked["format"],
        columns=None if columns is None else tuple(columns),
        codes=asked.get("codes", False),
        identifiers=asked.get("identifiers", False),
        unmasked=asked.get("unmasked", False),
        purpose=asked.get("purpose", ""),
        encoding=CsvForm(asked.get("encoding", CsvForm.UTF_8.value)),
        told=asked.get("told", {}),
    )


class _Watched:
    """Parts of rows, counted and told of while they are read."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self.count = 0

    def parts_of(self, parts: Iterator[Part], total: int) -> Iterator[Part]:
        """The parts themselves."""
        for part in parts:
            self.count += len(next(iter(part.values())))
            # The last word is the worker's: until the file is kept, it can be given up.
            self._told(min(self.count, total - 1), total)
            yield part
