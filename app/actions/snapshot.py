"""Keeping what was reported, once per content (decision 8)."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.models.snapshot import Snapshot, SnapshotChunk, pack, read_snapshot, snapshot_before
from app.models.stored_check import StoredCheck
from app.models.submission import Submission
from app.rules.difference import Counts, compare_frames


def keep_snapshot(
    session: Session, submission: Submission, check: StoredCheck, *, by: Actor, now: datetime
) -> Snapshot:
    """Store the checked rows unless this very content is kept already."""
    existing = session.scalar(
        select(Snapshot).where(
            Snapshot.submission_id == submission.id,
            Snapshot.content_hash == check.content_hash,
        )
    )
    if existing is not None:
        return existing
    snapshot = Snapshot(
        submission_id=submission.id,
        content_hash=check.content_hash,
        row_count=len(check.rows),
        taken_at=now,
        taken_by=by.number,
    )
    session.add(snapshot)
    session.flush()
    for position, content in enumerate(pack(check.frame)):
        session.add(SnapshotChunk(snapshot_id=snapshot.id, position=position, content=content))
    return snapshot


def count_changes(
    session: Session, submission: Submission, check: StoredCheck
) -> dict[str, int] | None:
    """How much of the checked rows differs from what was reported before, None where nothing was.

    Kept with the submission, so that lists tell a typo from a rewrite without reading snapshots.
    """
    contents = (check.content_hash, submission.returned_hash)
    before = snapshot_before(session, submission.id, *contents)
    if before is None:
        return None
    if submission.returned_hash == check.content_hash:
        return asdict(Counts(0, 0, 0, 0))
    old = read_snapshot(session, before)
    return asdict(compare_frames(old, check.frame, check.stored.key_codes).counts)
