"""The assignments in a real browser: on a phone, with scripts and rules of the page's security."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.demo import DemoCollege, on_one_database
from tests.web.assignment.years import holders, prepare

pytestmark = on_one_database

OpenPage = Callable[[str, str], Page]


def test_marked_tables_are_assigned_together_on_a_phone(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    cycle = prepare(demo)
    page = open_page("qa", "/assignments/?q=7.2")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    for table in ("course", "course_textbook"):
        page.check(f"input[name=marked][value={table}]")
    page.select_option("#marked-to", "responsible:C01:")
    page.click(".save-bar button")

    expect(page.locator(".alert-success")).to_contain_text("2 张数据表的分工有变动")
    assert holders(demo, cycle, "course") == {"C01": "responsible"}


def test_abolishing_a_department_is_asked_about_first(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = open_page("qa", "/assignments/departments/")
    row = page.locator("tr#A03")
    row.locator("summary").click()
    row.locator("textarea").fill("机构改革")

    row.locator(".btn-danger").click()
    page.locator("dialog button", has_text="撤销部门").click()

    expect(page.locator("tr#A03 [role=alert]")).to_contain_text("请选择接手其数据表的部门")
    expect(page.locator("tr#A03 textarea")).to_have_value("机构改革")
