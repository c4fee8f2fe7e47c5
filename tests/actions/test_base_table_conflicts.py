"""Two people at one table: nobody's work is overwritten unseen."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import delete, event
from sqlalchemy.exc import DBAPIError

from app.actions.row_change import DELETE, INSERT, UPDATE, Change, RowResult
from app.domain.message import Reason, Refused
from app.models.audit_log import ChangeSet, RowChange
from app.models.base_table_rows import latest_change
from tests.college import College, on_all_databases
from tests.people import People

pytestmark = on_all_databases


def at_once(college: College, act: Callable[[int], RowResult], times: int) -> list[str]:
    """What becomes of the same act done by ``times`` people at the same moment."""
    start = Barrier(times)

    def done(number: int) -> str:
        start.wait()
        try:
            return act(number).outcome
        except Refused as refusal:
            return str(refusal.reason)

    with ThreadPoolExecutor(times) as pool:
        return sorted(pool.map(done, range(times)))


def test_a_stale_version_is_told_field_by_field(college: College, people: People) -> None:
    [row_id] = college.add("course", by=people.li_jing, credit="2.0")
    newer = Change(UPDATE, {"credit": "3.0", "course_name": "机械制图"}, row_id, "1")
    college.change("course", newer, by=people.li_jing)

    stale = Change(UPDATE, {"credit": "4.0", "course_name": "机械制图"}, row_id, "1")
    outcome = college.change("course", stale, by=people.li_jing)

    [result] = outcome.results
    assert (outcome.written, result.outcome, result.version) == (False, "conflict", "2")
    assert result.conflict == {"credit": (Decimal("4.0"), Decimal("3.0"))}
    assert college.rows("course")[0]["credit"] == Decimal("3.0")


def test_changes_of_different_cells_do_not_collide(college: College, people: People) -> None:
    [row_id] = college.add("course", by=people.li_jing, credit="2.0")
    college.change("course", Change(UPDATE, {"credit": "3.0"}, row_id, "1"), by=people.li_jing)

    mine = Change(UPDATE, {"course_name": "机械制图"}, row_id, "1")
    [result] = college.change("course", mine, by=people.li_jing).results

    assert (result.outcome, result.version) == ("changed", "3")
    [row] = college.rows("course")
    assert (row["credit"], row["course_name"]) == (Decimal("3.0"), "机械制图")


def test_only_cells_that_both_changed_collide(college: College, people: People) -> None:
    [row_id] = college.add("course", by=people.li_jing, credit="2.0")
    college.change("course", Change(UPDATE, {"credit": "3.0"}, row_id, "1"), by=people.li_jing)

    mine = Change(UPDATE, {"course_name": "机械制图", "credit": "4.0"}, row_id, "1")
    [result] = college.change("course", mine, by=people.li_jing).results

    assert (result.outcome, set(result.conflict)) == ("conflict", {"credit"})
    assert result.latest is not None
    assert (result.latest.person_name, result.latest.at) == ("李静", college.now)


def test_without_the_log_every_cell_that_differs_collides(college: College, people: People) -> None:
    [row_id] = college.add("course", by=people.li_jing, credit="2.0")
    college.change("course", Change(UPDATE, {"credit": "3.0"}, row_id, "1"), by=people.li_jing)
    college.session.execute(delete(RowChange))
    college.session.commit()

    mine = Change(UPDATE, {"course_name": "机械制图"}, row_id, "1")
    [result] = college.change("course", mine, by=people.li_jing).results

    assert (result.outcome, set(result.conflict), result.latest) == (
        "conflict",
        {"course_name"},
        None,
    )


def test_a_stale_version_with_the_same_values_is_no_conflict(
    college: College, people: People
) -> None:
    [row_id] = college.add("course", by=people.li_jing)
    change = Change(UPDATE, {"credit": "3.0"}, row_id, "1")
    college.change("course", change, by=people.li_jing)

    [result] = college.change("course", change, by=people.li_jing).results

    assert (result.outcome, result.version) == ("unchanged", "2")


def test_a_row_that_was_changed_is_not_deleted_unseen(college: College, people: People) -> None:
    [row_id] = college.add("course", by=people.li_jing)
    college.change("course", Change(UPDATE, {"credit": "3"}, row_id, "1"), by=people.li_jing)

    [result] = college.change(
        "course", Change(DELETE, id=row_id, version="1"), by=people.li_jing
    ).results

    assert (result.outcome, len(college.rows("course"))) == ("conflict", 1)


def test_a_row_that_was_deleted_cannot_be_changed(college: College, people: People) -> None:
    [row_id] = college.add("course", by=people.li_jing)
    college.change("course", Change(DELETE, id=row_id, version="1"), by=people.li_jing)

    [result] = college.change(
        "course", Change(UPDATE, {"credit": "3"}, row_id, "1"), by=people.li_jing
    ).results

    assert (result.outcome, [finding.rule for finding in result.findings]) == ("rejected", ["ROW"])


def test_of_two_changes_at_once_one_succeeds(college: College, people: People) -> None:
    [row_id] = college.add("course", by=people.li_jing, credit="2.0")

    def change(number: int) -> RowResult:
        with college.open_session() as session:
            wanted = Change(UPDATE, {"credit": str(10 + number)}, row_id, "1")
            how = {"by": people.li_jing, "session": session}
            return college.change("course", wanted, **how).results[0]

    assert at_once(college, change, 2) == ["changed", "conflict"]
    assert college.rows("course")[0]["sys_version"] == 2


def test_twenty_equal_rows_at_once_make_one_row(college: College, people: People) -> None:
    college.add("course", 9, by=people.li_jing)

    def insert(_number: int) -> RowResult:
        with college.open_session() as session:
            wanted = Change(INSERT, college.row("course", 1))
            return college.change("course", wanted, by=people.li_jing, session=session).results[0]

    assert at_once(college, insert, 20) == ["created"] + ["unchanged"] * 19
    assert len(college.rows("course")) == 2


def test_twenty_equal_rows_at_once_make_one_row_before_the_year_opens(
    college: College, people: People
) -> None:
    college.next_year()

    def insert(_number: int) -> RowResult:
        with college.open_session() as session:
            wanted = Change(INSERT, college.row("course", 1))
            how = {"by": people.li_jing, "session": session, "period": "2026-2027"}
            return college.change("course", wanted, **how).results[0]

    told = at_once(college, insert, 20)

    assert told.count("created") == 1
    assert set(told) <= {"created", "unchanged", Reason.CONFLICT.value}
    assert len(college.rows("course")) == len(college.all(ChangeSet)) == 1


@pytest.mark.parametrize("table", ["sd_change_set", "sd_row_change", "sd_audit_entry"])
def test_a_change_that_cannot_be_recorded_is_not_made(
    college: College, people: People, table: str
) -> None:
    wanted = Change(INSERT, college.row("course"))

    with college.refusing(table), pytest.raises((Refused, DBAPIError)):
        college.change("course", wanted, by=people.li_jing)

    assert college.rows("course") == []
    assert college.all(ChangeSet) == college.all(RowChange) == []
    assert college.submission("course").version == 1


@contextmanager
def just_before_the_lock(college: College, act: Callable[[], object]) -> Iterator[None]:
    """Somebody else does this after everything was read and before the place is locked."""
    done: list[bool] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not done and ("FOR UPDATE" in statement or statement == "BEGIN IMMEDIATE"):
            done.append(True)
            act()

    event.listen(college.founded.engine, "before_cursor_execute", note)
    yield
    event.remove(college.founded.engine, "before_cursor_execute", note)
    assert done


def added_by_another(college: College, people: People, number: int) -> None:
    with college.open_session() as session:
        change = Change(INSERT, college.row("course", number, course_name="他人的"))
        college.change("course", change, by=people.li_jing, session=session)


def test_many_changes_are_checked_before_the_lock_and_again_when_somebody_was_faster(
    college: College, people: People
) -> None:
    changes = [Change(INSERT, college.row("course", number)) for number in range(1, 120)]

    with just_before_the_lock(college, lambda: added_by_another(college, people, 7)):
        outcome = college.change("course", *changes, by=people.li_jing, partial=True)

    assert [result.outcome for result in outcome.results].count("created") == 118
    assert outcome.results[6].outcome == "rejected"
    assert len(college.rows("course")) == 119


def test_what_was_looked_at_is_compared_where_the_rows_are_locked(
    college: College, people: People
) -> None:
    college.add("course", 1, by=people.li_jing)
    seen = latest_change(college.session, "course", college.period("course"), "A03")
    change = Change(INSERT, college.row("course", 2))

    with (
        just_before_the_lock(college, lambda: added_by_another(college, people, 7)),
        pytest.raises(Refused) as caught,
    ):
        college.change("course", change, by=people.li_jing, seen=seen)

    assert caught.value.reason is Reason.CONFLICT
    assert len(college.rows("course")) == 2
