"""Asking about a table or a field, and answering officially (第十八条, V24)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.question import sees_question, why_not_ask, why_not_question_step
from app.actions.audit_log import Deed, record
from app.actions.training import needed
from app.catalogue.catalogue import Catalogue
from app.catalogue.guidance import place_of
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.question import QuestionStatus, QuestionVerb, question_step
from app.models.database import writing
from app.models.question import LONGEST_ANSWER, LONGEST_QUESTION, Question


@dataclass(frozen=True)
class QuestionStepRequest:
    """What is asked to be done with a question; an answer that ``defines`` changes the note."""

    verb: QuestionVerb
    version: int
    answer: str = ""
    defines: bool = False


def ask(
    session: Session,
    catalogue: Catalogue,
    table: str,
    field: str,
    text: str,
    *,
    by: Actor,
    now: datetime,
) -> Question:
    """Ask about a table, or one of its fields. Raises Refused."""
    refuse(why_not_ask(by))
    spec = catalogue.reported.get(table)
    if spec is None or (field and field not in spec.by_code):
        raise Refused(Message("Choose the table and the field you ask about."), Reason.INVALID)
    with writing(session):
        question = Question(
            table_identifier=table,
            field_code=field,
            text=needed(text, LONGEST_QUESTION, Message("Question")),
            status=QuestionStatus.ASKED,
            asked_at=now,
            asked_by=by.number,
            asked_by_name=by.name,
        )
        session.add(question)
        session.flush()
        told = place_of(table, field)
        record(session, Deed("question.ask", f"question:{question.id}", after=told), by=by, now=now)
        session.commit()
        return question


def take_question_step(
    session: Session, number: int, request: QuestionStepRequest, *, by: Actor, now: datetime
) -> Question:
    """Answer, withdraw or retire a question. Raises Refused."""
    with writing(session):
        found = session.get(Question, number, with_for_update=True, populate_existing=True)
        if found is None or not sees_question(by, found):
            raise Refused(Message("There is no such question."), Reason.NOT_FOUND)
        refuse(why_not_question_step(by, found, request.verb))
        if found.version != request.version:
            raise Refused(
                Message("Somebody has dealt with this question already. Reload the page."),
                Reason.CONFLICT,
            )
        step = question_step(found.status, request.verb)
        if step is None:  # pragma: no cover - the policy has refused it already
            raise Refused(Message("This step does not exist."))
        if request.verb is QuestionVerb.ANSWER:
            found.answer = needed(request.answer, LONGEST_ANSWER, Message("Official answer"))
            found.answered_at, found.answered_by_name = now, by.name
            found.defines = request.defines
        before, found.status = found.status, step.target
        found.version += 1
        said = found.answer if request.verb is QuestionVerb.ANSWER else None
        deed = Deed(
            f"question.{request.verb}", f"question:{found.id}", None, before, step.target, said
        )
        record(session, deed, by=by, now=now)
        session.commit()
        return found
