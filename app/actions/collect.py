"""Keeping files that were collected until they are confirmed, and noting what became of parts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.access.hand_out import why_not_collect
from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.domain.hand_out import PartState
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table import StoredTable
from app.models.database import writing
from app.models.hand_out import CollectedPiece, CollectedSet, HandOutPart
from app.models.snapshot import CHUNK_BYTES

# Who has not confirmed by then collects anew.
KEPT_FOR = timedelta(days=30)
# Sets of one person at once, so that files do not pile up.
MOST_KEPT = 20


@dataclass(frozen=True)
class WantedSet:
    """Files to be kept: their packed content, how many they are, the parts they belong to."""

    period: str
    department: str
    content: bytes
    file_count: int
    parts: Collection[int]


@dataclass(frozen=True)
class MergedPart:
    """What became of a part: its counts of rows, by outcome."""

    part: int
    counts: Mapping[str, int]
    is_whole: bool


def keep_collected(
    session: Session, stored: StoredTable, wanted: WantedSet, *, by: Actor, now: datetime
) -> int:
    """Keep the files for whoever collected them; returns the number. Raises Refused."""
    refuse(why_not_collect(by, stored, wanted.department))
    with writing(session):
        _forget_old(session, now)
        _refuse_too_many(session, by)
        kept = CollectedSet(
            table_identifier=stored.spec.identifier,
            period=wanted.period,
            department_code=wanted.department,
            at=now,
            person_number=by.number,
            person_name=by.name,
            file_count=wanted.file_count,
            decisions={},
        )
        session.add(kept)
        session.flush()
        for position, start in enumerate(range(0, len(wanted.content), CHUNK_BYTES)):
            piece = wanted.content[start : start + CHUNK_BYTES]
            session.add(CollectedPiece(set_id=kept.id, position=position, content=piece))
            session.flush()
        _move(session, wanted.parts, PartState.HANDED_OUT, PartState.COLLECTED, now)
        words = f"{stored.spec.identifier} {wanted.period}"
        deed = Deed(
            "hand_out.collect",
            f"collected_set:{kept.id}",
            department=wanted.department,
            after=words,
            reason=f"× {wanted.file_count}",
        )
        record(session, deed, by=by, now=now)
        session.commit()
        return kept.id


def _refuse_too_many(session: Session, by: Actor) -> None:
    own = (CollectedSet.person_number == by.number, CollectedSet.confirmed_at.is_(None))
    if (session.scalar(select(func.count()).where(*own)) or 0) >= MOST_KEPT:
        raise Refused(
            Message(
                "%(count)s times you have collected files that are not merged yet. Merge or drop"
                " some of them first.",
                {"count": MOST_KEPT},
            ),
            Reason.CONFLICT,
        )


def _forget_old(session: Session, now: datetime) -> None:
    old = select(CollectedSet.id).where(
        CollectedSet.confirmed_at.is_(None), CollectedSet.at < now - KEPT_FOR
    )
    for number in session.scalars(old).all():
        _forget(session, number)


def _forget(session: Session, number: int) -> None:
    session.execute(delete(CollectedPiece).where(CollectedPiece.set_id == number))
    session.execute(delete(CollectedSet).where(CollectedSet.id == number))


def _move(
    session: Session, parts: Collection[int], before: PartState, after: PartState, now: datetime
) -> None:
    """Let the parts that stand in one state stand in another."""
    if parts:
        chosen = HandOutPart.id.in_(sorted(parts))
        session.execute(
            update(HandOutPart)
            .where(chosen, HandOutPart.state == before)
            .values(state=after, state_at=now)
        )


def decide_collected(
    session: Session, number: int, decisions: Mapping[str, str], *, by: Actor
) -> None:
    """Keep what was decided about the files of a set. It is undone by deciding otherwise."""
    with writing(session):
        found = _own_open(session, number, by)
        found.decisions = dict(decisions)
        session.commit()


def drop_collected(
    session: Session, number: int, parts: Collection[int], *, by: Actor, now: datetime
) -> None:
    """Forget the files of a set; nothing of them was written, so their parts are out again."""
    with writing(session):
        found = _own_open(session, number, by)
        deed = Deed("hand_out.drop", f"collected_set:{number}", department=found.department_code)
        record(session, deed, by=by, now=now)
        session.expunge(found)
        _forget(session, number)
        _move(session, parts, PartState.COLLECTED, PartState.HANDED_OUT, now)
        session.commit()


def note_merged(
    session: Session,
    number: int,
    merged: Sequence[MergedPart],
    result: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Note what became of the files and forget their content; in the transaction of the rows."""
    found = _own_open(session, number, by)
    found.result, found.confirmed_at = dict(result), now
    session.execute(delete(CollectedPiece).where(CollectedPiece.set_id == number))
    for each in merged:
        counts = {name: each.counts.get(name, 0) for name in ("created", "changed", "unchanged")}
        left = each.counts.get("rejected", 0) + each.counts.get("conflict", 0)
        state = PartState.MERGED if each.is_whole else PartState.CONFLICTING
        session.execute(
            update(HandOutPart)
            .where(HandOutPart.id == each.part)
            .values(**counts, rejected=left, state=state, state_at=now)
        )
    deed = Deed(
        "hand_out.merge",
        f"collected_set:{number}",
        department=found.department_code,
        after=f"{found.table_identifier} {found.period}",
        reason=f"× {len(merged)}",
    )
    record(session, deed, by=by, now=now)


def _own_open(session: Session, number: int, by: Actor) -> CollectedSet:
    """One's own set that nothing was written of yet, locked. Raises Refused."""
    found = session.get(CollectedSet, number, with_for_update=True, populate_existing=True)
    if found is None or found.person_number != by.number:
        raise Refused(
            Message("These files are not kept any more. Collect them once more."),
            Reason.NOT_FOUND,
        )
    if found.confirmed_at is not None:
        raise Refused(
            Message("These files have been merged already. Their report says what became of them."),
            Reason.CONFLICT,
        )
    return found
