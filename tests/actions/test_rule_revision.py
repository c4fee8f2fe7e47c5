"""The college's own rules: drafts, publishing, switching off and on, and what processes ask."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session

from app.actions.rule_revision import (
    NEW,
    discard_draft,
    publish_rule,
    record_trial,
    restore_rule,
    retire_rule,
    save_draft,
)
from app.catalogue.quality_rule import QualityRule, RuleCase
from app.domain.finding import Dimension, Severity
from app.domain.message import Reason, Refused
from app.domain.rule import RevisionState
from app.models.rule_revision import RuleRevision, follow_rules, rule_version
from app.reports.rule import list_rules, read_rule_page
from app.rules.rule_book import rule_book
from tests.college import NOW, College, on_all_databases
from tests.people import People

Save = Callable[[College, People, QualityRule, str], str]
DELIVERED = "QR.COURSE_TEXTBOOK.*.11"
RULE = QualityRule(
    identifier=NEW,
    table="course_textbook",
    severity=Severity.WARNING,
    dimension=Dimension.ACCURACY,
    message="教材版本不应早于2000年。",
    condition="edition_year >= 2000",
    fields=("edition_year",),
    passing=(RuleCase(({"edition_year": "2010"},)),),
    failing=(RuleCase(({"edition_year": "1990"},)),),
)


def publish(college: College, people: People, rule: QualityRule = RULE, seen: str = "") -> str:
    return publish_rule(
        college.session, college.store.catalogue, rule, seen, "试用", by=people.zhou_min, now=NOW
    )


def keep(college: College, people: People, rule: QualityRule = RULE, seen: str = "") -> str:
    return save_draft(
        college.session, college.store.catalogue, rule, seen, by=people.zhou_min, now=NOW
    )


def asked(college: College) -> set[str]:
    """The ids of the rules that a process asks after its next request."""
    catalogue = college.store.catalogue
    follow_rules(college.session, catalogue, rule_version(college.session))
    book = rule_book(catalogue)
    return {each.rule.identifier for table in book.in_force for each in book.of(table).compiled}


def mark_of(college: College) -> str:
    """What a writer has seen who opens the last rule now."""
    college.session.expire_all()
    return college.all(RuleRevision)[-1].mark


def states(college: College) -> list[tuple[int, RevisionState]]:
    college.session.expire_all()
    return [(each.revision, each.state) for each in college.all(RuleRevision)]


@on_all_databases
def test_a_published_rule_is_asked_and_leaves_a_trace(college: College, people: People) -> None:
    identifier = publish(college, people)

    assert identifier == "QR.COURSE_TEXTBOOK.*.51"
    assert identifier in asked(college)
    (entry,) = college.entries(f"rule:{identifier}")
    assert (entry.tag, entry.reason) == ("rule.publish", "试用")


def test_identifiers_are_never_given_again(college: College, people: People) -> None:
    first = publish(college, people)
    retire_rule(
        college.session, college.store.catalogue, first, "不用了", by=people.zhou_min, now=NOW
    )

    assert publish(college, people) == "QR.COURSE_TEXTBOOK.*.52"


@on_all_databases
def test_a_draft_is_asked_of_nobody_until_it_is_published(college: College, people: People) -> None:
    session, catalogue = college.session, college.store.catalogue
    unfit = replace(RULE, condition="没写完 >", passing=(), failing=())
    name = save_draft(session, catalogue, unfit, "", by=people.zhou_min, now=NOW)
    assert name not in asked(college)

    publish(college, people, replace(RULE, identifier=name), mark_of(college))

    assert name in asked(college)
    assert states(college) == [(1, RevisionState.PUBLISHED)]


def test_a_revision_of_a_delivered_rule_takes_its_place(college: College, people: People) -> None:
    publish(college, people, replace(RULE, identifier=DELIVERED))

    catalogue = college.store.catalogue
    assert DELIVERED in asked(college)
    (rule,) = [
        each.rule
        for each in rule_book(catalogue).of("course_textbook").compiled
        if each.rule.identifier == DELIVERED
    ]
    assert rule.condition == RULE.condition


@on_all_databases
def test_a_delivered_rule_is_switched_off_and_on_again(college: College, people: People) -> None:
    session, catalogue = college.session, college.store.catalogue
    assert DELIVERED in asked(college)

    retire_rule(session, catalogue, DELIVERED, "暂不适用", by=people.zhou_min, now=NOW)
    assert DELIVERED not in asked(college)
    restore_rule(session, catalogue, DELIVERED, "恢复", by=people.zhou_min, now=NOW)

    assert DELIVERED in asked(college)
    tags = [entry.tag for entry in college.entries(f"rule:{DELIVERED}")]
    assert tags == ["rule.retire", "rule.publish"]


def test_switching_off_leaves_the_draft_as_it_is(college: College, people: People) -> None:
    session, catalogue = college.session, college.store.catalogue
    name = publish(college, people)
    changed = replace(RULE, identifier=name, condition="edition_year >= 2001")
    save_draft(session, catalogue, changed, mark_of(college), by=people.zhou_min, now=NOW)

    retire_rule(session, catalogue, name, "不用了", by=people.zhou_min, now=NOW)

    page = read_rule_page(session, catalogue, people.zhou_min, name)
    assert page.line.state is RevisionState.RETIRED
    assert page.written == replace(changed, once_by=())
    discard_draft(session, catalogue, name, by=people.zhou_min, now=NOW)
    assert states(college) == [(1, RevisionState.PUBLISHED), (2, RevisionState.RETIRED)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"condition": "edition_year >= 1900"},
        {"condition": "no_such_field > 0"},
        {"passing": ()},
        {"failing": (RuleCase(({"no_such_field": "1"},)),)},
        {"failing": (RuleCase(({"edition_year": "abc"},)),)},
    ],
)
def test_what_is_unsound_is_not_published(
    college: College, people: People, wrong: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refused:
        publish(college, people, replace(RULE, **wrong))

    assert refused.value.reason is Reason.INVALID
    assert refused.value.details
    assert college.all(RuleRevision) == []


def test_two_writers_never_overwrite_each_other(college: College, people: People) -> None:
    name = publish(college, people)
    rule, seen = replace(RULE, identifier=name), mark_of(college)
    publish(college, people, replace(rule, message="第二版。"), seen)

    with pytest.raises(Refused) as refused:
        publish(college, people, replace(rule, message="另一份第二版。"), seen)

    assert refused.value.reason is Reason.CONFLICT


@on_all_databases
@pytest.mark.parametrize("first", [publish, keep])
@pytest.mark.parametrize("second", [publish, keep])
def test_of_two_who_write_the_same_draft_the_second_is_told(
    college: College, people: People, first: Save, second: Save
) -> None:
    name = keep(college, people)
    rule, seen = replace(RULE, identifier=name), mark_of(college)
    first(college, people, replace(rule, message="第一人。"), seen)

    with pytest.raises(Refused) as refused:
        second(college, people, replace(rule, message="第二人。"), seen)

    assert refused.value.reason is Reason.CONFLICT
    assert [each.content["message"] for each in college.all(RuleRevision)] == ["第一人。"]


@pytest.mark.parametrize("identifier", ["QR.COURSE_TEXTBOOK.*.77", "QR.X.*.51", "x"])
def test_nobody_chooses_an_identifier(college: College, people: People, identifier: str) -> None:
    with pytest.raises(Refused) as refused:
        publish(college, people, replace(RULE, identifier=identifier))

    assert refused.value.reason is Reason.NOT_FOUND


def test_only_the_quality_office_publishes_and_says_why(college: College, people: People) -> None:
    catalogue = college.store.catalogue
    with pytest.raises(Refused) as refused:
        publish_rule(college.session, catalogue, RULE, "", "试用", by=people.li_jing, now=NOW)
    assert refused.value.reason is Reason.FORBIDDEN

    with pytest.raises(Refused) as refused:
        publish_rule(college.session, catalogue, RULE, "", " ", by=people.zhou_min, now=NOW)
    assert refused.value.reason is Reason.INVALID


def test_a_published_rule_that_no_longer_fits_is_told_and_stops_nothing(
    college: College, people: People
) -> None:
    session, name = college.session, publish(college, people)
    unreadable = publish(college, people)
    for revision in session.scalars(select(RuleRevision)):
        word = {"condition": "gone > 0"} if revision.identifier == name else {"severity": "gone"}
        revision.content = {**revision.content, **word}
    session.commit()
    follow_rules(session, college.store.catalogue, "another")

    assert asked(college) >= {DELIVERED}
    lines = {
        line.identifier: line
        for line in list_rules(session, college.store.catalogue, people.zhou_min)
    }
    assert lines[name].fault is not None
    assert lines[unreadable].fault is not None
    assert lines[DELIVERED].fault is None


@pytest.mark.parametrize("founded", ["mariadb"], indirect=True)
def test_of_two_who_write_the_first_rule_at_once_both_are_kept(
    college: College, people: People
) -> None:
    others: list[Session] = []

    def write_first(_connection: Connection, _cursor: object, sql: str, *_rest: object) -> None:
        """Somebody else writes the first rule of all just before this one is."""
        if "INSERT INTO sd_setting" in sql and not others:
            others.append(college.open_session())
            with others[0] as other:
                save_draft(other, college.store.catalogue, RULE, "", by=people.zhou_min, now=NOW)

    event.listen(college.founded.engine, "before_cursor_execute", write_first)
    try:
        identifier = publish(college, people)
    finally:
        event.remove(college.founded.engine, "before_cursor_execute", write_first)

    kept = [each.identifier for each in college.all(RuleRevision)]
    assert kept == ["QR.COURSE_TEXTBOOK.*.51", identifier]


def test_that_a_rule_about_masked_values_was_tried_stands_in_the_log(
    college: College, people: People
) -> None:
    record_trial(college.session, RULE, by=people.zhou_min, now=NOW)

    [entry] = college.entries("rule:course_textbook")
    assert (entry.tag, entry.person_number, entry.reason) == (
        "rule.try",
        people.zhou_min.number,
        RULE.condition,
    )


def test_a_rule_of_the_longest_name_has_room() -> None:
    longest = "QR." + "T" * 48 + "." + "F" * 64 + ".99"

    assert RuleRevision.__table__.c.identifier.type.length >= len(longest)
