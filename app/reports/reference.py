"""Rows of other tables: what a reference picker offers, what a reference is called."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, false, func, or_, select, true
from sqlalchemy.orm import Session

from app.access.person import Actor, role_masks
from app.access.policies import why_not_read
from app.access.scopes import EVERYTHING, condition, pick_scope, rows_of
from app.catalogue.base_table import Reference
from app.domain.message import Message, Reason, Refused
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import in_batches, known_references
from app.models.cycle import Cycle
from app.models.pinyin import reads_as
from app.models.time_limit import TooSlowError, time_limited

LARGEST_PICK = 20
SECOND_CHOICE_SECONDS = 1.0
NOTHING = false()
# Code of a reference field → key → what people call the row with that key.
Labels = Mapping[str, Mapping[str, str]]


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

    The row of exactly this key comes first; letters are looked for as initials of pinyin, too.
    Only key and label leave the table, neither of them masked; a label that is masked for the
    actor's roles stays. Raises Refused without the right to pick.
    """
    target = store.tables[reference.table]
    refusal = why_not_read(actor, target, "pick")
    if refusal is not None:
        raise Refused(refusal)
    key = target.columns[reference.field]
    label_code = store.catalogue.label_field(reference.table).code
    is_masked = label_code in role_masks(actor, reference.table, "pick")
    label = key if is_masked else target.columns[label_code]
    period = target.spec.period_in(cycle.year).code
    query = (
        rows_of(target, pick_scope(actor, target), period)
        .with_only_columns(key.label("key"), label.label("label"))
        .where(key.is_not(None))
        .distinct()
        .order_by(key, label)
    )
    wanted = text.strip().lower()
    if not wanted:
        return picked(session, query, [true()], limit)
    lowered = [func.lower(cast(column, String(200))) for column in (key, label)]
    having = or_(*(column.contains(wanted, autoescape=True) for column in lowered))
    choices = [lowered[0] == wanted, having | reads_as(label, wanted)]
    return picked(session, query, choices, limit, reads_as(label, wanted, anywhere=True))


def keys_of_labels(
    session: Session,
    store: Store,
    actor: Actor,
    reference: Reference,
    cycle: Cycle,
    texts: Collection[str],
) -> dict[str, str]:
    """Text → key, of the texts by which exactly one row of the cycle is called.

    Two people may have one name: such a text, and one that is a key itself, names nobody here.
    Raises Refused without the right to pick.
    """
    target = store.tables[reference.table]
    refusal = why_not_read(actor, target, "pick")
    if refusal is not None:
        raise Refused(refusal)
    label_code = store.catalogue.label_field(reference.table).code
    if label_code in role_masks(actor, reference.table, "pick"):
        return {}
    key, label = target.columns[reference.field], target.columns[label_code]
    rows = rows_of(target, pick_scope(actor, target), target.spec.period_in(cycle.year).code)
    query = rows.with_only_columns(key.label("key"), label.label("label")).distinct()
    keys: dict[str, set[str]] = {}
    for batch in in_batches(dict.fromkeys(texts)):
        for row in session.execute(query.where(key.is_not(None), label.in_(batch))):
            keys.setdefault(str(row.label), set()).add(str(row.key))
    return {text: found.pop() for text, found in keys.items() if len(found) == 1}


def picked(
    session: Session,
    query: Select[Any],
    choices: Sequence[ColumnElement[bool]],
    limit: int,
    second: ColumnElement[bool] = NOTHING,
) -> list[Pick]:
    """Up to ``limit`` rows of the query: those of the first choice before those of the next.

    A choice is asked only while there is room. The ``second`` ones come last and are left out
    where the database takes too long over them: they look into the middle of every label.
    """
    most = max(1, min(limit, LARGEST_PICK))
    found: dict[Pick, None] = {}

    def take(choice: ColumnElement[bool]) -> None:
        # What was found before comes again: twice as many leave room for as many new ones.
        for row in session.execute(query.where(choice).limit(2 * most)):
            found[Pick(str(row.key), str(row.label or ""))] = None

    for choice in choices:
        if len(found) < most:
            take(choice)
    if second is not NOTHING and len(found) < most:
        try:
            with time_limited(session, SECOND_CHOICE_SECONDS):
                take(second)
        except TooSlowError:
            pass
    return list(found)[:most]


def read_labels(
    session: Session,
    store: Store,
    stored: StoredTable,
    actor: Actor,
    cycle: Cycle,
    keys: Mapping[str, Collection[object]],
    hidden: Collection[str] = (),
) -> Labels:
    """The labels of ``keys``, which are given per field; one statement for all of them."""
    wanted = {code: some for code, some in keys.items() if some}
    if not wanted:
        return {}
    found = known_references(session, store, stored.spec.identifier, cycle, wanted)
    return told_labels(session, store, stored, actor, hidden, found)


def told_labels(
    session: Session,
    store: Store,
    stored: StoredTable,
    actor: Actor,
    hidden: Collection[str],
    found: Labels,
) -> Labels:
    """Those labels that a picker would show the actor too, of fields that are not ``hidden``.

    A label that says no more than the key is left out.
    """
    told: dict[str, Mapping[str, str]] = {}
    for field in stored.spec.references:
        if field.reference is None or field.code in hidden:
            continue
        target = store.tables[field.reference.table]
        label = store.catalogue.label_field(field.reference.table)
        is_masked = label.mask or label.code in role_masks(actor, target.spec.identifier, "pick")
        if is_masked or why_not_read(actor, target, "pick") is not None:
            continue
        labels = found.get(field.code, {})
        if labels and pick_scope(actor, target) != EVERYTHING:
            labels = _offered(session, actor, target, field.reference, label.code, labels)
        told[field.code] = {key: text for key, text in labels.items() if text and text != key}
    return told


def _offered(
    session: Session,
    actor: Actor,
    target: StoredTable,
    reference: Reference,
    label: str,
    labels: Mapping[str, str],
) -> dict[str, str]:
    """Those labels that a picker narrowed by a rule would show too."""
    key = target.columns[reference.field]
    query = select(key, target.columns[label]).where(condition(pick_scope(actor, target), target))
    shown = {
        (str(row[0]), str(row[1] or ""))
        for some in in_batches(labels)
        for row in session.execute(query.where(key.in_(some)))
    }
    return {key: text for key, text in labels.items() if (key, text) in shown}
