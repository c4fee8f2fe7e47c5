"""The scheme of the appraisal: what it says, and which contradictions are named."""

from decimal import Decimal

import pytest

from app.catalogue.appraisal import Scheme, load_scheme, read_scheme
from app.catalogue.fault import CatalogueError
from app.domain.appraisal import ItemMode, Metric
from app.domain.department import DepartmentKind
from app.domain.scoring import BY_HAND, ScoringKind
from tests.factories import SEED, seed_catalogue

SOURCE = (SEED / "appraisal.yaml").read_text("utf-8")


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return load_scheme(SEED / "appraisal.yaml")


def test_the_scheme_has_the_four_clauses_of_the_article(scheme: Scheme) -> None:
    regulation = (SEED / "regulation.txt").read_text("utf-8")

    assert [one.weight for one in scheme.criteria] == [15, 25, 50, 10]
    # The first clause names the department once more: 对本部门数据平台建设的.
    assert all(one.name in regulation for one in scheme.criteria[1:])


def test_weights_add_up_everywhere(scheme: Scheme) -> None:
    assert sum(item.weight for item in scheme.items.values()) == scheme.full_score == 100
    for one in scheme.criteria:
        assert sum(item.weight for item in one.items) == one.weight


def test_every_item_says_how_it_is_scored(scheme: Scheme) -> None:
    for item in scheme.items.values():
        assert item.rule, item.identifier
        assert item.evidence, item.identifier
        assert (item.mode is ItemMode.MANUAL) == (item.metric is None)
        if item.mode is ItemMode.MANUAL:
            assert item.scoring.kind in BY_HAND


def test_every_metric_of_the_platform_is_used(scheme: Scheme) -> None:
    assert {item.metric for item in scheme.items.values()} - {None} == set(Metric)


def test_departments_that_are_not_ranked_exist(scheme: Scheme) -> None:
    assert scheme.unranked <= {spec.code for spec in seed_catalogue().departments}
    assert [scheme.group_of(kind) for kind in DepartmentKind] == [
        "职能处室",
        "教学单位",
        "直属单位",
    ]


def test_numbers_are_exact(scheme: Scheme) -> None:
    assert scheme.items["C3.3"].scoring.per == Decimal("0.7")
    assert scheme.items["C1.5"].scoring.kind is ScoringKind.GRADES
    assert scheme.grades[0].quota == Decimal("0.3")


def test_another_text_is_another_scheme(scheme: Scheme) -> None:
    other = read_scheme(SOURCE.replace("correction_days: 5", "correction_days: 6"))

    assert (scheme.correction_days, other.correction_days) == (5, 6)
    assert scheme.digest != other.digest


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("    weight: 15\n", "    weight: 16\n", "add up to"),
        ("        weight: 12\n", "        weight: 11\n", "the weights of C2 do not add up"),
        ("metric: filled_cells", "metric: fuller_cells", "item C3.1"),
        ("identifier: C1.2", "identifier: C1.1", "used twice"),
        ("kinds: [office]", "kinds: [teaching]", "exactly one group"),
        ("highest: 合格", "highest: 中等", "no grade 中等"),
        ("minimum: 60", "minimum: 85", "begin with the best"),
        ("name: 不合格, minimum: 0", "name: 不合格, minimum: 1", "minimum 0"),
        ("{kind: each, free: 0, per: 0.25}", "{kind: each, from: 0}", "each has no from"),
        ("{kind: share, from: 2, to: 0.2}", "{kind: share, from: 2, to: 2}", "have to differ"),
        ("kind: each, free: 0, per: 0.25", "kind: leap", "item C2.1"),
        ("kind: each, free: 0, per: 0.25", "kind: bands, bands: []", "bands rise"),
        ("appointed_late: 1", "appointed_soon: 1", "item C1.2"),
        ("per: 0.7", "per: -1", "not a number"),
        ("per: 0.7", "per: .nan", "not a number"),
        ("        metric: training_attendance\n", "", "needs a metric"),
        ("        mode: manual\n", "        mode: auto\n", "needs a metric"),
        ("title:", "titel:", "title"),
        ("criteria:", "criteria: [", "appraisal scheme"),
    ],
)
def test_a_contradiction_is_named(old: str, new: str, fault: str) -> None:
    assert old in SOURCE

    with pytest.raises(CatalogueError) as error:
        read_scheme(SOURCE.replace(old, new, 1))

    assert fault in str(error.value)
