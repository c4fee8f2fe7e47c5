"""What proxies say about a request counts only where they are configured."""

from pathlib import Path

import pytest
from flask import Flask, request

from app.bootstrap import create_app

SAID = {"X-Forwarded-For": "198.51.100.9, 192.0.2.7", "X-Forwarded-Proto": "https"}


def application(folder: Path, proxies: str) -> Flask:
    environment = {"STATEDATA_PROXIES": proxies, "STATEDATA_INSTANCE": str(folder)}
    made = create_app({"SECRET_KEY": "a key for tests only"}, environment)
    made.before_request_funcs[None] = [lambda: f"{request.remote_addr} {request.scheme}"]
    return made


@pytest.mark.parametrize(
    ("proxies", "seen"), [("0", "127.0.0.1 http"), ("1", "192.0.2.7 https"), ("2", "198.51.100.9")]
)
def test_as_many_proxies_are_believed_as_there_are(tmp_path: Path, proxies: str, seen: str) -> None:
    answer = application(tmp_path, proxies).test_client().get("/login/", headers=SAID)

    assert answer.get_data(as_text=True).startswith(seen)
