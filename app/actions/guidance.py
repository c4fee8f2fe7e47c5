"""Acknowledging the notes of a chapter (第九条)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.guidance import why_not_acknowledge, why_unread
from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.guidance import digest_of, notes_of
from app.domain.message import Message, Reason, Refused, refuse
from app.models.database import writing
from app.models.guidance import (
    GuidanceAcknowledgement,
    GuidanceVersion,
    present_notes,
    read_state,
)


def acknowledge(
    session: Session,
    catalogue: Catalogue,
    chapter: str,
    seen: str,
    *,
    by: Actor,
    now: datetime,
) -> bool:
    """Keep that the actor has read the notes with the digest ``seen``; False where he had before.

    Raises Refused where they have changed since he saw them.
    """
    refuse(why_not_acknowledge(by))
    if chapter not in catalogue.chapters:
        raise Refused(Message("There is no such chapter."), Reason.NOT_FOUND)
    with writing(session):
        notes = present_notes(session, catalogue, chapter)
        digest = digest_of(notes)
        if seen != digest:
            raise Refused(
                Message("The notes have been changed meanwhile. Read what is new, then confirm."),
                Reason.CONFLICT,
            )
        _keep_notes(session, chapter, digest, notes, now=now)
        if not _keep_acknowledgement(session, chapter, digest, by=by, now=now):
            return False
        deed = Deed("guidance.acknowledge", f"chapter:{chapter}", content_hash=digest)
        record(session, deed, by=by, now=now)
        session.commit()
        return True


def _keep_notes(
    session: Session, chapter: str, digest: str, notes: Mapping[str, str], *, now: datetime
) -> None:
    if session.get(GuidanceVersion, digest) is not None:
        return
    made = GuidanceVersion(digest=digest, chapter=chapter, notes=dict(notes), made_at=now)
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        pass  # Somebody else has kept the same notes at this moment.


def _keep_acknowledgement(
    session: Session, chapter: str, digest: str, *, by: Actor, now: datetime
) -> bool:
    """False where the person has acknowledged the same notes before, or at this moment."""
    key = (by.number, chapter)
    if session.get(GuidanceAcknowledgement, key) is None:
        made = GuidanceAcknowledgement(person_number=by.number, chapter=chapter)
        made.digest, made.acknowledged_at = digest, now
        try:
            with session.begin_nested():
                session.add(made)
            return True
        except IntegrityError:
            pass  # He has clicked twice; the first click counts.
    kept = session.get_one(
        GuidanceAcknowledgement, key, with_for_update=True, populate_existing=True
    )
    if kept.digest == digest:
        return False
    kept.digest, kept.acknowledged_at = digest, now
    return True


def refuse_unread(session: Session, catalogue: Catalogue, spec: TableSpec, by: Actor) -> None:
    """Refuse finishing a table whose notes the actor has not acknowledged as they are."""
    seen, answers = read_state(session, by.number, spec.chapter)
    notes = notes_of(catalogue, spec.chapter, answers)
    is_read = not notes or seen == digest_of(notes)
    refuse(why_unread(spec.chapter, is_read=is_read), Reason.INVALID)
