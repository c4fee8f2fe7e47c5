"""Pages as people use them: forms read from the page, and a served address for the browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.demo import PASSWORD


@pytest.fixture
def open_page(address: str, page: Page) -> Callable[[str, str], Page]:
    """Signs a person in and opens a page of the platform."""

    def open_as(username: str, path: str) -> Page:
        page.goto(f"{address}/login/")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{address}/")
        page.goto(address + path)
        return page

    return open_as
