"""What reading each hostile file of the corpus takes at most: processor time and memory.

Kinds of files that no scan can judge are read in a process of its own, which has limits of its own.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import process_time

from app.catalogue.loader import load_catalogue
from app.domain.message import Refused
from app.domain.period import AcademicYear
from app.exchange.template_identity import identity_of
from app.exchange.workbook import read_upload
from benchmarks.measure import Line
from tests.exchange.corpus.manifest import CASES

ROOT = Path(__file__).resolve().parent.parent
TABLE = "course"
MOST_SECONDS = 10.0
MOST_MEGABYTES = 300.0
STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def measures() -> Iterator[Line]:
    """The slowest file and the one that takes most memory; nothing where there is no /proc."""
    if not RESET.exists():
        return
    catalogue = load_catalogue(ROOT / "seed" / "catalogue")
    spec = catalogue.tables[TABLE]
    here = identity_of(spec, catalogue.digest, spec.period_in(AcademicYear(2025)).code, "A03")

    def read(content: bytes, file_name: str) -> None:
        with suppress(Refused):
            read_upload(content, file_name, spec, here)

    taken = []
    for case in CASES:
        content = case.make()
        RESET.write_text("5")
        before = _megabytes("VmRSS")
        start = process_time()
        read(content, case.file_name)
        taken.append((process_time() - start, _megabytes("VmHWM") - before, case.name))
    slowest = max(taken)
    largest = max(taken, key=lambda one: one[1])
    count = len(taken)
    yield Line(
        f"slowest of {count} hostile files: {slowest[2]}", slowest[0], None, "s", MOST_SECONDS
    )
    yield Line(
        f"most memory of {count} hostile files: {largest[2]}",
        largest[1],
        None,
        "MB",
        MOST_MEGABYTES,
    )


def _megabytes(name: str) -> float:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024
