"""Every combination of a question's status and verb (第十八条)."""

from itertools import product

import pytest

from app.domain.question import QUESTION_STEPS, QuestionStatus, QuestionVerb, question_step

ALLOWED = {
    ("asked", "answer"): ("answered", "qa_office"),
    ("asked", "withdraw"): ("withdrawn", "asker"),
    ("answered", "answer"): ("answered", "qa_office"),
    ("answered", "retire"): ("retired", "qa_office"),
}


@pytest.mark.parametrize(("status", "verb"), list(product(QuestionStatus, QuestionVerb)))
def test_a_question_moves_as_it_is_written(status: QuestionStatus, verb: QuestionVerb) -> None:
    step = question_step(status, verb)

    found = (step.target.value, step.holder.value) if step else None
    assert found == ALLOWED.get((status.value, verb.value))


def test_no_step_stands_twice() -> None:
    assert len(QUESTION_STEPS) == len({(step.source, step.verb) for step in QUESTION_STEPS})
