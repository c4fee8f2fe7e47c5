"""Importing in a real browser: columns matched by hand, outcomes under tabs, cells pasted."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.demo import DemoCollege
from tests.exchange.books import book_of

OpenPage = Callable[[str, str], Page]
OWN = [
    ["编号", "课程的名称", "天气", "学分"],
    ["ZZ01", "插花艺术", "晴", 2],
    ["ZZ02", "茶艺", "雨", "很多"],
]


def chosen(open_page: OpenPage, folder: Path, rows: list[list[object]]) -> Page:
    """The import page with a file of these rows chosen."""
    path = folder / "课程.xlsx"
    path.write_bytes(book_of(rows))
    page = open_page("jwc_steward", "/data/course/import")
    page.set_input_files("#import-file", path)
    return page


def test_columns_are_matched_by_hand_before_anything_is_read(
    demo: DemoCollege, open_page: OpenPage, tmp_path: Path
) -> None:
    page = chosen(open_page, tmp_path, OWN)
    columns, confirm = page.locator("#import-columns"), page.locator("#import-columns .btn-primary")
    expect(columns.locator("tr.is-suggested")).to_contain_text("课程的名称")
    expect(confirm).to_be_disabled()

    page.select_option("select[data-column=A]", "course_code")
    page.select_option("select[data-column=C]", "")
    confirm.click()
    page.get_by_role("tab").nth(0).click()
    expect(page.get_by_role("tabpanel")).to_contain_text("插花艺术")
    page.locator("#import-result .btn-list button").click()

    expect(page.locator("#import-result a.btn-primary")).to_be_visible()
    assert "ZZ01" in [row["course_code"] for row in demo.stored("course")]


def test_errors_are_grouped_and_name_their_cells(open_page: OpenPage, tmp_path: Path) -> None:
    page = chosen(
        open_page, tmp_path, [["课程代码", "学分"], *([f"Z{n}", "很多"] for n in range(205))]
    )

    group = page.locator(".import-group", has_text="学分").first
    expect(group.locator("summary")).to_contain_text("205", timeout=20_000)
    group.evaluate("group => { group.open = true; }")
    expect(group.locator("tbody tr").first).to_contain_text("B2")
    expect(group.locator("tbody tr")).to_have_count(200)
    group.get_by_role("button").last.click()

    expect(group.locator("tbody tr")).to_have_count(5)


def test_every_row_of_a_preview_can_be_looked_at(open_page: OpenPage, tmp_path: Path) -> None:
    rows = [[f"ZZ{n}", f"插花艺术{n}"] for n in range(205)]
    page = chosen(open_page, tmp_path, [["课程代码", "课程名称"], *rows])
    page.get_by_role("tab", name="新增").click()
    lines = page.locator("#import-panel tbody tr")
    expect(lines).to_have_count(200, timeout=20_000)

    page.get_by_role("button", name="再看一些行").click()

    expect(lines).to_have_count(205)
    expect(lines.last).to_contain_text("插花艺术204")


def test_cells_that_were_copied_are_a_file_like_any_other(open_page: OpenPage) -> None:
    page = open_page("jwc_steward", "/data/course/import")

    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "课程代码\\t课程名称\\nZZ01\\t插花艺术");
          const init = { clipboardData: data, bubbles: true };
          document.body.dispatchEvent(new ClipboardEvent("paste", init));
        }"""
    )

    expect(page.locator("#import-result")).to_contain_text("插花艺术")


def test_the_page_of_steps_fits_on_a_phone(open_page: OpenPage, tmp_path: Path) -> None:
    page = chosen(open_page, tmp_path, OWN)
    page.set_viewport_size({"width": 390, "height": 844})

    expect(page.locator("#import-columns details")).to_be_visible()
    expect(page.locator("#import-steps [aria-current=step]")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
