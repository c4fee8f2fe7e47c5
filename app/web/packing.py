"""Answers packed with gzip where the browser takes it: a page of rows shrinks to an eighth.

An answer that holds a secret beside what somebody else may have put into its address must not tell
by its length how alike the two are. Sessions are not sent along by other sites' pages, and every
packed answer is made longer by a random number of bytes besides, in a part that nobody reads.
"""

import secrets
from gzip import GzipFile
from io import BytesIO

from flask import Flask, Response, request

KINDS = frozenset(
    {
        "application/json",
        "application/problem+json",
        "image/svg+xml",
        "text/css",
        "text/html",
        "text/javascript",
    }
)
# Nothing is sent with the one, a part of the file as it is with the other.
AS_THEY_ARE = frozenset({304, 206})
# In bytes: shorter ones travel in one packet anyway.
WORTH_IT = 1_400
# Further levels take twice the time for a tenth less.
LEVEL = 4
LONGEST_PADDING = 100


def install(application: Flask) -> None:
    """Pack what is answered, after everything else is done with the answer."""
    application.after_request(pack)


def pack(response: Response) -> Response:
    """The answer, packed where that is worth it; what is streamed or has no text stays."""
    if response.mimetype not in KINDS or response.status_code in AS_THEY_ARE:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") <= 0 or "Content-Encoding" in response.headers:
        return response
    if request.endpoint == "static":
        response.direct_passthrough = False
    elif response.is_streamed or response.direct_passthrough:
        return response
    content = response.get_data()
    if len(content) < WORTH_IT:
        return response
    response.set_data(packed(content))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        # The same content in other bytes.
        response.set_etag(etag, weak=True)
    return response


def packed(content: bytes) -> bytes:
    """The content as gzip of a length that varies by chance."""
    padding = secrets.token_hex(LONGEST_PADDING)[: secrets.randbelow(LONGEST_PADDING) + 1]
    target = BytesIO()
    with GzipFile(padding, "wb", LEVEL, target, mtime=0) as file:
        file.write(content)
    return target.getvalue()
