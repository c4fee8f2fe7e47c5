"""Files that were collected: what is kept of them, and which parts nothing came back of."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.hand_out import IMPORT, why_not_collect
from app.access.masks import masked_by_roles
from app.access.person import Actor
from app.domain.hand_out import PartState
from app.domain.message import Message, Reason, Refused
from app.models.base_table import StoredTable
from app.models.hand_out import CollectedPiece, CollectedSet, HandOut, HandOutPart

MOST_LISTED = 20


def list_collected(
    session: Session, stored: StoredTable, period: str, department: str, actor: Actor
) -> Sequence[CollectedSet]:
    """The sets of a place, the newest first; of others' those that ``find_collected`` opens."""
    seen = CollectedSet.person_number == actor.number
    if _sees_reports_of_others(actor, stored):
        seen |= CollectedSet.confirmed_at.is_not(None)
    query = (
        select(CollectedSet)
        .where(
            CollectedSet.table_identifier == stored.spec.identifier,
            CollectedSet.period == period,
            CollectedSet.department_code == department,
            seen,
        )
        .order_by(CollectedSet.id.desc())
    )
    return session.scalars(query.limit(MOST_LISTED)).all()


def find_collected(
    session: Session, stored: StoredTable, actor: Actor, number: int
) -> CollectedSet:
    """One's own set, or the report of a colleague's. Raises Refused (not found)."""
    found = session.get(CollectedSet, number)
    is_own = found is not None and found.person_number == actor.number
    is_of_table = found is not None and found.table_identifier == stored.spec.identifier
    if (
        found is None
        or not is_of_table
        or not (is_own or (found.confirmed_at and _sees_reports_of_others(actor, stored)))
        or why_not_collect(actor, stored, found.department_code) is not None
    ):
        raise Refused(
            Message("These files are not kept any more. Collect them once more."),
            Reason.NOT_FOUND,
        )
    return found


def _sees_reports_of_others(actor: Actor, stored: StoredTable) -> bool:
    """A report is kept in words as its maker sees them: who sees less does not read it."""
    return not masked_by_roles(actor, stored, IMPORT)


def collected_content(session: Session, number: int) -> bytes:
    """The packed files of a set, as long as it is not confirmed."""
    query = (
        select(CollectedPiece.content)
        .where(CollectedPiece.set_id == number)
        .order_by(CollectedPiece.position)
    )
    return b"".join(session.scalars(query))


def missing_parts(
    session: Session, stored: StoredTable, period: str, department: str
) -> Sequence[HandOutPart]:
    """The parts of the department, as handed out last, of which nothing has come back."""
    query = (
        select(HandOutPart)
        .join(HandOut, HandOut.id == HandOutPart.hand_out_id)
        .where(
            HandOut.table_identifier == stored.spec.identifier,
            HandOut.period == period,
            HandOut.superseded_at.is_(None),
            HandOutPart.department_code == department,
            HandOutPart.state == PartState.HANDED_OUT,
        )
        .order_by(HandOutPart.id)
    )
    return session.scalars(query).all()
