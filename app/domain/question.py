"""Questions about tables and fields, and the official answers (第十八条, V24)."""

from dataclasses import dataclass
from enum import StrEnum


class QuestionStatus(StrEnum):
    """Where a question stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    RETIRED = "retired"


class QuestionVerb(StrEnum):
    """What can be done with a question."""

    ANSWER = "answer"
    WITHDRAW = "withdraw"
    RETIRE = "retire"


class QuestionHolder(StrEnum):
    """Who may take a step with a question."""

    QA_OFFICE = "qa_office"
    ASKER = "asker"


@dataclass(frozen=True)
class QuestionStep:
    """One permitted change of a question's status."""

    source: QuestionStatus
    verb: QuestionVerb
    target: QuestionStatus
    holder: QuestionHolder
    article: int = 18


QUESTION_STEPS: tuple[QuestionStep, ...] = (
    QuestionStep(
        QuestionStatus.ASKED,
        QuestionVerb.ANSWER,
        QuestionStatus.ANSWERED,
        QuestionHolder.QA_OFFICE,
    ),
    QuestionStep(
        QuestionStatus.ASKED,
        QuestionVerb.WITHDRAW,
        QuestionStatus.WITHDRAWN,
        QuestionHolder.ASKER,
    ),
    # An answer may be given anew; what it said before stays in the log.
    QuestionStep(
        QuestionStatus.ANSWERED,
        QuestionVerb.ANSWER,
        QuestionStatus.ANSWERED,
        QuestionHolder.QA_OFFICE,
    ),
    QuestionStep(
        QuestionStatus.ANSWERED,
        QuestionVerb.RETIRE,
        QuestionStatus.RETIRED,
        QuestionHolder.QA_OFFICE,
    ),
)


def question_step(source: QuestionStatus, verb: QuestionVerb) -> QuestionStep | None:
    """The step that ``verb`` takes from ``source``; None when there is none."""
    for step in QUESTION_STEPS:
        if step.source is source and step.verb is verb:
            return step
    return None
