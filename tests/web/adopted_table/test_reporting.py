"""The submission and the grid of a reported table of another system show each other."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import yaml
from playwright.sync_api import Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from app.access.person import Actor, Appointed
from app.actions.assignment import Proposed, assign
from app.actions.cycle import prepare_cycle
from app.bootstrap import ADOPTED, create_app
from app.catalogue.adopted_file import OVERRIDES_FILE, write_adopted
from app.cli.migration import upgrade
from app.domain.assignment import AssignmentKind
from app.domain.cycle import CycleStatus
from app.domain.period import AcademicYear
from app.domain.person import Function
from app.domain.submission import Status
from app.models.inspection.reader import inspect_tables
from app.models.submission import Submission
from app.web.fab.database import database
from tests.college import DUE, NOW
from tests.reporting import REPORT, STATEMENTS, TABLE
from tests.web.adopted_table.conftest import Console, opened
from tests.web.conftest import PASSWORD

OFFICE = Actor(
    "04002",
    "周敏",
    "qa",
    appointments=(Appointed(Function.QA_OFFICE, "A04"),),
    permissions=frozenset({("can_open", "cycle")}),
)
PLACE = "period=2025-2026&department=A03"


@pytest.fixture(scope="module")
def reporting_console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """The application with the old table, which 教务处 reports in the open year."""
    folder = tmp_path_factory.mktemp("reporting")
    settings = {
        "TESTING": True,
        "SECRET_KEY": "a key for tests only, long enough for tokens",
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'old.db'}",
        "STATEDATA_INSTANCE": folder,
    }
    first = create_app(settings, environment={})
    with first.app_context():
        upgrade(database.engine, Path(first.config["STATEDATA_ROOT"]) / "migrations")
        with database.engine.begin() as connection:
            for statement in STATEMENTS:
                connection.exec_driver_sql(statement)
        with database.engine.connect() as connection:
            write_adopted(folder / ADOPTED, inspect_tables(connection).tables)
        database.engine.dispose()
    words = {"mapping": {"period": "xn", "department": "dw"}, "group": "学生", "report": {**REPORT}}
    content = yaml.safe_dump({"tables": {TABLE: words}}, allow_unicode=True)
    (folder / ADOPTED / OVERRIDES_FILE).write_text(content, encoding="utf-8")
    console = opened(create_app(settings, environment={}))
    with console.application.app_context():
        assign_to_department(console)
    yield console
    console.engine.dispose()


@pytest.fixture
def served(reporting_console: Console) -> Iterator[str]:
    """Where the application is served for browsers."""
    server = make_server("127.0.0.1", 0, reporting_console.application, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def assign_to_department(console: Console) -> None:
    """Open the year and give 教务处 the table."""
    session, store = database.session(), console.application.extensions["store"]
    cycle = prepare_cycle(session, AcademicYear(2025), due_at=DUE, by=OFFICE, now=NOW)
    cycle.status = CycleStatus.OPEN
    wanted = [Proposed(TABLE, "A03", AssignmentKind.RESPONSIBLE)]
    assign(session, store, cycle, wanted, by=OFFICE, now=NOW)
    session.commit()


def submission(console: Console) -> Submission:
    """The submission as it is stored now."""
    with console.application.app_context():
        database.session().expire_all()
        found = database.session().scalars(select(Submission)).one()
        database.session().expunge(found)
        return found


def text(console: Console, path: str) -> str:
    answer = console.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_grid_and_submission_show_each_other(reporting_console: Console) -> None:
    number = submission(reporting_console).id
    grid = text(reporting_console, f"/data/{TABLE}/")
    assert f'href="/submissions/{number}"' in grid
    assert 'data-period="2025-2026" data-department="A03"' in grid
    page = text(reporting_console, f"/submissions/{number}")
    assert f"/data/{TABLE}/?{PLACE.replace('&', '&amp;')}" in page
    assert f"/data/{TABLE}/" in text(reporting_console, "/data/")


def test_rows_are_those_of_the_place(reporting_console: Console) -> None:
    def keys(query: str) -> set[str]:
        rows = reporting_console.get(f"/api/v1/data/{TABLE}/rows{query}").get_json()["rows"]
        return {row["values"]["bh"] for row in rows}

    assert keys(f"?{PLACE}") == {"A1", "A2"}
    assert {"A1", "A3", "B1", "X1"} <= keys("")
    spec = reporting_console.get(f"/api/v1/data/{TABLE}/spec?{PLACE}").get_json()
    assert (spec["period"]["code"], spec["department"]) == ("2025-2026", "A03")
    assert spec["submission"]["status"] == "not_started"
    assert 'data-period=""' in text(reporting_console, f"/data/{TABLE}/?period=all")


def test_row_typed_into_the_grid_comes_to_its_place(
    reporting_console: Console, served: str, page: Page
) -> None:
    sign_in(page, served)
    page.goto(f"{served}/data/{TABLE}/")
    expect(page.locator("#save-status")).to_contain_text("修改会自动保存")
    page.click("[data-action=add-row]")
    for word in ("N1", "", "", "新奖"):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    page.keyboard.press("Control+s")
    expect(page.locator("#save-status")).to_contain_text("已保存")
    [row] = reporting_console.get(f"/api/v1/data/{TABLE}/rows?{PLACE}&q=N1").get_json()["rows"]
    assert (row["values"]["xn"], row["values"]["dw"]) == ("25-26", 301)
    page.locator(".state-link").click()
    expect(page.get_by_role("cell", name="新奖")).to_be_visible()


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/login/")
    page.fill("#username", "steward")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{address}/")


def test_locked_place_is_told_on_page_and_by_the_server(reporting_console: Console) -> None:
    with reporting_console.application.app_context():
        database.session().scalars(select(Submission)).one().status = Status.UNDER_REVIEW
        database.session().commit()
    [row, *_] = reporting_console.get(f"/api/v1/data/{TABLE}/rows?{PLACE}").get_json()["rows"]
    change = {"op": "update", "id": row["id"], "version": row["version"], "values": {"mc": "改"}}
    answer = reporting_console.send(f"/api/v1/data/{TABLE}/changes", {"changes": [change]})
    assert answer.status_code == 423
    assert answer.get_json()["detail"] in text(reporting_console, f"/data/{TABLE}/?{PLACE}")
    assert answer.get_json()["detail"] in text(reporting_console, f"/data/{TABLE}/{row['id']}")
    assert reporting_console.get(f"/data/{TABLE}/new").status_code == 423
