"""Keeping files of the platform's own records; who does so has been asked before."""

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.supporting_material import MaterialDraft
from app.models.attached_file import AttachedFile, AttachedFileChunk, FileOwner
from app.models.supporting_material import pieces


def attach(
    session: Session,
    owner: FileOwner,
    owner_id: int,
    draft: MaterialDraft,
    *,
    by: Actor,
    now: datetime,
) -> AttachedFile:
    """Add the file to the record; the caller records and commits it."""
    file = AttachedFile(
        owner=owner,
        owner_id=owner_id,
        name=draft.name,
        kind=draft.kind,
        size=len(draft.content),
        content_hash=hashlib.sha256(draft.content).hexdigest(),
        added_at=now,
        added_by=by.number,
        added_by_name=by.name,
    )
    session.add(file)
    session.flush()
    for position, content in enumerate(pieces(draft.content)):
        session.add(AttachedFileChunk(file_id=file.id, position=position, content=content))
    session.flush()
    return file
