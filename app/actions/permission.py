"""Keeping FAB's permission rows and roles in step with the catalogue (decision 12).

Written in bulk through thin Core tables, in the caller's transaction: FAB's
own managers commit row by row. What an administrator has taken away stays
away: rights are granted when a role, a permission or an assignment is new.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from app.access.permission import every_right, rights_by_default
from app.access.person import Actor
from app.access.roles import (
    ROLES,
    Pair,
    assigned_rights,
    backed_rights,
    department_role,
    generated_roles,
)
from app.actions.audit_log import Deed, record
from app.models.assignment import Assignment
from app.models.base_table import Store
from app.models.base_table_rows import in_batches
from app.models.permission import (
    permission,
    permission_view,
    permission_view_role,
    role,
    view_menu,
)
from app.models.role_rights import assigned_tables, known_rights
from app.models.setting import PERMISSION_VERSION, Setting


@dataclass(frozen=True)
class Synced:
    """How much was missing and has been added."""

    permissions: int
    roles: int
    grants: int


def sync_permissions(session: Session, store: Store) -> Synced:
    """Add the permission rows, roles and first grants that are missing.

    The caller commits.
    """
    pairs = every_right(store)
    _ensure(session, permission, {f"can_{action}" for action, _ in pairs})
    _ensure(session, view_menu, {resource for _, resource in pairs})
    new_pairs = _ensure_pairs(session, pairs)
    wanted = _wanted_grants(session, store)
    new_roles = _ensure(session, role, set(wanted))
    grants = [
        (name, pair)
        for name, rights in wanted.items()
        for pair in rights
        if name in new_roles or pair in new_pairs
    ]
    added = grant_rights(session, grants)
    raise_permission_version(session)
    return Synced(len(new_pairs), len(new_roles), added)


def grant_assignments(
    session: Session, store: Store, assignments: Iterable[Assignment]
) -> set[str]:
    """Give the departments' roles their rights on newly assigned tables, as far as there are such.

    Returns the roles that did not exist before; nobody holds them yet.
    """
    every, given = every_right(store), list(assignments)
    wanted = [
        (name, right)
        for assignment in given
        for name, actions in assigned_rights(assignment.department_code, assignment.kind)
        for action in actions
        if (right := (action, assignment.table_identifier)) in every
    ]
    wanted += _on_tables_of_others(session, store, given)
    new_roles = _ensure(session, role, {name for name, _ in wanted})
    grant_rights(session, wanted)
    raise_permission_version(session)
    return new_roles


def _on_tables_of_others(
    session: Session, store: Store, given: Sequence[Assignment]
) -> list[tuple[str, Pair]]:
    """What the functions do on every reported table, for those assigned for the first time.

    Adopting a table grants nothing, so these rights come with its first assignment ever; what an
    administrator takes away afterwards stays away.
    """
    names = {one.table_identifier for one in given} & set(store.of_others)
    if not names:
        return []
    own = [one.id for one in given]
    before = select(Assignment.table_identifier).where(
        Assignment.table_identifier.in_(names), Assignment.id.not_in(own)
    )
    new = names - set(session.scalars(before))
    return [
        (spec.name, (action, name))
        for spec in ROLES
        for action in spec.table_actions
        for name in sorted(new)
    ]


def withdraw_assignments(session: Session, pairs: Iterable[tuple[str, str]]) -> None:
    """Take back rights of departments on tables that no assignment backs any more.

    ``pairs`` are department and table. Only the generated roles lose rights;
    what was granted in other roles stays. A department that had the table in a
    year that is over keeps reading its own rows (decision record 0010).
    """
    lost = {
        (name, (action, table))
        for department, table in pairs
        for spec in generated_roles()
        for name in (department_role(department, spec),)
        for action in {*spec.assigned_actions, *spec.guidance_actions}
    }
    backed = backed_rights(assigned_tables(session))
    kept = {(name, pair) for name, rights in backed.items() for pair in rights}
    roles = {row.name: row.id for row in session.execute(select(role))}
    pair_ids = known_rights(session)
    views_of_role: dict[int, list[int]] = {}
    for name, pair in lost - kept:
        if name in roles and pair in pair_ids:
            views_of_role.setdefault(roles[name], []).append(pair_ids[pair])
    granted = permission_view_role.c
    for role_id, views in views_of_role.items():
        for batch in in_batches(views):
            session.execute(
                delete(permission_view_role).where(
                    granted.role_id == role_id, granted.permission_view_id.in_(batch)
                )
            )
    raise_permission_version(session)


def raise_permission_version(session: Session) -> None:
    """Tell every process to forget the rights it remembers.

    Until the transaction ends nobody else gets past this: what has to hold of all roles together
    is looked at afterwards.
    """
    setting = session.get(Setting, PERMISSION_VERSION, with_for_update=True, populate_existing=True)
    if setting is None:
        session.add(Setting(name=PERMISSION_VERSION, value="1"))
    else:
        setting.value = str(int(setting.value) + 1)
    session.flush()


def _wanted_grants(session: Session, store: Store) -> Mapping[str, frozenset[Pair]]:
    """Role name → pairs, for the functions and for every department's roles."""
    return rights_by_default(store, assigned_tables(session))


def _ensure(session: Session, table: Table, names: set[str]) -> set[str]:
    """Insert the missing names; returns those that were new."""
    existing = set(session.scalars(select(table.c.name)))
    missing = sorted(names - existing)
    if missing:
        session.execute(insert(table), [{"name": name} for name in missing])
    return set(missing)


def _ensure_pairs(session: Session, pairs: frozenset[Pair]) -> set[Pair]:
    existing = set(known_rights(session))
    missing = sorted(pairs - existing)
    if missing:
        actions = {row.name: row.id for row in session.execute(select(permission))}
        resources = {row.name: row.id for row in session.execute(select(view_menu))}
        session.execute(
            insert(permission_view),
            [
                {"permission_id": actions[f"can_{action}"], "view_menu_id": resources[resource]}
                for action, resource in missing
            ],
        )
    return set(missing)


def grant_rights(session: Session, grants: Iterable[tuple[str, Pair]]) -> int:
    """Give roles, by name, the rights they lack; returns how many those were.

    Roles and rights exist already. The caller commits.
    """
    pair_ids = known_rights(session)
    roles = {row.name: row.id for row in session.execute(select(role))}
    held = {
        (row.role_id, row.permission_view_id)
        for row in session.execute(
            select(permission_view_role.c.role_id, permission_view_role.c.permission_view_id)
        )
    }
    wanted = {(roles[name], pair_ids[pair]) for name, pair in grants}
    missing = sorted(wanted - held)
    if missing:
        session.execute(
            insert(permission_view_role),
            [{"role_id": r, "permission_view_id": p} for r, p in missing],
        )
    return len(missing)


def grant_picks(
    session: Session, wanted: Iterable[tuple[str, str]], *, by: Actor, now: datetime
) -> int:
    """Let roles pick the rows of tables, by role and table; each role leaves an entry in the log.

    Returns how many rights were added. The caller commits.
    """
    by_role: dict[str, list[str]] = {}
    for name, table in wanted:
        by_role.setdefault(name, []).append(table)
    added = grant_rights(
        session, [(name, ("pick", table)) for name, tables in by_role.items() for table in tables]
    )
    for name, tables in by_role.items():
        told = "\n".join(f"+pick {table}" for table in sorted(tables))
        record(session, Deed("permission.edit", f"role:{name}", reason=told), by=by, now=now)
    raise_permission_version(session)
    return added
