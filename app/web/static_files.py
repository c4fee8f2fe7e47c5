"""Front-end files: built bundles by their hashed names, our own files by their content.

``tools/vendor.py`` writes ``static/vendor/manifest.json``: ``{"shell.js": {"file":
"shell.1a2b3c.js", …}, …}``, and beside every file worth it a twin packed with gzip.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, send_from_directory, url_for

STATIC_FOLDER = Path(__file__).parent / "static"
VENDOR_FOLDER = STATIC_FOLDER / "vendor"
YEAR_IN_SECONDS = 365 * 24 * 3600


def install(application: Flask) -> None:
    """Serve bundles under ``/static/vendor/`` and offer ``vendor()`` and ``own()`` to templates."""
    application.extensions["vendor_files"] = read_manifest(VENDOR_FOLDER / "manifest.json")
    if not application.extensions["vendor_files"]:
        application.logger.warning("no front-end bundles in %s: run make run", VENDOR_FOLDER)
    application.extensions["own_versions"] = {}
    application.add_url_rule("/static/vendor/<path:name>", "vendor_file", vendor_file)
    application.after_request(_let_be_kept)
    application.jinja_env.globals.update(vendor=vendor, own=own)


def read_manifest(path: Path) -> dict[str, str]:
    """Bundle name → file name; empty when nothing has been built yet."""
    if not path.is_file():
        return {}
    entries: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {name: str(entry["file"]) for name, entry in entries.items()}


def vendor(name: str) -> str:
    """The address of the bundle ``name``, e.g. ``shell.js``."""
    files: Mapping[str, str] = current_app.extensions["vendor_files"]
    return url_for("vendor_file", name=files.get(name, name))


def own(name: str) -> str:
    """The address of a file of our own, changing with its content."""
    versions: dict[str, str] = current_app.extensions["own_versions"]
    if name not in versions:
        content = (STATIC_FOLDER / name).read_bytes()
        versions[name] = hashlib.sha256(content).hexdigest()[:12]
    return url_for("static", filename=name, v=versions[name])


def _let_be_kept(response: Response) -> Response:
    """A file whose address changes with its content need not be asked for again."""
    if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = YEAR_IN_SECONDS
    return response


def vendor_file(name: str) -> Response:
    """A bundle; packed where the browser takes gzip, kept by it for a year: names never repeat."""
    packed = f"{name}.gz"
    if request.accept_encodings.quality("gzip") > 0 and (VENDOR_FOLDER / packed).is_file():
        response = send_from_directory(VENDOR_FOLDER, packed, max_age=YEAR_IN_SECONDS)
        response.headers["Content-Encoding"] = "gzip"
        response.mimetype = _mimetype(name)
    else:
        response = send_from_directory(VENDOR_FOLDER, name, max_age=YEAR_IN_SECONDS)
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _mimetype(name: str) -> str:
    suffixes = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    return suffixes.get(Path(name).suffix, "application/octet-stream")
