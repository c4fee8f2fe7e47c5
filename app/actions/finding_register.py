"""Bringing the register of findings up to date (第五条第二款, 第十二条).

The register follows from the rows alone, so nothing of it is recorded in the audit log: what people
did — changed rows, explained, ruled, waived — is recorded where they did it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.message import Refused
from app.models.base_table import Store
from app.models.base_table_rows import in_batches
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.finding import PLACE, RegisteredFinding, TableCheck, pack_message
from app.models.finding_check import counted, tables_followed
from app.models.judged_place import JudgedPlace, PlaceFinding, judge_place, judge_table
from app.models.submission import Submission

# What of a finding may change while it stays the same finding.
CHANGING = ("severity", "dimension", "message", "about", "values_digest", "is_waiting")

# A check that fails would fail again at once and keep the others waiting: twice as long each time.
FIRST_RETRY = timedelta(minutes=2)
LAST_RETRY = timedelta(days=1)
MOST_DOUBLED = 10


@dataclass(frozen=True)
class TableChecked:
    """What bringing a table up to date has come to."""

    found: int
    broken: tuple[str, ...]


def check_table(
    session: Session, store: Store, cycle: Cycle, table: str, *, now: datetime
) -> TableChecked:
    """Ask all rules of a table of all departments and keep what they say.

    A place that cannot be read, such as another system's table that is gone, stays as it was.
    """
    with writing(session):
        kept = hold_register(session, cycle, table)
        # Before any row is read: what is committed meanwhile counts one more the next time.
        follows = tables_followed(store).get(table, frozenset({table}))
        counts = counted(session, cycle, follows)
        judged = judge_table(session, store, table, cycle)
        broken = {each.rule for each in judged.broken}
        count = 0
        for department in _departments(session, cycle, table):
            try:
                place = judge_place(session, store, table, cycle, department, judged)
            except Refused:
                continue
            keep_place(session, cycle, department, place, now=now)
            broken |= {each.rule for each in place.broken}
            count += len(place.found)
        kept.known = {each: counts.get(each) for each in sorted(follows)}
        kept.looked_at = kept.checked_at = now
        kept.broken, kept.failures, kept.retry_at = sorted(broken), 0, None
        session.commit()
    return TableChecked(count, tuple(sorted(broken)))


def note_looked(
    session: Session,
    cycle: Cycle,
    checked: Collection[str],
    absent: Collection[str],
    *,
    now: datetime,
) -> None:
    """Note of all tables of the year but ``checked`` that nothing they follow from has changed.

    Of those that are ``absent`` there is nothing to be known until they are here again.
    """
    with writing(session):
        for table in absent:
            note = hold_register(session, cycle, table)
            note.known, note.checked_at, note.looked_at = {}, now, now
            note.failures, note.retry_at = 0, None
        session.flush()
        others = update(TableCheck).where(
            TableCheck.cycle_id == cycle.id,
            TableCheck.table_identifier.not_in(sorted(checked)),
            TableCheck.retry_at.is_(None),
            TableCheck.looked_at < now,
        )
        session.execute(
            others.values(looked_at=now), execution_options={"synchronize_session": False}
        )
        session.commit()


def note_failed(session: Session, cycle: Cycle, table: str, *, now: datetime) -> None:
    """Note that the check of a table failed; every further time it is tried later again."""
    with writing(session):
        note = hold_register(session, cycle, table)
        note.failures += 1
        wait = FIRST_RETRY * 2 ** min(note.failures - 1, MOST_DOUBLED)
        note.retry_at = now + min(wait, LAST_RETRY)
        session.commit()


def hold_register(session: Session, cycle: Cycle, table: str) -> TableCheck:
    """The note of a table, locked: one at a time writes findings of it; the caller commits."""
    place = {"cycle_id": cycle.id, "table_identifier": table}
    query = select(TableCheck).filter_by(**place)
    if session.scalar(query) is None:
        try:
            with session.begin_nested():
                session.add(TableCheck(**place))
        except IntegrityError:
            pass  # Somebody else has made it at this moment.
    locked = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(locked).one()


def keep_place(
    session: Session, cycle: Cycle, department: str, place: JudgedPlace, *, now: datetime
) -> None:
    """Keep what was found at a place; what is there no more is mended. The caller commits."""
    key = (cycle.id, place.check.stored.spec.identifier, department)
    known = keep_findings(session, key, place.found, now=now)
    present = {each.mark for each in place.found}
    gone = [mark for mark, row in known.items() if row["mended_at"] is None and mark not in present]
    for batch in in_batches(gone):
        mended = update(RegisteredFinding).where(RegisteredFinding.mark.in_(batch))
        session.execute(
            mended.values(mended_at=now), execution_options={"synchronize_session": False}
        )


def keep_findings(
    session: Session,
    place: tuple[int, str, str],
    found: Sequence[PlaceFinding],
    *,
    now: datetime,
) -> Mapping[str, Mapping[str, Any]]:
    """Keep these findings of ``place`` — (cycle id, table, department) — and leave the others.

    Returns what the register had of the place, by mark. The caller holds the register and commits.
    """
    columns = [RegisteredFinding.id, RegisteredFinding.mark, RegisteredFinding.mended_at]
    columns += [getattr(RegisteredFinding, name) for name in CHANGING]
    query = select(*columns).filter_by(**dict(zip(PLACE, place, strict=True)))
    known = {row["mark"]: dict(row) for row in session.execute(query).mappings()}
    new, changed = [], []
    for mark, each in {each.mark: each for each in found}.items():
        values, before = _values(each), known.get(mark)
        if before is None:
            new.append({**dict(zip(PLACE, place, strict=True)), **values, **_identity(each, now)})
        elif before["mended_at"] is not None:
            changed.append({"id": before["id"], **values, "mended_at": None, "found_at": now})
        elif any(before[name] != values[name] for name in CHANGING):
            changed.append({"id": before["id"], **values, "mended_at": None})
    if new:
        session.execute(insert(RegisteredFinding), new)
    for group in _alike(changed):
        if group:
            session.execute(update(RegisteredFinding), group)
    return known


def _alike(changed: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Updates of the same columns together, as one statement takes them."""
    again = [each for each in changed if "found_at" in each]
    return again, [each for each in changed if "found_at" not in each]


def _identity(each: PlaceFinding, now: datetime) -> dict[str, Any]:
    return {
        "mark": each.mark,
        "row_id": each.row_id,
        "field_code": each.finding.field or "",
        "rule": each.finding.rule,
        "found_at": now,
        "mended_at": None,
    }


def _values(each: PlaceFinding) -> dict[str, Any]:
    finding = each.finding
    return {
        "severity": finding.severity,
        "dimension": finding.dimension,
        "message": pack_message(finding.message),
        "about": [*finding.about, *finding.taken_from],
        "values_digest": each.values_digest,
        "is_waiting": bool(each.waits_for),
    }


def _departments(session: Session, cycle: Cycle, table: str) -> list[str]:
    """Who reports the table, and whoever the register has findings of."""
    reporting = select(Submission.department_code).where(
        Submission.cycle_id == cycle.id, Submission.table_identifier == table
    )
    known = select(RegisteredFinding.department_code).where(
        RegisteredFinding.cycle_id == cycle.id, RegisteredFinding.table_identifier == table
    )
    return sorted({*session.scalars(reporting), *session.scalars(known.distinct())})
