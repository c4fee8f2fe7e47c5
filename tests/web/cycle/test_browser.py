"""A large year is opened in a real browser, with a real worker: the page follows by itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.domain.cycle import CycleStatus
from app.models.submission import Submission
from app.web.cycle import opening
from tests.demo import DemoCollege, on_one_database
from tests.web.assignment.years import prepare
from tests.web.cycle.test_cycles import stored
from tests.worker import DEADLINE, Worker

OpenPage = Callable[[str, str], Page]


@on_one_database
def test_a_large_year_is_opened_by_a_worker_while_the_page_looks_on(
    demo: DemoCollege, worker: Worker, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "AT_ONCE", 10)
    year = prepare(demo)
    page = open_page("qa", "/cycles/")
    card = page.locator(f"#card-{year.id}")

    card.locator("summary", has_text="启动采集").click()
    card.locator("form button[type=submit]").click()
    page.locator("dialog button", has_text="启动采集").click()

    expect(card).to_contain_text("正在后台启动这个年度")
    expect(card).to_contain_text("采集中", timeout=DEADLINE * 1000.0)
    query = select(func.count()).where(Submission.cycle_id == year.id)
    with demo.session() as session:
        assert session.scalar(query) > 200
    assert stored(demo, year).status is CycleStatus.OPEN
