"""A rule typed with labels becomes the rule with codes, and every fault stands at its place."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from app.catalogue.loader import load_catalogue
from app.catalogue.quality_rule import Measure, QualityRule, Source, Year
from app.catalogue.rule_records import read_rule
from app.catalogue.rule_writing import write_rule
from app.rules.compiled_rule import MOST_TERMS
from app.rules.expression.functions import FUNCTIONS
from app.rules.expression.words import CALLS, in_words
from app.rules.rule_draft import RuleDraft, SourceDraft, TermDraft, draft_of, write_draft
from tests.rules.every_table import of_every_table

CATALOGUE = load_catalogue(Path(__file__).parents[2] / "seed" / "catalogue")
BOOKS = RuleDraft("library_collection", message="新增图书不应大于总册数。")
OF_EVERY_TABLE = of_every_table(CATALOGUE)


@OF_EVERY_TABLE
def test_rules_shown_with_labels_and_read_again_are_the_same(rules: Sequence[QualityRule]) -> None:
    for rule in rules:
        written = write_draft(draft_of(rule, CATALOGUE), CATALOGUE, rule.identifier)

        assert written.faults == ()
        # What a college writes is a rule of its own, no longer one of a family.
        assert replace(written.rule, family=rule.family) == rule


@OF_EVERY_TABLE
def test_rules_written_as_records_are_read_as_the_same(rules: Sequence[QualityRule]) -> None:
    for rule in rules:
        again = read_rule(write_rule(rule))

        assert write_rule(again) == write_rule(rule)
        assert replace(again, passing=(), failing=()) == replace(rule, passing=(), failing=())


@OF_EVERY_TABLE
def test_every_rule_can_be_said_in_words(rules: Sequence[QualityRule]) -> None:
    unsaid = [r.identifier for r in rules if in_words(r.condition, lambda name: name) is None]

    assert unsaid == []


def test_every_function_can_be_said_in_words() -> None:
    assert {function.name for function in FUNCTIONS} == set(CALLS)


@pytest.mark.parametrize(
    "typed",
    [
        "纸质图书本学年新增数 <= 纸质图书总册数",
        '"纸质图书本学年新增数" <= “纸质图书总册数”',
        "paper_book_new ≤ PAPER_BOOK_TOTAL",
    ],
)
def test_labels_bare_or_quoted_and_codes_mean_the_same(typed: str) -> None:
    written = write_draft(replace(BOOKS, condition=typed), CATALOGUE, "")

    assert written.faults == ()
    assert written.rule.fields == ("paper_book_total",)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("纸质图书本学年新增数 <= 纸质图书总数", "纸质图书总数"),
        ("纸质图书总册数 / 0 > 1", "0"),
        ("纸质图书总册数 > '多'", "纸质图书总册数 > '多'"),
        ("sleep(纸质图书总册数) = 1", "sleep"),
        ("纸质图书总册数 > 1; 1", "纸质图书总册数 > 1; 1"),
        ('纸质图书总册数 > "1', '"1'),
    ],
)
def test_a_fault_stands_where_it_was_typed(typed: str, at: str) -> None:
    (fault, *_others) = write_draft(replace(BOOKS, condition=typed), CATALOGUE, "").faults

    assert fault.place == "condition"
    assert typed[fault.start : fault.end] == at


@pytest.mark.parametrize("typed", ["(" * 1500, "1 + " * 400 + "1 > 0", "纸" * 3000, ""])
def test_what_is_endless_or_empty_is_refused(typed: str) -> None:
    assert write_draft(replace(BOOKS, condition=typed), CATALOGUE, "").faults


def test_a_figure_is_used_by_its_name_and_found_by_labels() -> None:
    term = TermDraft(
        label="挂职天数合计",
        table="full_time_secondment",
        measure=Measure.SUM,
        column="时间(天)",
        by="教工号 = 教工号",
    )
    draft = RuleDraft(
        "full_time_teacher", message="请核对。", condition="挂职天数合计 < 300", terms=(term,)
    )

    written = write_draft(draft, CATALOGUE, "")

    assert written.faults == ()
    assert written.rule.condition == "figure_1 < 300"
    assert written.rule.terms["figure_1"].by == {"staff_no": "staff_no"}
    assert written.rule.fields == ("staff_no",)


@pytest.mark.parametrize(
    ("term", "place"),
    [
        (TermDraft(label="", table="major"), "term-1-label"),
        (TermDraft(label="数", table=""), "term-1-table"),
        (TermDraft(label="数", table="major", measure=Measure.SUM, column="无此"), "term-1-field"),
        (TermDraft(label="数", table="major", where="无此 = 1"), "term-1-where"),
        (TermDraft(label="数", table="major", by="无此 = 无此"), "term-1-by"),
    ],
)
def test_a_fault_of_a_figure_stands_at_its_part(term: TermDraft, place: str) -> None:
    draft = replace(BOOKS, condition="纸质图书总册数 > 数", terms=(term,))

    assert {fault.place for fault in write_draft(draft, CATALOGUE, "").faults} == {place}


TUTORS = TermDraft(
    label="没有的人数",
    table="staff",
    measure=Measure.UNLISTED,
    column="姓名",
    by="姓名 = 指导教师名单",
    also=(SourceDraft("student", "姓名", Year.PREVIOUS), SourceDraft("leader", "name")),
)
AWARD = RuleDraft("student_award", message="请核对。", condition="没有的人数 = 0", terms=(TUTORS,))


def test_further_lists_are_found_by_labels_and_codes() -> None:
    written = write_draft(AWARD, CATALOGUE, "")

    assert written.faults == ()
    assert written.rule.fields == ("tutors",)
    assert written.rule.terms["figure_1"].also == (
        Source("student", "name", Year.PREVIOUS),
        Source("leader", "name"),
    )


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (SourceDraft("", "姓名"), "no table"),
        (SourceDraft("student", ""), "Name the field"),
        (SourceDraft("student", "无此"), "no field"),
        (SourceDraft("student", "出生日期"), "no text with names"),
        (SourceDraft("staff", "姓名"), "same list twice"),
    ],
)
def test_a_fault_of_a_further_list_stands_there(source: SourceDraft, told: str) -> None:
    draft = replace(AWARD, terms=(replace(TUTORS, also=(source,)),))

    [fault] = write_draft(draft, CATALOGUE, "").faults

    assert fault.place == "term-1-also"
    assert told in fault.message.english()


def test_further_lists_are_of_names_only() -> None:
    draft = replace(AWARD, terms=(replace(TUTORS, measure=Measure.COUNT),))

    assert [each.place for each in write_draft(draft, CATALOGUE, "").faults] == ["term-1-also"]


def test_a_rule_has_only_so_many_figures() -> None:
    terms = tuple(TermDraft(label=f"数{n}", table="major") for n in range(MOST_TERMS + 1))
    draft = replace(BOOKS, condition="纸质图书总册数 > 数1", terms=terms)

    assert write_draft(draft, CATALOGUE, "").faults
