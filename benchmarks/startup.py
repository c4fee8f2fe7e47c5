"""Starting: how long ``create_app`` takes with the whole catalogue, and what it occupies.

Each figure comes from a process of its own, since imports count.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Line

ROOT = Path(__file__).resolve().parent.parent
REPORT = """
import resource
print(perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
FLOOR = """
from time import perf_counter
start = perf_counter()
from flask import Flask
Flask("floor")
"""
OURS = """
from time import perf_counter
start = perf_counter()
from app.bootstrap import create_app
create_app({{"SECRET_KEY": "k" * 40, "SQLALCHEMY_DATABASE_URI": "sqlite:///{folder}/b.db",
            "STATEDATA_INSTANCE": __import__("pathlib").Path("{folder}")}}, environment={{}})
"""


def measures() -> Iterator[Line]:
    """Seconds and megabytes; targets of the issue: 2 s and 200 MB."""
    with TemporaryDirectory() as folder:
        ours = best(OURS.format(folder=folder))
        floor = best(FLOOR)
    yield Line("create_app, whole catalogue", ours[0], None, "s", 2)
    yield Line("the same, beside an empty Flask app", ours[0], floor[0], "s", 20)
    yield Line("memory of a started process", ours[1], None, "MB", 200)


def best(program: str, times: int = 3) -> tuple[float, float]:
    """The fastest of several starts: seconds, and megabytes at most."""
    runs = [_run(program) for _ in range(times)]
    return min(run[0] for run in runs), max(run[1] for run in runs)


def _run(program: str) -> tuple[float, float]:
    command = [sys.executable, "-c", program + REPORT]
    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd=ROOT, capture_output=True, text=True, check=True
    )
    taken, memory = done.stdout.split()[-2:]
    return float(taken), float(memory)
