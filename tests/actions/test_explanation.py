"""Explaining warnings, ruling on explanations, and what finishing and accepting ask of them."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.access.person import Actor
from app.actions.explanation import explain, rule_on
from app.actions.finding_register import check_table
from app.actions.row_change import UPDATE, Change
from app.domain.finding_state import FindingState
from app.domain.message import Reason, Refused
from app.domain.submission import Status, Verb
from app.models import place_size
from app.models.audit_log import ChangeSet
from app.models.finding import Explanation, RegisteredFinding, TableCheck
from app.models.judged_place import PlaceFinding
from app.rules.rule_book import use_rules
from tests.college import College, on_all_databases
from tests.judged import judged, place, uncovered_course
from tests.people import People
from tests.submissions import submission_from

TEXT = "使用活页式讲义，没有教材。"


def explained(college: College, found: PlaceFinding, by: Actor, **told: Any) -> int:
    marks = told.pop("marks", {found.mark: found.values_digest})
    where = told.pop("where", place(college))
    text = told.pop("text", TEXT)
    return explain(college.session, college.store, where, marks, text, by=by, now=college.now)


def ruled(
    college: College, found: PlaceFinding, by: Actor, *, adopts: bool, reason: str | None
) -> int:
    return rule_on(
        college.session,
        college.store,
        place(college),
        [found.mark],
        reason,
        adopts=adopts,
        by=by,
        now=college.now,
    )


def finish(college: College, by: Actor) -> None:
    college.step(college.submission("course"), Verb.FINISH, by=by, settles=False)


@on_all_databases
def test_an_open_warning_keeps_a_table_from_being_finished_until_it_is_explained(
    college: College, people: People
) -> None:
    found = uncovered_course(college)
    with pytest.raises(Refused) as refused:
        finish(college, people.li_jing)

    assert explained(college, found, people.li_jing) == 1
    finish(college, people.li_jing)

    assert [found.finding.message] == list(refused.value.details)
    assert college.submission("course").status is Status.UNDER_REVIEW


def test_an_explanation_is_recorded_and_its_finding_registered(
    college: College, people: People
) -> None:
    found = uncovered_course(college)

    explained(college, found, people.li_jing)

    [kept] = college.all(Explanation)
    [registered] = college.all(RegisteredFinding)
    assert (kept.text, kept.explained_by, kept.mark) == (TEXT, "03002", registered.mark)
    [entry] = [each for each in college.entries() if each.tag == "finding.explain"]
    assert (entry.reason, entry.after, entry.department_code) == (TEXT, "1", "A03")


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"message": "教材请按教材目录登记。"}, FindingState.EXPLAINED),
        ({"condition": "books  >  0 OR course_type = 'C'"}, FindingState.EXPLAINED),
        ({"condition": "books > 1 or course_type = 'C'"}, FindingState.OPEN),
        ({"condition": "books > 0"}, FindingState.OPEN),
        ({"where": "book_name is not null"}, FindingState.OPEN),
    ],
)
def test_what_was_explained_to_a_rule_is_asked_again_when_it_asks_something_else(
    college: College, people: People, changed: dict[str, str], state: FindingState
) -> None:
    found = uncovered_course(college)
    explained(college, found, people.li_jing)
    catalogue = college.store.catalogue
    rules = {each.identifier: each for each in catalogue.rules}
    rule = rules["QR.COURSE.*.11"]
    if "where" in changed:
        changed = {"terms": {"books": replace(rule.terms["books"], **changed)}}  # type: ignore[dict-item]
    rules[rule.identifier] = replace(rule, **changed)

    use_rules(catalogue, list(rules.values()), "changed")
    try:
        states = {each.mark: each.state for each in judged(college).found}
    finally:
        use_rules(catalogue, catalogue.rules, None)

    assert states[found.mark] is state


def test_in_which_order_a_database_gives_terms_back_changes_nothing(
    college: College, people: People
) -> None:
    """MySQL sorts the names of what it keeps as JSON, others do not."""
    explained(college, uncovered_course(college), people.li_jing)
    catalogue = college.store.catalogue
    rules = {each.identifier: each for each in catalogue.rules}
    rule = rules["QR.COURSE.*.11"]
    several = {"books": rule.terms["books"], "b": replace(rule.terms["books"], where="")}
    condition, digests = "books > 0 and b > 0 or course_type = 'C'", []
    for terms in (several, dict(sorted(several.items()))):
        rules[rule.identifier] = replace(rule, terms=terms, condition=condition)
        use_rules(catalogue, list(rules.values()), "changed")
        try:
            digests.append({each.values_digest for each in judged(college).found})
        finally:
            use_rules(catalogue, catalogue.rules, None)

    assert digests[0] == digests[1]
    assert digests[0]


def test_changed_values_have_to_be_explained_again(college: College, people: People) -> None:
    found = uncovered_course(college)
    explained(college, found, people.li_jing)
    assert judged(college).found[0].state is FindingState.EXPLAINED

    change = Change(UPDATE, {"course_type": "A"}, found.row_id, "1")
    assert college.change("course", change, by=people.li_jing).written

    assert judged(college).found[0].state is FindingState.OPEN


def test_one_more_offending_row_is_open_beside_what_is_explained(
    college: College, people: People
) -> None:
    explained(college, uncovered_course(college), people.li_jing)

    college.add("course", 2, by=people.li_jing, course_type="B")

    assert [each.state for each in judged(college).found] == ["explained", "open"]


def test_values_that_changed_since_they_were_seen_are_not_explained(
    college: College, people: People
) -> None:
    found = uncovered_course(college)

    with pytest.raises(Refused) as refused:
        explained(college, found, people.li_jing, marks={found.mark: "0" * 64})

    assert refused.value.reason is Reason.CONFLICT
    assert college.all(Explanation) == []


@pytest.mark.parametrize("who", ["wang_qiang", "zhou_min", "chen_gang", "ma_chao"])
def test_only_the_data_steward_of_the_department_explains(
    college: College, people: People, who: str
) -> None:
    found = uncovered_course(college)

    with pytest.raises(Refused) as refused:
        explained(college, found, getattr(people, who))

    assert refused.value.reason is Reason.FORBIDDEN


def test_nothing_is_explained_without_words_or_after_finishing(
    college: College, people: People
) -> None:
    found = uncovered_course(college)
    for nothing in ("  ", "无", "同上", "。"):
        with pytest.raises(Refused, match="Say why"):
            explained(college, found, people.li_jing, text=nothing)
    explained(college, found, people.li_jing)
    finish(college, people.li_jing)

    with pytest.raises(Refused, match="cannot be changed now"):
        explained(college, found, people.li_jing)


def test_errors_are_not_explained(college: College, people: People) -> None:
    college.add("course", 1, by=people.li_jing, course_name=None)
    [error] = judged(college).found

    with pytest.raises(Refused, match="Errors are not explained"):
        explained(college, error, people.li_jing)


def under_qa_review(college: College, people: People) -> PlaceFinding:
    found = uncovered_course(college)
    explained(college, found, people.li_jing)
    finish(college, people.li_jing)
    for verb in (Verb.REVIEW, Verb.CONFIRM, Verb.RECEIVE):
        submission_from(college, verb)
    return found


def accept(college: College, people: People) -> None:
    college.step(college.submission("course"), Verb.ACCEPT, by=people.sun_li, settles=False)


def test_a_table_is_accepted_only_when_its_explanations_are_adopted(
    college: College, people: People
) -> None:
    found = under_qa_review(college, people)
    with pytest.raises(Refused, match="1 explanations are not adopted"):
        accept(college, people)

    ruled(college, found, people.zhou_min, adopts=True, reason=None)
    accept(college, people)

    assert college.submission("course").status is Status.ACCEPTED


def test_a_rejected_explanation_leaves_the_warning_open(college: College, people: People) -> None:
    found = under_qa_review(college, people)
    with pytest.raises(Refused, match="Say the reason"):
        ruled(college, found, people.zhou_min, adopts=False, reason=None)

    ruled(college, found, people.zhou_min, adopts=False, reason="讲义也要登记")

    assert judged(college).found[0].state is FindingState.REJECTED
    with pytest.raises(Refused, match="not adopted"):
        accept(college, people)


@pytest.mark.parametrize("who", ["li_jing", "wang_qiang"])
def test_only_the_quality_office_rules(college: College, people: People, who: str) -> None:
    found = under_qa_review(college, people)

    with pytest.raises(Refused) as refused:
        ruled(college, found, getattr(people, who), adopts=True, reason=None)

    assert refused.value.reason is Reason.FORBIDDEN


def test_the_submission_keeps_what_was_found_when_it_was_finished(
    college: College, people: People
) -> None:
    under_qa_review(college, people)

    assert college.submission("course").finding_summary == {
        "completeness": {"explained": {"warning": 1}}
    }


@on_all_databases
def test_of_a_large_table_what_the_register_has_is_explained_and_ruled_on(
    college: College, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = uncovered_course(college)
    check_table(college.session, college.store, college.cycle, "course", now=college.now)
    monkeypatch.setattr(place_size, "MOST_LIVE", 0)

    assert explained(college, found, people.li_jing) == 1
    assert ruled(college, found, people.zhou_min, adopts=True, reason=None) == 1

    assert judged(college).found[0].state is FindingState.ADOPTED


def test_of_a_large_table_nothing_is_explained_that_has_changed_since(
    college: College, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = uncovered_course(college)
    check_table(college.session, college.store, college.cycle, "course", now=college.now)
    change = Change(UPDATE, {"course_type": "A"}, found.row_id, "1")
    assert college.change("course", change, by=people.li_jing).written
    monkeypatch.setattr(place_size, "MOST_LIVE", 0)

    with pytest.raises(Refused) as refused:
        explained(college, found, people.li_jing)

    assert refused.value.reason is Reason.CONFLICT


@on_all_databases
def test_of_a_large_table_nothing_is_explained_where_an_earlier_change_came_late(
    college: College, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = uncovered_course(college)
    check_table(college.session, college.store, college.cycle, "course", now=college.now)
    change = Change(UPDATE, {"course_type": "A"}, found.row_id, "1")
    assert college.change("course", change, by=people.li_jing).written
    # As if a change with a higher number, of whatever table, had been committed before the check.
    note = college.session.scalars(select(TableCheck)).one()
    note.change_set_id = college.all(ChangeSet)[-1].id + 1
    college.session.commit()
    monkeypatch.setattr(place_size, "MOST_LIVE", 0)

    with pytest.raises(Refused) as refused:
        explained(college, found, people.li_jing)

    assert refused.value.reason is Reason.CONFLICT
