"""The arithmetic of the appraisal: from what was counted to points, ranks and grades.

Everything is exact: points are decimals with two places, rounded half up.
What does not apply to a department gives its weight to the rest in proportion:
an item to the other items of its criterion, a criterion to the other criteria.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from app.domain.appraisal import Case

CENT = Decimal("0.01")
ZERO = Decimal(0)
ONE = Decimal(1)


class ScoringKind(StrEnum):
    """The declared ways from a count to a score."""

    DEDUCTION = "deduction"
    SHARE = "share"
    EACH = "each"
    BANDS = "bands"
    GRADES = "grades"
    POINTS = "points"


# Kinds that a person settles; all others are computed from a count.
BY_HAND = frozenset({ScoringKind.GRADES, ScoringKind.POINTS})


@dataclass(frozen=True)
class Band:
    """Up to ``upto`` (None: whatever comes) an item is worth ``share`` of its weight."""

    upto: Decimal | None
    share: Decimal


@dataclass(frozen=True)
class GradeStep:
    """A step of a scale that is chosen by hand, worth ``share`` of the weight."""

    name: str
    share: Decimal


@dataclass(frozen=True)
class Scoring:
    """How an item is scored: the kind with the parameters it takes.

    ``deduction``: every unit above ``free`` costs ``per`` points. ``share``:
    from ``start`` to ``end`` the score grows from nothing to the whole weight.
    ``each``: every event begins at 1 and loses ``per`` for each unit above
    ``free``; the weight times the average. ``cases`` give fixed points.
    """

    kind: ScoringKind
    free: Decimal = ZERO
    per: Decimal = ZERO
    start: Decimal = ZERO
    end: Decimal = ONE
    bands: tuple[Band, ...] = ()
    grades: tuple[GradeStep, ...] = ()
    cases: Mapping[Case, Decimal] = field(default_factory=dict)


def to_cents(value: Fraction | Decimal) -> Decimal:
    """Two decimal places, half up."""
    if isinstance(value, Decimal):
        return value.quantize(CENT, ROUND_HALF_UP)
    doubled = (value * 200 + 1).__floor__() // 2
    return Decimal(doubled).scaleb(-2)


def score(
    scoring: Scoring,
    weight: Decimal,
    value: Decimal,
    amounts: Sequence[Decimal] = (),
    case: Case | None = None,
) -> Decimal:
    """The points of an item, between nothing and its weight.

    ``amounts`` are those of the single events, which ``each`` looks at.
    """
    if case is not None and case in scoring.cases:
        return to_cents(min(scoring.cases[case], weight))
    whole = Fraction(weight)
    if scoring.kind is ScoringKind.DEDUCTION:
        points = whole - Fraction(scoring.per) * max(Fraction(value - scoring.free), Fraction(0))
    elif scoring.kind is ScoringKind.EACH:
        marks = [_mark(scoring, amount) for amount in amounts]
        points = whole * sum(marks, Fraction(0)) / len(marks) if marks else whole
    elif scoring.kind is ScoringKind.SHARE:
        points = whole * Fraction(value - scoring.start) / Fraction(scoring.end - scoring.start)
    elif scoring.kind is ScoringKind.BANDS:
        points = whole * Fraction(_band(scoring, value).share)
    else:
        raise ValueError(f"{scoring.kind} is chosen by hand")
    return to_cents(min(max(points, Fraction(0)), whole))


def _mark(scoring: Scoring, amount: Decimal) -> Fraction:
    lost = Fraction(scoring.per) * max(Fraction(amount - scoring.free), Fraction(0))
    return max(Fraction(1) - lost, Fraction(0))


def _band(scoring: Scoring, value: Decimal) -> Band:
    return next(b for b in scoring.bands if b.upto is None or value <= b.upto)


@dataclass(frozen=True)
class Part:
    """An item of a criterion: its weight and its points, None where it does not apply."""

    weight: Decimal
    points: Decimal | None


@dataclass(frozen=True)
class CriterionTotal:
    """What a criterion comes to, None where nothing of it applies.

    ``factor`` is what the items' points are multiplied by for those items
    that do not apply; it is 1 where all do.
    """

    factor: Fraction
    total: Decimal | None


@dataclass(frozen=True)
class Sum:
    """The criteria of a department and their sum; None where nothing at all applies.

    ``factor`` is what the criteria are multiplied by for whole criteria that
    do not apply.
    """

    criteria: tuple[CriterionTotal, ...]
    factor: Fraction
    total: Decimal | None


def add_up(criteria: Sequence[tuple[Decimal, Sequence[Part]]]) -> Sum:
    """Add up weighted criteria with their items, sharing out what does not apply.

    Rounded at two places only: at every criterion and at the end. Full points
    everywhere are therefore exactly the full score, whatever does not apply.
    """
    found = tuple(_criterion(weight, parts) for weight, parts in criteria)
    whole = sum((weight for weight, _ in criteria), ZERO)
    pairs = [
        (weight, one.total)
        for (weight, _), one in zip(criteria, found, strict=True)
        if one.total is not None
    ]
    if not pairs:
        return Sum(found, Fraction(0), None)
    factor = Fraction(whole) / Fraction(sum((weight for weight, _ in pairs), ZERO))
    reached = Fraction(sum((total for _, total in pairs), ZERO))
    return Sum(found, factor, to_cents(reached * factor))


def _criterion(weight: Decimal, parts: Sequence[Part]) -> CriterionTotal:
    applying = [(part.weight, part.points) for part in parts if part.points is not None]
    if not applying:
        return CriterionTotal(Fraction(0), None)
    factor = Fraction(weight) / Fraction(sum((own for own, _ in applying), ZERO))
    reached = Fraction(sum((points for _, points in applying), ZERO))
    return CriterionTotal(factor, to_cents(reached * factor))


def adjusted(total: Decimal, bonus: Decimal, full_score: Decimal) -> Decimal:
    """The sum with the bonus, never above the full score."""
    return min(total + bonus, full_score)


def ranks(totals: Mapping[str, Decimal]) -> dict[str, int]:
    """The rank of everybody in one group; equal totals have equal ranks."""
    return {
        name: 1 + sum(other > total for other in totals.values()) for name, total in totals.items()
    }


@dataclass(frozen=True)
class GradeRule:
    """A grade from ``minimum`` on, for at most the share ``quota`` of a group."""

    name: str
    minimum: Decimal
    quota: Decimal | None = None


def grades(totals: Mapping[str, Decimal], rules: Sequence[GradeRule]) -> dict[str, str]:
    """The grade of everybody in one group; ``rules`` begin with the best.

    A quota is never exceeded and at least one: where equal totals would exceed
    it, none of them gets the grade.
    """
    return {
        name: next(rule.name for rule in rules if _reaches(rule, total, totals))
        for name, total in totals.items()
    }


@dataclass(frozen=True)
class MissedGrade:
    """A grade whose minimum is reached and which equal totals cost: ``places`` cannot hold them.

    ``better`` stand before the ``tied`` with the same total; together they are too many.
    """

    grade: str
    places: int
    better: int
    tied: int
    total: Decimal


def missed_grades(
    totals: Mapping[str, Decimal], rules: Sequence[GradeRule]
) -> dict[str, MissedGrade]:
    """For whom of one group a tie was in the way of a grade: the best of those grades."""
    found: dict[str, MissedGrade] = {}
    for name, total in totals.items():
        missed = (_missed(rule, total, totals) for rule in rules)
        first = next((one for one in missed if one is not None), None)
        if first is not None:
            found[name] = first
    return found


def _missed(rule: GradeRule, total: Decimal, totals: Mapping[str, Decimal]) -> MissedGrade | None:
    if rule.quota is None or total < rule.minimum or _reaches(rule, total, totals):
        return None
    places = _places(rule.quota, totals)
    better = sum(other > total for other in totals.values())
    tied = sum(other == total for other in totals.values())
    # Where the places are taken by better ones the rank says so by itself.
    return MissedGrade(rule.name, places, better, tied, total) if better < places else None


def _places(quota: Decimal, totals: Mapping[str, Decimal]) -> int:
    return max(1, int(quota * len(totals)))


def _reaches(rule: GradeRule, total: Decimal, totals: Mapping[str, Decimal]) -> bool:
    if total < rule.minimum:
        return False
    if rule.quota is None:
        return True
    as_good = sum(other >= total for other in totals.values())
    return as_good <= _places(rule.quota, totals)


def lower_of(grade: str, highest: str, rules: Sequence[GradeRule]) -> str:
    """``grade``, or ``highest`` where that is worse (一票否决)."""
    order = [rule.name for rule in rules]
    return grade if order.index(grade) >= order.index(highest) else highest
