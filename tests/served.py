"""The demo college at an address, for what only a browser can show."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.demo import PASSWORD, DemoCollege


@pytest.fixture
def address(demo: DemoCollege) -> Iterator[str]:
    """Where the demo college is served for browsers."""
    server = make_server("127.0.0.1", 0, demo.application, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


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
