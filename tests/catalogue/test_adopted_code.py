"""Names become codes that are short, different and stable."""

import pytest

from app.catalogue.adopted_code import LONGEST_CODE, codes_for


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("student_name", "student_name"),
        ("XM", "xm"),
        ("order", "order"),
        ("_id", "_id"),
        ("姓名", "column_d7d84192"),
        ("first name", "column_d253b62c"),
        ("2024", "column_93c9aa62"),
        ("a" * 60, "a" * 39 + "_1f98bd29"),
    ],
)
def test_name_that_is_an_identifier_is_its_own_code(name: str, code: str) -> None:
    assert codes_for([name], "column", known={}) == {name: code}
    assert len(code) <= LONGEST_CODE


def test_names_that_differ_in_case_only_get_different_codes() -> None:
    codes = codes_for(["A", "a", "A_2"], "column", known={})

    assert codes == {"A": "a_2", "a": "a", "A_2": "a_2_2"}


def test_known_code_stays_although_a_new_name_had_the_better_claim() -> None:
    codes = codes_for(["a", "A"], "column", known={"A": "a", "gone": "a_2"})

    assert codes == {"a": "a_3", "A": "a"}


def test_taken_code_is_given_to_nobody() -> None:
    assert codes_for(["students"], "table", known={}, taken={"students"}) == {
        "students": "students_2"
    }
