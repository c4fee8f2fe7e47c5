"""Starting: how long ``create_app`` takes with the whole catalogue, and what it occupies.

Each figure comes from a process of its own. A start is mostly the import of the libraries the
product stands on, so their import alone is its floor; ``create_app`` is measured apart from it.
Times are those of the processor, which other work on the machine changes less.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Line

ROOT = Path(__file__).resolve().parent.parent
# What the kernel noted of this program alone: ``getrusage`` also counts the one it was begun from.
REPORT = """
status = open("/proc/self/status").read()
print(process_time() - start, int(status.split("VmHWM:")[1].split()[0]) / 1024)
"""
FLOOR = """
from time import process_time
start = process_time()
import alembic.command, flask_appbuilder, flask_babel, polars, python_calamine, sqlalchemy.orm
import xlsxwriter, yaml
"""
START = """
from time import process_time
start = process_time()
from app.bootstrap import create_app
{restart}
create_app({{"SECRET_KEY": "k" * 40, "SQLALCHEMY_DATABASE_URI": "sqlite:///{folder}/b.db",
            "STATEDATA_INSTANCE": __import__("pathlib").Path("{folder}")}}, environment={{}})
"""


def measures() -> Iterator[Line]:
    """Seconds and megabytes; targets of the issue: 2 s and 200 MB."""
    with TemporaryDirectory() as folder:
        created = best(START.format(folder=folder, restart="start = process_time()"))
        started = best(START.format(folder=folder, restart=""))
        floor = best(FLOOR)
    yield Line("create_app, whole catalogue, CPU", created[0], None, "s", 2)
    yield Line("a start beside the import of its libraries, CPU", started[0], floor[0], "s", 2)
    yield Line("memory of a started process", started[1], None, "MB", 200)


def best(program: str, times: int = 3) -> tuple[float, float]:
    """The fastest of several starts: seconds of the processor, and megabytes at most.

    The first one only leaves compiled modules behind, as any installed product has them.
    """
    _run(program)
    runs = [_run(program) for _ in range(times)]
    return min(run[0] for run in runs), max(run[1] for run in runs)


def _run(program: str) -> tuple[float, float]:
    command = [sys.executable, "-c", program + REPORT]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    taken, memory = done.stdout.split()[-2:]
    return float(taken), float(memory)
