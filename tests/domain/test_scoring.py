"""From counts to points, sums, ranks and grades: exact, and fair to what does not apply."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.appraisal import Case
from app.domain.scoring import (
    Band,
    GradeRule,
    GradeStep,
    MissedGrade,
    Part,
    Scoring,
    ScoringKind,
    add_up,
    adjusted,
    grades,
    lower_of,
    missed_grades,
    ranks,
    score,
    to_cents,
)

D = Decimal
RULES = (
    GradeRule("优秀", D(90), D("0.3")),
    GradeRule("良好", D(80)),
    GradeRule("合格", D(60)),
    GradeRule("不合格", D(0)),
)
LAG = Scoring(ScoringKind.DEDUCTION, free=D(2), per=D(1))
DENSITY = Scoring(ScoringKind.DEDUCTION, per=D("0.7"))
FILLED = Scoring(ScoringKind.SHARE, start=D("0.9"), end=D(1))
RETURNS = Scoring(ScoringKind.SHARE, start=D(2), end=D("0.2"))
STEWARD = Scoring(
    ScoringKind.DEDUCTION,
    free=D(1),
    per=D(1),
    cases={Case.APPOINTED_LATE: D(1), Case.NEVER_APPOINTED: D(0)},
)
BANDS = Scoring(
    ScoringKind.BANDS, bands=(Band(D(5), D(1)), Band(D(10), D("0.6")), Band(None, D("0.1")))
)


@pytest.mark.parametrize(
    ("scoring", "weight", "value", "points"),
    [
        (LAG, 4, "0", "4.00"),
        (LAG, 4, "2", "4.00"),
        (LAG, 4, "2.5", "3.50"),
        (LAG, 4, "6", "0.00"),
        (LAG, 4, "60", "0.00"),
        (DENSITY, 7, "0", "7.00"),
        (DENSITY, 7, "1.5", "5.95"),
        (DENSITY, 7, "10.0001", "0.00"),
        (FILLED, 7, "1", "7.00"),
        (FILLED, 7, "0.95", "3.50"),
        (FILLED, 7, "0.9", "0.00"),
        (FILLED, 7, "0.2", "0.00"),
        (RETURNS, 6, "0", "6.00"),
        (RETURNS, 6, "0.2", "6.00"),
        (RETURNS, 6, "1.1", "3.00"),
        (RETURNS, 6, "2", "0.00"),
        (RETURNS, 6, "9", "0.00"),
        (BANDS, 10, "5", "10.00"),
        (BANDS, 10, "5.01", "6.00"),
        (BANDS, 10, "99", "1.00"),
    ],
)
def test_a_count_becomes_points(scoring: Scoring, weight: int, value: str, points: str) -> None:
    assert score(scoring, D(weight), D(value)) == D(points)


def test_every_event_loses_for_itself() -> None:
    delay = Scoring(ScoringKind.EACH, per=D("0.25"))

    # On time, one day, two days, and a month late: 1 + 0.75 + 0.5 + 0 of four.
    assert score(delay, D(12), D(33), [D(0), D(1), D(2), D(30)]) == D("6.75")
    assert score(delay, D(12), D(0), [D(0)] * 7) == D(12)
    assert score(delay, D(12), D(0), []) == D(12)


@pytest.mark.parametrize(
    ("case", "points"),
    [(None, 3), (Case.APPOINTED_LATE, 1), (Case.NEVER_APPOINTED, 0), (Case.FABRICATED, 3)],
)
def test_a_case_gives_fixed_points(case: Case | None, points: int) -> None:
    assert score(STEWARD, D(3), D(0), case=case) == D(points)


def test_what_is_chosen_by_hand_is_not_computed() -> None:
    scale = Scoring(ScoringKind.GRADES, grades=(GradeStep("优", D(1)),))

    for scoring in (scale, Scoring(ScoringKind.POINTS)):
        with pytest.raises(ValueError, match="by hand"):
            score(scoring, D(2), D(0))


@pytest.mark.parametrize(
    ("value", "cents"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("2.675", "2.68"), ("1/3", "0.33"), ("2/3", "0.67")],
)
def test_cents_are_rounded_half_up(value: str, cents: str) -> None:
    assert to_cents(Fraction(value)) == D(cents)
    if "/" not in value:
        assert to_cents(D(value)) == D(cents)


def parts(*pairs: tuple[int, str | None]) -> list[Part]:
    return [Part(D(weight), None if points is None else D(points)) for weight, points in pairs]


def test_an_item_that_does_not_apply_gives_its_weight_to_the_rest_of_its_criterion() -> None:
    found = add_up(
        [(D(15), parts((4, "3.00"), (3, None), (8, "8.00"))), (D(85), parts((85, "80")))]
    )

    assert found.criteria[0].factor == Fraction(15, 12)
    # 11 of 12 points, times 15/12.
    assert found.criteria[0].total == D("13.75")
    assert (found.factor, found.total) == (1, D("93.75"))


def test_a_criterion_that_does_not_apply_gives_its_weight_to_the_others() -> None:
    found = add_up(
        [(D(15), parts((15, "12"))), (D(75), parts((75, "75"))), (D(10), parts((10, None)))]
    )

    assert found.criteria[2].total is None
    assert found.factor == Fraction(100, 90)
    assert found.total == D("96.67")


def test_a_department_to_which_nothing_applies_has_no_total() -> None:
    found = add_up([(D(40), parts((40, None))), (D(60), parts((30, None), (30, None)))])

    assert found.total is None
    assert adjusted(D("98.5"), D(3), D(100)) == D(100)


ITEMS = st.lists(
    st.tuples(st.integers(1, 20), st.one_of(st.none(), st.integers(0, 100))),
    min_size=1,
    max_size=6,
)


@given(st.lists(ITEMS, min_size=1, max_size=5))
def test_the_total_is_the_share_of_what_applies(drawn: list[list[tuple[int, int | None]]]) -> None:
    criteria = []
    for items in drawn:
        some = [
            Part(D(weight), None if percent is None else D(weight * percent) / 100)
            for weight, percent in items
        ]
        criteria.append((D(sum(weight for weight, _ in items)), some))
    whole = sum(weight for weight, _ in criteria)

    found = add_up(criteria)

    applying = [p for _, some in criteria for p in some if p.points is not None]
    assert (found.total is None) == (not applying)
    if found.total is not None:
        assert 0 <= found.total <= whole
        if all(part.points == part.weight for part in applying):
            assert found.total == whole


def test_equal_totals_have_equal_ranks() -> None:
    totals = {"A": D(90), "B": D(95), "C": D(90), "D": D(80)}

    assert ranks(totals) == {"B": 1, "A": 2, "C": 2, "D": 4}


def test_the_best_grade_is_for_a_share_of_the_group_only() -> None:
    totals = {name: D(99 - place) for place, name in enumerate("ABCDEFGHIJ")}

    given = grades(totals, RULES)

    assert [name for name, grade in given.items() if grade == "优秀"] == ["A", "B", "C"]
    assert given["D"] == "良好"


def test_a_quota_is_never_exceeded_by_equals_and_is_at_least_one() -> None:
    assert set(grades({"A": D(95), "B": D(95)}, RULES).values()) == {"良好"}
    assert grades({"A": D(95)}, RULES) == {"A": "优秀"}
    assert grades({"A": D("59.99"), "B": D(60)}, RULES) == {"A": "不合格", "B": "合格"}


def test_whom_a_tie_costs_a_grade_is_told_why() -> None:
    totals = {
        name: D(points) for name, points in zip("ABCDEFGHIJ", [98, 97, *[95] * 8], strict=True)
    }

    missed = missed_grades(totals, RULES)

    assert sorted(missed) == list("CDEFGHIJ")
    assert missed["C"] == MissedGrade("优秀", places=3, better=2, tied=8, total=D(95))


@pytest.mark.parametrize(
    "points",
    [
        # Alone; nobody reaches the minimum; the places go to better ones; everybody finds room.
        [95],
        [89, 89],
        [99, 98, 97, 95, 95, 80, 80, 80, 80, 80],
        [99, 95, 95, 80, 80, 80, 80, 80, 80, 80],
    ],
)
def test_without_a_tie_across_the_quota_nothing_is_missed(points: list[int]) -> None:
    totals = {name: D(one) for name, one in zip("ABCDEFGHIJ", points, strict=False)}

    assert missed_grades(totals, RULES) == {}


def test_a_veto_only_lowers() -> None:
    assert lower_of("优秀", "合格", RULES) == "合格"
    assert lower_of("不合格", "合格", RULES) == "不合格"
