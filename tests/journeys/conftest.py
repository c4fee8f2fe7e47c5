"""Several people at once, each with a browser of his own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.demo import PASSWORD

Visit = Callable[[str, str], Page]


@pytest.fixture
def visit(address: str, browser: Browser) -> Iterator[Visit]:
    """Opens a page in the browser of a person, who signs in at the first visit."""
    pages: dict[str, tuple[BrowserContext, Page]] = {}

    def visit_as(username: str, path: str) -> Page:
        if username not in pages:
            context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
            pages[username] = (context, context.new_page())
            sign_in(pages[username][1], address, username)
        page = pages[username][1]
        page.goto(address + path)
        return page

    yield visit_as
    for context, _page in pages.values():
        context.close()


def sign_in(page: Page, address: str, username: str) -> None:
    """Sign in on the login page."""
    page.goto(f"{address}/login/")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{address}/")
