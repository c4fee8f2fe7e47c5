"""Drawing rows for a spot check and entering what was found (抽查核验, V16)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.spot_check import why_not_check, why_not_draw
from app.actions.audit_log import Deed, record
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.spot_check import LONGEST_SEED, MOST_DRAWN, CheckResult, count_of_share, drawn
from app.models.base_table import Store, StoredTable
from app.models.database import writing
from app.models.snapshot import find_snapshot, read_snapshot
from app.models.spot_check import LONGEST_NOTE, SpotCheck, SpotCheckRow
from app.models.submission import Submission
from app.rules.base_table import key_of

LARGEST_SEED = 1_000_000_000
WHOLE = 100
NO_ROWS_KEPT = Message("Of this table no rows are kept that could be drawn.")


@dataclass(frozen=True)
class WantedDraw:
    """How many rows are to be drawn: so many, or a share in per cent; one of them is None.

    An empty ``seed`` is chosen by chance.
    """

    count: int | None = None
    percent: int | None = None
    seed: str = ""


@dataclass(frozen=True)
class Answer:
    """What was found of a drawn row; no result where it has not been looked at."""

    result: CheckResult | None
    note: str


def draw_rows(
    session: Session,
    store: Store,
    submission_id: int,
    wanted: WantedDraw,
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Draw rows of what was reported; returns the number of the spot check. Raises Refused."""
    seed = _seed(wanted)
    with writing(session):
        submission = _submission(session, submission_id)
        stored = store.tables.get(submission.table_identifier)
        if stored is None:
            raise Refused(NO_ROWS_KEPT)
        refuse(why_not_draw(by, stored, submission))
        keys = _keys(session, stored, submission)
        made = SpotCheck(
            submission_id=submission.id,
            content_hash=submission.content_hash or "",
            seed=seed,
            row_total=len(keys),
            drawn_at=now,
            drawn_by=by.number,
            drawn_by_name=by.name,
        )
        session.add(made)
        session.flush()
        positions = drawn(keys, seed, _count(wanted, len(keys)))
        session.add_all(
            SpotCheckRow(spot_check_id=made.id, number=number, position=position)
            for number, position in enumerate(positions, 1)
        )
        told = f"{len(positions)}/{len(keys)} seed {seed}"
        record(session, _deed("draw", made, submission, told), by=by, now=now)
        session.commit()
        return made.id


def _seed(wanted: WantedDraw) -> str:
    """The one that was asked for, else one by chance."""
    seed = wanted.seed.strip() or str(secrets.randbelow(LARGEST_SEED))
    if len(seed) > LONGEST_SEED:
        raise Refused(
            Message("The seed has at most %(count)s characters.", {"count": LONGEST_SEED}),
            Reason.INVALID,
        )
    return seed


def answer_rows(
    session: Session,
    check_id: int,
    answers: Mapping[int, Answer],
    *,
    version: int,
    by: Actor,
    now: datetime,
) -> int:
    """Keep what was found of rows by number; returns how many changed. Raises Refused."""
    with writing(session):
        # Locked and read anew: of two who save at the same moment the second one is told.
        check = session.get(SpotCheck, check_id, with_for_update=True, populate_existing=True)
        if check is None:
            raise Refused(Message("There is no such spot check."), Reason.NOT_FOUND)
        submission = _submission(session, check.submission_id)
        refuse(why_not_check(by, submission.department_code))
        if check.version != version:
            raise Refused(
                Message(
                    "Somebody has entered results meanwhile. What you entered stands below;"
                    " compare it with theirs and save again."
                ),
                Reason.CONFLICT,
            )
        changed = [
            row
            for row in session.scalars(
                select(SpotCheckRow)
                .where(SpotCheckRow.spot_check_id == check_id)
                .execution_options(populate_existing=True)
            )
            if row.number in answers and _take(row, answers[row.number], by, now)
        ]
        if changed:
            check.version += 1
            told = ", ".join(f"{row.number}={row.result or '-'}" for row in changed)
            record(session, _deed("check", check, submission, told), by=by, now=now)
        session.commit()
        return len(changed)


def _submission(session: Session, number: int) -> Submission:
    found = session.get(Submission, number)
    if found is None:
        raise Refused(Message("There is no such table."), Reason.NOT_FOUND)
    return found


def _keys(session: Session, stored: StoredTable, submission: Submission) -> list[str]:
    """The key of every reported row, as the platform makes keys everywhere."""
    kept = find_snapshot(session, submission.id, submission.content_hash)
    if kept is None:
        raise Refused(NO_ROWS_KEPT)
    codes = list(stored.key_codes)
    frame = read_snapshot(session, kept)
    rows = frame.select(codes).rows() if codes else [()] * frame.height
    return [key_of(row) for row in rows]


def _count(wanted: WantedDraw, total: int) -> int:
    if not total:
        raise Refused(Message("The table has no rows, so there is nothing to draw."))
    if wanted.count is not None:
        count, fits = wanted.count, 1 <= wanted.count <= total
    else:
        percent = wanted.percent or 0
        count, fits = count_of_share(total, percent), 1 <= percent <= WHOLE
    if not fits or count > MOST_DRAWN:
        raise Refused(
            Message(
                "The table has %(total)s rows. Draw 1 to %(most)s of them, or a share of 1 to 100"
                " per cent that comes to no more.",
                {"total": total, "most": min(total, MOST_DRAWN)},
            ),
            Reason.INVALID,
        )
    return count


def _take(row: SpotCheckRow, answer: Answer, by: Actor, now: datetime) -> bool:
    """Write the answer to the row; False where it says what stands there."""
    note = answer.note.strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(
            Message(
                "The note of row %(number)s is longer than %(count)s characters. Shorten it.",
                {"number": row.number, "count": LONGEST_NOTE},
            ),
            Reason.INVALID,
        )
    if answer.result not in {None, CheckResult.MATCHING} and not note:
        raise Refused(
            Message(
                "Row %(number)s does not match or has no evidence: write in its note what was"
                " found.",
                {"number": row.number},
            ),
            Reason.INVALID,
        )
    if (row.result, row.note or "") == (answer.result, note):
        return False
    row.result, row.note = answer.result, note or None
    row.checked_at, row.checked_by = now, by.number
    return True


def _deed(verb: str, check: SpotCheck, submission: Submission, told: str) -> Deed:
    return Deed(
        f"spot_check.{verb}",
        f"submission:{submission.id}",
        department=submission.department_code,
        after=f"{submission.table_identifier} #{check.id}",
        reason=told[:2000],
        content_hash=check.content_hash,
    )
