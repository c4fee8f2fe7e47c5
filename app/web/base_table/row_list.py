"""Rows as a list with a link to each form: for phones, and for whoever does without the grid."""

from dataclasses import dataclass, replace
from math import ceil

from app.access.masks import hidden_fields
from app.catalogue.base_table import FieldSpec, FieldType
from app.domain.finding import Severity
from app.models.carried_row import waiting_among
from app.reports.base_table import Row, RowsRequest, read_rows
from app.reports.reference import Labels
from app.web.base_table.cell_text import shown_text
from app.web.base_table.open_table import OpenTable
from app.web.current import current_actor, current_catalogue, current_session, current_store

PAGE_SIZE = 25
MOST_FIELDS = 4


@dataclass(frozen=True)
class ListedRow:
    """One row: what it is called, some of its values, how many findings it has.

    ``is_waiting`` says that it was taken over from last year and nobody has confirmed it;
    ``contributor`` names the department that has contributed it to another one's table.
    """

    id: str
    address: str
    title: str
    department: str
    values: tuple[str, ...]
    errors: int
    warnings: int
    is_waiting: bool = False
    contributor: str = ""


@dataclass(frozen=True)
class RowList:
    """A page of rows; ``labels`` head the values of each, ``pages`` counts them all."""

    title_label: str
    labels: tuple[str, ...]
    rows: tuple[ListedRow, ...]
    count: int
    is_exact: bool
    page: int
    pages: int


def read_row_list(opened: OpenTable, search: str, page: int) -> RowList:
    """The rows of the opened place that contain ``search``, ``page`` counting from 1."""
    spec = opened.spec
    wanted = RowsRequest(
        period=opened.place.period.code,
        department=opened.department,
        search=search,
        offset=(page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
        cycle=opened.place.cycle,
    )
    read = read_rows(current_session(), current_store(), spec.identifier, current_actor(), wanted)
    titles = spec.key_fields or spec.fields[:1]
    fields = _telling_fields(opened, titles)
    ids = [row.id for row in read.rows]
    waiting = waiting_among(current_session(), spec.identifier, ids)
    return RowList(
        title_label=" · ".join(field.label for field in titles),
        labels=tuple(field.label for field in fields),
        rows=tuple(
            replace(
                _listed(opened, row, titles, fields, read.labels),
                is_waiting=row.id in waiting,
                contributor=opened.marks[row.id].name if row.id in opened.marks else "",
            )
            for row in read.rows
        ),
        count=read.count,
        is_exact=read.count_exact,
        page=page,
        pages=max(1, ceil(read.count / PAGE_SIZE)),
    )


def title_of(opened: OpenTable, row: Row) -> str:
    """What people call the row: its key."""
    return _listed(opened, row, opened.spec.key_fields, (), {}).title


def _telling_fields(opened: OpenTable, titles: tuple[FieldSpec, ...]) -> tuple[FieldSpec, ...]:
    """The first short required fields besides the title, else the first fields."""
    hidden = hidden_fields(current_actor(), opened.place.stored, opened.department)
    short = [
        field
        for field in opened.spec.fields
        if field not in titles and field.type is not FieldType.TEXT and field.code not in hidden
    ]
    names = [field for field in short if field.code.endswith("name")]
    ranked = dict.fromkeys([*names, *(field for field in short if field.required), *short])
    chosen = list(ranked)[:MOST_FIELDS]
    return tuple(field for field in opened.spec.fields if field in chosen)


def _listed(
    opened: OpenTable,
    row: Row,
    titles: tuple[FieldSpec, ...],
    fields: tuple[FieldSpec, ...],
    labels: Labels,
) -> ListedRow:
    catalogue = current_catalogue()
    hidden = opened.hidden_in(row.department, row.values)

    def text(field: FieldSpec) -> str:
        value = row.values[field.code]
        shown = shown_text(catalogue, field, value, hidden=field.code in hidden)
        called = labels.get(field.code, {}).get(str(value), "")
        return f"{shown} {called}" if called else shown

    severities = [finding.severity for finding in row.findings]
    return ListedRow(
        id=row.id,
        address=opened.address("row", row=row.id),
        title=" · ".join(text(field) for field in titles),
        department=opened.name_of(row.department),
        values=tuple(text(field) for field in fields),
        errors=severities.count(Severity.ERROR),
        warnings=severities.count(Severity.WARNING),
    )
