"""What a finding tells to whom."""

from dataclasses import replace

import pytest

from app.domain.finding import NOT_SHOWN, Dimension, Finding, Severity, rule_message
from app.domain.message import Message

SUM = Message("The total is not the sum (total 5, part 7).")
FOUND = Finding("R", 0, "total", Severity.ERROR, Dimension.ACCURACY, SUM, about=("total", "part"))


def test_a_finding_tells_its_words_to_whoever_sees_all_values_it_was_judged_by() -> None:
    assert FOUND.told({"other"}) is SUM
    assert FOUND.told({"part"}) is NOT_SHOWN
    assert FOUND.told({"total"}) is NOT_SHOWN


ALL = rule_message({"text": "请核对。", "names": "王五", "values": "没有的人数 1"})
NAMED = replace(
    FOUND, field="tutors", message=ALL, about=("tutors",), taken_from=("staff.name", "student.name")
)


@pytest.mark.parametrize(
    ("hidden", "told"),
    [
        (set(), "请核对。 (on no list: 王五; 没有的人数 1)"),
        ({"other", "leader.name"}, "请核对。 (on no list: 王五; 没有的人数 1)"),
        ({"student.name"}, "请核对。 (on no list: 王五)"),
        ({"tutors"}, NOT_SHOWN.english()),
        ({"tutors", "staff.name"}, NOT_SHOWN.english()),
    ],
)
def test_names_are_told_to_whoever_sees_the_cell_that_lists_them(
    hidden: set[str], told: str
) -> None:
    assert NAMED.told(hidden).english() == told


def test_of_names_shown_elsewhere_the_cell_that_lists_them_counts_too() -> None:
    elsewhere = replace(NAMED, field="number")

    assert elsewhere.told({"tutors"}) is NOT_SHOWN


def test_what_was_stored_before_names_were_told_is_told_as_it_was() -> None:
    before = replace(NAMED, message=Message("%(text)s (%(values)s)", {"text": "。", "values": "1"}))

    assert before.told(set()) is before.message
    assert before.told({"staff.name"}) == Message("%(text)s", {"text": "。"})
