"""Waived rules as people read them: which, where, why, by whom, and whether they still count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_not_read
from app.access.roles import FINDING
from app.access.scopes import read_scope
from app.domain.message import Message, Reason, Refused
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.finding import Waiver


@dataclass(frozen=True)
class WaiverLine:
    """A waiver; ``department`` is a code or None for all, ``ended_at`` None while it counts."""

    number: int
    table: str
    rule: str
    department: str | None
    reason: str
    by: str
    at: datetime
    ended_at: datetime | None


def list_waivers(
    session: Session, store: Store, actor: Actor, cycle: Cycle
) -> Sequence[WaiverLine]:
    """The waivers of a year that concern places the actor reads, those that count first."""
    if not actor.may("read", FINDING):
        raise Refused(Message("You have no right to view findings."), Reason.FORBIDDEN)
    query = select(Waiver).where(Waiver.cycle_id == cycle.id).order_by(Waiver.id.desc())
    found = [each for each in session.scalars(query) if _concerns(store, actor, each)]
    return [
        WaiverLine(
            number=each.id,
            table=each.table_identifier,
            rule=each.rule,
            department=each.department_code,
            reason=each.reason,
            by=each.waived_by_name,
            at=each.waived_at,
            ended_at=each.ended_at,
        )
        for each in sorted(found, key=lambda waiver: waiver.ended_at is not None)
    ]


def _concerns(store: Store, actor: Actor, waiver: Waiver) -> bool:
    stored = store.reported.get(waiver.table_identifier)
    if stored is None or why_not_read(actor, stored) is not None:
        return False
    scope = read_scope(actor, stored)
    if waiver.department_code is None:
        return scope.is_open
    return scope.covers_department(waiver.department_code)
