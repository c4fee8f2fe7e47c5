"""Answers packed for browsers that take it, and files that browsers keep."""

import gzip
import json
import re

from flask import Flask
from flask.testing import FlaskClient

from app.web.packing import WORTH_IT, packed
from tests.web.conftest import SignIn

TAKES = {"Accept-Encoding": "gzip, br"}


def test_a_page_is_packed_and_says_the_same(client: FlaskClient) -> None:
    def plain(page: str) -> str:
        """The page without what every answer has of its own."""
        return re.sub(r'(content|nonce|value)="[^"]*"', "", page)

    bare = client.get("/login/").get_data(as_text=True)
    answer = client.get("/login/", headers=TAKES)

    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == (
        "gzip",
        "Accept-Encoding, Cookie",
    )
    assert plain(gzip.decompress(answer.get_data()).decode()) == plain(bare)
    assert answer.content_length < len(bare.encode()) * 0.6


def test_who_takes_no_gzip_gets_none(client: FlaskClient) -> None:
    for headers in ({}, {"Accept-Encoding": "gzip;q=0, identity"}):
        assert "Content-Encoding" not in client.get("/login/", headers=headers).headers


def test_a_part_of_a_file_is_a_part_of_the_file_as_it_is(client: FlaskClient) -> None:
    whole = client.get("/static/site.css").get_data()

    answer = client.get("/static/site.css", headers={**TAKES, "Range": "bytes=0-1999"})

    assert answer.status_code == 206
    assert answer.get_data() == whole[:2000]
    assert "Content-Encoding" not in answer.headers


def test_the_length_of_a_packed_answer_tells_nothing_exactly() -> None:
    content = b"{}" * WORTH_IT

    assert len({len(packed(content)) for _ in range(50)}) > 10


def test_short_answers_and_files_stay_as_they_are(sign_in: SignIn) -> None:
    steward = sign_in("steward")

    for path in ("/healthz", "/api/v1/data/course/template.xlsx"):
        answer = steward.get(path, headers=TAKES)
        assert "Content-Encoding" not in answer.headers, path
        answer.close()


def test_the_texts_of_scripts_are_a_file_that_browsers_keep(client: FlaskClient) -> None:
    page = client.get("/login/").get_data(as_text=True)
    (address,) = re.findall(r'src="(/static/messages/[^"]+)"', page)

    answer = client.get(address)

    texts = json.loads(answer.get_data(as_text=True).partition("=")[2].rstrip(";"))
    assert texts["close"] == "关闭"
    assert (answer.mimetype, answer.cache_control.max_age) == ("text/javascript", 31536000)
    assert client.get("/static/messages/0000.js").status_code == 404


def test_our_own_files_are_kept_as_long_as_their_address_stays(application: Flask) -> None:
    client = application.test_client()

    for query, kept in (("?v=1", 31536000), ("", None)):
        answer = client.get(f"/static/site.css{query}", headers=TAKES)
        assert answer.cache_control.max_age == kept
        assert gzip.decompress(answer.get_data()).startswith(b"/*")
