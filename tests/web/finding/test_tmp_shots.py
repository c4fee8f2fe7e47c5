import pytest
from datetime import UTC, datetime
from sqlalchemy import select
from tests.demo import DemoCollege
from tests.web.api.test_finding import with_an_old_book, explain
from app.actions.finding_register import check_table
from app.models.cycle import Cycle

OUT = "/tmp/w/fp_shots/"

@pytest.mark.parametrize("width", [1440, 390])
def test_shots(demo: DemoCollege, open_page, width):
    found = with_an_old_book(demo)
    with demo.session() as s:
        cycle = s.get_one(Cycle, demo.cycle.id)
        for t in demo.store.reported:
            check_table(s, demo.store, cycle, t, now=datetime.now(UTC))
    sub = demo.submission("course_textbook", "A03")
    page = open_page("jwc_steward", "/findings/")
    page.set_viewport_size({"width": width, "height": 900})
    page.reload()
    page.screenshot(path=f"{OUT}list_steward_{width}.png", full_page=True)
    page.goto(page.url.split("/findings")[0] + f"/submissions/{sub.id}")
    page.screenshot(path=f"{OUT}sub_steward_{width}.png", full_page=True)
    if width == 1440:
        page.goto(page.url.split("/submissions")[0] + "/findings/?table=course_textbook")
        page.click(".finding-where a.only-wide")
        page.wait_for_selector(".slick-cell.active")
        page.wait_for_timeout(800)
        print("URL", page.url, page.locator(".slick-cell.active").inner_text())
        page.screenshot(path=f"{OUT}grid_{width}.png")
    explain(demo, found)
    page.context.clear_cookies()
    page = open_page("qa", "/findings/?state=explained")
    page.screenshot(path=f"{OUT}list_qa_{width}.png", full_page=True)
    base = page.url.split("/findings")[0]
    page.goto(base + f"/findings/waivers?table=course_textbook&rule={found['rule']}&department=A03")
    page.screenshot(path=f"{OUT}waivers_{width}.png", full_page=True)
    page.goto(base + "/findings/annual_note")
    page.screenshot(path=f"{OUT}note_{width}.png", full_page=True)
