"""Work on very many small things at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_working = 0


@contextmanager
def collecting_later() -> Iterator[None]:
    """Leave the search for garbage in cycles for later; may stand over a function.

    While hundreds of thousands of values are read, Python would look through all of them again and
    again, a quarter of the whole time, and find nothing: rows and cells are in no cycles. Several
    threads may work like this; the last one to end lets the search go on.
    """
    global _working  # noqa: PLW0603 - the search is one for the whole process
    with _lock:
        _working += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _working -= 1
            if not _working:
                gc.enable()
