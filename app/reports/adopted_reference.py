"""What foreign keys of adopted tables name: labels beside the keys, and a list to choose from.

Only keys of one column lead to another adopted table here; a key of several columns is shown as
it is. A table is never loaded: a page asks for the keys on it, a picker for twenty rows.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.adopted_filter import like
from app.access.adopted_table import adopted_pick_scope, reaches_all, why_not_read_adopted
from app.access.masks import seen
from app.access.person import Actor
from app.catalogue.adopted_label import label_column
from app.catalogue.adopted_table import AdoptedColumn, AdoptedTable, DeleteEffect, ForeignKey
from app.domain.message import Message, Reason, Refused, refuse
from app.models.adopted_reference import LONGEST_PATH, names, naming
from app.models.adopted_row import AdoptedRow
from app.models.adopted_table import LiveTable
from app.models.base_table import Store
from app.models.base_table_rows import in_batches
from app.models.pinyin import reads_as
from app.models.time_limit import TooSlowError, time_limited
from app.reports.reference import Labels, Pick, picked
from app.rules.adopted_value import UnfitError, key_value

LONGEST_LABEL = 200
LABEL_SECONDS = 1.0


@dataclass(frozen=True)
class AdoptedReference:
    """A column that names a row of ``target`` by its column ``key``, shown with ``label``."""

    column: AdoptedColumn
    target: LiveTable
    key: AdoptedColumn
    label: AdoptedColumn

    @property
    def shown_label(self) -> ColumnElement[Any]:
        """The label in SQL, as text of a bounded length."""
        return func.substr(_text(self.target.columns[self.label.code]), 1, LONGEST_LABEL)


@dataclass(frozen=True)
class AdoptedReferring:
    """How many rows of a table name some of the rows that were asked for.

    ``effect`` is what becomes of them; ``rows`` is None where the actor may not know how many.
    """

    table: AdoptedTable
    rows: int | None
    effect: DeleteEffect = DeleteEffect.REFUSE


def references_of(store: Store, live: LiveTable, actor: Actor) -> dict[str, AdoptedReference]:
    """Code of a column → the reference it is; only to tables that were adopted too.

    What is masked for the actor, here or there, names nothing.
    """
    found = {}
    for foreign in live.spec.foreign_keys:
        target = _target(store, foreign)
        if len(foreign.columns) != 1 or target is None:
            continue
        target = seen(actor, target, "pick")
        key = next((c for c in target.spec.columns if c.name == foreign.referred[0]), None)
        column = live.spec.by_code[foreign.columns[0]]
        if key is not None and not (key.masked or column.masked or column.hidden):
            label = label_column(target.spec) or key
            found[column.code] = AdoptedReference(column, target, key, label)
    return found


def adopted_labels(
    session: Session, store: Store, live: LiveTable, actor: Actor, rows: Sequence[AdoptedRow]
) -> Labels:
    """The labels of the keys on a page, as far as the actor may pick from the tables they name.

    One statement for all columns.
    """
    parts: list[Select[Any]] = []
    for code, reference in references_of(store, live, actor).items():
        if reference.label == reference.key or not _may_pick(actor, reference.target):
            continue
        keys = {row.values[code] for row in rows} - {None}
        within = adopted_pick_scope(actor, reference.target)
        parts += [_labels_of(code, reference, some).where(within) for some in in_batches(keys)]
    found: dict[str, dict[str, str]] = {}
    if not parts:
        return found
    try:
        with time_limited(session, LABEL_SECONDS):
            rows_found = session.execute(union_all(*parts) if len(parts) > 1 else parts[0]).all()
    except (TooSlowError, DBAPIError):
        # The named table is gone or slow: the keys are shown without what they are called.
        session.rollback()
        return found
    for row in rows_found:
        found.setdefault(row.code, {})[str(row.key)] = str(row.label or "")
    return found


def pick_adopted(
    session: Session, store: Store, live: LiveTable, actor: Actor, code: str, text: str, limit: int
) -> list[Pick]:
    """Rows that the column may name whose key or label has the text, by key.

    The row of exactly this key comes first; letters are looked for as initials of pinyin, too.
    Only key and label leave the table. Raises Refused without the right to pick from it.
    """
    reference = references_of(store, live, actor).get(code)
    if reference is None:
        raise Refused(
            Message(
                "Table %(table)s has no reference field %(field)s.",
                {"table": live.spec.title, "field": code},
            ),
            Reason.INVALID,
        )
    target = reference.target
    refuse(why_not_read_adopted(actor, target, "pick"))
    key = target.columns[reference.key.code]
    query = select(_text(key).label("key"), reference.shown_label.label("label"))
    query = query.where(key.is_not(None), adopted_pick_scope(actor, target)).order_by(key)
    wanted = text.strip()
    if not wanted:
        return picked(session, query, [true()], limit)
    label = target.columns[reference.label.code]
    having = or_(
        *(
            like(target.columns[column.code], column, "contains", wanted)
            for column in {reference.key, reference.label}
        )
    )
    exact = [key == value for value in _typed(reference.key, [wanted])]
    choices = [*exact, having | reads_as(label, wanted)]
    return picked(session, query, choices, limit, reads_as(label, wanted, anywhere=True))


def count_adopted_referring(
    session: Session, store: Store, live: LiveTable, actor: Actor, rows: Sequence[AdoptedRow]
) -> list[AdoptedReferring]:
    """How many rows of other tables name these rows, the most first.

    Rows that would be deleted with them count what names them in turn. The number is told to
    whoever reaches all rows of a table; a table that the actor may not list is named only where
    the deletion would reach into it.
    """
    counts: dict[tuple[str, DeleteEffect], int] = {}
    for column, values in _named_values(store, live, rows).items():
        for some in in_batches(values):
            condition = live.columns[column].in_(some)
            _count_naming(session, store, (live,), condition, column, counts)
    found = []
    for (name, effect), count in counts.items():
        other = store.adopted[name]
        may_list = why_not_read_adopted(actor, other) is None
        if count and (may_list or effect is not DeleteEffect.REFUSE):
            told = count if may_list and reaches_all(actor, other) else None
            found.append(AdoptedReferring(other.spec, told, effect))
    return sorted(found, key=lambda each: -(each.rows or 0))


def _named_values(
    store: Store, live: LiveTable, rows: Sequence[AdoptedRow]
) -> dict[str, list[object]]:
    """Code of a column by which others name rows → its values in these rows."""
    by_name = {column.name: column for column in live.spec.columns}
    named = {
        by_name[foreign.referred[0]]
        for _other, foreign in _naming(store, live)
        if foreign.referred[0] in by_name
    }
    return {c.code: _typed(c, {row.values[c.code] for row in rows} - {None}) for c in named}


def _naming(store: Store, live: LiveTable) -> Iterator[tuple[LiveTable, ForeignKey]]:
    """Keys of one column that name rows of this table; only those are counted."""
    for other, foreign in naming(store.adopted, live):
        if len(foreign.columns) == 1:
            yield other, foreign


def _count_naming(
    session: Session,
    store: Store,
    path: tuple[LiveTable, ...],
    condition: ColumnElement[bool],
    column: str | None,
    counts: dict[tuple[str, DeleteEffect], int],
) -> None:
    """Count what names the rows of the last table on the path that fulfil the condition.

    ``column`` limits it to the keys over this one; a cycle of tables is gone through once.
    """
    live = path[-1]
    codes = {each.name: each.code for each in live.spec.columns}
    for other, foreign in _naming(store, live):
        code = codes.get(foreign.referred[0])
        if code is None or column not in (None, code):
            continue
        named = select(live.columns[code]).where(condition).subquery()
        those = other.columns[foreign.columns[0]].in_(select(named))
        key = (other.spec.identifier, foreign.on_delete)
        query = select(func.count()).select_from(other.table).where(those)
        counts[key] = counts.get(key, 0) + (session.scalar(query) or 0)
        goes_on = foreign.on_delete is DeleteEffect.CASCADE and len(path) < LONGEST_PATH
        if goes_on and counts[key] and all(other is not each for each in path):
            _count_naming(session, store, (*path, other), those, None, counts)


def deletion_reaches(store: Store, live: LiveTable) -> bool:
    """Whether deleting a row of this table may delete or change rows of others."""
    found = _naming(store, live)
    return any(foreign.on_delete is not DeleteEffect.REFUSE for _other, foreign in found)


def is_named_by_others(store: Store, live: LiveTable) -> bool:
    """Whether rows of other adopted tables can name rows of this one."""
    return any(True for _named in naming(store.adopted, live))


def _target(store: Store, foreign: ForeignKey) -> LiveTable | None:
    return next((live for live in store.adopted.values() if names(foreign, live)), None)


def _may_pick(actor: Actor, target: LiveTable) -> bool:
    return why_not_read_adopted(actor, target, "pick") is None


def _labels_of(code: str, reference: AdoptedReference, keys: Collection[object]) -> Select[Any]:
    key = reference.target.columns[reference.key.code]
    return select(
        literal(code).label("code"),
        _text(key).label("key"),
        reference.shown_label.label("label"),
    ).where(key.in_(_typed(reference.key, keys)))


def _text(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column as text on every database; MySQL casts to characters only."""
    return cast(column, String)


def _typed(column: AdoptedColumn, values: Collection[object]) -> list[object]:
    typed = []
    for value in values:
        try:
            typed.append(key_value(column, value))
        except UnfitError:
            continue
    return typed
