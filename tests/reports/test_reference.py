"""What a reference picker offers: key and label, nothing personal."""

import pytest

from app.domain.message import Reason, Refused
from app.models.cycle import Cycle
from app.reports.reference import Pick, pick_rows, reference_of
from tests.college import College
from tests.people import People


def picked(college: College, actor, text: str = "", limit: int = 20) -> list[Pick]:
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)
    reference = reference_of(college.store.tables["course_textbook"], "course_code")
    return pick_rows(college.session, college.store, actor, reference, cycle, text, limit)


def test_a_picker_shows_key_and_label_of_the_period(college: College, people: People) -> None:
    college.add("course", 2, 1, by=people.li_jing)

    found = picked(college, people.li_jing)

    assert found == [Pick("K00001", "课程名称1"), Pick("K00002", "课程名称2")]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("k00002", ["K00002"]),
        ("名称1", ["K00001"]),
        ("%", []),
        ("_", []),
        (" ", ["K00001", "K00002"]),
    ],
)
def test_a_picker_looks_in_key_and_label(
    college: College, people: People, text: str, keys: list[str]
) -> None:
    college.add("course", 1, 2, by=people.li_jing)

    assert [pick.key for pick in picked(college, people.li_jing, text)] == keys


def test_a_picker_offers_few_rows(college: College, people: People) -> None:
    college.add("course", *range(1, 30), by=people.li_jing)

    sizes = [len(picked(college, people.li_jing, limit=limit)) for limit in (-1, 5, 999)]

    assert sizes == [1, 5, 20]


def test_rows_of_all_departments_may_be_picked(college: College, people: People) -> None:
    college.add("course", 1, by=people.li_jing)

    assert [pick.key for pick in picked(college, people.chen_gang)] == ["K00001"]


@pytest.mark.parametrize("name", ["leader", "reader", "administrator", "archivist"])
def test_without_the_right_nothing_is_picked(college: College, people: People, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        picked(college, getattr(people, name))

    assert refusal.value.reason is Reason.FORBIDDEN


@pytest.mark.parametrize("field", ["book_name", "nothing"])
def test_a_field_that_refers_to_nothing_has_no_picker(college: College, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        reference_of(college.store.tables["course_textbook"], field)

    assert refusal.value.reason is Reason.INVALID
