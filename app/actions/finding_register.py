"""Bringing the register of findings up to date (第五条第二款, 第十二条).

The register follows from the rows alone, so nothing of it is recorded in the audit log: what people
did — changed rows, explained, ruled, waived — is recorded where they did it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
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
from app.models.finding_check import counted, newest_change, tables_followed
from app.models.judged_place import (
    JudgedPlace,
    JudgedTable,
    PlaceFinding,
    judge_in_parts,
    judge_place,
    judge_table,
)
from app.models.place_size import is_large
from app.models.submission import Submission

# So many rows are judged and their findings written at once: a second's work, 80 MB.
ROWS_AT_ONCE = 10_000
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
    Nobody waits for the judging of very many rows: only what it says is written under the lock.
    What is committed meanwhile counts one more the next time, so that the table is due again.
    """
    session.commit()
    follows = tables_followed(store).get(table, frozenset({table}))
    # Before any row is read.
    counts, newest = counted(session, cycle, follows), newest_change(session)
    judged = judge_table(session, store, table, cycle)
    broken = {each.rule for each in judged.broken}
    count = 0
    for department in _departments(session, cycle, table):
        try:
            done = _check_place(session, store, cycle, department, table, judged, now=now)
        except Refused:
            continue
        broken |= set(done.broken)
        count += done.found
    with writing(session):
        kept = hold_register(session, cycle, table)
        kept.change_set_id = newest
        kept.known = {each: counts.get(each) for each in sorted(follows)}
        kept.looked_at = kept.checked_at = now
        kept.broken, kept.failures, kept.retry_at = sorted(broken), 0, None
        session.commit()
    return TableChecked(count, tuple(sorted(broken)))


def _check_place(
    session: Session,
    store: Store,
    cycle: Cycle,
    department: str,
    table: str,
    judged: JudgedTable,
    *,
    now: datetime,
) -> TableChecked:
    """Judge a place of a table and keep what is said of it. Raises Refused."""
    stored, place = store.reported[table], (table, cycle, department)
    period = stored.spec.period_in(cycle.year).code
    if table in store.tables and is_large(session, stored, period, department):
        parts = judge_in_parts(session, store, *place, judged, ROWS_AT_ONCE)
        return _keep_parts(session, cycle, department, table, parts, now=now)
    with writing(session):
        hold_register(session, cycle, table)
        found = judge_place(session, store, *place, judged)
        keep_place(session, cycle, department, found, now=now)
        session.commit()
    return TableChecked(len(found.found), tuple(each.rule for each in found.broken))


def _keep_parts(
    session: Session,
    cycle: Cycle,
    department: str,
    table: str,
    parts: Iterator[JudgedPlace],
    *,
    now: datetime,
) -> TableChecked:
    """Keep what is said of a place part after part; what no part has is mended at the end."""
    key = (cycle.id, table, department)
    present: set[int] = set()
    broken: set[str] = set()
    count = 0
    for part in parts:
        with writing(session):
            hold_register(session, cycle, table)
            keep_findings(session, key, part.found, now=now, of_these=True)
            session.commit()
        present.update(_short(each.mark) for each in part.found)
        broken |= {each.rule for each in part.broken}
        count += len(part.found)
    with writing(session):
        hold_register(session, cycle, table)
        _mend_others(session, key, present, now=now)
        session.commit()
    return TableChecked(count, tuple(broken))


def _short(mark: str) -> int:
    """Enough of a mark to know it again among millions; a tenth of the memory."""
    return int(mark[:16], 16)


def _mend_others(
    session: Session, key: tuple[int, str, str], present: Collection[int], *, now: datetime
) -> None:
    """Mark as mended what the register has of a place and nobody has found again."""
    columns = (RegisteredFinding.id, RegisteredFinding.mark)
    query = select(*columns).filter_by(**dict(zip(PLACE, key, strict=True)))
    query = query.where(RegisteredFinding.mended_at.is_(None), RegisteredFinding.found_at <= now)
    known = session.execute(query.execution_options(yield_per=ROWS_AT_ONCE))
    _mend(session, [number for number, mark in known if _short(mark) not in present], now=now)


def _mend(session: Session, gone: Collection[int], *, now: datetime) -> None:
    """Mark findings, by their ids, as mended."""
    for batch in in_batches(gone):
        mended = update(RegisteredFinding).where(RegisteredFinding.id.in_(batch))
        session.execute(
            mended.values(mended_at=now), execution_options={"synchronize_session": False}
        )


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
    if len(place.found) > ROWS_AT_ONCE:
        for part in in_batches(place.found, ROWS_AT_ONCE):
            keep_findings(session, key, part, now=now, of_these=True)
        _mend_others(session, key, {_short(each.mark) for each in place.found}, now=now)
        return
    known = keep_findings(session, key, place.found, now=now)
    present = {each.mark for each in place.found}
    gone = [
        row["id"]
        for mark, row in known.items()
        # What somebody else has kept since is newer than this judgement.
        if row["mended_at"] is None and row["found_at"] <= now and mark not in present
    ]
    _mend(session, gone, now=now)


def keep_findings(
    session: Session,
    place: tuple[int, str, str],
    found: Sequence[PlaceFinding],
    *,
    now: datetime,
    of_these: bool = False,
) -> Mapping[str, Mapping[str, Any]]:
    """Keep these findings of ``place`` — (cycle id, table, department) — and leave the others.

    Returns what the register had of the place, by mark; with ``of_these`` only of these findings.
    The caller holds the register and commits.
    """
    columns = [RegisteredFinding.id, RegisteredFinding.mark]
    columns += [RegisteredFinding.mended_at, RegisteredFinding.found_at]
    columns += [getattr(RegisteredFinding, name) for name in CHANGING]
    query = select(*columns).filter_by(**dict(zip(PLACE, place, strict=True)))
    queries = [query]
    if of_these:
        batches = in_batches({each.mark for each in found})
        queries = [query.where(RegisteredFinding.mark.in_(batch)) for batch in batches]
    known = {row["mark"]: dict(row) for each in queries for row in session.execute(each).mappings()}
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
