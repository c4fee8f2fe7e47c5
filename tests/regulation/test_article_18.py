"""Article 18: in force from its adoption; the quality office interprets it."""

from datetime import date
from pathlib import Path

from app.access.question import why_not_question_step
from app.catalogue.regulation import load_regulations
from app.domain.person import Function
from app.domain.question import QuestionStatus, QuestionVerb
from app.models.question import Question
from tests.access.test_policies import actor
from tests.factories import SEED


def test_the_regulation_is_in_force_from_the_day_that_the_college_enters(tmp_path: Path) -> None:
    """「本办法自通过之日起执行」"""
    told = (SEED / "regulation.yaml").read_text("utf-8")
    (tmp_path / "regulation.txt").write_text((SEED / "regulation.txt").read_text("utf-8"), "utf-8")
    file = tmp_path / "regulation.yaml"
    file.write_text(told.rstrip() + " 2026-03-01\n", "utf-8")

    [regulation] = load_regulations(file)

    assert (regulation.version, regulation.in_force_from) == ("试行", date(2026, 3, 1))


def test_the_quality_office_interprets_the_regulation() -> None:
    """「由质量监督管理办公室负责解释」"""
    question = Question(status=QuestionStatus.ASKED, asked_by="03002")
    interpreting = [
        function
        for function in Function
        if why_not_question_step(actor(function), question, QuestionVerb.ANSWER) is None
    ]

    assert interpreting == [Function.QA_OFFICE]
