"""The demo college at an address, for what only a browser can show."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.demo import SESSION, DemoCollege


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


def enter(demo: DemoCollege, address: str, page: Page, username: str) -> None:
    """Let the browser be that of somebody who has signed in before."""
    demo.caller(username)
    cookie, _token = demo.signed_in[username]
    page.context.add_cookies([{"name": SESSION, "value": cookie, "url": address}])


@pytest.fixture
def open_page(demo: DemoCollege, address: str, page: Page) -> Callable[[str, str], Page]:
    """Opens a page of the platform as somebody who has signed in before."""

    def open_as(username: str, path: str) -> Page:
        enter(demo, address, page, username)
        page.goto(address + path)
        return page

    return open_as
