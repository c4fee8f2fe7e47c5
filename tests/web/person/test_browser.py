"""What only a browser shows: the question before a reset, the download, the small screen."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.demo import DemoCollege, on_one_database
from tests.web.person.test_people import stored

pytestmark = on_one_database

OpenPage = Callable[[str, str], Page]


def test_a_new_password_is_asked_for_shown_and_downloaded(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = open_page("admin", f"/people/{stored(demo, 't_full').id}")
    page.click("text=重置为新的初始密码")
    page.locator("dialog").get_by_role("button", name="重置为新的初始密码").click()

    expect(page.locator(".secret")).to_have_text(
        re.compile("^[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}$")
    )
    for _ in range(2):  # the button stays usable: a download leaves the page as it is
        with page.expect_download() as download:
            page.click("text=下载 Excel 工作簿")
        assert download.value.suggested_filename == "初始密码名单.xlsx"


def test_no_page_of_people_is_wider_than_a_phone(demo: DemoCollege, open_page: OpenPage) -> None:
    page = open_page("admin", "/people/")
    page.set_viewport_size({"width": 390, "height": 844})

    for path in ("/people/", "/people/duties", "/people/new", "/people/import/", "/people/logins/"):
        page.goto(page.url.partition("/people")[0] + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert page.locator("h1").count() == 1
