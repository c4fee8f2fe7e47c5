"""A department's figure beside its own years and the other departments, with cases of each kind."""

import pytest

from app.catalogue.comparison import Comparison, Figure, read_comparison
from app.domain.finding import Severity
from app.rules.comparison import Figures, compare
from tests.factories import seed_catalogue

COMPARISONS = seed_catalogue().comparisons
ROWS = Comparison("QR.A.*.81", "a", Figure.COUNT, "行数", history="行数与往年相差悬殊。")
MEAN = Comparison("QR.A.*.82", "a", Figure.MEAN, "平均", "b", peers="平均与其他部门相差悬殊。")
ALIKE = {"C01": 48.0, "C02": 52.0, "C03": 50.0, "C04": 47.0, "C05": 51.0}


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda each: each.identifier)
def test_every_comparison_passes_a_usual_figure_and_finds_an_odd_one(comparison) -> None:
    usual = Figures(ALIKE, [ALIKE])
    odd = Figures(ALIKE | {"C01": 480.0}, [ALIKE])

    assert list(compare(comparison, "C01", usual)) == []
    asked = {comparison.identifier: comparison.history}
    asked[comparison.peers_identifier] = comparison.peers
    assert {found.rule for found in compare(comparison, "C01", odd)} == {
        identifier for identifier, text in asked.items() if text
    }


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda each: each.identifier)
def test_every_comparison_is_of_a_table_and_says_what_is_odd(comparison) -> None:
    assert comparison.table in seed_catalogue().tables
    assert comparison.history or comparison.peers


@pytest.mark.parametrize(
    ("present", "before", "is_odd"),
    [
        (200, [100], False),
        (201, [100], True),
        (49, [100], True),
        (50, [100], False),
        # Small numbers may double.
        (9, [3], False),
        # One wild year among three moves no median.
        (100, [1000, 100, 110], False),
        (1000, [1000, 100, 110], True),
        (100, [], False),
    ],
)
def test_the_number_of_rows_beside_the_years_before(
    present: float, before: list[float], is_odd: bool
) -> None:
    figures = Figures({"C01": present}, [{"C01": each} for each in before])

    assert bool(list(compare(ROWS, "C01", figures))) is is_odd


@pytest.mark.parametrize(
    ("value", "is_odd"), [(50, False), (70, False), (80, True), (10, True), (22, True)]
)
def test_a_mean_beside_the_other_departments(value: float, is_odd: bool) -> None:
    found = list(compare(MEAN, "C01", Figures(ALIKE | {"C01": value})))

    assert bool(found) is is_odd


def test_too_few_departments_are_no_comparison() -> None:
    few = {"C01": 900.0, "C02": 50.0, "C03": 51.0, "C04": 52.0}

    assert list(compare(MEAN, "C01", Figures(few))) == []


def test_what_was_compared_is_shown_and_a_person_only_asked() -> None:
    (found,) = compare(ROWS, "C01", Figures({"C01": 300.0}, [{"C01": 100.0}, {"C01": 90.0}]))

    assert found.severity is Severity.WARNING
    assert found.message.parameters["present"] == "300"
    assert found.message.parameters["years"] == "100、90"


def test_a_department_without_rows_is_not_compared() -> None:
    assert list(compare(ROWS, "C09", Figures(ALIKE, [{"C09": 40.0}]))) == []


def test_sums_are_not_compared_between_departments() -> None:
    record = {"id": "QR.A.*.81", "table": "a", "figure": "sum", "field": "b", "label": "合计"}

    with pytest.raises(ValueError, match="only means"):
        read_comparison({**record, "peers": "相差悬殊。"})


def test_figures_are_told_with_what_they_are() -> None:
    years = [{"C01": 100.0}, {"C01": 90.5}]

    [history] = compare(ROWS, "C01", Figures({"C01": 300.0}, years))
    [peers] = compare(MEAN, "C01", Figures(ALIKE | {"C01": 480.0}))

    assert history.message.english().endswith(
        "(行数: this year 300; the years before, latest first: 100、90.5)"
    )
    assert peers.message.english().endswith(
        "(平均: this department 480; median of the others: 50.5)"
    )
