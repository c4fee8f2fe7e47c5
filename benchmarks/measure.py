"""Measuring: the middle of several runs, and lines of one table of ratios."""

import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

# No single measure takes longer than this, whatever the machine is like.
LONGEST = 20.0
# Of Linux; elsewhere memory is told as 0.
STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Line:
    """One measure: ours beside the floor, in ``unit``; ``target`` is the ratio or value meant.

    ``floor`` is None where only the value itself counts.
    """

    what: str
    ours: float
    floor: float | None
    unit: str
    target: float

    @property
    def is_met(self) -> bool:
        """Whether the target is kept."""
        return (self.ours if self.floor is None else self.ours / self.floor) <= self.target


def seconds(work: Callable[[], object], times: int) -> float:
    """The median of ``times`` runs after one to warm up, or of those there was time for."""
    work()
    taken: list[float] = []
    began = perf_counter()
    gc.collect()
    while len(taken) < times and perf_counter() - began < LONGEST:
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return median(taken)


def cpu_seconds(work: Callable[[], object], times: int) -> float:
    """Processor time of one run, on average: what a busy machine does not change much."""
    work()
    start = process_time()
    for _ in range(times):
        work()
    return (process_time() - start) / times


def once(work: Callable[[], object]) -> float:
    """Seconds of a single run, for work that is long enough or changes the data."""
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start


def resident() -> int:
    """Bytes of memory this process holds now; 0 where the system does not tell."""
    return _told_by_system("VmRSS")


def peak_over(idle: int, work: Callable[[], object]) -> int:
    """Bytes that the process held at most during ``work``, over ``idle`` of them."""
    gc.collect()
    if CLEAR.exists():
        CLEAR.write_text("5")  # the peak begins anew
    work()
    return max(0, _told_by_system("VmHWM") - idle)


def _told_by_system(name: str) -> int:
    lines = STATUS.read_text().splitlines() if STATUS.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name)), 0)


def table(lines: Iterable[Line]) -> str:
    """The lines as a Markdown table."""
    rows = ["| measure | ours | floor | ratio | target | |", "|---|--:|--:|--:|--:|---|"]
    for line in lines:
        bare = line.floor is None
        floor = "" if line.floor is None else f"{line.floor:.4g} {line.unit}"
        ratio = "" if line.floor is None else f"{line.ours / line.floor:.2f}"
        target = f"≤ {line.target:g} {line.unit}" if bare else f"≤ {line.target:g}"
        mark = "yes" if line.is_met else "NO"
        ours = f"{line.ours:.4g} {line.unit}"
        rows.append(f"| {line.what} | {ours} | {floor} | {ratio} | {target} | {mark} |")
    return "\n".join(rows)
