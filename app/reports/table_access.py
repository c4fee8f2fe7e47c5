"""What each of somebody's roles opens of a table: rows, whether one row is among them, masks."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.adopted_table import adopted_role_scopes, scope_condition
from app.access.labels import REACHES, rule_text
from app.access.person import Actor, RoleAccess
from app.access.row_rule import Table, why_broken
from app.access.scopes import RowScope, condition, role_scopes
from app.access.table_access import find_described, rule_labels
from app.domain.message import Message, Reason, Refused
from app.domain.table_access import AccessSetting, FieldMask, RowReach
from app.models.adopted_row import key_condition
from app.models.adopted_table import LiveTable
from app.models.base_table import Store
from app.models.base_table_rows import identity_in, identity_of
from app.models.table_access import TableAccess, setting_of

UNSEEN = Message(
    "The person does not see this row, because none of his roles opens it; see below what each of"
    " them opens."
)


@dataclass(frozen=True)
class KeptAccess:
    """What is set for a role on a table; ``version`` is 0 where nothing is."""

    table: Table
    setting: AccessSetting
    version: int


@dataclass(frozen=True)
class OpenedByRole:
    """One role that lets somebody view the table.

    ``lets_in`` says whether the row asked about is among its rows, None where none was asked.
    ``fault`` is why its rule lets nothing in.
    """

    role: str
    rows: Message
    lets_in: bool | None
    masks: tuple[tuple[str, FieldMask], ...]
    fault: Message | None


def read_table_access(session: Session, store: Store, name: str, table: str) -> KeptAccess:
    """What is set for the role of this name. Raises Refused (not found) without such a table."""
    described = find_described(store, table)
    if described is None:
        raise Refused(
            Message("There is no base table %(table)s.", {"table": table[:80]}), Reason.NOT_FOUND
        )
    kept = session.get(TableAccess, (name, table))
    if kept is None:
        return KeptAccess(described, AccessSetting(), 0)
    return KeptAccess(described, setting_of(kept), kept.version)


def opened_by_roles(
    session: Session, store: Store, actor: Actor, table: str, row: str | None
) -> tuple[OpenedByRole, ...]:
    """Role by role what opens the table; empty where nothing is set for any of them."""
    described = find_described(store, table)
    if described is None or table not in actor.access:
        return ()
    if isinstance(described, LiveTable):
        scopes = adopted_role_scopes(actor, described)
    else:
        scopes = role_scopes(actor, described)
    return tuple(_opened(session, described, each, scope, row) for each, scope in scopes)


def _opened(
    session: Session, table: Table, access: RoleAccess, scope: RowScope, row: str | None
) -> OpenedByRole:
    labels = rule_labels(table)
    rows, fault = REACHES[access.rows], None
    if access.rows is RowReach.RULE and access.rule is not None:
        rows = rule_text(labels, access.rule)
        fault = why_broken(table, access.rule)
    masks = tuple((str(labels.get(code, code)), mask) for code, mask in access.masks.items())
    lets_in = None if row is None else _lets_in(session, table, scope, row)
    return OpenedByRole(access.role, rows, lets_in, masks, fault)


def _lets_in(session: Session, table: Table, scope: RowScope, row: str) -> bool:
    """Whether the row is among those of the scope, as the database has it now."""
    if isinstance(table, LiveTable):
        key = key_condition(table, row)
        query = select().select_from(table.table).add_columns(*table.identity)
        inside = scope_condition(scope, table)
    else:
        identity = identity_of(table, row)
        key = None if identity is None else identity_in(table, [identity])
        query = select(*table.identity)
        inside = condition(scope, table)
    return key is not None and session.execute(query.where(key, inside)).first() is not None
