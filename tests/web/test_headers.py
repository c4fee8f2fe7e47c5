"""What every answer carries."""

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import PASSWORD, SignIn, post_form

PATHS = ["/", "/login/", "/nosuch", "/healthz", "/static/site.css", "/api/v1/nosuch"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_forbids_framing_sniffing_and_foreign_content(
    sign_in: SignIn, path: str
) -> None:
    answer = sign_in("steward").get(path)
    answer.close()  # a file is open behind a static one

    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", [path for path in PATHS if "static" not in path])
def test_nothing_but_static_files_is_kept_by_browsers(sign_in: SignIn, path: str) -> None:
    assert sign_in("steward").get(path).headers["Cache-Control"] == "no-store"


def test_the_policy_of_each_answer_has_its_own_nonce(client: FlaskClient) -> None:
    policies = {client.get("/login/").headers["Content-Security-Policy"] for _ in range(3)}

    assert len(policies) == 3


@pytest.mark.parametrize(
    ("base_url", "is_secure"),
    [
        ("http://localhost", False),
        ("http://127.0.0.1:8080", False),
        ("http://data.college.example", True),
        ("https://data.college.example", True),
    ],
)
def test_the_session_cookie_demands_https_away_from_this_machine(
    client: FlaskClient, base_url: str, is_secure: bool
) -> None:
    cookie = client.get("/login/", base_url=base_url).headers["Set-Cookie"]

    assert ("Secure" in cookie) is is_secure
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_pages_hold_no_inline_script_or_style(sign_in: SignIn, client: FlaskClient) -> None:
    pages = [sign_in("steward").get("/"), client.get("/login/"), client.get("/logout/")]
    pages.append(post_form(client, "/login/", username="steward", password=PASSWORD + "x"))

    for page in pages:
        text = page.get_data(as_text=True)
        assert " style=" not in text
        assert "<style" not in text
        assert " on" not in " ".join(tag for tag in text.split("<") if " onclick" in tag)
        assert text.count("<script") == text.count("<script src=") + text.count(
            '<script type="application/json"'
        )
