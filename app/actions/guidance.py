"""Acknowledging the notes of a chapter (第九条)."""

from datetime import datetime

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
        kept = session.get(GuidanceAcknowledgement, (by.number, chapter))
        if kept is not None and kept.digest == digest:
            return False
        if session.get(GuidanceVersion, digest) is None:
            made = GuidanceVersion(digest=digest, chapter=chapter, notes=notes, made_at=now)
            session.add(made)
            session.flush()
        if kept is None:
            kept = GuidanceAcknowledgement(person_number=by.number, chapter=chapter)
            session.add(kept)
        kept.digest, kept.acknowledged_at = digest, now
        deed = Deed("guidance.acknowledge", f"chapter:{chapter}", content_hash=digest)
        record(session, deed, by=by, now=now)
        session.commit()
        return True


def refuse_unread(session: Session, catalogue: Catalogue, spec: TableSpec, by: Actor) -> None:
    """Refuse finishing a table whose notes the actor has not acknowledged as they are."""
    seen, answers = read_state(session, by.number, spec.chapter)
    notes = notes_of(catalogue, spec.chapter, answers)
    is_read = not notes or seen == digest_of(notes)
    refuse(why_unread(spec.chapter, is_read=is_read), Reason.INVALID)
