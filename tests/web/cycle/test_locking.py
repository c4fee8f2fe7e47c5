"""Locking a year on its page: one asks, another confirms; both see where it stands."""

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.submission import Status
from app.models.cycle import Cycle
from app.models.submission import Submission
from tests.clean import clean_submissions
from tests.demo import DemoCollege
from tests.pages import links_of, text_of
from tests.web.cycle.test_cycles import offered, year_step


@pytest.fixture
def closed(demo: DemoCollege) -> DemoCollege:
    """A year that can be locked: some tables are accepted, the others are exempt."""
    clean_submissions(demo, Status.ACCEPTED, 3)
    assert year_step(demo, "qa", demo.cycle, CycleVerb.CLOSE).status_code == 302
    return demo


def lock(demo: DemoCollege, who: str, **typed: str) -> TestResponse:
    """Send the form; the page of the years afterwards."""
    assert year_step(demo, who, demo.cycle, CycleVerb.LOCK, **typed).status_code == 302
    return demo.caller(who).get("/cycles/")


def test_the_first_is_told_that_a_second_has_to_confirm(closed: DemoCollege) -> None:
    answer = lock(closed, "qa", reason="数据齐全")

    assert "须由质管办另一人在" in text_of(answer)
    assert (str(closed.cycle.id), "lock") not in offered(answer)
    assert closed.cycle.status is CycleStatus.CLOSED


def test_the_second_reads_who_asked_and_confirms(closed: DemoCollege) -> None:
    lock(closed, "qa", reason="数据齐全")
    page = closed.caller("qa2").get("/cycles/")
    year = closed.cycle

    answer = lock(closed, "qa2")

    assert (str(year.id), "lock") in offered(page)
    assert "您是第二人" in text_of(page)
    assert "数据齐全" in text_of(page)
    assert "确认并锁定年度" in text_of(page)
    assert "已锁定" in text_of(answer)
    with closed.session() as session:
        assert session.get_one(Cycle, year.id).status is CycleStatus.LOCKED


def test_a_second_click_of_the_first_is_refused(closed: DemoCollege) -> None:
    lock(closed, "qa")

    answer = year_step(closed, "qa", closed.cycle, CycleVerb.LOCK)

    assert answer.status_code == 403
    assert "您已经提出锁定" in text_of(answer)


def test_the_request_waits_in_the_list_for_the_second_only(closed: DemoCollege) -> None:
    lock(closed, "qa")

    pages = {who: text_of(closed.caller(who).get("/requests/")) for who in ("qa", "qa2", "leader")}

    assert "等我决定 1" in pages["qa2"]
    assert "等我决定 0" in pages["qa"]
    assert "等我决定 0" in pages["leader"]


def test_the_page_asks_the_database_little(closed: DemoCollege) -> None:
    lock(closed, "qa")

    with closed.counting() as statements:
        closed.caller("qa2").get("/cycles/")

    assert len(statements) <= 15, statements


def test_that_unlocking_is_asked_for_is_told_instead_of_offered_again(demo: DemoCollege) -> None:
    year, office = demo.locked_cycle, demo.caller("qa")
    with demo.session() as session:
        query = select(Submission.id).where(Submission.cycle_id == year.id)
        table = session.scalars(query.where(Submission.status == Status.LOCKED)).first()
    asked = {"cause": "department", "reason": "更正", "table": str(table)}
    assert office.post(f"/requests/cycles/{year.id}", data=asked).status_code in {302, 303}

    page = office.get("/cycles/")

    assert "由院领导在" in text_of(page)
    assert f"/requests/cycles/{year.id}" not in links_of(page)
