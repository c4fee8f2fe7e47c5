"""Field masks: which personal fields a person sees with their ends only (PIPL Art. 6).

Whoever answers for a row sees it whole: the data steward and the head of its
department, and the teacher it is about. Everybody else gets masked values,
and may not search, sort or filter by them either: the order of rows would
tell what the mask hides. What an administrator masks for a role is masked in
every row, whoever answers for it, unless another role shows it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.access.contribution import contributes_only
from app.access.person import ANSWERING, Actor, role_masks
from app.access.scopes import NOTHING, read_scope
from app.catalogue.adopted_table import AdoptedColumn
from app.domain.message import Message
from app.domain.table_access import FieldMask
from app.models.adopted_table import LiveTable
from app.models.base_table import Store, StoredTable
from app.models.reported_table import ReportedTable

NO_FIELDS: frozenset[str] = frozenset()


def masked_fields(stored: StoredTable) -> frozenset[str]:
    """The codes of the fields that are masked by default."""
    return stored.spec.masked


def why_not_key(actor: Actor, table: StoredTable | LiveTable, *actions: str) -> Message | None:
    """Why the actor's roles open nothing of a table whose key they mask.

    No mask is set on a key, but what is masked may become one: by ``key`` in overrides.yaml, or in
    the database. It would stand in addresses and in the log, where nothing masks it.
    """
    masks = role_masks(actor, table.spec.identifier, *actions)
    keys = table.spec.key if isinstance(table, LiveTable) else table.key_codes
    label = next((table.spec.by_code[code].label for code in keys if code in masks), None)
    if label is None:
        return None
    return Message(
        "%(field)s of table %(table)s is masked for your roles and has become part of the key,"
        " which cannot be masked. So the table is closed to them until whoever looks after the"
        " rights takes the mask away or another key is chosen.",
        {"field": label, "table": table.spec.title},
    )


def masked_by_roles(actor: Actor, stored: StoredTable, *actions: str) -> frozenset[str]:
    """The fields of a base table that are masked for the actor in every row.

    What is kept about a field that is gone means nothing.
    """
    masks = role_masks(actor, stored.spec.identifier, "list", *actions)
    return frozenset(masks) & stored.columns.keys() if masks else NO_FIELDS


def hidden_fields(actor: Actor, stored: StoredTable, department: str | None) -> frozenset[str]:
    """The codes that are masked in some row the actor reaches.

    ``department`` is the one whose rows are asked for, None for all in scope.
    Who reaches no row at all sees no masked value by any other way either.
    """
    by_roles = masked_by_roles(actor, stored)
    if isinstance(stored, ReportedTable):
        # As everywhere else with tables of other systems: whoever answers for a row or not.
        return masked_fields(stored) | by_roles
    scope = read_scope(actor, stored)
    if scope == NOTHING:
        return masked_fields(stored) | by_roles
    if department is not None and department in actor.departments(*ANSWERING):
        return by_roles
    # Such a scope holds rows of the actor's own departments and about himself only.
    if scope.departments is not None and not scope.rules:
        return by_roles
    return masked_fields(stored) | by_roles


def hidden_figures(
    actor: Actor, store: Store, department: str, taken_from: Iterable[str]
) -> frozenset[str]:
    """Of the fields that figures beside a department's row are made of, those not told the actor.

    He is told what the row is compared with where he may read that table and the field: it is about
    the same thing as the row, or a figure over the whole college. Where an administrator has
    narrowed which rows his roles open there, or his department only contributes to the table, only
    the department's own are told.
    """
    return frozenset(name for name in taken_from if not _reads(actor, store, department, name))


def _reads(actor: Actor, store: Store, department: str, name: str) -> bool:
    table, _dot, code = name.partition(".")
    stored = store.tables.get(table)
    if stored is None or code in masked_by_roles(actor, stored):
        return False
    if table in actor.access or actor.contributed(table):
        return read_scope(actor, stored).covers_department(department)
    return actor.may("list", table)


def why_not_unmasked(actor: Actor, stored: StoredTable, department: str | None) -> Message | None:
    """Why personal fields of these rows leave masked only, None for who sees them all whole.

    ``department`` is the one whose rows are wanted, None for all in scope.
    """
    if not masked_fields(stored) & hidden_fields(actor, stored, department):
        return None
    return Message(
        "Whole personal values are exported only by who answers for all of these rows: the data"
        " steward and the head of their department."
    )


def hidden_in_row(
    actor: Actor, stored: StoredTable, department: str | None, values: Mapping[str, object]
) -> frozenset[str]:
    """The codes of the fields of this row that are masked for the actor."""
    by_roles, masks = masked_by_roles(actor, stored), masked_fields(stored)
    if masks and hides_row(actor, stored, department, values):
        return masks | by_roles
    return by_roles


def hides_row(
    actor: Actor, stored: StoredTable, department: str | None, values: Mapping[str, object]
) -> bool:
    """Whether the masked fields of this row are hidden from the actor."""
    if isinstance(stored, ReportedTable):
        return True
    if department is not None and department in actor.departments(*ANSWERING):
        return False
    person_field = stored.spec.person_field
    if person_field is not None and values.get(person_field.code) == actor.number:
        return False
    # Of such a department nothing is reached but what his own has contributed and answers for.
    return department is None or not contributes_only(actor, stored, department)


def seen(actor: Actor, live: LiveTable, *actions: str) -> LiveTable:
    """The adopted table as the actor sees it: columns masked or hidden for him are so marked.

    Everything that reads, filters, sorts, adds up, exports or writes goes by these marks. Seen
    twice it stays the same.
    """
    masks = role_masks(actor, live.spec.identifier, *(actions or ("list",)))
    if not masks:
        return live
    columns = tuple(_seen_column(column, masks.get(column.code)) for column in live.spec.columns)
    return replace(live, spec=replace(live.spec, columns=columns))


def _seen_column(column: AdoptedColumn, mask: FieldMask | None) -> AdoptedColumn:
    if mask is None:
        return column
    return replace(column, masked=True, hidden=column.hidden or mask is FieldMask.HIDDEN)
