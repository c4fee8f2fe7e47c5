"""Files as answers: under which name a browser saves them, sent while they are made."""

from collections.abc import Iterator, Mapping
from typing import IO
from urllib.parse import quote

from flask import Response, send_file, stream_with_context
from sqlalchemy.orm import Session

from app.web.api.endpoint import XLSX
from app.web.current import taken_session


def download(file: IO[bytes], name: str) -> Response:
    """The workbook as an answer that browsers save under ``name``."""
    response = send_file(file, mimetype=XLSX)
    response.headers["Content-Disposition"] = disposition(name)
    return response


def disposition(name: str) -> str:
    """The header that names a file in Chinese (RFC 6266, RFC 5987)."""
    clean = "".join("_" if c in '\\/:*?"<>|' or ord(c) < 32 else c for c in name)
    plain_name = clean.encode("ascii", "ignore").decode().strip() or "file"
    return f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(clean, safe='')}"


def streamed_answer(pieces: Iterator[bytes], name: str, mimetype: str) -> Response:
    """A file sent while it is made; its beginning is made before, so that a refusal can be one.

    The request's session goes along with it: rows are read from it until the end.
    """
    first = next(pieces)
    session = taken_session()
    response = Response(stream_with_context(_sent(first, pieces, session)), mimetype=mimetype)
    # Of an answer that nobody waited for, rows are still on their way: they are not read any more.
    response.call_on_close(session.invalidate)
    response.headers["Content-Disposition"] = disposition(name)
    return response


def _sent(first: bytes, others: Iterator[bytes], session: Session) -> Iterator[bytes]:
    yield first
    yield from others
    session.close()


def place_name(title: str, period: str, department: str | None, names: Mapping[str, str]) -> str:
    """What a file of a table's rows is called, without its ending."""
    parts = [title, period, names.get(department or "", "")]
    return " ".join(part for part in parts if part)
