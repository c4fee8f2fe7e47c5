"""A feed runs by itself for the person who wanted it, with the rights he has at that time."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.actions.feed import schedule_feed
from app.actions.permission import grant_rights, sync_permissions
from app.domain.feed import Rhythm, RunResult, Schedule
from app.domain.message import Refused
from app.exchange.feed_schedule import DueRun, run_due
from app.models.permission import user
from tests.feeds import CONTENT, COURSES, Feeding

NIGHTLY = Schedule(Rhythm.DAILY, 3)


@pytest.fixture
def scheduled(feeding: Feeding) -> Feeding:
    """The data stewards may view the source; one of them has scheduled the feed."""
    session = feeding.college.session
    sync_permissions(session, feeding.store)
    grant_rights(session, [("data_steward", ("list", COURSES))])
    session.commit()
    set_schedule(feeding, NIGHTLY)
    return feeding


def set_schedule(feeding: Feeding, wanted: Schedule | None, **more: Any) -> None:
    """The steward schedules the feed, or no more."""
    how = {"by": feeding.steward, "now": feeding.now, **more}
    schedule_feed(feeding.college.session, feeding.store, feeding.number, wanted, **how)


def due(feeding: Feeding, **later: int) -> list[DueRun]:
    """What runs so much later."""
    session, now = feeding.college.session, feeding.now + timedelta(**later)
    tell = run_due(session, feeding.store, now=now, translate=lambda message: message.english())
    return list(tell)


def test_it_runs_once_when_its_hour_has_come(scheduled: Feeding) -> None:
    assert due(scheduled, hours=1) == []

    [done] = due(scheduled, days=1)

    assert done.result is not None
    assert done.result.total["created"] == 2
    assert due(scheduled, days=1, hours=2) == []
    [run] = scheduled.runs()
    assert (run.is_scheduled, run.person_name, run.result) == (True, "李静", RunResult.DONE)


def test_person_who_is_gone_runs_nothing_and_that_is_kept(scheduled: Feeding) -> None:
    with scheduled.college.founded.engine.begin() as connection:
        connection.execute(update(user).where(user.c.username == "li_jing").values(active=False))

    [done] = due(scheduled, days=1)

    assert (done.result, scheduled.college.rows("course")) == (None, [])
    [run] = scheduled.runs()
    assert (run.result, run.is_scheduled) == (RunResult.REFUSED, True)
    assert "no longer active" in str(run.refusal)


def test_right_that_was_taken_away_is_asked_for_anew(scheduled: Feeding) -> None:
    scheduled.source("DELETE FROM ab_permission_view_role")

    [done] = due(scheduled, days=1)

    assert done.refusal is not None
    assert scheduled.runs()[0].result is RunResult.REFUSED


def test_definition_that_changed_does_not_run_unseen(scheduled: Feeding) -> None:
    fields = CONTENT["fields"] | {"course_name": {"value": "全部改名"}}
    scheduled.define(number=scheduled.number, version=1, content={"fields": fields})

    [refused] = due(scheduled, days=1)
    set_schedule(scheduled, NIGHTLY)
    [done] = due(scheduled, days=2)

    assert (refused.result, done.refusal) == (None, None)
    assert {row["course_name"] for row in scheduled.college.rows("course")} == {"全部改名"}


def test_source_that_is_gone_is_told_and_waits_for_its_next_turn(scheduled: Feeding) -> None:
    scheduled.source("DROP TABLE jw_kc")

    [done] = due(scheduled, days=1)

    assert done.result is None
    assert "教务课程库" in str(scheduled.runs()[0].refusal)
    assert due(scheduled, days=1, hours=1) == []
    assert len(due(scheduled, days=2)) == 1


def test_schedule_is_taken_back_and_impossible_ones_are_refused(scheduled: Feeding) -> None:
    set_schedule(scheduled, None)
    assert due(scheduled, days=1) == []

    with pytest.raises(Refused):
        set_schedule(scheduled, Schedule(Rhythm.DAILY, 24))
    with pytest.raises(Refused):
        set_schedule(scheduled, NIGHTLY, by=scheduled.office)


def test_feed_that_meets_a_fault_does_not_keep_the_next_from_running(
    scheduled: Feeding, caplog: pytest.LogCaptureFixture
) -> None:
    chosen = {"fields": {"planned_courses": {"column": "hx"}}, "filter": ["kch", "=", "K1"]}
    scheduled.number = scheduled.define(name="资源", target="teaching_resource", content=chosen)
    set_schedule(scheduled, NIGHTLY)
    table = scheduled.store.tables["course"].table.name
    scheduled.source(f"ALTER TABLE {table} RENAME TO gone")
    try:
        failed, done = due(scheduled, days=1)
    finally:
        scheduled.source(f"ALTER TABLE gone RENAME TO {table}")

    assert (failed.result, failed.refusal is None, done.refusal) == (None, False, None)
    results = [(run.result, "a fault" in str(run.refusal)) for run in scheduled.runs()]
    assert results == [(RunResult.REFUSED, True), (RunResult.DONE, False)]
    assert "Traceback" in caplog.text
