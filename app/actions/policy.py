"""Bringing the rights of all roles to what a policy says, all or nothing (decision 12)."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.permission import KEY_RIGHT
from app.access.person import Actor
from app.access.policy import Policy, PolicyPlan, RolePlan, plan_policy, read_present
from app.actions.role import (
    RightsRequest,
    changing_roles,
    insert_role,
    put_rights,
    refuse_without_key,
)
from app.domain.message import Message, Reason, Refused
from app.models.base_table import Store
from app.models.role_rights import digest_of, rights_of_roles


def apply_policy(
    session: Session,
    store: Store,
    policy: Policy,
    *,
    by: Actor,
    now: datetime,
    dry_run: bool = False,
) -> PolicyPlan:
    """Give and take rights and add roles made by hand; returns what that came to.

    A dry run does the same and takes it back. Raises Refused (invalid) with everything that stands
    against it as details. No role and no permission row is ever removed.
    """
    with changing_roles(session):
        plan = plan_policy(read_present(session, store), policy)
        refusals = [*plan.faults, *_carry_out(session, plan, by, now)]
        if refusals:
            raise Refused(
                Message("The policy cannot be applied; nothing was changed."),
                Reason.INVALID,
                tuple(refusals),
            )
        if plan.changes and not dry_run:
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


def _change_role(session: Session, change: RolePlan, by: Actor, now: datetime) -> None:
    number = change.number
    if number is None:
        number = insert_role(session, change.name, by=by, now=now)
    if change.give or change.take:
        digest = digest_of(rights_of_roles(session, [number])[number])
        request = RightsRequest(digest, change.give, change.take)
        put_rights(session, number, request, by=by, now=now)
