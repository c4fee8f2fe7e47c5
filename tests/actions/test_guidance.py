"""Notes are acknowledged once per chapter and version; finishing needs it (第九条)."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import delete

from app.access.person import Actor
from app.actions.guidance import acknowledge
from app.actions.question import QuestionStepRequest, ask, take_question_step
from app.catalogue.guidance import digest_of
from app.domain.message import Reason, Refused
from app.domain.question import QuestionVerb
from app.domain.submission import Status, Verb
from app.models.guidance import GuidanceAcknowledgement, present_notes
from app.reports.guidance import read_notes, unread_digest
from app.reports.submission import read_submission
from tests.actions.test_submission_races import at_once
from tests.college import NOW, College
from tests.people import People
from tests.submissions import submission_at

TABLE = "course"


def answer(college: College, people: People, *, defines: bool) -> None:
    """The quality office answers a question of 李静 about hours of courses."""
    catalogue = college.store.catalogue
    asked = ask(college.session, catalogue, TABLE, "", "口径?", by=people.li_jing, now=NOW)
    request = QuestionStepRequest(QuestionVerb.ANSWER, 1, "按学年", defines=defines)
    take_question_step(college.session, asked.id, request, by=people.zhou_min, now=NOW)


def forget(college: College) -> None:
    college.session.execute(delete(GuidanceAcknowledgement))
    college.session.commit()


def test_who_has_read_nothing_keeps_rows_but_does_not_finish(
    college: College, people: People
) -> None:
    forget(college)
    college.add(TABLE, 1, by=people.li_jing)
    submission = college.submission(TABLE)

    with pytest.raises(Refused) as refusal:
        college.step(submission, Verb.FINISH, by=people.li_jing)

    assert refusal.value.reason is Reason.INVALID
    assert "Read the notes" in refusal.value.message.english()
    page = read_submission(college.session, college.store, people.li_jing, submission.id, now=NOW)
    [finish] = [move for move in page.moves if move.verb is Verb.FINISH]
    assert finish.refusal == refusal.value.message


def test_an_answer_that_defines_something_is_read_again_and_only_that(
    college: College, people: People
) -> None:
    catalogue, chapter = college.store.catalogue, college.store.catalogue.tables[TABLE].chapter
    answer(college, people, defines=True)

    found = read_notes(college.session, catalogue, people.li_jing, chapter)
    assert not found.line.is_read
    assert [change.place for change in found.changes or ()] == [TABLE]
    by = {"by": people.li_jing, "now": NOW}
    assert acknowledge(college.session, catalogue, chapter, found.digest, **by)
    assert not acknowledge(college.session, catalogue, chapter, found.digest, **by)
    assert read_notes(college.session, catalogue, people.li_jing, chapter).changes == []


def test_an_answer_that_explains_only_asks_nobody_to_read(college: College, people: People) -> None:
    spec = college.store.catalogue.tables[TABLE]
    answer(college, people, defines=False)

    assert unread_digest(college.session, college.store.catalogue, people.li_jing, spec) is None


def test_a_changed_catalogue_is_read_again(college: College, people: People) -> None:
    catalogue = college.store.catalogue
    spec = replace(catalogue.tables[TABLE], guidance="新的内涵")
    changed = replace(catalogue, tables={**catalogue.tables, TABLE: spec})

    assert unread_digest(college.session, changed, people.li_jing, spec) is not None


def test_notes_that_changed_meanwhile_are_not_acknowledged(
    college: College, people: People
) -> None:
    catalogue, chapter = college.store.catalogue, college.store.catalogue.tables[TABLE].chapter
    seen = digest_of(present_notes(college.session, catalogue, chapter))
    answer(college, people, defines=True)

    with pytest.raises(Refused) as refusal:
        acknowledge(college.session, catalogue, chapter, seen, by=people.li_jing, now=NOW)

    assert refusal.value.reason is Reason.CONFLICT


def test_notes_acknowledged_at_once_are_kept_once(college: College, people: People) -> None:
    """By two people, and by one who clicks twice, of a version that nobody had read before."""
    forget(college)
    answer(college, people, defines=True)
    catalogue, chapter = college.store.catalogue, college.store.catalogue.tables[TABLE].chapter
    seen = digest_of(present_notes(college.session, catalogue, chapter))
    college.session.rollback()
    told = []

    def click(by: Actor) -> None:
        with college.open_session() as session:
            told.append(acknowledge(session, catalogue, chapter, seen, by=by, now=NOW))

    clicks = [partial(click, by) for by in (people.li_jing, people.li_jing, people.wang_qiang)]
    assert at_once(*clicks) == ["done"] * 3
    assert sorted(told) == [False, True, True]
    assert len(college.all(GuidanceAcknowledgement)) == 2


def test_whoever_has_read_the_notes_finishes(college: College, people: People) -> None:
    assert submission_at(college, Status.UNDER_REVIEW).status is Status.UNDER_REVIEW
