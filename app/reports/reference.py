"""Looking up rows of other tables: what a reference picker offers."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, String, cast, func, or_
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_not_read
from app.access.scopes import EVERYTHING, rows_of
from app.catalogue.base_table import Reference
from app.domain.message import Message, Reason, Refused
from app.models.base_table import Store, StoredTable
from app.models.cycle import Cycle

LARGEST_PICK = 20


@dataclass(frozen=True)
class Pick:
    """A row that may be referred to: its key and what people call it."""

    key: str
    label: str


def reference_of(stored: StoredTable, field: str) -> Reference:
    """The reference of this field; Refused when the field is none."""
    found = stored.spec.by_code.get(field)
    if found is None or found.reference is None:
        raise Refused(
            Message(
                "Table %(table)s has no reference field %(field)s.",
                {"table": stored.spec.title, "field": field},
            ),
            Reason.INVALID,
        )
    return found.reference


def pick_rows(
    session: Session,
    store: Store,
    actor: Actor,
    reference: Reference,
    cycle: Cycle,
    text: str,
    limit: int = LARGEST_PICK,
) -> list[Pick]:
    """Rows of all departments in the cycle whose key or label has the text, by key.

    Only key and label leave the table, neither of them masked. Raises Refused
    without the right to pick from it.
    """
    target = store.tables[reference.table]
    refusal = why_not_read(actor, target, "pick")
    if refusal is not None:
        raise Refused(refusal)
    key = target.columns[reference.field]
    label = target.columns[store.catalogue.label_field(reference.table).code]
    period = target.spec.period_in(cycle.year).code
    query = (
        rows_of(target, EVERYTHING, period)
        .with_only_columns(key.label("key"), label.label("label"))
        .where(key.is_not(None), *_having(text, key, label))
        .distinct()
        .order_by(key, label)
        .limit(max(1, min(limit, LARGEST_PICK)))
    )
    return [Pick(str(row.key), str(row.label or "")) for row in session.execute(query)]


def _having(text: str, *columns: Column[Any]) -> list[ColumnElement[bool]]:
    wanted = text.strip().lower()
    if not wanted:
        return []
    texts = (func.lower(cast(column, String(200))) for column in columns)
    return [or_(*(column.contains(wanted, autoescape=True) for column in texts))]
