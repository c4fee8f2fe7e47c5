"""The one table of who is told of what (第十一条, 第十二条)."""

import re

from app.domain.cooperation import CooperationVerb
from app.domain.cycle import CycleVerb
from app.domain.delivery import MOST_ATTEMPTS, pause_after
from app.domain.notice import NOTICE_RULES, rules_for
from app.domain.question import QuestionVerb
from app.domain.release import ReleaseVerb
from app.domain.request import RequestVerb
from app.domain.submission import Verb
from app.domain.teacher_record import RecordVerb

VERBS = {
    "cycle": set(CycleVerb),
    "submission": {*Verb, "assign"},
    "request": set(RequestVerb),
    "question": {*QuestionVerb, "ask"},
    "rule": {"publish"},
    "work_plan": {"publish", "assign"},
    "cooperation": set(CooperationVerb),
    "teacher_record": set(RecordVerb),
    "release": set(ReleaseVerb),
}


def test_every_rule_is_of_a_deed_that_there_is() -> None:
    tags = [rule.tag.split(".") for rule in NOTICE_RULES]

    assert all(verb in VERBS[thing] for thing, verb in tags)


def test_no_two_rules_tell_the_same_people_of_the_same_deed() -> None:
    told = [
        (rule.tag, rule.given, concerned) for rule in NOTICE_RULES for concerned in rule.concerned
    ]

    assert len(told) == len(set(told))


def test_texts_name_no_person_and_no_value() -> None:
    allowed = {"table", "department", "year", "due_at", "until", "rows", "request"}
    # The words of a rule are about no row.
    allowed.add("told")
    named = {name for rule in NOTICE_RULES for name in re.findall(r"%\((\w+)\)", rule.text.msgid)}

    assert named <= allowed


def test_a_rule_applies_only_where_its_fact_is_given() -> None:
    assert len(list(rules_for("submission.exempt", {}))) == 1
    assert len(list(rules_for("submission.exempt", {"rows": 0}))) == 1
    assert len(list(rules_for("submission.exempt", {"rows": 3}))) == 2
    assert list(rules_for("submission.enter", {})) == []


def test_what_fails_outside_is_tried_again_later_and_later_and_then_given_up() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, MOST_ATTEMPTS)]

    assert all(pauses)
    assert pauses == sorted(pauses, key=lambda pause: pause.total_seconds() if pause else 0)
    assert pause_after(MOST_ATTEMPTS) is None
