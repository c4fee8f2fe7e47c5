"""Where a text stands in the rows that a page shows, loaded there or not."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.access.masks import hidden_in_row
from app.access.person import Actor
from app.catalogue.base_table import FieldSpec, FieldType
from app.catalogue.catalogue import Catalogue
from app.domain.message import Message, Reason, Refused
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import identity_in, identity_of, in_batches, plain
from app.reports.base_table import RowsRequest, rows_query
from app.rules.find_text import TextSearch

# So many rows are looked through or changed at once; more have to be filtered first.
MOST_ROWS = 20_000
MOST_FOUND = 5_000


@dataclass(frozen=True)
class FoundRow:
    """A row with the text: its position in the order of the page, and the fields that hold it."""

    position: int
    id: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """The rows that hold the text, in order; ``cells`` counts all of them, listed or not."""

    rows: Sequence[FoundRow]
    cells: int


def searched_text(catalogue: Catalogue, field: FieldSpec, value: object) -> str | None:
    """What people read in a cell, of fields that a text is looked for in; None for others."""
    if value is None or field.type is FieldType.BOOLEAN:
        return None
    codes = catalogue.code_list_of(field)
    if codes is not None:
        return codes.labels.get(str(value), str(value))
    return str(plain(value))


def read_chosen(
    session: Session,
    store: Store,
    table: str,
    actor: Actor,
    wanted: RowsRequest,
    ids: Collection[str] | None = None,
) -> list[RowMapping]:
    """The rows that are shown, or those of these ids among them; Refused if they are too many."""
    query = rows_query(store, table, actor, wanted).limit(MOST_ROWS + 1)
    if ids is not None:
        return _of_ids(session, store.tables[table], query, ids)
    rows = list(session.execute(query).mappings())
    if len(rows) > MOST_ROWS:
        raise Refused(
            Message(
                "More than %(count)s rows are shown. Filter them first, then do this again.",
                {"count": MOST_ROWS},
            ),
            Reason.INVALID,
        )
    return rows


def _of_ids(
    session: Session, stored: StoredTable, query: Select[tuple[object, ...]], ids: Collection[str]
) -> list[RowMapping]:
    named = (identity_of(stored, row_id) for row_id in ids)
    return [
        row
        for batch in in_batches(identity for identity in named if identity is not None)
        for row in session.execute(query.where(identity_in(stored, batch))).mappings()
    ]


def find_text(
    session: Session,
    store: Store,
    table: str,
    actor: Actor,
    wanted: RowsRequest,
    search: TextSearch,
    codes: Collection[str],
) -> Found:
    """Where the text stands in these fields; masked cells are not looked into."""
    stored = store.tables[table]
    fields = {code: spec for code, spec in stored.spec.by_code.items() if code in codes}
    found: list[FoundRow] = []
    cells = 0
    for position, row in enumerate(read_chosen(session, store, table, actor, wanted)):
        values = stored.values_of(row)
        hidden = hidden_in_row(actor, stored, wanted.department, values)
        shown = {code: each for code, each in fields.items() if code not in hidden}
        holding = tuple(_holding(store.catalogue, shown, values, search))
        cells += len(holding)
        if holding and len(found) < MOST_FOUND:
            found.append(FoundRow(position, stored.row_id(row), holding))
    return Found(found, cells)


def _holding(
    catalogue: Catalogue,
    fields: Mapping[str, FieldSpec],
    values: Mapping[str, object],
    search: TextSearch,
) -> Iterator[str]:
    for code, field in fields.items():
        text = searched_text(catalogue, field, values[code])
        if text is not None and search.is_in(text):
            yield code
