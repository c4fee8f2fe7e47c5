"""Opening a large year: the page says how far it is, and what stands against it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, func, select

from app.actions.job import fail_job
from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.job import JobState
from app.models.cycle import Cycle
from app.models.job import Job
from app.models.submission import Submission
from app.models.work_plan import WorkPlan
from app.web.cycle import opening
from tests.demo import DemoCollege
from tests.pages import text_of
from tests.web.assignment.years import prepare
from tests.web.cycle.test_cycles import offered, stored, year_step


@pytest.fixture
def year(demo: DemoCollege, monkeypatch: pytest.MonkeyPatch) -> Cycle:
    """The next year, large enough to be opened in the background; a worker seems to run."""
    monkeypatch.setattr(opening, "AT_ONCE", 10)
    demo.application.extensions["queue"].beat_as_worker()
    cycle = prepare(demo)
    return stored(demo, cycle)


def jobs(demo: DemoCollege) -> list[Job]:
    with demo.session() as session:
        return list(session.scalars(select(Job).order_by(Job.id)))


def test_the_page_shows_how_far_it_is_and_asks_again_by_itself(
    demo: DemoCollege, year: Cycle
) -> None:
    answer = year_step(demo, "qa", year, CycleVerb.OPEN)
    page = demo.caller("qa").get("/cycles/")

    assert answer.status_code == 302
    assert "正在后台启动这个年度" in text_of(page)
    assert 'hx-trigger="every 2s"' in page.get_data(as_text=True)
    assert (str(year.id), "open") not in offered(page)
    assert (stored(demo, year).status, len(jobs(demo))) == (CycleStatus.PREPARING, 1)


def test_it_is_not_begun_twice(demo: DemoCollege, year: Cycle) -> None:
    answers = [year_step(demo, "qa", year, CycleVerb.OPEN).status_code for _ in range(2)]

    assert (answers, len(jobs(demo))) == ([302, 409], 1)


def test_what_is_lacking_is_told_at_once(demo: DemoCollege, year: Cycle) -> None:
    with demo.session() as session:
        session.execute(delete(WorkPlan).where(WorkPlan.cycle_id == year.id))
        session.commit()

    answer = year_step(demo, "qa", year, CycleVerb.OPEN)

    assert (answer.status_code, jobs(demo)) == (422, [])
    assert "采集工作方案尚未发布" in text_of(answer)


def test_a_stale_page_and_others_begin_nothing(demo: DemoCollege, year: Cycle) -> None:
    stale = demo.caller("qa").post(f"/cycles/{year.id}/open", data={"version": "99"})
    other = year_step(demo, "jwc_head", year, CycleVerb.OPEN)

    assert (stale.status_code, other.status_code, jobs(demo)) == (409, 403, [])


def test_what_came_to_nothing_says_why(demo: DemoCollege, year: Cycle) -> None:
    year_step(demo, "qa", year, CycleVerb.OPEN)
    with demo.session() as session:
        job = session.scalars(select(Job)).one()
        job.state, job.attempts = JobState.RUNNING, 1
        session.commit()
        fail_job(session, job.key, 1, "数据库连接中断", now=datetime.now(UTC))

    page = demo.caller("qa").get("/cycles/")

    assert "年度没有启动，什么也没有改变" in text_of(page)
    assert "数据库连接中断" in text_of(page)
    assert (str(year.id), "open") in offered(page)


def test_one_that_was_given_up_is_begun_anew(demo: DemoCollege, year: Cycle) -> None:
    year_step(demo, "qa", year, CycleVerb.OPEN)
    demo.caller("qa").post(f"/jobs/{jobs(demo)[0].key}/cancel", data={})

    assert year_step(demo, "qa", year, CycleVerb.OPEN).status_code == 302
    assert [job.state for job in jobs(demo)] == [JobState.CANCELLED, JobState.QUEUED]


def test_without_a_worker_it_is_opened_while_the_person_waits(
    demo: DemoCollege, year: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo.application.extensions["queue"], "has_worker", lambda: False)

    year_step(demo, "qa", year, CycleVerb.OPEN)

    query = select(func.count()).where(Submission.cycle_id == year.id)
    with demo.session() as session:
        assert session.scalar(query) > 200
    assert stored(demo, year).status is CycleStatus.OPEN


def test_the_page_asks_the_database_little_meanwhile(demo: DemoCollege, year: Cycle) -> None:
    year_step(demo, "qa", year, CycleVerb.OPEN)

    with demo.counting() as statements:
        demo.caller("qa").get("/cycles/")

    assert len(statements) <= 15, statements
