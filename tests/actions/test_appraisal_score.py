"""Scores, bonuses and vetoes that the quality office enters by hand."""

from decimal import Decimal
from typing import Any

import pytest

from app.actions.appraisal_score import Adjustment, adjust
from app.domain.message import Reason, Refused
from app.models.appraisal import (
    Appraisal,
    AppraisalResult,
    AppraisalScore,
    Standing,
    standings,
)
from tests.appraisals import begun, cell, enter, entry, result, seed_scheme, settle_everything
from tests.college import College


@pytest.fixture
def appraisal(closed: College) -> Appraisal:
    return begun(closed)


def standing(closed: College, department: str = "A03") -> Standing:
    results, scores = closed.all(AppraisalResult), closed.all(AppraisalScore)
    return standings(seed_scheme(), results, scores)[department]


def give(closed: College, appraisal: Appraisal, **asked: Any) -> None:
    seen = asked.pop("version", result(closed).version)
    values = {"bonus": Decimal(0), "is_vetoed": False, "comment": None, **asked}
    adjustment = Adjustment("A03", seen, **values)
    adjust(
        closed.session, appraisal.id, adjustment, by=closed.founded.people.zhou_min, now=closed.now
    )


def test_a_score_is_kept_with_its_comment_and_logged(closed: College, appraisal: Appraisal) -> None:
    stored = enter(closed, appraisal, entry(closed, "C1.3", "1.5", comment=" 有会议无纪要 "))

    found, logged = cell(closed, "C1.3"), closed.entries()[-1]
    assert (stored, found.manual_score, found.comment) == (1, Decimal("1.5"), "有会议无纪要")
    assert (found.entered_by, found.entered_at, found.version) == ("04002", closed.now, 2)
    assert (logged.tag, logged.before, logged.after) == ("appraisal.appraise", "", "1.50")
    assert (logged.subject, logged.reason) == (f"appraisal:{appraisal.id}:A03:C1.3", "有会议无纪要")


def test_the_full_score_needs_no_comment_and_a_lower_one_does(
    closed: College, appraisal: Appraisal
) -> None:
    enter(closed, appraisal, entry(closed, "C1.3", "3"))

    for wanted in (
        entry(closed, "C1.4", "2.99"),
        entry(closed, "C1.4", "0", comment="  "),
        entry(closed, "C1.4", None, is_waived=True),
    ):
        with pytest.raises(Refused) as refusal:
            enter(closed, appraisal, wanted)
        assert refusal.value.reason is Reason.INVALID
        assert "comment" in str(refusal.value.details[0].parameters["fault"])


@pytest.mark.parametrize("points", ["3.01", "-0.01", "1.005", "NaN", "Infinity", "1e30"])
def test_a_score_out_of_range_is_refused(
    closed: College, appraisal: Appraisal, points: str
) -> None:
    with pytest.raises(Refused) as refusal:
        enter(closed, appraisal, entry(closed, "C1.3", points, comment="试"))

    assert refusal.value.reason is Reason.INVALID
    assert cell(closed, "C1.3").manual_score is None


def test_a_counted_item_cannot_be_entered(closed: College, appraisal: Appraisal) -> None:
    with pytest.raises(Refused):
        enter(closed, appraisal, entry(closed, "C2.1", "12", comment="照顾"))

    assert cell(closed, "C2.1").manual_score is None


def test_all_or_nothing_is_stored_and_every_fault_is_told(
    closed: College, appraisal: Appraisal
) -> None:
    entries = [
        entry(closed, "C1.3", "3"),
        entry(closed, "C1.4", "99", comment="多"),
        entry(closed, "C1.5", "1"),
    ]

    with pytest.raises(Refused) as refusal:
        enter(closed, appraisal, *entries)

    assert len(refusal.value.details) == 2
    assert cell(closed, "C1.3").manual_score is None


def test_two_people_cannot_overwrite_each_other(closed: College, appraisal: Appraisal) -> None:
    mine, theirs = (entry(closed, "C1.3", points, comment="评") for points in ("1", "2"))
    enter(closed, appraisal, mine)

    with pytest.raises(Refused) as refusal:
        enter(closed, appraisal, theirs)

    assert refusal.value.reason is Reason.CONFLICT
    assert cell(closed, "C1.3").manual_score == 1


def test_other_cells_are_no_conflict_and_the_same_again_is_nothing(
    closed: College, appraisal: Appraisal
) -> None:
    first, second = entry(closed, "C1.3", "3"), entry(closed, "C1.4", "3")
    enter(closed, appraisal, first)

    assert enter(closed, appraisal, second) == 1
    # A double click sends the same once more.
    assert enter(closed, appraisal, first, second) == 0


def test_a_score_can_be_taken_back(closed: College, appraisal: Appraisal) -> None:
    enter(closed, appraisal, entry(closed, "C1.3", "3"))

    enter(closed, appraisal, entry(closed, "C1.3", None))

    assert cell(closed, "C1.3").is_pending
    assert closed.entries()[-1].before == "3.00"


def test_what_does_not_apply_gives_its_weight_to_the_rest(
    closed: College, appraisal: Appraisal
) -> None:
    settle_everything(closed, appraisal)
    waived = [
        entry(closed, item, None, is_waived=True, comment="没有分析任务")
        for item in ("C2.3", "C4.1", "C4.2", "C4.3")
    ]
    enter(closed, appraisal, *waived)

    found = standing(closed)

    # 15 + 13 of 16 in 25 + 35.34 of 50, the whole × 100 / 90.
    assert [one.total for one in found.sum.criteria] == [
        15,
        Decimal("20.31"),
        Decimal("35.34"),
        None,
    ]
    assert found.total == Decimal("78.50")


@pytest.mark.parametrize("place", [("Z99", "C1.3"), ("A03", "C9.9"), ("A03", "")])
def test_there_is_no_such_cell(
    closed: College, appraisal: Appraisal, place: tuple[str, str]
) -> None:
    wanted = entry(closed, "C1.3", "3")

    with pytest.raises(Refused) as refusal:
        enter(closed, appraisal, type(wanted)(*place, 1, Decimal(1), comment="x"))

    assert refusal.value.reason is Reason.NOT_FOUND


def test_a_bonus_raises_the_total_and_never_above_the_full_score(
    closed: College, appraisal: Appraisal
) -> None:
    settle_everything(closed, appraisal)
    assert standing(closed).total == Decimal("82.34")

    give(closed, appraisal, bonus=Decimal("2.5"), comment="受上级表扬")

    assert standing(closed).total == Decimal("84.84")
    assert closed.entries()[-1].reason == "受上级表扬"


def test_a_veto_lowers_the_grade_and_keeps_the_total(closed: College, appraisal: Appraisal) -> None:
    settle_everything(closed, appraisal)

    give(closed, appraisal, is_vetoed=True, comment="查实编造")

    assert (standing(closed).total, standing(closed).grade) == (Decimal("82.34"), "合格")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"bonus": Decimal("3.01"), "comment": "多"}, Reason.INVALID),
        ({"bonus": Decimal("-1"), "comment": "少"}, Reason.INVALID),
        ({"bonus": Decimal("NaN"), "comment": "无"}, Reason.INVALID),
        ({"bonus": Decimal(1)}, Reason.INVALID),
        ({"is_vetoed": True, "comment": " "}, Reason.INVALID),
        ({"version": 9, "bonus": Decimal(1), "comment": "旧页"}, Reason.CONFLICT),
        ({"bonus": Decimal(1), "comment": "长" * 501}, Reason.INVALID),
    ],
)
def test_a_bonus_or_veto_that_may_not_be_is_refused(
    closed: College, appraisal: Appraisal, asked: dict[str, Any], reason: Reason
) -> None:
    with pytest.raises(Refused) as refusal:
        give(closed, appraisal, **asked)

    assert refusal.value.reason is reason
    assert (result(closed).bonus, result(closed).is_vetoed) == (0, False)
