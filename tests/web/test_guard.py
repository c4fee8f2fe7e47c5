"""Who gets through: sessions with their CSRF token, tokens alone, nobody else."""

import base64
import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.models.permission import user
from app.web.fab.database import database
from tests.web.conftest import PASSWORD, SignIn, post_form

OPEN = {
    "static",
    "appbuilder.static",
    "vendor_file",
    "messages_file",
    "healthz",
    "readyz",
    "LoginView.login",
    "LoginView.logout",
    "TokenApi.login",
}


def bearer(client: FlaskClient, username: str = "steward") -> dict[str, str]:
    body = {"username": username, "password": PASSWORD, "provider": "db"}
    token = client.post("/api/v1/security/login", json=body).json["access_token"]
    return {"Authorization": f"Bearer {token}"}


def guarded(application: Flask) -> list[tuple[str, str]]:
    """An address and a method of every route that asks who is there."""
    return [
        (re.sub(r"<[^>]+>", "1", rule.rule), method)
        for rule in application.url_map.iter_rules()
        if rule.endpoint not in OPEN
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_no_route_serves_a_visitor(application: Flask, client: FlaskClient) -> None:
    for path, method in guarded(application):
        answer = client.open(path, method=method)

        led_to_login = answer.status_code == 302 and answer.location.startswith("/login/")
        assert answer.status_code == 401 or led_to_login, (path, method)


def test_no_unsafe_route_serves_a_session_without_its_token(
    application: Flask, sign_in: SignIn
) -> None:
    browser = sign_in("steward")
    unsafe = [(path, method) for path, method in guarded(application) if method != "GET"]

    for path, method in [*unsafe, ("/logout/", "POST"), ("/login/", "POST")]:
        assert browser.open(path, method=method).status_code == 400, (path, method)


def test_a_token_is_enough_by_itself(client: FlaskClient) -> None:
    assert client.get("/", headers=bearer(client)).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer nonsense", "Bearer ", "Bearer a.b.c"])
def test_a_bad_token_counts_even_beside_a_good_session(sign_in: SignIn, scheme: str) -> None:
    browser = sign_in("steward")

    answer = browser.get("/api/v1/data/", headers={"Authorization": scheme})

    assert browser.get("/", headers={"Authorization": scheme}).location == "/login/"
    assert answer.status_code in {401, 404}


def test_a_token_beside_a_session_decides_who_asks(sign_in: SignIn, client: FlaskClient) -> None:
    page = sign_in("head").get("/", headers=bearer(client, "steward")).get_data(as_text=True)

    assert "李静" in page
    assert "王强" not in page


def test_a_token_sets_no_cookie(client: FlaskClient) -> None:
    answer = client.get("/healthz", headers=bearer(client))

    assert "Set-Cookie" not in answer.headers


def test_a_closed_account_is_out_on_the_next_request(
    application: Flask, sign_in: SignIn, client: FlaskClient
) -> None:
    browser, headers = sign_in("head"), bearer(client, "head")
    set_active(application, "head", active=False)
    try:
        assert browser.get("/").location == "/login/"
        assert client.get("/", headers=headers).location == "/login/"
    finally:
        set_active(application, "head", active=True)


def set_active(application: Flask, username: str, *, active: bool) -> None:
    with application.app_context():
        statement = update(user).where(user.c.username == username).values(active=active)
        database.session.execute(statement)
        database.session.commit()


def test_a_cookie_that_was_kept_opens_nothing_after_signing_out(sign_in: SignIn) -> None:
    browser, thief = sign_in("steward"), sign_in("head")
    kept = browser.get_cookie("statedata_session")
    assert kept is not None
    thief.set_cookie("statedata_session", kept.value)
    assert "李静" in thief.get("/").get_data(as_text=True)

    post_form(browser, "/logout/")

    assert thief.get("/").location == "/login/"
    assert thief.get("/api/v1/data/").status_code == 401


def test_the_secret_of_a_token_is_of_no_use_in_a_cookie(client: FlaskClient) -> None:
    claims = decoded(bearer(client)["Authorization"].removeprefix("Bearer "))
    with client.session_transaction() as cookie:
        cookie["sid"] = claims["sid"]

    assert client.get("/").location == "/login/"


def decoded(token: str) -> dict[str, Any]:
    """What a token says, without looking at its signature."""
    middle = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))))


def test_an_unsafe_request_of_a_visitor_keeps_its_page(client: FlaskClient) -> None:
    answer = client.post("/api/v1/data/course/changes", json={})

    assert answer.status_code in {401, 404}
    assert answer.mimetype == "application/problem+json"
    assert json.loads(answer.data)["status"] == answer.status_code


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "/login/?next=/login/",
        " /data/",
        "",
    ],
)
def test_nobody_is_sent_to_another_site(sign_in: SignIn, target: str) -> None:
    answer = sign_in("steward").get("/login/", query_string={"next": target})

    assert (answer.status_code, answer.location) == (302, "/")


def test_a_foreign_host_name_never_comes_back(application: Flask) -> None:
    answer = application.test_client().get("/data/x", headers={"Host": "evil.example"})

    assert "evil" not in str(answer.headers) + answer.get_data(as_text=True)


def test_a_name_that_is_not_trusted_is_refused(
    application: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(application.config, "TRUSTED_HOSTS", ["localhost"])
    browser: Any = application.test_client()

    assert browser.get("/login/", headers={"Host": "evil.example"}).status_code == 400
    assert browser.get("/login/").status_code == 200
