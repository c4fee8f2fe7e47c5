"""Bringing the rights of all roles to what a policy says, all or nothing (decision 12)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.permission import KEY_RIGHT
from app.access.person import Actor
from app.access.policy import AccessPolicy, Policy, PolicyPlan, RolePlan, plan_policy, read_present
from app.actions.role import (
    RightsRequest,
    changing_roles,
    insert_role,
    put_rights,
    refuse_without_key,
)
from app.actions.table_access import put_table_access
from app.domain.message import Message, Reason, Refused
from app.models.base_table import Store
from app.models.permission import role
from app.models.role_rights import digest_of, rights_of_roles


def apply_policy(
    session: Session,
    store: Store,
    policy: Policy,
    access: AccessPolicy | None = None,
    *,
    by: Actor,
    now: datetime,
    dry_run: bool = False,
) -> PolicyPlan:
    """Give and take rights, add roles made by hand, set rows and masks; returns what that was.

    Without ``access`` rows and masks stay as they are. A dry run does the same and takes it back.
    Raises Refused (invalid) with everything that stands against it as details. No role and no
    permission row is ever removed.
    """
    with changing_roles(session):
        plan = plan_policy(read_present(session, store), policy, access)
        refusals = [*plan.faults, *_carry_out(session, plan, by, now)]
        if not plan.faults:
            refusals += _set_access(session, store, plan, by, now)
        if refusals:
            raise Refused(
                Message("The policy cannot be applied; nothing was changed."),
                Reason.INVALID,
                tuple(refusals),
            )
        if (plan.changes or plan.access) and not dry_run:
            session.commit()
    return plan


def _carry_out(session: Session, plan: PolicyPlan, by: Actor, now: datetime) -> list[Message]:
    """Change every role; returns what was refused."""
    refusals = []
    for change in plan.changes:
        try:
            _change_role(session, change, by, now)
        except Refused as refusal:
            words = {"role": change.name, "reason": refusal.message}
            refusals.append(Message("Role %(role)s: %(reason)s", words))
    # Once for all of them: the key may go from one role to another.
    if any(KEY_RIGHT in change.take for change in plan.changes):
        try:
            refuse_without_key(session)
        except Refused as refusal:
            refusals.append(refusal.message)
    return refusals


def _set_access(
    session: Session, store: Store, plan: PolicyPlan, by: Actor, now: datetime
) -> list[Message]:
    """Set rows and masks of every role that is there by now; returns what was refused."""
    refusals = []
    names = {change.role for change in plan.access}
    numbers = {name: n for n, name in session.execute(select(role).where(role.c.name.in_(names)))}
    for change in plan.access:
        if (number := numbers.get(change.role)) is None:
            continue
        try:
            put_table_access(
                session, store, number, change.table, change.after, None, by=by, now=now
            )
        except Refused as refusal:
            words = {"role": change.role, "table": change.table}
            refusals += [
                Message("Role %(role)s, table %(table)s: %(reason)s", {**words, "reason": each})
                for each in (refusal.message, *refusal.details)
            ]
    return refusals


def _change_role(session: Session, change: RolePlan, by: Actor, now: datetime) -> None:
    number = change.number
    if number is None:
        number = insert_role(session, change.name, by=by, now=now)
    if change.give or change.take:
        digest = digest_of(rights_of_roles(session, [number])[number])
        request = RightsRequest(digest, change.give, change.take)
        put_rights(session, number, request, by=by, now=now)
