"""A parsed copy beside a YAML file, so that a start does not read thousands of lines as YAML.

The copy names the digest of the file it was made of; one that is stale, damaged or missing is made
anew, and a folder that cannot be written to only makes the next start slower.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson

# Smaller files are read as quickly as a copy of them.
SMALLEST = 20_000
VERSION = 1


def parsed(path: Path, parse: Callable[[bytes], Any]) -> Any:
    """The content of the file, from its copy where that is of this very file.

    Raises whatever ``parse`` does, and OSError where the file cannot be read.
    """
    content = path.read_bytes()
    if len(content) < SMALLEST:
        return parse(content)
    digest = f"{VERSION}:{blake2b(content, digest_size=24).hexdigest()}"
    copy = path.with_name(f".{path.name}.json")
    kept = _read(copy)
    if isinstance(kept, dict) and kept.get("digest") == digest and "content" in kept:
        return kept["content"]
    data = parse(content)
    _write(copy, {"digest": digest, "content": data})
    return data


def _read(copy: Path) -> Any:
    try:
        return orjson.loads(copy.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _write(copy: Path, kept: dict[str, Any]) -> None:
    """Write the copy as a whole, unless JSON would say something else than YAML did."""
    try:
        written = orjson.dumps(kept)
        if orjson.loads(written) != kept:
            return
    except (TypeError, ValueError, RecursionError):
        return
    unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(written)
        unfinished.replace(copy)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
