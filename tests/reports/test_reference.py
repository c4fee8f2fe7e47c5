"""What a reference picker offers: key and label, nothing personal."""

from dataclasses import replace

import pytest

from app.access.person import Actor
from app.domain.message import Reason, Refused
from app.models.cycle import Cycle
from app.reports import reference
from app.reports.base_table import RowsRequest, read_row, read_rows
from app.reports.reference import (
    Choices,
    Pick,
    keys_of_shown,
    listed_choices,
    pick_rows,
    read_labels,
    reference_of,
)
from tests.college import College
from tests.people import People


def picked(college: College, actor, text: str = "", limit: int = 20) -> list[Pick]:
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)
    named = reference_of(college.store.tables["course_textbook"], "course_code")
    return pick_rows(college.session, college.store, actor, named, cycle, text, limit)


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


def test_rows_come_with_the_labels_of_what_they_refer_to(college: College, people: People) -> None:
    college.add("course", 1, 2, by=people.li_jing)
    [row_id] = college.add("course_textbook", by=people.li_jing, course_code="K00002")
    wanted = RowsRequest(college.period("course_textbook"))

    page = read_rows(college.session, college.store, "course_textbook", people.li_jing, wanted)
    row = read_row(college.session, college.store, "course_textbook", people.li_jing, row_id)

    assert page.labels["course_code"] == row.labels["course_code"] == {"K00002": "课程名称2"}


def test_who_may_not_pick_is_not_told_labels_either(college: College, people: People) -> None:
    college.add("course", 1, by=people.li_jing)
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)
    stored = college.store.tables["course_textbook"]

    def told(actor: Actor, hidden: tuple[str, ...] = ()) -> object:
        keys = {"course_code": ["K00001", "none"]}
        return read_labels(college.session, college.store, stored, actor, cycle, keys, hidden)

    assert told(people.li_jing) == {"course_code": {"K00001": "课程名称1"}}
    assert told(people.reader) == told(people.li_jing, ("course_code",)) == {}


def choices(college: College, actor: Actor, table: str = "course_textbook") -> dict[str, Choices]:
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)
    stored = college.store.tables[table]
    return listed_choices(college.session, college.store, stored, actor, cycle)


def meant(college: College, actor: Actor, *texts: str) -> dict[str, str]:
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)
    stored = college.store.tables["course_textbook"]
    asked = {"course_code": texts}
    found = keys_of_shown(college.session, college.store, stored, actor, cycle, asked)
    return found.get("course_code", {})


def test_a_workbook_lists_key_and_label(college: College, people: People) -> None:
    college.add("course", 2, 1, by=people.li_jing)

    listed = choices(college, people.li_jing)["course_code"]

    assert list(listed.shown.values()) == ["K00001 课程名称1", "K00002 课程名称2"]


def test_too_many_rows_are_not_listed(
    college: College, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, "MOST_LISTED", 2)
    college.add("course", 1, 2, 3, by=people.li_jing)

    assert choices(college, people.li_jing)["course_code"] == Choices((), is_whole=False)


def test_nothing_is_listed_without_the_right_to_pick(college: College, people: People) -> None:
    college.add("course", 1, by=people.li_jing)
    stranger = replace(people.li_jing, permissions=frozenset())

    assert choices(college, stranger) == {}
    assert meant(college, stranger, "K00001 课程名称1") == {}


def test_key_and_label_together_name_the_row(college: College, people: People) -> None:
    college.add("course", 1, by=people.li_jing)

    found = meant(college, people.li_jing, " K00001\u3000课程名称1 ", "K00001 别的名称", "K00001")

    assert found == {" K00001\u3000课程名称1 ": "K00001"}
