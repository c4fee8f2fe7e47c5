"""The first rows of a submission, to be read only."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access.masks import hidden_in_row
from app.access.person import Actor
from app.catalogue.base_table import FieldType
from app.exchange.cell import Column, columns_of
from app.exchange.mask import masked
from app.models.base_table import Store, StoredTable
from app.reports.base_table import Row, RowsRequest, read_rows
from app.reports.submission import SubmissionPage, reported_values
from app.rules.reading import text_of
from app.web.translation import translated

SHOWN = 50
NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER})


@dataclass(frozen=True)
class Preview:
    """Headings with whether they stand over numbers, and the rows as texts."""

    headings: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[str]]
    has_more: bool


def preview_of(session: Session, store: Store, actor: Actor, page: SubmissionPage) -> Preview:
    """The first rows in the actor's scope; who may not read the table is refused."""
    submission = page.line.submission
    stored = store.reported[submission.table_identifier]
    columns = columns_of(store.catalogue, stored.spec, translated, unmasked=True)
    headings = [(column.heading, column.stored.type in NUMBERS) for column in columns]
    if submission.table_identifier in store.of_others:
        values = reported_values(session, actor, stored, page, SHOWN + 1)
        rows = [Row("", "", submission.department_code, each) for each in values[:SHOWN]]
        texts = [_texts(actor, stored, columns, row) for row in rows]
        return Preview(headings, texts, len(values) > SHOWN)
    wanted = RowsRequest(
        submission.period, submission.department_code, limit=SHOWN, cycle=page.cycle
    )
    found = read_rows(session, store, submission.table_identifier, actor, wanted)
    return Preview(
        headings=headings,
        rows=[_texts(actor, stored, columns, row) for row in found.rows],
        has_more=found.has_more,
    )


def _texts(actor: Actor, stored: StoredTable, columns: Sequence[Column], row: Row) -> list[str]:
    hidden = hidden_in_row(actor, stored, row.department, row.values)
    return [_text(column, row.values[column.field.code], hidden) for column in columns]


def _text(column: Column, value: object, hidden: frozenset[str]) -> str:
    if value is None:
        return ""
    if column.field.code in hidden:
        return masked(value) or ""
    return text_of(column.show(value)) or ""
