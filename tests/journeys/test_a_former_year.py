"""A former year is brought in from an old workbook: checked first, then written, chosen once."""

from pathlib import Path

import xlsxwriter
from playwright.sync_api import expect

from tests.demo import DemoCollege, on_one_database
from tests.journeys.conftest import Visit

# What the browser does is the same on every database.
pytestmark = on_one_database


def old_workbook(folder: Path) -> Path:
    path = folder / "旧表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["部门", "课程代码", "课程名称"])
        sheet.write_row(1, 0, ["教务处", "A1", "高等数学"])
    return path


def test_the_file_stays_chosen_between_checking_and_writing(
    demo: DemoCollege, visit: Visit, tmp_path: Path
) -> None:
    year = demo.locked_cycle.year.previous.code
    made = demo.caller("qa").post("/cycles/history", data={"year": year})
    page = visit("qa", made.headers["Location"])
    outcome = page.locator("#history-outcome")
    page.select_option("#history-table", "course")
    page.set_input_files("#history-file", old_workbook(tmp_path))

    page.click("button[value=check]")
    expect(outcome).to_contain_text("只做了检查")
    page.click("button[value=import]")

    expect(outcome).to_contain_text("已导入 1 行")
    expect(page.locator("#history-kept")).to_contain_text("教务处")


def test_a_refusal_is_shown_and_the_file_stays_chosen(
    demo: DemoCollege, visit: Visit, tmp_path: Path
) -> None:
    year = demo.locked_cycle.year.previous.code
    made = demo.caller("qa").post("/cycles/history", data={"year": year})
    page = visit("qa", made.headers["Location"])
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04 broken")
    page.select_option("#history-table", "course")
    page.set_input_files("#history-file", broken)

    page.click("button[value=check]")

    expect(page.locator("#history-outcome .alert-danger")).to_be_visible()
    assert page.input_value("#history-file").endswith(broken.name)
