"""One table's year, from the first row to the workbook of the college, with six people.

李静 enters and reviews, 王强 confirms, 周敏 takes up, sends back, accepts and locks; the head of
another department finds nothing, the leader reads the state, the archive takes the workbook.
"""

from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from app.domain.finding import REVIEW_POINTS
from app.domain.submission import Status
from tests.demo import PASSWORD, DemoCollege
from tests.journeys.conftest import Visit
from tests.journeys.others import finish_everything_else

TABLE, DEPARTMENT = "institutional_innovation", "A03"
STEWARD, HEAD, OFFICE, SECOND = "jwc_steward", "jwc_head", "qa", "qa2"
ROW = ("课程思政考核改革", "过程考核替代期末一考", "2025-10", "覆盖全部专业课程")
MENDED = "过程考核与增值评价相结合"
RETURN_REASON = "第1行创新点写得太笼统，请补充"


def test_a_table_goes_through_a_year(demo: DemoCollege, visit: Visit, tmp_path: Path) -> None:
    place = f"/submissions/{demo.submission(TABLE, DEPARTMENT).id}"
    enter_row(visit(STEWARD, f"/data/{TABLE}/"))
    report(visit, place)

    send_back(visit(OFFICE, place))
    expect(visit(STEWARD, "/").locator(".todo-returned")).to_contain_text(RETURN_REASON)
    mend_row(demo, visit)
    report(visit, place)
    step(visit(OFFICE, place), "accept")
    assert demo.submission(TABLE, DEPARTMENT).status is Status.ACCEPTED

    assert_others_read(visit, place)
    finish_everything_else(demo)
    lock_year(demo, visit)
    assert_in_workbook(download(visit("archive", "/consolidation/"), tmp_path))


def enter_row(page: Page) -> None:
    """Type one row into the grid and wait until it is stored."""
    # The grid is there: it says so itself.
    expect(page.locator("#save-status")).to_contain_text("修改会自动保存")
    page.click("[data-action=add-row]")
    for text in ROW:
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Control+s")
    expect(page.locator("#save-status")).to_contain_text("已保存")


def mend_row(demo: DemoCollege, visit: Visit) -> None:
    """Correct the row on its form."""
    [row] = [row for row in demo.stored(TABLE) if row["item_name"] == ROW[0]]
    page = visit(STEWARD, f"/data/{TABLE}/{row['sys_id']}")
    page.fill("#field-innovation_points", MENDED)
    page.click("#row-form button[type=submit].btn-primary")
    expect(page.get_by_role("status").first).to_contain_text("已保存")


def report(visit: Visit, place: str) -> None:
    """Finish, review, confirm with the password, take up: from entry to the quality office."""
    step(visit(STEWARD, place), "finish")
    page = visit(STEWARD, place)
    for point in REVIEW_POINTS:
        page.check(f"input[name={point.value}][value=yes]")
    step(page, "review")
    page = visit(HEAD, place)
    page.fill("#confirm-password", PASSWORD)
    step(page, "confirm")
    expect(page.locator("[data-receipt]")).not_to_be_empty()
    step(visit(OFFICE, place), "receive")


def send_back(page: Page) -> None:
    """Send the table back with a phrase and a reason."""
    page.locator("details.step summary").click()
    page.check("input[value=missing]")
    page.fill("#send_back-reason", RETURN_REASON)
    step(page, "send_back")


def step(page: Page, verb: str) -> None:
    """Press the button of a step and see that it was taken."""
    page.click(f"form[action$='/{verb}'] button[type=submit]")
    expect(page.locator(".alert-success")).to_be_visible()


def assert_others_read(visit: Visit, place: str) -> None:
    """The leader sees the state and no button; another department finds nothing."""
    leader = visit("leader", place)
    expect(leader.locator("h1")).to_contain_text("重大制度创新")
    expect(leader.locator(".state-accepted").first).to_be_visible()
    expect(leader.locator("main form")).to_have_count(0)
    expect(visit("qcx_head", place).locator("h1")).to_contain_text("没有找到")


def lock_year(demo: DemoCollege, visit: Visit) -> None:
    """Close the year and lock it by two, each after a question."""
    for who, verb in ((OFFICE, "close"), (SECOND, "lock"), (OFFICE, "lock")):
        page = visit(who, "/cycles/")
        form = page.locator(f"form[action='/cycles/{demo.cycle.id}/{verb}']")
        page.locator("details.step", has=form).locator("summary").click()
        form.locator("button[type=submit]").click()
        page.locator("dialog button.btn-primary").click()
        expect(page.locator(".alert-success")).to_be_visible()


def download(page: Page, folder: Path) -> Path:
    """The workbook of the year that was locked last."""
    with page.expect_download() as downloading:
        page.click("a[download]")
    path = folder / "college.xlsx"
    downloading.value.save_as(path)
    return path


def assert_in_workbook(path: Path) -> None:
    """The row stands as it was mended, on the sheet with the printed number."""
    book = load_workbook(path, read_only=True)
    [name] = [name for name in book.sheetnames if name.startswith("8.9 ")]
    cells = [cell for row in book[name].iter_rows(values_only=True) for cell in row]
    book.close()
    assert {ROW[0], MENDED, ROW[3], "教务处"} <= set(cells)
    assert ROW[1] not in cells
