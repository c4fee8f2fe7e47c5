"""Fixtures of the whole test suite: databases, the browser, and what was missing.

A test that asks for ``database_url`` runs on SQLite and on MariaDB, one that
asks for ``any_database_url`` on PostgreSQL too; one that asks for ``chromium``
or ``page`` needs the browser. Nothing else has to be declared: the fixture
skips, and the closing lines of the run say why.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from config import PREFIX
from tests import services

# The fixtures of a small college with people and an open year.
pytest_plugins = [
    "tests.demo_begin",
    "tests.adopted",
    "tests.college",
    "tests.demo",
    "tests.reporting",
    "tests.served",
    "tests.appraisals",
    "tests.feeds",
    "tests.worker",
]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Other machines are not found, so a page that asks them is told by the test alone.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
# In milliseconds: as long as Playwright waits for an element that is to be clicked.
PATIENCE = 30_000
LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1"}


def pytest_configure() -> None:
    """Make every run the same, whoever starts it."""
    forget_settings()
    # How long an example takes says more about the machine than about the code.
    settings.register_profile(
        "statedata", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("statedata")
    # What a page does at once takes longer where other programs want the processor too.
    expect.set_options(timeout=PATIENCE)


def forget_settings() -> None:
    """Forget the developer's own settings of the platform; where services are is none of them."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in the closing lines which services were missing and how to get them."""
    reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    missing = Counter(filter(None, map(services.service_of, reasons)))
    if not missing:
        return
    terminalreporter.section("有测试因缺少服务而跳过", sep="-", yellow=True)
    for service, count in sorted(missing.items()):
        terminalreporter.write_line(
            f"{service}：跳过 {count} 项。安装方法：{services.HOW_TO_GET[service]}"
        )


@pytest.fixture(params=services.DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a new, empty database, once on SQLite and once on MariaDB."""
    with services.database(request.param, tmp_path) as url:
        yield url


@pytest.fixture(params=services.ALL_DATABASES)
def any_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a new, empty database, once on each kind: for what must hold on all."""
    with services.database(request.param, tmp_path) as url:
        yield url


@pytest.fixture(scope="module", params=services.DATABASES)
def module_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Like ``database_url``, but one database for a whole file that is costly to prepare."""
    with services.database(request.param, tmp_path_factory.mktemp("database")) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a new SQLite database, for tests that do not depend on the kind."""
    return f"sqlite:///{tmp_path / 'statedata.db'}"


@pytest.fixture
def mariadb_url() -> Iterator[str]:
    """The address of a new MariaDB database, for what only a server can show."""
    with services.mariadb_database() as url:
        yield url


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """The address of a new PostgreSQL database, for what only this kind does."""
    with services.postgresql_database() as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The Chromium executable."""
    path = Path(services.CHROMIUM)
    if not path.is_file():
        services.give_up("Chromium", f"{path} does not exist")
    return path


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """A running headless Chromium, shared by all tests of a run."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """The browser's one window, in which each test opens pages of its own.

    A window of its own for every test would cost as much again as the page it shows.
    """
    opened = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    yield opened
    opened.close()


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """A new page of somebody unknown; requests to other machines fail the test."""
    foreign: list[str] = []

    def note(request: Request) -> None:
        if urlsplit(request.url).hostname not in LOOPBACK | {None}:
            foreign.append(request.url)

    window.on("request", note)
    yield window.new_page()
    forget(window)
    window.remove_listener("request", note)
    assert not foreign, f"the page asked other machines: {foreign}"


def forget(window: BrowserContext) -> None:
    """Leave nothing of a test in the window: no page, nobody signed in, nothing stored."""
    for opened in window.pages:
        opened.close()
    window.clear_permissions()
    emptied = window.new_page()
    everything = {"origin": "*", "storageTypes": "all"}
    window.new_cdp_session(emptied).send("Storage.clearDataForOrigin", everything)
    emptied.close()
