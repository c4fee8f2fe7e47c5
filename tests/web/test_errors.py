"""Every refusal is a page for people and a problem document for programs."""

from typing import NoReturn

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from app.domain.message import Message, Reason, Refused
from app.web.problems import DETAILS, TITLES
from tests.web.conftest import SignIn

STATUSES = {
    **{"forbidden": 403, "not_found": 404, "conflict": 409},
    **{"locked": 423, "invalid": 422, "busy": 503},
}


def failing_view(
    application: Flask, error: Exception | int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let the start page and an address of the API fail with ``error``."""

    def fail(**_values: object) -> NoReturn:
        if isinstance(error, int):
            abort(error)
        raise error

    monkeypatch.setitem(application.view_functions, "HomeView.home", fail)
    monkeypatch.setitem(application.config, "PROPAGATE_EXCEPTIONS", False)


@pytest.mark.parametrize("reason", list(Reason))
def test_a_refusal_is_answered_by_its_reason(
    application: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, reason: Reason
) -> None:
    refused = Refused(Message("The reason %(x)s", {"x": "as it is"}), reason, (Message("detail"),))
    failing_view(application, refused, monkeypatch)

    answer = sign_in("steward").get("/")

    assert answer.status_code == STATUSES[reason]
    assert "The reason as it is" in answer.get_data(as_text=True)
    assert "<li>detail</li>" in answer.get_data(as_text=True)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 415, 418, 423, 429])
def test_errors_of_the_protocol_have_a_page_in_the_shell(
    application: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    failing_view(application, status, monkeypatch)

    answer = sign_in("steward").get("/")

    assert answer.status_code == status
    assert 'id="menu"' in answer.get_data(as_text=True)
    assert answer.get_data(as_text=True).count("<h1") == 1


def test_a_bug_gives_a_number_and_nothing_of_its_cause(
    application: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_view(application, ValueError("secret cause"), monkeypatch)

    answer = sign_in("steward").get("/")

    text = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "<code>E-" in text
    assert "secret" not in text
    assert 'id="menu"' not in text


def test_a_database_that_is_away_is_no_bug(
    application: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = OperationalError("SELECT secret", {}, Exception("gone"))
    failing_view(application, error, monkeypatch)

    answer = sign_in("steward").get("/")

    assert answer.status_code == 503
    assert "secret" not in answer.get_data(as_text=True)


class Denied(Exception):  # noqa: N818 - named like the driver's own
    sqlstate = "42501"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            OperationalError(
                "INSERT INTO sd_row_change", {}, Exception(1142, "INSERT command denied to user")
            ),
            ["“INSERT”", "“sd_row_change”"],
        ),
        (
            ProgrammingError(
                "SELECT 1 FROM sd_setting FOR UPDATE", {}, Denied("denied for table sd_setting")
            ),
            ["“SELECT, UPDATE”", "“sd_setting”"],
        ),
    ],
)
def test_a_missing_right_is_named(
    application: Flask,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    error: DBAPIError,
    told: list[str],
) -> None:
    failing_view(application, error, monkeypatch)

    answer = sign_in("steward").get("/")

    assert answer.status_code == 503
    assert all(part in answer.get_data(as_text=True) for part in told)


def test_a_statement_that_is_wrong_stays_a_bug(
    application: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_view(application, ProgrammingError("SELEC", {}, Exception("syntax")), monkeypatch)

    assert sign_in("steward").get("/").status_code == 500


def test_programs_get_a_problem_document(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nosuch")

    assert answer.mimetype == "application/problem+json"
    assert set(answer.json) == {"type", "title", "status", "detail"}


def test_every_status_has_a_title_and_an_advice() -> None:
    assert TITLES.keys() == DETAILS.keys()
    assert set(STATUSES.values()) <= TITLES.keys()


def test_the_page_for_a_visitor_shows_no_menu(client: FlaskClient) -> None:
    answer = client.get("/nosuch")

    assert answer.status_code == 404
    assert 'id="menu"' not in answer.get_data(as_text=True)
