"""Is a department's figure far from its own years and from the other departments?

Robust by design: medians and the median distance from them (MAD, Hampel 1974) do not move
with a single wild value, a ratio needs no more than one year before. With too little to compare
with, nothing is said.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from app.catalogue.comparison import Comparison, Figure
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message
from app.rules.finding_messages import COMMA

# A figure that stays below this in both years may double: five awards are not an oddity.
LEAST_FIGURE: Mapping[Figure, float] = {Figure.COUNT: 10, Figure.SUM: 20, Figure.MEAN: 1}
# Beyond half or double the usual figure a person is asked.
MOST_RATIO = 2.0
# So many years make a median worth more than the last year alone.
ENOUGH_YEARS = 3
ENOUGH_PEERS = 4
# Scaled so that it is a standard deviation where values are normally distributed.
MAD_SCALE = 1.4826
MOST_DISTANCE = 3.5
# Departments that agree to the hour would make every other one an outlier: so much is usual.
LEAST_SPREAD = 0.15


@dataclass(frozen=True)
class Figures:
    """The values of one comparison, by department.

    ``before`` are the years before, the latest first; a department that had no row is not there.
    """

    present: Mapping[str, float]
    before: Sequence[Mapping[str, float]] = field(default_factory=tuple)


def compare(comparison: Comparison, department: str, figures: Figures) -> Iterator[Finding]:
    """What is odd about the department's figure; nothing where it has none."""
    value = figures.present.get(department)
    if value is None:
        return
    years = [year[department] for year in figures.before if department in year]
    usual = _usual(years)
    least = LEAST_FIGURE[comparison.figure]
    # Without a year before, nothing is odd.
    usual = value if usual is None else usual
    is_odd = not usual / MOST_RATIO <= value <= usual * MOST_RATIO
    if comparison.history and is_odd and max(value, usual) >= least:
        before = [_shown(each) for each in years]
        words = {"label": comparison.label, "present": _shown(value), "years": COMMA.join(before)}
        message = Message(
            "%(text)s (%(label)s: this year %(present)s;"
            " the years before, latest first: %(years)s)",
            {"text": comparison.history, **words},
        )
        yield _finding(comparison.identifier, comparison, message, [_shown(value), *before])
    others = [each for code, each in figures.present.items() if code != department]
    if comparison.peers and len(others) >= ENOUGH_PEERS:
        middle = median(others)
        spread = MAD_SCALE * median(abs(each - middle) for each in others)
        spread = max(spread, LEAST_SPREAD * abs(middle))
        if abs(value - middle) > MOST_DISTANCE * spread:
            told = [_shown(value), _shown(middle)]
            words = {"label": comparison.label, "present": told[0], "middle": told[1]}
            message = Message(
                "%(text)s (%(label)s: this department %(present)s;"
                " median of the others: %(middle)s)",
                {"text": comparison.peers, **words},
            )
            yield _finding(comparison.peers_identifier, comparison, message, told)


def _usual(years: Sequence[float]) -> float | None:
    """What the department had: the median of enough years, else the last one."""
    if not years:
        return None
    return median(years) if len(years) >= ENOUGH_YEARS else years[0]


def _shown(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _finding(
    identifier: str, comparison: Comparison, message: Message, told: Sequence[str]
) -> Finding:
    """About the department's table as a whole, with the figures that were compared."""
    return Finding(
        identifier,
        None,
        comparison.field or None,
        Severity.WARNING,
        Dimension.ACCURACY,
        message,
        storable=True,
        figures=tuple(told),
    )
