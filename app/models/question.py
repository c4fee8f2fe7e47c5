"""Questions about a table or a field, with the official answer (V24)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.catalogue.guidance import place_of
from app.domain.question import QuestionStatus
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored

LONGEST_QUESTION = 1000
LONGEST_ANSWER = 2000


class Question(Base):
    """A question; ``field_code`` is empty where it is about the whole table.

    An answer that ``defines`` something anew belongs to the note, which has to be read again.
    """

    __tablename__ = "sd_question"
    __table_args__ = (
        Index(None, "table_identifier", "status"),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered_pair"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    table_identifier: Mapped[str] = mapped_column(String(48))
    field_code: Mapped[str] = mapped_column(String(64), default="")
    text: Mapped[str] = mapped_column(String(LONGEST_QUESTION))
    status: Mapped[QuestionStatus] = mapped_column(stored(QuestionStatus))
    version: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime] = mapped_column(Timestamp())
    asked_by: Mapped[str] = mapped_column(String(32))
    asked_by_name: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str | None] = mapped_column(String(LONGEST_ANSWER), default=None)
    answered_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    answered_by_name: Mapped[str | None] = mapped_column(String(64), default=None)
    defines: Mapped[bool] = mapped_column(default=False)


def official_answers(session: Session) -> list[Question]:
    """Every question whose answer is in force, in the order they were asked."""
    query = select(Question).where(Question.status == QuestionStatus.ANSWERED)
    return list(session.scalars(query.order_by(Question.id)))


def defining_answers(questions: list[Question]) -> dict[str, list[str]]:
    """Place → the answers that belong to its note."""
    found: dict[str, list[str]] = {}
    for each in questions:
        if each.defines and each.answer:
            place = place_of(each.table_identifier, each.field_code)
            found.setdefault(place, []).append(each.answer)
    return found
