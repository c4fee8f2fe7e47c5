"""Personal fields are seen whole by those who answer for the row, masked by all others."""

from dataclasses import replace

import pytest

from app.access.masks import hidden_fields, hides_row, masked_fields
from tests.college import College
from tests.people import People

TEACHER = "full_time_teacher"


def test_the_masked_fields_are_those_the_catalogue_names(college: College) -> None:
    stored = college.store.tables["staff"]

    assert {"id_card_no", "mobile"} <= masked_fields(stored)
    assert masked_fields(college.store.tables["course"]) == frozenset()


@pytest.mark.parametrize(
    ("name", "department", "hidden"),
    [
        ("chen_gang", "C01", False),
        ("zhao_yong", "C01", False),
        ("chen_gang", None, False),
        ("liu_yang", None, False),
        ("zhou_min", "C01", True),
        ("zhou_min", None, True),
        ("wu_fan", "C01", True),
    ],
)
def test_fields_are_hidden_where_some_row_is_masked(
    college: College, people: People, name: str, department: str | None, hidden: bool
) -> None:
    stored = college.store.tables[TEACHER]

    fields = hidden_fields(getattr(people, name), stored, department)

    assert fields == (masked_fields(stored) if hidden else frozenset())


@pytest.mark.parametrize("name", ["chen_gang", "zhao_yong", "liu_yang", "ma_chao"])
def test_whoever_may_not_list_a_table_sees_no_masked_field(
    college: College, people: People, name: str
) -> None:
    stored, person = college.store.tables[TEACHER], getattr(people, name)
    barred = replace(person, permissions=person.permissions - {("can_list", TEACHER)})

    assert hidden_fields(barred, stored, "C01") == masked_fields(stored)
    assert hidden_fields(barred, stored, None) == masked_fields(stored)


@pytest.mark.parametrize(
    ("name", "hides"),
    [
        ("chen_gang", False),
        ("zhao_yong", False),
        ("liu_yang", False),
        ("luo_lin", True),
        ("zhou_min", True),
        ("wu_fan", True),
    ],
)
def test_a_row_is_masked_for_whoever_does_not_answer_for_it(
    college: College, people: People, name: str, hides: bool
) -> None:
    stored, values = college.store.tables[TEACHER], {"staff_no": "10021"}

    assert hides_row(getattr(people, name), stored, "C01", values) is hides


def test_a_teacher_sees_another_teachers_row_masked(college: College, people: People) -> None:
    stored = college.store.tables[TEACHER]

    assert hides_row(people.liu_yang, stored, "C01", {"staff_no": "10022"})
    assert hides_row(people.zhou_min, college.store.tables["staff"], None, {})
