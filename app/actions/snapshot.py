"""Keeping what was reported, once per content (decision 8)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.models.snapshot import Snapshot, SnapshotChunk, pack
from app.models.stored_check import StoredCheck
from app.models.submission import Submission


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
