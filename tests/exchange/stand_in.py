"""A stand-in for the interfaces of 企业微信 and 钉钉, as their documents describe them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN_PATHS = {"/cgi-bin/gettoken": "corpsecret", "/gettoken": "appsecret"}
SECRET = "secret of the tests"


@dataclass
class StandIn:
    """What was asked of it, and what it answers.

    ``known`` are the numbers in its address book; ``answers`` are codes that it gives to the next
    messages before it takes one; where it ``is_garbled`` it speaks no HTTP. A token is good for
    ``uses`` messages. ``paths`` are those it was asked at.
    """

    address: str = ""
    known: set[str] = field(default_factory=set)
    answers: list[int] = field(default_factory=list)
    uses: int = 1000
    tokens: list[int] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    is_down: bool = False
    is_garbled: bool = False

    def answer(self, path: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        """What the interface says."""
        if path in TOKEN_PATHS:
            if query.get(TOKEN_PATHS[path]) != SECRET:
                return {"errcode": 40001, "errmsg": "invalid credential"}
            self.tokens.append(self.uses)
            return {"errcode": 0, "access_token": f"token-{len(self.tokens)}", "expires_in": 7200}
        if query.get("access_token") != f"token-{len(self.tokens)}" or not self.tokens[-1]:
            return {"errcode": 42001, "errmsg": "access_token expired"}
        self.tokens[-1] -= 1
        if self.answers:
            return {"errcode": self.answers.pop(0)}
        number = body.get("touser") or body.get("userid_list")
        if number not in self.known:
            return {"errcode": 81013 if "touser" in body else 33012}
        self.taken.append(body)
        return {"errcode": 0}


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """The stand-in, served on this machine."""
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            parts = urlsplit(self.path)
            stand_in.paths.append(parts.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            said = json.dumps(stand_in.answer(parts.path, query, body)).encode()
            if stand_in.is_garbled:
                self.wfile.write(b"no answer\r\n\r\n")
                return
            self.send_response(503 if stand_in.is_down else 200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = answer  # noqa: N815 - names that the library asks for

        def log_message(self, *_: Any) -> None:
            """Nothing is said of requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    stand_in.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield stand_in
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
