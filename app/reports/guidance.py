"""The notes of the chapters, what somebody has read of them, and what is new to him (第九条)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.guidance import concerns, why_not_acknowledge, why_not_read_notes
from app.access.person import Actor
from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.guidance import (
    NoteChange,
    changes_between,
    digest_of,
    notes_of,
    place_of,
    tables_of,
)
from app.domain.message import Message, Reason, Refused, refuse
from app.models.guidance import GuidanceVersion, acknowledged, read_state
from app.models.question import defining_answers, official_answers


@dataclass(frozen=True)
class ChapterLine:
    """A chapter: whether its notes concern the reader, and when he acknowledged them."""

    chapter: str
    title: str
    concerns: bool
    is_read: bool
    read_at: datetime | None


@dataclass(frozen=True)
class ChapterNotes:
    """The notes of a chapter; ``changes`` is None for who has acknowledged none of them yet."""

    line: ChapterLine
    digest: str
    tables: Sequence[TableSpec]
    notes: Mapping[str, str]
    changes: Sequence[NoteChange] | None
    refusal: Message | None
    names: Mapping[str, str]


def read_chapters(session: Session, catalogue: Catalogue, actor: Actor) -> list[ChapterLine]:
    """Every chapter in printed order, with how the reader stands to its notes."""
    refuse(why_not_read_notes(actor))
    answers = defining_answers(official_answers(session))
    kept = acknowledged(session, actor.number)
    lines = []
    for chapter, title in catalogue.chapters.items():
        own = kept.get(chapter)
        digest = digest_of(notes_of(catalogue, chapter, answers))
        is_own = any(concerns(actor, spec) for spec in tables_of(catalogue, chapter))
        is_read = own is not None and own.digest == digest
        read_at = own.acknowledged_at if own else None
        lines.append(ChapterLine(chapter, title, is_own, is_read, read_at))
    return lines


def read_notes(session: Session, catalogue: Catalogue, actor: Actor, chapter: str) -> ChapterNotes:
    """The notes of one chapter, and what has changed since the reader acknowledged them."""
    lines = {line.chapter: line for line in read_chapters(session, catalogue, actor)}
    if chapter not in lines:
        raise Refused(Message("There is no such chapter."), Reason.NOT_FOUND)
    notes = notes_of(catalogue, chapter, defining_answers(official_answers(session)))
    own = acknowledged(session, actor.number).get(chapter)
    changes = None
    if own is not None:
        version = session.get_one(GuidanceVersion, own.digest)
        changes = changes_between(version.notes, notes)
    tables = tables_of(catalogue, chapter)
    return ChapterNotes(
        line=lines[chapter],
        digest=digest_of(notes),
        tables=[spec for spec in tables if _has_notes(spec, notes)],
        notes=notes,
        changes=changes,
        refusal=why_not_acknowledge(actor),
        names=_names(tables),
    )


def unread_digest(
    session: Session, catalogue: Catalogue, actor: Actor, spec: TableSpec
) -> str | None:
    """What the reader has to acknowledge before he finishes the table; None where nothing is."""
    if not concerns(actor, spec):
        return None
    own, answers = read_state(session, actor.number, spec.chapter)
    notes = notes_of(catalogue, spec.chapter, answers)
    digest = digest_of(notes)
    return None if not notes or own == digest else digest


def _has_notes(spec: TableSpec, notes: Mapping[str, str]) -> bool:
    places = (place_of(spec.identifier, code) for code in ("", *spec.by_code))
    return any(place in notes for place in places)


def _names(tables: Sequence[TableSpec]) -> dict[str, str]:
    """Place → what people call it."""
    names = {}
    for spec in tables:
        names[place_of(spec.identifier)] = spec.title
        for field in spec.fields:
            names[place_of(spec.identifier, field.code)] = f"{spec.title} · {field.label}"
    return names
