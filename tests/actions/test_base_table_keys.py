"""Keys are unique within a place, whatever one request does to them."""

import pytest

from app.actions.row_change import DELETE, INSERT, UPDATE, UPSERT, Change
from app.models.audit_log import ChangeSet
from tests.actions.test_base_table_findings import flatten, outcomes
from tests.college import College
from tests.people import People

DUPLICATE = "QR.COURSE.*.01"


def codes(college: College) -> list[str]:
    return sorted(row["course_code"] for row in college.rows("course"))


def renamed(row_id: str, code: str, version: str = "1") -> Change:
    return Change(UPDATE, {"course_code": code}, row_id, version)


def test_a_key_twice_in_a_request_is_refused(college: College, people: People) -> None:
    rows = [Change(INSERT, college.row("course", 1)), Change(INSERT, college.row("course", 1))]

    outcome = college.change("course", *rows, by=people.li_jing, partial=True)

    assert flatten(outcome) == [(1, None, DUPLICATE)]
    assert outcomes(outcome) == ["created", "rejected"]
    assert codes(college) == ["K00001"]


def test_a_key_that_is_stored_is_refused(college: College, people: People) -> None:
    college.add("course", 1, by=people.li_jing)

    change = Change(INSERT, college.row("course", 1) | {"credit": "9.5"})
    outcome = college.change("course", change, by=people.li_jing)

    assert flatten(outcome) == [(0, None, DUPLICATE)]
    assert outcomes(outcome) == ["rejected"]


def test_a_row_sent_again_because_its_answer_was_lost_changes_nothing(
    college: College, people: People
) -> None:
    [row_id] = college.add("course", 1, by=people.li_jing)

    [result] = college.change(
        "course", Change(INSERT, college.row("course", 1)), by=people.li_jing
    ).results

    assert (result.outcome, result.id, result.version) == ("unchanged", row_id, "1")
    assert len(college.all(ChangeSet)) == 1


def test_a_row_cannot_take_the_key_of_another(college: College, people: People) -> None:
    first, _ = college.add("course", 1, 2, by=people.li_jing)

    outcome = college.change("course", renamed(first, "K00002"), by=people.li_jing)

    assert flatten(outcome) == [(0, None, DUPLICATE)]
    assert codes(college) == ["K00001", "K00002"]


def test_two_departments_may_use_the_same_key(college: College, people: People) -> None:
    college.add("full_time_publication", 1, by=people.chen_gang)

    change = Change(INSERT, college.row("full_time_publication", 1))
    outcome = college.change("full_time_publication", change, by=people.luo_lin)

    assert outcomes(outcome) == ["created"]


def test_keys_can_be_swapped_in_one_request(college: College, people: People) -> None:
    first, second = college.add("course", 1, 2, by=people.li_jing)

    swap = (renamed(first, "K00002"), renamed(second, "K00001"))
    outcome = college.change("course", *swap, by=people.li_jing)

    assert outcomes(outcome) == ["changed", "changed"]
    stored = {str(row["sys_id"]): row["course_code"] for row in college.rows("course")}
    assert stored == {first: "K00002", second: "K00001"}
    again = Change(UPSERT, {"course_code": "K00002", "credit": "4"})
    [found] = college.change("course", again, by=people.li_jing).results
    assert (found.outcome, found.id) == ("changed", first)


def test_keys_can_move_on_by_one(college: College, people: People) -> None:
    ids = college.add("course", 1, 2, 3, by=people.li_jing)

    shifted = [renamed(row_id, f"K0000{place}") for place, row_id in enumerate(ids, start=2)]
    outcome = college.change("course", *shifted, by=people.li_jing)

    assert outcomes(outcome) == ["changed"] * 3
    assert codes(college) == ["K00002", "K00003", "K00004"]


def test_a_chain_of_keys_ends_at_a_row_that_stays(college: College, people: People) -> None:
    first, second, _ = college.add("course", 1, 2, 3, by=people.li_jing)

    chain = (renamed(first, "K00002"), renamed(second, "K00003"))
    outcome = college.change("course", *chain, by=people.li_jing, partial=True)

    assert flatten(outcome) == [(0, None, DUPLICATE), (1, None, DUPLICATE)]
    assert codes(college) == ["K00001", "K00002", "K00003"]


def test_a_row_that_stays_keeps_its_key_from_the_others(college: College, people: People) -> None:
    first, second = college.add("course", 1, 2, by=people.li_jing)

    swap = (renamed(first, "K00002"), renamed(second, "K00001", version="9"))
    outcome = college.change("course", *swap, by=people.li_jing, partial=True)

    assert outcomes(outcome) == ["rejected", "conflict"]
    assert codes(college) == ["K00001", "K00002"]


@pytest.mark.parametrize("deleted_first", [True, False])
def test_a_row_can_be_replaced_in_one_request(
    college: College, people: People, deleted_first: bool
) -> None:
    [old] = college.add("course", 1, by=people.li_jing)
    changes = [Change(DELETE, id=old, version="1"), Change(INSERT, college.row("course", 1))]

    outcome = college.change(
        "course", *(changes if deleted_first else reversed(changes)), by=people.li_jing
    )

    assert sorted(outcomes(outcome)) == ["created", "deleted"]
    [row] = college.rows("course")
    assert str(row["sys_id"]) != old


def test_a_key_freed_by_a_refused_deletion_is_not_free(college: College, people: People) -> None:
    [old] = college.add("course", 1, by=people.li_jing)
    again = college.row("course", 1) | {"credit": "9.5"}
    changes = [Change(DELETE, id=old, version="9"), Change(INSERT, again)]

    outcome = college.change("course", *changes, by=people.li_jing, partial=True)

    assert outcomes(outcome) == ["conflict", "rejected"]
    assert codes(college) == ["K00001"]


def test_a_row_named_twice_is_refused_the_second_time(college: College, people: People) -> None:
    [row_id] = college.add("course", 1, by=people.li_jing)
    changes = [Change(UPDATE, {"credit": "5"}, row_id, "1"), Change(DELETE, id=row_id, version="1")]

    outcome = college.change("course", *changes, by=people.li_jing, partial=True)

    assert outcomes(outcome) == ["changed", "rejected"]
    assert flatten(outcome) == [(1, None, "ROW")]
    assert codes(college) == ["K00001"]


@pytest.mark.parametrize("row_id", ["999999", "x", "~W10", None])
def test_a_row_that_does_not_exist_cannot_be_deleted(
    college: College, people: People, row_id: str | None
) -> None:
    outcome = college.change("course", Change(DELETE, id=row_id, version="1"), by=people.li_jing)

    assert flatten(outcome) == [(0, None, "ROW")]
    assert outcomes(outcome) == ["rejected"]
