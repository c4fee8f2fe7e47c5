"""Remembering what a feed has given, in the transaction that writes the rows themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.actions.row_change import RowResult
from app.domain.feed import RunResult
from app.models.base_table_rows import in_batches
from app.models.database import writing
from app.models.feed import FeedRow, FeedRun
from app.models.feed_memory import NOTHING, Memory

# A longer reason than any of ours is none that helps.
LONGEST_REFUSAL = 4000
Values = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True)
class FeedPlace:
    """Which feed writes where; ``is_scheduled`` where nobody was watching."""

    feed_id: int
    period: str | None
    department: str | None
    is_scheduled: bool = False


@dataclass(frozen=True)
class Learned:
    """What a run finds out besides the rows it changes, by key and field.

    ``row_ids`` are those of stored rows; ``given`` what each change gives, in the order of the
    changes, with its key (None where it has none).
    """

    memory: Mapping[str, Memory]
    row_ids: Mapping[str, str]
    given: Sequence[tuple[str | None, Mapping[str, object]]] = ()
    confirmed: Values = field(default_factory=dict)
    kept: Values = field(default_factory=dict)
    released: Mapping[str, set[str]] = field(default_factory=dict)


def remember_run(
    session: Session,
    place: FeedPlace,
    learned: Learned,
    results: Sequence[RowResult],
    counts: Mapping[str, int],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Keep where the cells' values come from, and that the feed ran. The caller commits.

    ``counts`` are numbers of rows by the columns of ``FeedRun``.
    """
    rows, gone = _remembered(learned, results, now)
    for batch in in_batches(gone):
        session.execute(delete(FeedRow).where(FeedRow.id.in_(batch)))
    known = [row for row in rows.values() if "id" in row]
    if known:
        session.execute(update(FeedRow), known)
    where = {
        "feed_id": place.feed_id,
        "period": place.period,
        "department_code": place.department,
    }
    new = [{**where, "row_key": key, **row} for key, row in rows.items() if "id" not in row]
    if new:
        session.execute(insert(FeedRow), new)
    session.add(_run(place, RunResult.DONE, by=by, now=now, **counts))
    declined = sum(len(codes) for codes in learned.kept.values())
    if declined:
        subject, told = f"feed:{place.feed_id}", str(declined)
        deed = Deed("feed.keep", subject, department=place.department, after=told)
        record(session, deed, by=by, now=now)
    session.flush()


def note_refused_run(
    session: Session, place: FeedPlace, refusal: str, *, by: Actor, now: datetime
) -> None:
    """Keep that a run was refused, in the words that were shown or would have been."""
    text = refusal[:LONGEST_REFUSAL]
    with writing(session):
        session.add(_run(place, RunResult.REFUSED, by=by, now=now, refusal=text))
        session.commit()


def _run(place: FeedPlace, result: RunResult, *, by: Actor, now: datetime, **more: Any) -> FeedRun:
    return FeedRun(
        feed_id=place.feed_id,
        at=now,
        person_number=by.number,
        person_name=by.name,
        is_scheduled=place.is_scheduled,
        result=result,
        period=place.period,
        department_code=place.department,
        **more,
    )


def _remembered(
    learned: Learned, results: Sequence[RowResult], now: datetime
) -> tuple[dict[str, dict[str, Any]], list[int]]:
    """Rows to be remembered anew or differently by key, and the ids of those to be forgotten."""
    moment = now.astimezone(UTC).isoformat(timespec="seconds")
    rows: dict[str, dict[str, Any]] = {}
    gone: list[int] = []

    def row_of(key: str, row_id: str = "") -> dict[str, Any]:
        if key not in rows:
            known = learned.memory.get(key, NOTHING)
            row = {"given": dict(known.given), "kept": dict(known.kept)}
            rows[key] = row | ({} if known.id is None else {"id": known.id})
            rows[key]["row_id"] = row_id or learned.row_ids.get(key) or known.row_id
        return rows[key]

    for (key, given), result in zip(learned.given, results, strict=True):
        if key is None or not result.ok:
            continue
        if result.outcome == "deleted":
            known_id = learned.memory.get(key, NOTHING).id
            gone += [] if known_id is None else [known_id]
            continue
        row_of(key, result.id or "")["given"].update(
            {code: [value, moment] for code, value in given.items()}
        )
    for key, confirmed in learned.confirmed.items():
        row_of(key)["given"].update({code: [value, moment] for code, value in confirmed.items()})
    for key, codes in learned.released.items():
        row = row_of(key)
        row["kept"] = {code: v for code, v in row["kept"].items() if code not in codes}
    for key, kept in learned.kept.items():
        row_of(key)["kept"].update(kept)
    return rows, gone
