"""Conditions on the rows that references name: ``dwdm.mc`` is the column ``mc`` of that row.

Whoever may list the named table filters by what he sees of it, in the rows he reaches; whoever
may only pick from it, by key and label. Rows that name nothing are as if those cells were empty.
One step and no further: a condition never leads from the named row to another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, not_, or_, select

from app.access.adopted_filter import compared_adopted
from app.access.adopted_table import adopted_pick_scope, adopted_scope, why_not_read_adopted
from app.access.masks import hidden_fields, seen
from app.access.person import Actor, role_masks
from app.access.policies import why_not_read
from app.access.row_filter import Comparison, compared, no_such_comparison
from app.access.scopes import pick_scope, read_scope, rows_of
from app.catalogue.adopted_label import label_column
from app.catalogue.adopted_table import AdoptedColumn, ForeignKey
from app.catalogue.base_table import FieldSpec, Reference
from app.models.adopted_table import TEXTS, LiveTable
from app.models.base_table import Store, StoredTable
from app.models.cycle import Cycle

# What stands between the reference and the column: in codes, and in what people read.
STEP = "."
SHOWN_STEP = " › "
# Rows that name nothing fit these, though no named row does.
OPPOSITES = {"!=": "=", "empty": "not_empty"}


@dataclass(frozen=True)
class RelatedColumn:
    """A column of the adopted table that ``reference`` names by its column ``key``.

    A picker tells key and label of every row; what else there is lies within the actor's scope.
    """

    reference: AdoptedColumn
    target: LiveTable
    key: AdoptedColumn
    column: AdoptedColumn
    is_picked: bool

    @property
    def label(self) -> str:
        """What people read: the reference, then the column."""
        return f"{self.reference.label}{SHOWN_STEP}{self.column.label}"


@dataclass(frozen=True)
class RelatedField:
    """A field of the base table that the field ``field`` names; ``is_picked`` as above."""

    field: FieldSpec
    reference: Reference
    target: StoredTable
    column: FieldSpec
    is_picked: bool

    @property
    def label(self) -> str:
        """What people read: the reference, then the field."""
        return f"{self.field.label}{SHOWN_STEP}{self.column.label}"

    @property
    def is_masked(self) -> bool:
        """Whether some may not choose rows by it, whatever the actor may do."""
        return self.column.code in self.target.spec.masked or bool(self.field.mask)


def related_columns(actor: Actor, live: LiveTable) -> dict[str, RelatedColumn]:
    """Code of a condition → the column it is about, for all that the actor may ask for."""
    found = {}
    for foreign in live.spec.foreign_keys:
        named = _named(actor, live, foreign)
        if named is None:
            continue
        reference, target, key = named
        may_list = why_not_read_adopted(actor, target) is None
        may_pick = why_not_read_adopted(actor, target, "pick") is None
        picked = {key, label_column(target.spec)} if may_pick else set()
        for column in target.spec.shown:
            is_picked = column in picked
            if (may_list or is_picked) and not column.masked:
                code = f"{reference.code}{STEP}{column.code}"
                found[code] = RelatedColumn(reference, target, key, column, is_picked)
    return found


def related_fields(store: Store, actor: Actor, stored: StoredTable) -> dict[str, RelatedField]:
    """The same for a base table."""
    found = {}
    for field in stored.spec.references:
        if field.reference is None:
            continue
        target = store.tables[field.reference.table]
        may_list = why_not_read(actor, target) is None
        picked = set()
        if why_not_read(actor, target, "pick") is None:
            label = store.catalogue.label_field(field.reference.table)
            is_masked = label.mask or label.code in role_masks(
                actor, target.spec.identifier, "pick"
            )
            picked = {field.reference.field, *([] if is_masked else [label.code])}
        hidden = hidden_fields(actor, target, None)
        for column in target.spec.fields:
            is_picked = column.code in picked
            if is_picked or (may_list and column.code not in hidden):
                code = f"{field.code}{STEP}{column.code}"
                found[code] = RelatedField(field, field.reference, target, column, is_picked)
    return found


def related_to_adopted(
    actor: Actor, live: LiveTable
) -> Callable[[Comparison], ColumnElement[bool]]:
    """Reads conditions on what rows of an adopted table name; they raise Refused."""

    def of_named(comparison: Comparison) -> ColumnElement[bool]:
        related = related_columns(actor, live).get(comparison.field)
        if related is None:
            raise no_such_comparison(comparison)
        target = _apart(related.target)
        key = target.columns[related.key.code]
        scope = adopted_pick_scope if related.is_picked else adopted_scope
        keys = select(key).where(key.is_not(None), scope(actor, target))
        wanted = replace(comparison, field=related.column.code)
        column = live.columns[related.reference.code]
        return _naming(column, keys, wanted, lambda one: compared_adopted(target, one))

    return of_named


def related_to_fields(
    store: Store, actor: Actor, stored: StoredTable, cycle: Cycle | None
) -> Callable[[Comparison], ColumnElement[bool]]:
    """Reads conditions on what rows of a base table name in a cycle; they raise Refused."""

    def of_named(comparison: Comparison) -> ColumnElement[bool]:
        related = related_fields(store, actor, stored).get(comparison.field)
        if related is None or cycle is None:
            raise no_such_comparison(comparison)
        target = _stored_apart(related.target)
        key = target.columns[related.reference.field]
        scope = pick_scope(actor, target) if related.is_picked else read_scope(actor, target)
        rows = rows_of(target, scope, target.spec.period_in(cycle.year).code)
        keys = rows.with_only_columns(key).where(key.is_not(None))
        wanted = replace(comparison, field=related.column.code)
        column = stored.columns[related.field.code]
        return _naming(column, keys, wanted, lambda one: compared(target.columns, one))

    return of_named


def named_with(actor: Actor, live: LiveTable, text: str) -> list[ColumnElement[bool]]:
    """Rows of an adopted table whose references are called so: what stands beside the keys."""
    compared = related_to_adopted(actor, live)
    return [
        compared(Comparison(code, "contains", text))
        for code, each in related_columns(actor, live).items()
        if each.is_picked and each.column != each.key and each.column.kind in TEXTS
    ]


def named_with_in_fields(
    store: Store, actor: Actor, stored: StoredTable, cycle: Cycle | None, text: str
) -> list[ColumnElement[bool]]:
    """The same for a base table; none where no cycle says which rows are named."""
    if cycle is None:
        return []
    compared = related_to_fields(store, actor, stored, cycle)
    hidden = hidden_fields(actor, stored, None)
    return [
        compared(Comparison(code, "contains", text))
        for code, each in related_fields(store, actor, stored).items()
        if each.is_picked
        and each.column.code != each.reference.field
        and each.field.code not in hidden
    ]


def _naming(
    column: ColumnElement[Any],
    keys: Select[Any],
    wanted: Comparison,
    condition: Callable[[Comparison], ColumnElement[bool]],
) -> ColumnElement[bool]:
    opposite = OPPOSITES.get(wanted.operator)
    if opposite is None:
        return column.in_(keys.where(condition(wanted)))
    others = keys.where(condition(replace(wanted, operator=opposite)))
    return or_(column.is_(None), not_(column.in_(others)))


def _named(
    actor: Actor, live: LiveTable, foreign: ForeignKey
) -> tuple[AdoptedColumn, LiveTable, AdoptedColumn] | None:
    """The column, the adopted table it names, and that table's column; None where all is hidden."""
    place = (foreign.schema, foreign.table)
    tables = live.beside.values()
    target = next((t for t in tables if (t.spec.schema, t.spec.name) == place), None)
    if target is None or len(foreign.columns) != 1:
        return None
    target = seen(actor, target, "list", "pick")
    reference = live.spec.by_code[foreign.columns[0]]
    key = next((c for c in target.spec.columns if c.name == foreign.referred[0]), None)
    if key is None or key.masked or reference.masked or reference.hidden:
        return None
    return reference, target, key


def _apart(live: LiveTable) -> LiveTable:
    """The same table under another name, since a table may name rows of its own."""
    other: Any = live.table.alias()
    columns: Mapping[str, Any] = {code: other.c[code] for code in live.columns}
    return replace(live, table=other, columns=columns)


def _stored_apart(stored: StoredTable) -> StoredTable:
    other: Any = stored.table.alias()

    def same(column: Any) -> Any:
        return None if column is None else other.c[column.key]

    return replace(
        stored,
        table=other,
        columns={code: same(column) for code, column in stored.columns.items()},
        identity=tuple(same(column) for column in stored.identity),
        period=same(stored.period),
        department=same(stored.department),
        person=same(stored.person),
        version=same(stored.version),
        key=same(stored.key),
    )
