"""Programs of ours that handle hostile files, each in a process of its own.

Such a process knows no secrets of ours, may use so much memory and time, and is ended when it takes
too long; whatever a file does to it ends with it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Timer

try:
    import resource
except ImportError:  # pragma: no cover - Windows has no such limits
    resource = None  # type: ignore[assignment]

MOST_MEMORY = 2 * 1024**3
# Of the processor, and by the clock on the wall.
MOST_SECONDS = 60
LONGEST_WAIT = 90.0
# Where the package ``app`` lies, for a process that knows nothing.
HOME = Path(__file__).parents[2]
# What Python needs of the environment to start; nothing of ours is in it.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "VIRTUAL_ENV")


def confine(largest_file: int = 0) -> None:
    """Let this process have so much memory and processor time, where the system can.

    ``largest_file`` is what a temporary file of its may hold in bytes; by default it writes none.
    """
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))


@contextmanager
def confined(module: str, *words: str) -> Iterator["Popen[bytes]"]:
    """The process of a module, to write to and to read from; it does not outlive the block."""
    known = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    with Popen(  # noqa: S603 - our own program; the file comes in as its input
        [sys.executable, "-m", module, *words],
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={**known, "PYTHONPATH": str(HOME)},
    ) as process:
        patience = Timer(LONGEST_WAIT, process.kill)
        patience.daemon = True
        patience.start()
        try:
            yield process
        finally:
            patience.cancel()
            process.kill()
