"""Who reads the regulation, asks questions about tables and answers them (第十八条, V24)."""

from app.access.person import Actor
from app.access.roles import REGULATION
from app.domain.labels import label
from app.domain.message import Message
from app.domain.person import Function
from app.domain.question import QuestionHolder, QuestionStatus, QuestionVerb, question_step
from app.models.question import Question


def why_not_read_regulation(actor: Actor) -> Message | None:
    """Why the actor may not see the regulation and the answers."""
    if actor.may("read", REGULATION):
        return None
    return Message("You have no right to view the regulation and the questions about tables.")


def why_not_ask(actor: Actor) -> Message | None:
    """Why the actor may not ask."""
    if actor.may("ask", REGULATION):
        return None
    return Message("Those who fill in tables or head a department ask; the quality office answers.")


def sees_question(actor: Actor, question: Question) -> bool:
    """Whether the question exists for the actor: answers for all, others for asker and office."""
    if why_not_read_regulation(actor) is not None:
        return False
    if question.status is QuestionStatus.ANSWERED or question.asked_by == actor.number:
        return True
    return actor.holds(Function.QA_OFFICE)


def why_not_question_step(actor: Actor, question: Question, verb: QuestionVerb) -> Message | None:
    """Why the actor may not do this with the question now."""
    holder = QuestionHolder.ASKER if verb is QuestionVerb.WITHDRAW else QuestionHolder.QA_OFFICE
    is_office = actor.may("answer", REGULATION) and actor.holds(Function.QA_OFFICE)
    if holder is QuestionHolder.QA_OFFICE and not is_office:
        return Message("Only the quality office answers questions about tables.")
    if holder is QuestionHolder.ASKER and question.asked_by != actor.number:
        return Message("Only who asked a question withdraws it.")
    if question_step(question.status, verb) is None:
        return Message(
            "The question is %(status)s; %(verb)s is not possible in this state.",
            {"status": label(question.status), "verb": label(verb)},
        )
    return None
