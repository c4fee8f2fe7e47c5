"""Rows of other tables: what a reference picker offers, what a reference is called."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, String, cast, false, func, or_, select, true
from sqlalchemy.orm import Session

from app.access.person import Actor, role_masks
from app.access.policies import why_not_read
from app.access.scopes import EVERYTHING, condition, pick_scope, rows_of
from app.catalogue.base_table import Reference
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import in_batches, known_references
from app.models.cycle import Cycle
from app.models.pinyin import reads_as
from app.models.time_limit import TooSlowError, time_limited

LARGEST_PICK = 20
SECOND_CHOICE_SECONDS = 1.0
# A longer list to choose from helps nobody, and every workbook would carry it.
MOST_LISTED = 2_000
NOTHING = false()
# Code of a reference field → key → what people call the row with that key.
Labels = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Pick:
    """A row that may be referred to: its key and what people call it."""

    key: str
    label: str

    @property
    def shown(self) -> str:
        """Key and label as lists of workbooks show them; a key with a space stands alone."""
        has_label = self.label not in ("", self.key) and " " not in self.key
        return f"{self.key} {tidy(self.label)}" if has_label else self.key


@dataclass(frozen=True)
class Choices:
    """The rows that a reference may name, by key; none of them where there are too many to list."""

    picks: tuple[Pick, ...]
    is_whole: bool

    @cached_property
    def shown(self) -> Mapping[str, str]:
        """Key → key and label."""
        return {pick.key: pick.shown for pick in self.picks}


def tidy(text: str) -> str:
    """The text with single spaces between its words and none around it."""
    return " ".join(text.split())


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
    key, label, offered = _offer(store, actor, reference, cycle)
    query = offered.order_by(key, label)
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
    key, label, query = _offer(store, actor, reference, cycle)
    if key is label:
        return {}
    keys: dict[str, set[str]] = {}
    for batch in in_batches(dict.fromkeys(texts)):
        for row in session.execute(query.where(label.in_(batch))):
            keys.setdefault(str(row.label), set()).add(str(row.key))
    for batch in in_batches(list(keys)):
        for row in session.execute(query.where(cast(key, String(200)).in_(batch))):
            keys.pop(str(row.key), None)
    return {text: found.pop() for text, found in keys.items() if len(found) == 1}


def _offer(
    store: Store, actor: Actor, reference: Reference, cycle: Cycle
) -> tuple[Column[Any], Column[Any], Select[Any]]:
    """Key, label and the distinct rows that the actor may name, of all departments in the cycle.

    The key is its own label where that is masked. Raises Refused without the right to pick.
    """
    target = store.tables[reference.table]
    refuse(why_not_read(actor, target, "pick"))
    key = target.columns[reference.field]
    label_code = store.catalogue.label_field(reference.table).code
    is_masked = label_code in role_masks(actor, reference.table, "pick")
    label = key if is_masked else target.columns[label_code]
    rows = rows_of(target, pick_scope(actor, target), target.spec.period_in(cycle.year).code)
    query = rows.with_only_columns(key.label("key"), label.label("label"))
    return key, label, query.where(key.is_not(None)).distinct()


def listed_choices(
    session: Session, store: Store, stored: StoredTable, actor: Actor, cycle: Cycle
) -> dict[str, Choices]:
    """Code of a reference field → what a workbook may offer for it.

    Fields whose rows the actor may not pick are left out; those that name one table share a list.
    """
    by_reference: dict[Reference, Choices] = {}
    found: dict[str, Choices] = {}
    for field in stored.spec.references:
        reference = field.reference
        if reference is None or why_not_read(actor, store.tables[reference.table], "pick"):
            continue
        if reference not in by_reference:
            by_reference[reference] = _listed(session, store, actor, reference, cycle)
        found[field.code] = by_reference[reference]
    return found


def _listed(
    session: Session, store: Store, actor: Actor, reference: Reference, cycle: Cycle
) -> Choices:
    key, label, offered = _offer(store, actor, reference, cycle)
    by_key: dict[str, Pick] = {}
    for row in session.execute(offered.order_by(key, label).limit(2 * MOST_LISTED + 1)):
        by_key.setdefault(str(row.key), Pick(str(row.key), str(row.label or "")))
    is_whole = len(by_key) <= MOST_LISTED
    return Choices(tuple(by_key.values()) if is_whole else (), is_whole)


def keys_of_shown(
    session: Session,
    store: Store,
    stored: StoredTable,
    actor: Actor,
    cycle: Cycle,
    texts: Mapping[str, Collection[str]],
) -> dict[str, dict[str, str]]:
    """Code of a reference field → text → key, of texts that say key and label as lists do.

    A text with another label than the row has names nobody here.
    """
    found: dict[str, dict[str, str]] = {}
    for field in stored.spec.references:
        spaced = {text: tidy(text) for text in texts.get(field.code, ()) if " " in tidy(text)}
        reference = field.reference
        if not spaced or reference is None:
            continue
        if why_not_read(actor, store.tables[reference.table], "pick") is not None:
            continue
        key, _label, offered = _offer(store, actor, reference, cycle)
        keys = dict.fromkeys(text.partition(" ")[0] for text in spaced.values())
        known: dict[str, str] = {}
        for some in in_batches(keys):
            for row in session.execute(offered.where(cast(key, String(200)).in_(some))):
                pick = Pick(str(row.key), str(row.label or ""))
                known[pick.shown] = pick.key
        found[field.code] = {t: known[tidied] for t, tidied in spaced.items() if tidied in known}
    return found


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
