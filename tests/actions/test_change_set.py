"""What was changed together is taken back together, as far as nobody changed it since."""

import pytest

from app.actions.change_set import TakenBack, undo_change_set
from app.actions.row_change import DELETE, INSERT, UPDATE, Change
from app.domain.message import Reason, Refused
from app.models.audit_log import ChangeSet
from tests.college import College, on_all_databases
from tests.people import People

pytestmark = on_all_databases


def newest(college: College) -> int:
    """The id of the last set of changes."""
    return max(row.id for row in college.all(ChangeSet))


def undo(college: College, people: People, number: int | None = None, **more: object) -> TakenBack:
    found = newest(college) if number is None else number
    with college.open_session() as session:
        return undo_change_set(
            session, college.store, "course", found, by=people.li_jing, now=college.now, **more
        )


def names(college: College) -> dict[str, str]:
    return {str(row["course_code"]): str(row["course_name"]) for row in college.rows("course")}


def rename(college: College, people: People, row: str, version: str, name: str) -> None:
    change = Change(UPDATE, {"course_name": name}, row, version)
    college.change("course", change, by=people.li_jing)


def test_added_changed_and_deleted_rows_are_as_they_were(college: College, people: People) -> None:
    first, second = college.add("course", 1, 2, by=people.li_jing)
    before = college.rows("course")
    changes = (
        Change(UPDATE, {"course_name": "高等数学"}, first, "1"),
        Change(DELETE, id=second, version="1"),
        Change(INSERT, college.row("course", 3)),
    )
    college.change("course", *changes, by=people.li_jing)

    done = undo(college, people)

    assert (done.counts, done.left) == ({"changed": 1, "created": 1, "deleted": 1}, [])
    after = college.rows("course")
    assert [{**row, "sys_version": 0} for row in after] == [
        {**row, "sys_version": 0} for row in before
    ]


def test_a_trial_tells_the_same_and_writes_nothing(college: College, people: People) -> None:
    college.add("course", 1, 2, by=people.li_jing)

    trial = undo(college, people, dry_run=True)

    assert (trial.counts, trial.written, len(names(college))) == ({"deleted": 2}, False, 2)


def test_a_row_changed_since_is_left_and_told(college: College, people: People) -> None:
    first, _second = college.add("course", 1, 2, by=people.li_jing)
    number = newest(college)
    rename(college, people, first, "1", "高等数学")

    done = undo(college, people, number)

    assert done.counts == {"deleted": 1}
    assert [row.values["course_name"] for row in done.left] == ["高等数学"]
    assert list(names(college).values()) == ["高等数学"]


def test_a_change_of_another_cell_is_no_hindrance(college: College, people: People) -> None:
    [row] = college.add("course", by=people.li_jing)
    former = next(iter(names(college).values()))
    rename(college, people, row, "1", "高等数学")
    number = newest(college)
    college.change("course", Change(UPDATE, {"credit": "7.5"}, row, "2"), by=people.li_jing)

    assert undo(college, people, number).counts == {"changed": 1}
    assert list(names(college).values()) == [former]
    assert str(college.rows("course")[0]["credit"]) == "7.5"


def test_taking_back_can_itself_be_taken_back(college: College, people: People) -> None:
    college.add("course", 1, 2, by=people.li_jing)
    before = names(college)
    undo(college, people)

    done = undo(college, people)

    assert (done.counts, names(college)) == ({"created": 2}, before)


def test_a_set_tells_what_it_takes_back(college: College, people: People) -> None:
    college.add("course", 1, 2, by=people.li_jing)
    first = newest(college)
    undo(college, people, first, dry_run=True)
    undo(college, people, first)
    second = newest(college)
    undo(college, people, second)

    linked = {each.id: each.takes_back_id for each in college.all(ChangeSet)}

    assert linked == {first: None, second: first, newest(college): second}


def test_what_was_taken_back_is_not_taken_back_twice(college: College, people: People) -> None:
    college.add("course", 1, 2, by=people.li_jing)
    number = newest(college)
    undo(college, people, number)

    done = undo(college, people, number)

    assert (done.count, len(done.left)) == (0, 2)


def test_a_change_after_the_trial_stops_it(college: College, people: People) -> None:
    [row] = college.add("course", by=people.li_jing)
    number = newest(college)
    trial = undo(college, people, dry_run=True)
    rename(college, people, row, "1", "高等数学")

    with pytest.raises(Refused) as caught:
        undo(college, people, number, seen=trial.seen)

    assert caught.value.reason is Reason.CONFLICT


def test_a_set_of_another_table_or_department_does_not_exist(
    college: College, people: People
) -> None:
    college.add("course", by=people.li_jing)
    number = newest(college)

    for table, by in (("staff", people.li_jing), ("course", people.luo_lin)):
        with college.open_session() as session, pytest.raises(Refused) as caught:
            undo_change_set(session, college.store, table, number, by=by, now=college.now)
        assert caught.value.reason in {Reason.NOT_FOUND, Reason.FORBIDDEN}
    assert len(names(college)) == 1


def test_a_value_that_somebody_has_set_again_since_stays(college: College, people: People) -> None:
    [row] = college.add("course", by=people.li_jing)
    rename(college, people, row, "1", "高等数学")
    number = newest(college)
    rename(college, people, row, "2", "线性代数")
    rename(college, people, row, "3", "高等数学")

    done = undo(college, people, number)

    assert (done.count, len(done.left)) == (0, 1)
    assert list(names(college).values()) == ["高等数学"]
