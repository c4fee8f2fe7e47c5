"""Setting which rows of a table a role opens and which fields it masks; everything in the log."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.table_access import (
    find_described,
    told_changes,
    why_not_set,
)
from app.actions.audit_log import Deed, record
from app.actions.role import changing_roles, enter_role
from app.domain.message import Message, Reason, Refused
from app.domain.table_access import NO_SETTING, AccessSetting
from app.models.base_table import Store
from app.models.table_access import TableAccess, setting_of


def set_table_access(
    session: Session,
    store: Store,
    number: int,
    table: str,
    setting: AccessSetting,
    version: int,
    *,
    by: Actor,
    now: datetime,
) -> list[str]:
    """Set rows and masks of the role with this number on a table; returns what changed.

    ``version`` is that of the setting on the page, 0 for none. Raises Refused: not found,
    forbidden, whatever does not fit the table (invalid), somebody was faster (conflict).
    """
    with changing_roles(session):
        changes = put_table_access(session, store, number, table, setting, version, by=by, now=now)
        session.commit()
    return changes


def put_table_access(
    session: Session,
    store: Store,
    number: int,
    table: str,
    setting: AccessSetting,
    version: int | None,
    *,
    by: Actor,
    now: datetime,
) -> list[str]:
    """What ``set_table_access`` does; inside ``changing_roles``, the caller commits."""
    name = enter_role(session, number, by)
    _refuse_unfit(store, table, setting)
    kept = session.get(TableAccess, (name, table), populate_existing=True)
    if version not in (None, kept.version if kept else 0):
        raise Refused(
            Message("Somebody has changed the rows of this role meanwhile. Look at them again."),
            Reason.CONFLICT,
        )
    changes = told_changes(NO_SETTING if kept is None else setting_of(kept), setting)
    if not changes:
        return []
    _keep(session, kept, (name, table), setting, now)
    deed = Deed("permission.access", f"role:{name}", after=table, reason="\n".join(changes))
    record(session, deed, by=by, now=now)
    return changes


def _refuse_unfit(store: Store, table: str, setting: AccessSetting) -> None:
    described = find_described(store, table)
    if described is None:
        # What is set for a table that is gone can be taken away.
        if setting.is_empty:
            return
        raise Refused(
            Message("There is no base table %(table)s.", {"table": table[:80]}), Reason.NOT_FOUND
        )
    refusals = tuple(why_not_set(described, setting))
    if refusals:
        raise Refused(refusals[0], Reason.INVALID, refusals[1:])


def _keep(
    session: Session,
    kept: TableAccess | None,
    place: tuple[str, str],
    setting: AccessSetting,
    now: datetime,
) -> None:
    if setting.is_empty:
        if kept is not None:
            session.delete(kept)
        session.flush()
        return
    if kept is None:
        kept = TableAccess(role_name=place[0], table_identifier=place[1], version=0)
        session.add(kept)
    kept.rows = setting.rows
    kept.rule = setting.rule if setting.rows is not None else None
    kept.masks = {code: mask.value for code, mask in setting.masks.items()}
    kept.version += 1
    kept.changed_at = now
    session.flush()
