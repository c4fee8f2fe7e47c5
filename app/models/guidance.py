"""Which version of a chapter's notes somebody has acknowledged (第九条)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, literal, select, union_all
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.catalogue.catalogue import Catalogue
from app.catalogue.guidance import notes_of, place_of
from app.domain.question import QuestionStatus
from app.models.database import TABLE_OPTIONS, Base, Timestamp
from app.models.question import Question, defining_answers, official_answers


class GuidanceVersion(Base):
    """The notes of a chapter as they were; kept when somebody acknowledges them first."""

    __tablename__ = "sd_guidance_version"
    __table_args__ = (TABLE_OPTIONS,)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    chapter: Mapped[str] = mapped_column(String(8))
    notes: Mapped[dict[str, str]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(Timestamp())


class GuidanceAcknowledgement(Base):
    """The version that somebody acknowledged last; earlier ones stand in the audit log."""

    __tablename__ = "sd_guidance_acknowledgement"
    __table_args__ = (TABLE_OPTIONS,)

    person_number: Mapped[str] = mapped_column(String(32), primary_key=True)
    chapter: Mapped[str] = mapped_column(String(8), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("sd_guidance_version.digest"))
    acknowledged_at: Mapped[datetime] = mapped_column(Timestamp())


def present_notes(session: Session, catalogue: Catalogue, chapter: str) -> dict[str, str]:
    """The notes of the chapter as they are now, official answers among them."""
    return notes_of(catalogue, chapter, defining_answers(official_answers(session)))


def read_state(
    session: Session, number: str, chapter: str
) -> tuple[str | None, dict[str, list[str]]]:
    """The digest that the person acknowledged, and the answers that belong to notes, by place.

    One statement: it is asked whenever a table is opened.
    """
    own = select(literal(0), literal(""), literal(""), GuidanceAcknowledgement.digest).where(
        GuidanceAcknowledgement.person_number == number, GuidanceAcknowledgement.chapter == chapter
    )
    told = select(
        Question.id, Question.table_identifier, Question.field_code, Question.answer
    ).where(Question.status == QuestionStatus.ANSWERED, Question.defines)
    both: Any = union_all(own, told)
    rows: list[tuple[int, str, str, str]] = [tuple(row) for row in session.execute(both)]
    digest, answers = None, dict[str, list[str]]()
    for question_id, table, field, text in sorted(rows):
        if question_id:
            answers.setdefault(place_of(table, field), []).append(text)
        else:
            digest = text
    return digest, answers


def acknowledged(session: Session, number: str) -> dict[str, GuidanceAcknowledgement]:
    """Chapter → what the person acknowledged last."""
    query = select(GuidanceAcknowledgement).where(GuidanceAcknowledgement.person_number == number)
    return {each.chapter: each for each in session.scalars(query)}
