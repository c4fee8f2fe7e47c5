"""Handing workbooks out: who gets which part of a table, until when."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access.hand_out import why_not_hand_out
from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.domain.hand_out import Division, PartState
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table import StoredTable
from app.models.database import writing
from app.models.hand_out import HandOut, HandOutPart

TOKEN_BYTES = 24


@dataclass(frozen=True)
class WantedPart:
    """A part to be handed out; ``department`` is whose rows it has."""

    key: str
    title: str
    department: str
    row_count: int


@dataclass(frozen=True)
class WantedHandOut:
    """What is to be handed out of a place; ``department`` is None for one part to each."""

    period: str
    department: str | None
    division: Division
    field: str | None
    parts: Sequence[WantedPart]
    due_on: date | None = None


def hand_out(
    session: Session, stored: StoredTable, wanted: WantedHandOut, *, by: Actor, now: datetime
) -> int:
    """Hand the parts out; returns the number. Raises Refused.

    What was handed out of the place before is superseded; its files are still taken in, because
    rows are known by themselves.
    """
    refuse(why_not_hand_out(by, stored, wanted.department))
    if not wanted.parts:
        raise Refused(
            Message("There is nothing to hand out: the division has no part."), Reason.INVALID
        )
    if wanted.due_on is not None and wanted.due_on < now.date():
        raise Refused(
            Message("The due date has passed already. Choose a later one."), Reason.INVALID
        )
    with writing(session):
        _supersede(session, stored, wanted, now)
        made = HandOut(
            table_identifier=stored.spec.identifier,
            period=wanted.period,
            department_code=wanted.department,
            division=wanted.division,
            field_code=wanted.field,
            at=now,
            person_number=by.number,
            person_name=by.name,
            due_on=wanted.due_on,
        )
        session.add(made)
        session.flush()
        session.add_all(_part(made, part, now) for part in wanted.parts)
        record(session, _deed(made, len(wanted.parts)), by=by, now=now)
        session.commit()
        return made.id


def _deed(made: HandOut, count: int) -> Deed:
    return Deed(
        "hand_out.add",
        f"hand_out:{made.id}",
        department=made.department_code,
        after=f"{made.table_identifier} {made.period}",
        reason=f"{made.division.value} {made.field_code or ''} × {count}",
    )


def _part(made: HandOut, part: WantedPart, now: datetime) -> HandOutPart:
    return HandOutPart(
        hand_out_id=made.id,
        key=part.key,
        title=part.title,
        department_code=part.department,
        row_count=part.row_count,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        state=PartState.HANDED_OUT,
        state_at=now,
    )


def _supersede(session: Session, stored: StoredTable, wanted: WantedHandOut, now: datetime) -> None:
    department = HandOut.department_code
    same = department.is_(None) if wanted.department is None else department == wanted.department
    session.execute(
        update(HandOut)
        .where(
            HandOut.table_identifier == stored.spec.identifier,
            HandOut.period == wanted.period,
            same,
            HandOut.superseded_at.is_(None),
        )
        .values(superseded_at=now)
    )
