"""A table gets more time, is accepted, is opened again by two persons, and goes through once more.

李静 asks for a later due date and 周敏 grants it; after acceptance 王强 wishes it opened again,
周敏 takes the wish up, the second person of the office agrees, 李静 mends it.
"""

from datetime import timedelta

from playwright.sync_api import Page, expect

from app.domain.submission import Status
from tests.demo import DemoCollege, on_one_database
from tests.journeys.conftest import Visit
from tests.journeys.test_a_table_through_a_year import (
    DEPARTMENT,
    HEAD,
    MENDED,
    OFFICE,
    STEWARD,
    TABLE,
    enter_row,
    mend_row,
    report,
    step,
)

# What the browser does is the same on every database.
pytestmark = on_one_database
SECOND = "qa2"
WHY_LATER, WHY_AGAIN = "实训中心搬迁，10月底才能盘点", "第1行创新点与备案文件不一致"


def test_more_time_is_granted_and_an_accepted_table_is_opened_again(
    demo: DemoCollege, visit: Visit
) -> None:
    submission = demo.submission(TABLE, DEPARTMENT)
    place, asking = f"/submissions/{submission.id}", f"/requests/submissions/{submission.id}"
    later = (demo.cycle.due_at + timedelta(days=9)).date().isoformat()
    ask_for_more_time(visit(STEWARD, asking), later)
    grant(visit(OFFICE, "/requests/"), WHY_LATER)
    assert later in str(demo.submission(TABLE, DEPARTMENT).due_at)
    enter_row(visit(STEWARD, f"/data/{TABLE}/"))
    accept(visit, place)

    wish(visit(HEAD, asking))
    assert granted_by(demo, visit, OFFICE) is Status.ACCEPTED
    assert granted_by(demo, visit, SECOND) is Status.RETURNED

    mend_row(demo, visit)
    accept(visit, place)
    assert MENDED in {row["innovation_points"] for row in demo.stored(TABLE)}
    assert demo.submission(TABLE, DEPARTMENT).status is Status.ACCEPTED


def accept(visit: Visit, place: str) -> None:
    """From entry to acceptance."""
    report(visit, place)
    step(visit(OFFICE, place), "accept")


def granted_by(demo: DemoCollege, visit: Visit, who: str) -> Status:
    """Where the table stands after this person has agreed to open it again."""
    grant(visit(who, "/requests/"), WHY_AGAIN)
    return demo.submission(TABLE, DEPARTMENT).status


def ask_for_more_time(page: Page, later: str) -> None:
    """Fill in the new due date and the reason."""
    page.fill("#until-on", later)
    page.fill("#extension-reason", WHY_LATER)
    send(page, "extension")


def wish(page: Page) -> None:
    """Say what is wrong in the accepted data."""
    page.fill("#reopening_wish-reason", WHY_AGAIN)
    send(page, "reopening_wish")


def send(page: Page, kind: str) -> None:
    """Send the form of that kind and see that it was asked for."""
    page.click(f"section[aria-labelledby=ask-{kind}] button[type=submit]")
    expect(page.locator(".request-list")).to_contain_text("待决定")


def grant(page: Page, reason: str) -> None:
    """Tick the request with that reason and grant it."""
    line = page.locator(".request-line", has_text=reason)
    line.locator("input[name=chosen]").check()
    page.get_by_role("button", name="勾选的都同意").click()
    expect(page.locator(".alert-success").first).to_be_visible()
