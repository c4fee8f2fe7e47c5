"""What all tests of a run share: its settings and the browser's window."""

import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.conftest import forget, forget_settings

KEEP = """async () => {
  localStorage.setItem("draft", "1");
  sessionStorage.setItem("draft", "1");
  document.cookie = "who=1";
  await new Promise((done) => { indexedDB.open("drafts", 1).onsuccess = done; });
  await caches.open("drafts");
}"""
KEPT = """async () => [
  localStorage.length, sessionStorage.length, document.cookie,
  (await indexedDB.databases()).length, (await caches.keys()).length,
]"""
ASKED = 'async () => (await navigator.permissions.query({name: "clipboard-read"})).state'
NOTHING = [0, 0, "", 0, 0]


class Blank(BaseHTTPRequestHandler):
    """Answers every address with an empty page."""

    def do_GET(self) -> None:
        """Send the page."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Nobody reads along."""


@pytest.fixture
def blank() -> Iterator[str]:
    """Where empty pages are served."""
    with HTTPServer(("127.0.0.1", 0), Blank) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_nothing_of_a_test_is_left_in_the_window(
    page: Page, window: BrowserContext, blank: str
) -> None:
    page.goto(blank)
    page.evaluate(KEEP)
    window.grant_permissions(["clipboard-read"])
    assert page.evaluate(KEPT) != NOTHING

    forget(window)

    fresh = window.new_page()
    fresh.goto(blank)
    assert window.pages == [fresh]
    assert fresh.evaluate(KEPT) == NOTHING
    assert fresh.evaluate(ASKED) == "prompt"


def test_settings_of_the_platform_are_forgotten_and_addresses_of_services_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STATEDATA_DEMO", "1")
    monkeypatch.setenv("TEST_MARIADB_URL", "mysql+pymysql://root@127.0.0.1:13306/test")

    forget_settings()

    assert "STATEDATA_DEMO" not in os.environ
    assert os.environ["TEST_MARIADB_URL"].endswith(":13306/test")
