"""Questions about tables and the official answers (第十八条, V24)."""

import pytest

from app.actions.question import QuestionStepRequest, ask, take_question_step
from app.domain.message import Reason, Refused
from app.domain.question import QuestionStatus, QuestionVerb
from app.models.question import Question
from app.reports.question import answers_of_table, list_questions
from tests.college import NOW, College
from tests.people import People


def asked(college: College, people: People, field: str = "") -> Question:
    catalogue = college.store.catalogue
    by = people.li_jing
    return ask(college.session, catalogue, "course", field, "口径?", by=by, now=NOW)


def take(college: College, number: int, verb: str, by, version: int = 1, answer: str = "按学年"):
    request = QuestionStepRequest(QuestionVerb(verb), version, answer)
    return take_question_step(college.session, number, request, by=by, now=NOW)


def test_an_official_answer_stands_beside_its_field(college: College, people: People) -> None:
    field = college.store.catalogue.tables["course"].fields[1].code
    number = asked(college, people, field).id

    take(college, number, "answer", people.zhou_min)

    [answer] = answers_of_table(college.session, "course")[field]
    assert (answer.answer, answer.answered_by_name) == ("按学年", "周敏")
    assert [entry.tag for entry in college.entries(f"question:{number}")] == [
        "question.ask",
        "question.answer",
    ]


def test_before_it_is_answered_others_do_not_see_it(college: College, people: People) -> None:
    asked(college, people)
    catalogue = college.store.catalogue

    assert list_questions(college.session, catalogue, people.chen_gang) == {}
    for person in (people.li_jing, people.zhou_min):
        assert list(list_questions(college.session, catalogue, person)) == [QuestionStatus.ASKED]


@pytest.mark.parametrize(
    ("who", "verb", "reason"),
    [
        ("li_jing", "answer", Reason.FORBIDDEN),
        ("zhou_min", "withdraw", Reason.FORBIDDEN),
        ("chen_gang", "answer", Reason.NOT_FOUND),
    ],
)
def test_nobody_answers_but_the_quality_office(
    college: College, people: People, who: str, verb: str, reason: Reason
) -> None:
    number = asked(college, people).id

    with pytest.raises(Refused) as refusal:
        take(college, number, verb, getattr(people, who))

    assert refusal.value.reason is reason


def test_an_answer_is_not_empty_and_not_given_twice_at_once(
    college: College, people: People
) -> None:
    number = asked(college, people).id
    with pytest.raises(Refused):
        take(college, number, "answer", people.zhou_min, answer=" ")
    college.session.rollback()
    take(college, number, "answer", people.zhou_min)

    with pytest.raises(Refused) as refusal:
        take(college, number, "answer", people.sun_li)

    assert refusal.value.reason is Reason.CONFLICT


def test_a_question_is_about_a_field_that_there_is(college: College, people: People) -> None:
    with pytest.raises(Refused):
        asked(college, people, "nosuch")
