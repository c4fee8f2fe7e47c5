"""The database refuses an appraisal that makes no sense (decision 11)."""

from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import make_transient

from app.domain.appraisal import AppraisalStatus
from app.models.appraisal import Appraisal, AppraisalResult, AppraisalScore
from app.models.submission import FinishAttempt
from tests.appraisals import begun, cell, result, seed_scheme
from tests.college import NOW, College

# MariaDB reports a violated CHECK as an operational error.
REFUSED = (IntegrityError, OperationalError)


@pytest.mark.parametrize(
    ("kind", "nonsense"),
    [
        (Appraisal, {"status": AppraisalStatus.PUBLISHED}),
        (Appraisal, {"published_at": NOW}),
        (Appraisal, {"published_by": "04002"}),
        (Appraisal, {"cycle_id": 999}),
        (AppraisalResult, {"department_code": "Z99"}),
        (AppraisalResult, {"bonus": None}),
        (AppraisalScore, {"manual_score": Decimal(1)}),
        (AppraisalScore, {"entered_by": "04002"}),
        (AppraisalScore, {"department_code": "Z99"}),
        (FinishAttempt, {"submission_id": 999}),
    ],
)
def test_nonsense_is_refused(closed: College, kind: type, nonsense: dict[str, object]) -> None:
    begun(closed)
    one = closed.all(kind)[0]

    with pytest.raises(REFUSED):
        closed.session.execute(update(kind).where(kind.id == one.id).values(**nonsense))
    closed.session.rollback()


@pytest.mark.parametrize("kind", [Appraisal, AppraisalResult, AppraisalScore, FinishAttempt])
def test_everything_is_there_once(closed: College, kind: type) -> None:
    begun(closed)
    twin = closed.all(kind)[0]
    make_transient(twin)
    twin.id = None

    closed.session.add(twin)
    with pytest.raises(IntegrityError):
        closed.session.flush()
    closed.session.rollback()


def test_points_are_those_of_whoever_settles_the_item(closed: College) -> None:
    begun(closed)
    items = seed_scheme().items
    counted, waiting = cell(closed, "C2.1"), cell(closed, "C1.3")

    assert counted.points(items["C2.1"]) == counted.automatic_score == 9
    assert (waiting.is_pending, waiting.points(items["C1.3"])) == (True, 0)
    waiting.is_waived = True
    assert (waiting.is_pending, waiting.points(items["C1.3"])) == (False, None)
    # In a mixed item what the office enters stands in place of the count.
    counted.manual_score = Decimal(1)
    assert (counted.points(items["C2.1"]), counted.points(items["C3.5"])) == (9, 1)


def test_results_keep_the_names_of_their_day(closed: College) -> None:
    begun(closed)

    assert (result(closed).department_name, result(closed).group_name) == ("教务处", "职能处室")
