"""Signing in and out (S1), in the browser and with a token."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import PASSWORD, SignIn, post_form

pytestmark = pytest.mark.usefixtures("forgiven")
TOKEN_PATH = "/api/v1/security/login"


def token_for(client: FlaskClient, **credentials: Any) -> Any:
    return client.post(TOKEN_PATH, json={"provider": "db", **credentials})


def test_a_visitor_is_led_to_the_login_page_and_back(client: FlaskClient) -> None:
    answer = client.get("/?year=2025-2026")

    assert answer.status_code == 302
    assert answer.location == "/login/?next=/?year%3D2025-2026"


def test_signing_in_leads_to_the_page_that_was_asked_for(client: FlaskClient) -> None:
    answer = post_form(client, "/login/?next=/data/", username="steward", password=PASSWORD)

    assert (answer.status_code, answer.location) == (302, "/data/")
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("username", "password"),
    [("steward", "wrong"), ("nobody", PASSWORD), ("STEWARD", PASSWORD), ("steward", "wr\x00ong")],
)
def test_mistaken_unknown_and_misspelt_sign_ins_get_the_same_page(
    client: FlaskClient, username: str, password: str
) -> None:
    answers = [
        post_form(client, "/login/", username=username, password=password),
        post_form(client, "/login/", username="head", password="also wrong"),
    ]

    names = (username, "head")
    texts = [
        answer.get_data(as_text=True).replace(f'value="{name}"', "")
        for answer, name in zip(answers, names, strict=True)
    ]
    pages = [text.partition("<main")[2].partition("csrf_token")[0] for text in texts]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert pages[0] == pages[1]


def test_a_sign_in_without_password_is_refused(client: FlaskClient) -> None:
    assert post_form(client, "/login/", username="steward").status_code == 400


def test_an_address_made_up_for_the_framework_opens_nothing(client: FlaskClient) -> None:
    answer = post_form(client, "/login/", username="steward@local.invalid", password=PASSWORD)

    assert answer.status_code == 401


def test_the_staff_number_is_remembered_only_when_asked_for(client: FlaskClient) -> None:
    fields = {"username": "steward", "password": PASSWORD}
    remembered = post_form(client, "/login/", remember="1", **fields)

    cookies = remembered.headers.getlist("Set-Cookie")
    assert any("statedata_username=steward" in cookie for cookie in cookies)
    assert "Expires=Thu, 01 Jan 1970" in str(
        post_form(client.application.test_client(), "/login/", **fields).headers
    )


def test_the_session_starts_anew_at_sign_in(application: Flask) -> None:
    browser = application.test_client()
    with browser.session_transaction() as session:
        session["planted"] = "by somebody else"

    post_form(browser, "/login/", username="steward", password=PASSWORD)

    with browser.session_transaction() as session:
        assert "planted" not in session


def test_a_link_does_not_sign_anybody_out(sign_in: SignIn) -> None:
    browser = sign_in("steward")

    assert browser.get("/logout/").status_code == 200
    assert browser.get("/").status_code == 200


def test_signing_out_ends_the_session(sign_in: SignIn) -> None:
    browser = sign_in("steward")

    assert post_form(browser, "/logout/").location == "/login/"
    assert browser.get("/").location == "/login/"


def test_a_token_is_given_for_the_right_password(client: FlaskClient) -> None:
    answer = token_for(client, username="steward", password=PASSWORD)

    assert answer.status_code == 200
    assert set(answer.json) == {"access_token"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"username": "steward", "password": "wrong", "provider": "db"}, 401),
        ({"username": "nobody", "password": PASSWORD, "provider": "db"}, 401),
        ({"username": "steward", "password": PASSWORD, "provider": "ldap"}, 400),
        ({"username": ["steward"], "password": PASSWORD}, 400),
        ({"username": "steward"}, 400),
        ([], 400),
        (None, 400),
    ],
)
def test_no_token_is_given_otherwise(client: FlaskClient, body: Any, status: int) -> None:
    answer = client.post(TOKEN_PATH, json=body)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_the_framework_offers_no_other_page(application: Flask) -> None:
    endpoints = {rule.endpoint for rule in application.url_map.iter_rules()}

    assert {name for name in endpoints if name.startswith(("Login", "Token", "appbuilder"))} == {
        "LoginView.login",
        "LoginView.logout",
        "TokenApi.login",
        "appbuilder.static",
    }
    assert not {name for name in endpoints if name.startswith(("User", "Role", "Reset", "Locale"))}
