"""Files as answers: under which name a browser saves them, sent while they are made."""

from collections.abc import Iterator, Mapping
from typing import IO
from urllib.parse import quote

from flask import Response, send_file, stream_with_context

from app.web.api.endpoint import XLSX


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


def _chained(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


def streamed_answer(pieces: Iterator[bytes], name: str, mimetype: str) -> Response:
    """A file sent while it is made; its beginning is made before, so that a refusal can be one."""
    first = next(pieces)
    response = Response(stream_with_context(_chained(first, pieces)), mimetype=mimetype)
    response.headers["Content-Disposition"] = disposition(name)
    return response


def place_name(title: str, period: str, department: str | None, names: Mapping[str, str]) -> str:
    """What a file of a table's rows is called, without its ending."""
    parts = [title, period, names.get(department or "", "")]
    return " ".join(part for part in parts if part)
