"""The grid reads an adopted table as it reads a base table: filter, columns, views, totals."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, text
from werkzeug.serving import make_server

from app.access.adopted_table import ADOPTED_ACTIONS
from app.actions.permission import grant_rights
from app.bootstrap import create_app
from app.catalogue.adopted_file import write_adopted
from app.cli.migration import upgrade
from app.models.inspection.reader import inspect_tables
from app.web.fab.database import database
from tests.architecture.source import ROOT
from tests.web.conftest import PASSWORD, settle_people

TABLE = """CREATE TABLE books (
    number VARCHAR(20) NOT NULL PRIMARY KEY, title VARCHAR(40) NOT NULL,
    bought DATE, price DECIMAL(8, 2), note TEXT)"""
BOOKS = """INSERT INTO books VALUES
    ('B1', '机械制图', '2024-09-01', 10.10, NULL), ('B2', '电工技术', '2025-03-01', 0.20, '破损'),
    ('B3', '液压传动', NULL, NULL, NULL), ('B4', '高等数学', '2023-01-05', 5.00, NULL)"""
OpenBooks = Callable[[], Page]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over a database in which somebody else's table stood before."""
    folder = tmp_path_factory.mktemp("library")
    url = f"sqlite:///{folder / 'statedata.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(TABLE))
        connection.execute(text(BOOKS))
        write_adopted(folder / "adopted", inspect_tables(connection).tables)
    engine.dispose()
    settings = {"TESTING": True, "SECRET_KEY": "a key for tests only, long enough for tokens"}
    settings |= {"SQLALCHEMY_DATABASE_URI": url, "STATEDATA_INSTANCE": folder}
    made = create_app(settings, environment={})
    with made.app_context():
        upgrade(database.engine, Path(ROOT) / "migrations")
        settle_people(made)
        granted = [("data_steward", (action, "books")) for action in ADOPTED_ACTIONS]
        grant_rights(database.session(), granted)
        database.session().commit()
    yield made
    with made.app_context():
        database.engine.dispose()


@pytest.fixture
def open_books(library: Flask, page: Page) -> Iterator[OpenBooks]:
    """Signs the data steward in and opens the grid of the books."""
    server = make_server("127.0.0.1", 0, library, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"

    def open_grid() -> Page:
        page.goto(f"{address}/login/")
        page.fill("#username", "steward")
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{address}/")
        page.goto(f"{address}/data/books/")
        expect(page.locator("#grid")).to_contain_text("机械制图")
        return page

    yield open_grid
    server.shutdown()
    thread.join()
    server.server_close()


def test_rows_are_filtered_and_added_up(open_books: OpenBooks) -> None:
    page = open_books()
    page.click("[data-action=totals]")
    footer = page.locator("#grid .slick-footerrow-column", has_text="合计")
    expect(footer).to_contain_text("15.30")
    page.click("[data-action=filter]")
    panel = page.locator("#filter-panel")
    panel.get_by_label("字段").select_option("price")
    panel.get_by_label("比较方式").select_option(label="大于等于")
    panel.get_by_label("比较的值").fill("5")
    panel.get_by_role("button", name="应用").click()

    expect(page.locator("#grid-summary")).to_contain_text("共 2 行")
    expect(footer).to_contain_text("15.10")
    page.reload()
    expect(page.locator("#grid-summary")).to_contain_text("共 2 行")


def test_rows_are_put_together_and_one_group_is_shown(open_books: OpenBooks) -> None:
    page = open_books()
    page.click("[data-action=groups]")
    panel = page.locator("#groups-panel")
    panel.locator("[data-does=groups_by]").select_option("note")
    panel.locator("[data-does=groups_measure]").select_option("sum")
    expect(panel.locator("tbody tr")).to_have_count(2)
    broken = panel.locator("tbody tr", has_text="破损")
    expect(broken).to_contain_text("0.2")

    broken.locator("button").click()

    expect(page.locator("#grid-summary")).to_contain_text("共 1 行")
    expect(panel.locator("tbody tr")).to_have_count(1)
    page.keyboard.press("Escape")


def test_dates_are_filtered_by_periods_of_the_server(open_books: OpenBooks) -> None:
    page = open_books()
    page.click("[data-action=filter]")
    panel = page.locator("#filter-panel")
    panel.get_by_label("字段").select_option("bought")

    operators = panel.get_by_label("比较方式").locator("option").all_inner_texts()
    periods = panel.get_by_label("比较的值").locator("option").all_inner_texts()

    assert {"在时段", "早于", "介于", "不为空"} <= set(operators)
    assert periods == ["本学年", "上学年", "本自然年", "本月", "最近30天"]


def keep_view(page: Page) -> None:
    """Choose columns and rows, and keep both under a name."""
    page.click("[data-action=columns]")
    page.locator("#columns-panel [data-code=note] input").uncheck()
    page.fill("#grid-search", "电工")
    expect(page.locator("#grid-summary")).to_contain_text("共 1 行")
    page.click("[data-views-button]")
    page.click("text=另存为新视图")
    page.fill("#view-name", "电工书")
    page.click("text=保存视图")
    expect(page.locator("[data-views-name]")).to_have_text("电工书")


def test_a_view_brings_rows_and_columns_back(open_books: OpenBooks) -> None:
    page = open_books()
    keep_view(page)

    page.goto(page.url.partition("?")[0])
    expect(page.locator("#grid-summary")).to_contain_text("共 4 行")
    page.click("[data-views-button]")
    page.locator("[data-views-menu]").get_by_text("电工书").click()

    expect(page.locator("#grid-summary")).to_contain_text("共 1 行")
    expect(page.locator("#grid-search")).to_have_value("电工")
    assert "note" not in page.locator("#grid .heading-text").all_inner_texts()
    page.fill("#grid-search", "")
    expect(page.locator("[data-views-name]")).to_have_text("电工书（有改动）")
