"""Exporting in a real browser: choose, download, edit in a spreadsheet, import (I10, I11)."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.demo import DemoCollege, on_one_database
from tests.exchange.books import edited, opened

pytestmark = on_one_database

OpenPage = Callable[[str, str], Page]


def open_dialog(page: Page) -> None:
    page.get_by_role("button", name="导出", exact=True).click()
    page.get_by_role("button", name="选择行、列和格式").click()


def download(page: Page) -> bytes:
    with page.expect_download() as downloading:
        page.get_by_role("dialog").get_by_role("button", name="导出", exact=True).click()
    return Path(downloading.value.path()).read_bytes()


def bring_in(page: Page, file: Path, expected: str) -> None:
    """Choose the file on the import page, look at what it would do, confirm."""
    page.get_by_role("link", name="导入Excel").click()
    page.set_input_files("#import-file", file)
    expect(page.locator("#import-result")).to_contain_text(expected)
    page.click("#import-result button.btn-primary")
    expect(page.locator("#import-result a.btn-primary")).to_be_visible()


def test_what_is_exported_edited_and_imported_changes_only_the_edited_cell(
    demo: DemoCollege, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page("jwc_steward", "/data/course/?q=GG0")
    expect(page.locator("#grid .slick-row").first).to_contain_text("GG0")
    before = {row["course_code"]: row for row in demo.stored("course")}

    open_dialog(page)
    expect(page.locator(".export-count")).to_contain_text("行")
    content = download(page)
    code = opened(content).worksheets[0]["A2"].value
    file = tmp_path / "课程.xlsx"
    file.write_bytes(edited(content, {"B2": "浏览器里改的课程"}))
    bring_in(page, file, "浏览器里改的课程")

    after = {row["course_code"]: row for row in demo.stored("course")}
    assert after.pop(code)["course_name"] == "浏览器里改的课程"
    del before[code]
    assert after == before


def test_personal_values_leave_whole_only_with_a_purpose(open_page: OpenPage) -> None:
    page = open_page("qcx_steward", "/data/full_time_teacher/")
    expect(page.locator("#grid .slick-row").first).to_be_visible()

    open_dialog(page)
    page.get_by_label("完整导出这些值").check()
    page.get_by_role("dialog").get_by_role("button", name="导出", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_label("个人信息的用途").fill("核对证件号码")

    assert "核对证件号码" in str(opened(download(page)).worksheets[0]["A1"].value)


def test_the_choice_is_remembered(open_page: OpenPage) -> None:
    page = open_page("jwc_steward", "/data/course/")
    expect(page.locator("#grid .slick-row").first).to_be_visible()

    open_dialog(page)
    page.get_by_label("代码", exact=True).check()
    download(page)
    open_dialog(page)

    expect(page.get_by_label("代码", exact=True)).to_be_checked()
