"""Whoever is concerned by a deed is told of it, in its transaction, once."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.actions.notice import News, mark_read, tell
from app.actions.question import QuestionStepRequest, ask, take_question_step
from app.actions.rule_revision import publish_rule
from app.domain.cooperation import CooperationStatus, CooperationVerb
from app.domain.message import Message
from app.domain.notice import NoticeKind
from app.domain.question import QuestionVerb
from app.domain.request import RequestKind, RequestVerb
from app.domain.return_item import WantedItem
from app.domain.submission import Status, Verb
from app.domain.teacher_record import RecordVerb
from app.models.notice import Notice
from app.models.submission import Submission
from app.reports.notice import list_notices
from tests.college import NOW, College
from tests.cooperation import act, cooperation_at
from tests.people import People
from tests.records import BASIS, introduced, written
from tests.records import act as record_step
from tests.requests import ask_for, decide_on
from tests.submissions import ANSWERS, submission_at

NEWS = News(NoticeKind.STEP, "a key", Message("%(table)s of %(department)s is accepted."), "/")


def told(college: College, *people: Actor) -> Mapping[str, list[str]]:
    """Name → the English texts of the notices of each."""
    numbers = {person.number: person.name for person in people}
    found: dict[str, list[str]] = {person.name: [] for person in people}
    for notice in college.all(Notice):
        if notice.recipient_number in numbers:
            found[numbers[notice.recipient_number]].append(notice.msgid % notice.facts)
    return found


@pytest.fixture(autouse=True)
def _nothing_told(college: College) -> None:
    """The year was opened when the college was founded."""
    forget(college)


def forget(college: College) -> None:
    """Leave no notice of what came before."""
    college.session.execute(delete(Notice))
    college.session.commit()


def test_a_published_rule_is_told_by_its_table_and_words(college: College, people: People) -> None:
    rules = {rule.identifier: rule for rule in college.store.catalogue.rules}
    rule = replace(rules["QR.COURSE_TEXTBOOK.*.11"], message="教材版本过旧。")
    publish_rule(
        college.session, college.store.catalogue, rule, "", "试用", by=people.zhou_min, now=NOW
    )

    [text] = told(college, people.li_jing)["李静"]
    assert "course_textbook" in text
    assert "教材版本过旧。" in text


@pytest.mark.parametrize(
    ("status", "verb", "who", "others"),
    [
        (Status.ENTERING, Verb.FINISH, (), ("wang_qiang", "zhou_min", "chen_gang")),
        (Status.UNDER_REVIEW, Verb.REVIEW, ("wang_qiang",), ("li_jing", "zhou_min")),
        (Status.AWAITING_CONFIRMATION, Verb.CONFIRM, ("zhou_min", "sun_li"), ("li_jing",)),
        (Status.SUBMITTED, Verb.RECEIVE, (), ("li_jing", "wang_qiang", "sun_li")),
        (Status.UNDER_QA_REVIEW, Verb.ACCEPT, ("li_jing", "wang_qiang"), ("zhou_min", "zhao_yong")),
        (Status.UNDER_QA_REVIEW, Verb.SEND_BACK, ("li_jing", "wang_qiang"), ("zhou_min",)),
        (Status.ACCEPTED, Verb.REOPEN, ("li_jing", "wang_qiang"), ("chen_gang",)),
        (Status.ENTERING, Verb.EXEMPT, ("li_jing", "wang_qiang"), ("zhou_min",)),
    ],
)
def test_a_step_is_told_to_whom_it_concerns(
    college: College, people: People, status: Status, verb: Verb, who: tuple, others: tuple
) -> None:
    submission = submission_at(college, status)
    forget(college)
    takers = {Verb.FINISH: people.li_jing, Verb.REVIEW: people.li_jing}
    by = takers.get(verb, people.wang_qiang if verb is Verb.CONFIRM else people.zhou_min)

    college.step(submission, verb, by=by, **ANSWERS)

    found = told(college, *(getattr(people, name) for name in (*who, *others)))
    steps = {name: [text for text in texts if "course" in text] for name, texts in found.items()}
    counted = {name: len(texts) for name, texts in steps.items()}
    assert counted == {getattr(people, n).name: int(n in who) for n in (*who, *others)}


def unread(college: College, of: Actor) -> int:
    """How many notices the person has not read."""
    own = [n for n in college.all(Notice) if n.recipient_number == of.number]
    return sum(notice.read_at is None for notice in own)


def test_what_is_told_is_no_news_once_the_thing_is_moved_on(
    college: College, people: People
) -> None:
    submission = submission_at(college, Status.AWAITING_CONFIRMATION)
    assert unread(college, people.wang_qiang) == 1

    college.step(submission, Verb.CONFIRM, by=people.wang_qiang, **ANSWERS)

    assert unread(college, people.wang_qiang) == 0


@pytest.mark.parametrize(
    "tag", ["spot_check.draw", "submission.finish_refused", "submission.bind_materials"]
)
def test_what_leaves_the_thing_where_it_was_makes_no_news_old(
    college: College, people: People, tag: str
) -> None:
    submission = submission_at(college, Status.AWAITING_CONFIRMATION)
    after = "course #1" if tag.startswith("spot_check") else None
    deed = Deed(tag, f"submission:{submission.id}", "A03", after=after)

    record(college.session, deed, by=people.zhou_min, now=NOW)
    college.session.commit()

    assert unread(college, people.wang_qiang) == 1


def test_an_exempt_table_that_holds_rows_is_told_with_how_many(
    college: College, people: People
) -> None:
    submission = submission_at(college, Status.ENTERING, rows=3)
    forget(college)

    college.step(submission, Verb.EXEMPT, by=people.zhou_min, reason="本学年无此项")

    texts = told(college, people.li_jing, people.wang_qiang)
    assert any("3 rows" in text for text in texts["李静"])
    assert not any("rows" in text for text in texts["王强"])


def test_whoever_filled_in_a_row_that_came_back_is_told(college: College, people: People) -> None:
    [row] = college.add("full_time_teacher", 1, by=people.liu_yang, staff_no="10021")
    of_table = Submission.table_identifier == "full_time_teacher"
    college.session.execute(update(Submission).where(of_table).values(status=Status.UNDER_REVIEW))
    college.session.commit()
    submission = college.submission("full_time_teacher", "C01")
    items = (WantedItem("署名不对", row),)

    college.step(submission, Verb.SEND_BACK, by=people.chen_gang, items=items)

    [notice] = [n for n in college.all(Notice) if n.recipient_number == people.liu_yang.number]
    assert notice.kind is NoticeKind.RETURN
    assert notice.path.startswith("/data/full_time_teacher/?period=")


def test_requests_reach_the_deciders_and_their_decision_the_asker(
    college: College, people: People
) -> None:
    submission_at(college, Status.ENTERING)
    request = ask_for(college, RequestKind.EXTENSION, by=people.li_jing)
    waiting = told(college, people.zhou_min, people.sun_li, people.leader)
    forget(college)

    decide_on(college, request, RequestVerb.ANSWER, by=people.zhou_min)

    assert [len(texts) for texts in waiting.values()] == [1, 1, 0]
    found = told(college, people.li_jing, people.wang_qiang, people.sun_li)
    assert "granted" in found["李静"][0]
    assert "now due" in found["王强"][0]
    assert found["孙丽"] == []


def test_whoever_asked_for_an_exemption_is_told_once(college: College, people: People) -> None:
    submission_at(college, Status.ENTERING)
    request = ask_for(college, RequestKind.EXEMPTION, by=people.li_jing)
    forget(college)

    decide_on(college, request, RequestVerb.ANSWER, by=people.zhou_min)

    found = told(college, people.li_jing, people.wang_qiang)
    assert [len(texts) for texts in found.values()] == [1, 1]
    assert "not applicable" in found["李静"][0]


def test_an_answer_that_changes_a_note_reaches_every_steward_of_the_table(
    college: College, people: People
) -> None:
    by, office = people.chen_gang, people.zhou_min
    place = (college.session, college.store.catalogue, "full_time_teacher", "")
    number = ask(*place, "口径?", by=by, now=NOW).id
    request = QuestionStepRequest(QuestionVerb.ANSWER, 1, "按学年", defines=True)

    take_question_step(college.session, number, request, by=office, now=NOW)

    found = told(college, people.chen_gang, people.luo_lin, people.sun_li)
    assert ["answered" in text for text in found["陈刚"]] == [True]
    assert ["changes the note" in text for text in found["罗琳"]] == [True]
    assert ["official answer" in text for text in found["孙丽"]] == [True]


def test_what_is_taken_back_tells_nobody(college: College, people: People) -> None:
    submission = submission_at(college, Status.AWAITING_CONFIRMATION)
    forget(college)

    with college.refusing("sd_notice"), pytest.raises(Exception, match=r".*"):
        college.step(submission, Verb.CONFIRM, by=people.wang_qiang, **ANSWERS)

    assert college.submission("course").status is Status.AWAITING_CONFIRMATION
    assert college.all(Notice) == []


def test_nobody_is_told_the_same_twice(college: College, people: People) -> None:
    first = tell(college.session, NEWS, ["03002", "03001"], now=NOW)
    again = tell(college.session, NEWS, ["03002", "04002"], now=NOW)

    assert (sorted(first), sorted(again)) == (["03001", "03002"], ["04002"])


def test_only_ones_own_notices_are_read(college: College, people: People) -> None:
    facts = {"table": "course", "department": "A03"}
    news = News(NEWS.kind, NEWS.key, Message(NEWS.text.msgid, facts), "/")
    made = tell(college.session, news, ["03002", "03001"], now=NOW)
    college.session.commit()
    numbers = [notice.id for notice in made.values()]

    count = mark_read(college.session, numbers, by=people.li_jing, now=NOW)

    assert count == 1
    own = list_notices(college.session, college.store, people.li_jing)
    assert (own.count, own.unread) == (1, 0)
    assert "教务处" in own.lines[0].text.english()
    assert list_notices(college.session, college.store, people.wang_qiang).unread == 1
    assert mark_read(college.session, None, by=people.li_jing, now=NOW) == 0


def test_the_department_asked_and_the_one_that_asked_are_told(
    college: College, people: People
) -> None:
    request = cooperation_at(college, CooperationStatus.SENT)
    assert [text[:24] for text in told(college, people.chen_gang)["陈刚"]] == [
        "Your department is asked"
    ]
    forget(college)

    act(college, request, CooperationVerb.REFUSE, by="chen_gang")

    found = told(college, people.li_jing, people.chen_gang)
    assert (len(found["李静"]), found["陈刚"]) == (1, [])


def test_a_teacher_is_told_of_what_came_back_and_of_what_was_entered_for_him(
    college: College, people: People
) -> None:
    introduced(college)
    assert written(college, by=people.chen_gang).written
    record_step(college, RecordVerb.ADOPT, by=people.chen_gang, basis=BASIS)
    [text] = told(college, people.liu_yang)[people.liu_yang.name]
    assert "on your behalf" in text
    forget(college)

    record_step(college, RecordVerb.SEND_BACK, by=people.chen_gang, reason="日期有误")

    [text] = told(college, people.liu_yang)[people.liu_yang.name]
    assert "sent back to you" in text
