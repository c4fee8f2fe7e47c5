"""After locking, rows are kept in the next year at once; it is prepared and opened later."""

import pytest
from sqlalchemy import Connection, delete, event, insert

from app.access.person import Actor
from app.actions.cycle import CycleRequest, prepare_assigned_cycle, take_cycle_step
from app.actions.row_change import INSERT, Change
from app.domain.assignment import TableAssignment
from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.message import Refused
from app.domain.submission import Status
from app.models.assignment import Assignment
from app.models.cycle import Cycle
from app.reports.person import load_actor
from tests.actions.test_submission_races import at_once
from tests.assignments import change, holders, one
from tests.college import DUE, NOW, YEAR, College
from tests.people import People
from tests.preparation import publish_plan
from tests.submissions import locked, ready_to_lock

NEXT = YEAR.next
NEXT_DUE = DUE.replace(year=2027)


def following(college: College) -> Cycle:
    """The year after the locked one."""
    return next(each for each in college.all(Cycle) if each.academic_year == NEXT.code)


def steward_now(college: College, people: People) -> Actor:
    """The data steward of 教务处 with the rights that the assignments give him now."""
    found = load_actor(college.session, people.li_jing.user_id, NOW.date())
    assert found is not None
    return found


def keep(college: College, by: Actor, number: int = 5) -> bool:
    """A row of the next year; whether it was written."""
    change = Change(INSERT, college.row("course", number))
    return college.change("course", change, by=by, period=NEXT.code).written


def prepared(college: College, people: People) -> Cycle:
    place = (college.session, college.store, NEXT)
    return prepare_assigned_cycle(*place, due_at=NEXT_DUE, by=people.zhou_min, now=NOW)


def test_the_next_year_is_set_up_with_the_same_assignments(college: College) -> None:
    locked(college, "course")

    year = following(college)
    pairs = {
        number: {
            (each.table_identifier, each.department_code, each.kind)
            for each in college.all(Assignment)
            if each.cycle_id == number
        }
        for number in (college.founded.cycle_id, year.id)
    }
    assert (year.status, year.is_provisional) == (CycleStatus.PREPARING, True)
    assert pairs[year.id] == pairs[college.founded.cycle_id]
    assert [e.tag for e in college.entries(f"cycle:{year.id}")][-1] == "cycle.keep"


def test_rows_are_kept_at_once_and_not_in_the_locked_year(college: College, people: People) -> None:
    locked(college, "course", rows=1)
    steward = steward_now(college, people)

    assert keep(college, steward)
    with pytest.raises(Refused):
        college.change("course", Change(INSERT, college.row("course", 7)), by=steward)

    assert sorted(row["sys_period"] for row in college.rows("course")) == [YEAR.code, NEXT.code]


def test_nothing_is_reported_before_the_year_is_opened(college: College, people: People) -> None:
    locked(college, "course")
    keep(college, steward_now(college, people))

    year = following(college)
    assert [each for each in college.submissions() if each.cycle_id == year.id] == []
    request = CycleRequest(CycleVerb.OPEN, year.version)
    place = (college.session, college.store, year.id, request)
    with pytest.raises(Refused) as refusal:
        take_cycle_step(*place, by=people.zhou_min, now=NOW)
    assert "Prepare it first" in refusal.value.message.english()


def test_preparing_it_keeps_its_rows_and_sets_the_due_date(
    college: College, people: People
) -> None:
    locked(college, "course")
    keep(college, steward_now(college, people))
    before = following(college)

    year = prepared(college, people)

    assert (year.id, year.due_at, year.is_provisional) == (before.id, NEXT_DUE, False)
    assert len(college.all(Cycle)) == 2
    with pytest.raises(Refused):
        prepared(college, people)


def test_what_was_moved_or_removed_before_stays_so_when_it_is_prepared(
    college: College, people: People
) -> None:
    locked(college, "course")
    number = following(college).id
    moved = (one("course", "A02"), TableAssignment("staff"))
    change(college, people, *moved, cycle_id=number)

    prepared(college, people)

    assert holders(college, "course", number) == {"A02": "responsible"}
    assert holders(college, "staff", number) == {}


def test_a_table_that_is_new_since_is_assigned_when_it_is_prepared(
    college: College, people: People
) -> None:
    college.session.execute(delete(Assignment).where(Assignment.table_identifier == "staff"))
    college.session.commit()
    locked(college, "course")
    number = following(college).id
    change(college, people, TableAssignment("staff"), cycle_id=number)

    prepared(college, people)

    assert holders(college, "staff", number)


def test_rows_that_were_kept_are_reported_once_it_is_open(college: College, people: People) -> None:
    locked(college, "course")
    keep(college, steward_now(college, people))
    year = prepared(college, people)
    publish_plan(college.session, year.id, by=people.zhou_min, now=NOW)
    request = CycleRequest(CycleVerb.OPEN, year.version)
    take_cycle_step(college.session, college.store, year.id, request, by=people.zhou_min, now=NOW)

    [own] = [
        each
        for each in college.submissions()
        if (each.cycle_id, each.table_identifier) == (year.id, "course")
    ]
    assert (own.period, own.status) == (NEXT.code, Status.NOT_STARTED)


def test_a_year_that_was_prepared_before_stays_as_it_is(college: College) -> None:
    number = college.next_year()
    before = following(college)

    locked(college, "course")

    after = following(college)
    assert (after.id, after.is_provisional, after.version) == (number, False, before.version)


def test_a_year_that_is_prepared_at_the_same_moment_does_not_stop_the_lock(
    college: College, people: People
) -> None:
    ready_to_lock(college)
    college.year_step(CycleVerb.LOCK, by=people.sun_li, seconded=False)
    request = CycleRequest(CycleVerb.LOCK, college.cycle.version)

    def lock() -> None:
        with college.open_session() as session:
            place = (session, college.store, college.founded.cycle_id, request)
            take_cycle_step(*place, by=people.zhou_min, now=NOW)

    def prepare() -> None:
        with college.open_session() as session:
            place = (session, college.store, NEXT)
            prepare_assigned_cycle(*place, due_at=NEXT_DUE, by=people.sun_li, now=NOW)

    assert "done" in at_once(lock, prepare)
    assert college.cycle.status is CycleStatus.LOCKED
    assert len(college.all(Cycle)) == 2


def test_a_year_that_the_database_finds_taken_does_not_stop_the_lock(college: College) -> None:
    ready_to_lock(college)

    def take(_mapper: object, connection: Connection, year: Cycle) -> None:
        told = {"academic_year": year.academic_year, "status": year.status, "due_at": NEXT_DUE}
        connection.execute(insert(Cycle).values(told))

    event.listen(Cycle, "before_insert", take)
    try:
        college.year_step(CycleVerb.LOCK, by=college.founded.people.zhou_min)
    finally:
        event.remove(Cycle, "before_insert", take)

    assert college.cycle.status is CycleStatus.LOCKED


def test_locking_again_sets_up_nothing_more(college: College, people: People) -> None:
    locked(college, "course", rows=1)
    college.unlock("course")

    assert len(college.all(Cycle)) == 2


def test_two_who_lock_at_once_set_one_year_up(college: College, people: People) -> None:
    ready_to_lock(college)
    college.year_step(CycleVerb.LOCK, by=people.sun_li, seconded=False)
    request = CycleRequest(CycleVerb.LOCK, college.cycle.version)

    def lock(by: Actor) -> None:
        with college.open_session() as session:
            place = (session, college.store, college.founded.cycle_id, request)
            take_cycle_step(*place, by=by, now=NOW)

    assert at_once(lambda: lock(people.zhou_min), lambda: lock(people.he_fang)) == [
        "conflict",
        "done",
    ]
    assert len(college.all(Cycle)) == 2
