"""Questions about tables with their official answers (V24)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.question import sees_question, why_not_question_step, why_not_read_regulation
from app.catalogue.catalogue import Catalogue
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.question import QuestionStatus, QuestionVerb
from app.models.question import Question, official_answers


@dataclass(frozen=True)
class QuestionLine:
    """A question, what it is about in words, and what the reader may do with it."""

    question: Question
    about: str
    permitted: Sequence[QuestionVerb]


def list_questions(
    session: Session, catalogue: Catalogue, actor: Actor
) -> dict[QuestionStatus, list[QuestionLine]]:
    """The questions that exist for the reader by status, those last asked first."""
    refuse(why_not_read_regulation(actor))
    query = select(Question).order_by(Question.id.desc())
    found: dict[QuestionStatus, list[QuestionLine]] = {}
    for each in session.scalars(query):
        if sees_question(actor, each):
            found.setdefault(each.status, []).append(_line(catalogue, actor, each))
    return found


def read_question(
    session: Session, catalogue: Catalogue, actor: Actor, number: int
) -> QuestionLine:
    """One question; Refused as not found where there is none for the reader."""
    refuse(why_not_read_regulation(actor))
    found = session.get(Question, number)
    if found is None or not sees_question(actor, found):
        raise Refused(Message("There is no such question."), Reason.NOT_FOUND)
    return _line(catalogue, actor, found)


def answers_of_table(session: Session, table: str) -> Mapping[str, Sequence[Question]]:
    """Code of the field, empty for the table itself → its official answers."""
    found: dict[str, list[Question]] = {}
    for each in official_answers(session):
        if each.table_identifier == table:
            found.setdefault(each.field_code, []).append(each)
    return found


def _line(catalogue: Catalogue, actor: Actor, question: Question) -> QuestionLine:
    spec = catalogue.reported.get(question.table_identifier)
    about = spec.title if spec else question.table_identifier
    field = spec.by_code.get(question.field_code) if spec else None
    if field is not None:
        about = f"{about} · {field.label}"
    permitted = [v for v in QuestionVerb if why_not_question_step(actor, question, v) is None]
    return QuestionLine(question, about, permitted)
