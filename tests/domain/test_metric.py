"""What is counted of a department's records, and what fairness leaves out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.appraisal import Case, Metric
from app.domain.evidence import (
    Attempt,
    Checked,
    Delegated,
    LoggedStep,
    Records,
    Reported,
    Stewardship,
    days_late,
)
from app.domain.measurement import Measurement
from app.domain.metric import METRICS

OPENED = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
# Midnight on the clock of the college ends at four in the afternoon of UTC.
DUE = datetime(2026, 10, 15, 15, 59, 59, tzinfo=UTC)
TAKEN = datetime(2026, 12, 1, tzinfo=UTC)
BEFORE = {
    "send_back": "under_qa_review",
    "reopen": "accepted",
    "accept": "under_qa_review",
    "exempt": "not_started",
}
AFTER = {"exempt": "exempt", "reopen": "returned", "accept": "accepted"}


def table(*steps: tuple[str, float], attempt: Attempt | None = None, number: int = 1) -> Reported:
    """A table with steps so many days after the opening; contents follow the letters of ``at``."""
    logged = [
        LoggedStep(
            verb.rstrip("'"),
            OPENED + timedelta(days=days),
            BEFORE.get(verb),
            AFTER.get(verb.rstrip("'")),
            # A step with a mark stands for changed content.
            "changed" if verb.endswith("'") else "content",
        )
        for verb, days in steps
    ]
    return Reported(number, "course", DUE, tuple(logged), attempt)


def attempt(required: int, filled: int, cells: int, **errors: int) -> Attempt:
    return Attempt(OPENED, 1, cells, required, filled, errors)


def measure(metric: Metric, *tables: Reported, **more: object) -> Measurement:
    records = Records(OPENED, TAKEN, DUE, 5, tables, **more)  # type: ignore[arg-type]
    return METRICS[metric].measure(records)


REPORTED = table(("finish", 1), ("review", 2), ("confirm", 5), ("receive", 6), ("accept", 7))
EXEMPT = table(("exempt", 1), number=2)


def test_the_lag_of_the_head_is_the_median_of_all_confirmations() -> None:
    quick = table(("review", 3), ("confirm", 3))

    found = measure(Metric.CONFIRMATION_LAG, REPORTED, quick, EXEMPT)

    assert (found.value, found.amounts) == (Decimal("1.5"), [3, 0])
    assert [event.is_fault for event in found.events] == [True, False]


def test_sending_back_is_no_delay_and_waiting_is() -> None:
    answered = table(("review", 1), ("send_back", 9), ("finish'", 10), ("review", 11))

    found = measure(Metric.CONFIRMATION_LAG, answered)

    assert found.amounts == [(date(2026, 12, 1) - date(2026, 9, 12)).days]
    assert measure(Metric.CONFIRMATION_LAG, EXEMPT).value is None


@pytest.mark.parametrize(
    ("held", "value", "case"),
    [
        ([("2020-09-01", None)], 0, None),
        ([("2020-09-01", "2026-08-31"), ("2026-09-01", None)], 0, None),
        ([("2020-09-01", "2026-09-20"), ("2026-09-21", None)], 1, None),
        (
            [("2020-09-01", "2026-09-20"), ("2026-09-21", "2026-10-01"), ("2026-10-02", None)],
            2,
            None,
        ),
        ([("2020-09-01", "2026-11-20")], 0, None),
        ([("2026-09-05", None)], 0, Case.APPOINTED_LATE),
        ([("2020-09-01", "2026-08-31")], 0, Case.NEVER_APPOINTED),
        ([("2026-11-01", None)], 0, Case.NEVER_APPOINTED),
        ([], 0, Case.NEVER_APPOINTED),
    ],
)
def test_stewards_are_there_at_the_opening_and_stay(
    held: list[tuple[str, str | None]], value: int, case: Case | None
) -> None:
    stewards = [
        Stewardship("李静", date.fromisoformat(first), date.fromisoformat(last) if last else None)
        for first, last in held
    ]

    found = measure(Metric.STEWARD_STABILITY, REPORTED, stewards=stewards)

    assert (found.value, found.case) == (value, case)


@pytest.mark.parametrize(
    ("moment", "days"),
    [
        (DUE, 0),
        (DUE + timedelta(seconds=1), 1),
        (DUE + timedelta(hours=20), 1),
        (DUE + timedelta(days=1, seconds=1), 2),
        (DUE - timedelta(days=9), 0),
    ],
)
def test_days_are_those_of_the_calendar_of_the_college(moment: datetime, days: int) -> None:
    assert days_late(moment, DUE) == days


def test_only_the_first_report_decides_about_lateness() -> None:
    again = table(
        ("confirm", 30), ("receive", 31), ("send_back", 32), ("finish'", 60), ("confirm", 61)
    )
    late = table(("confirm", 46))
    never = table(("enter", 1))

    found = measure(Metric.FIRST_REPORT_DELAY, again, late, never, EXEMPT)

    assert found.amounts == [0, 2, 47]
    assert found.value == 49
    assert found.summary.parameters == {"late": 2, "count": 3, "days": Decimal(49)}


def test_what_is_not_due_yet_is_not_late() -> None:
    records = Records(OPENED, DUE, DUE, 5, [table(("enter", 1))])

    assert METRICS[Metric.FIRST_REPORT_DELAY].measure(records).value is None


def test_returns_are_mended_within_the_term_or_not() -> None:
    in_time = table(("send_back", 10), ("finish'", 12), ("confirm", 15))
    late = table(("send_back", 10), ("finish'", 12), ("confirm", 16))
    pending = table(("send_back", 88), number=3)
    never = table(("send_back", 20), number=4)

    found = measure(Metric.CORRECTION_IN_TIME, in_time, late, pending, never)

    assert found.amounts == [1, 0, 0]
    assert found.value == Decimal("0.3333")
    assert measure(Metric.CORRECTION_IN_TIME, REPORTED).value == 1
    assert measure(Metric.CORRECTION_IN_TIME, EXEMPT).value is None


def test_a_return_counts_when_the_department_changed_its_data() -> None:
    adopted = table(("send_back", 10), ("finish'", 12))
    explained = table(("send_back", 10), ("finish", 12))

    found = measure(Metric.ADOPTED_RETURNS, adopted, explained, REPORTED, REPORTED, EXEMPT)

    assert (found.value, len(found.events)) == (Decimal("0.25"), 1)


def test_opening_again_by_the_quality_office_never_costs_anything() -> None:
    """INV16: what the quality office caused is no fault of the department."""
    calm = [("review", 2), ("confirm", 2), ("receive", 3), ("accept", 4)]
    troubled = [*calm, ("reopen", 50), ("finish'", 80), ("review", 81), ("confirm", 90)]
    opened_again = table(("exempt", 1), ("reopen", 60), ("confirm", 80))

    for metric in METRICS:
        before, after = (
            measure(metric, table(*calm)),
            measure(metric, table(*troubled), opened_again),
        )
        assert (after.value, after.amounts) == (before.value, before.amounts), metric


def test_the_first_attempt_tells_how_complete_and_right_the_data_were() -> None:
    tables = (
        table(attempt=attempt(100, 90, 200, accuracy=1, consistency=1, conformity=4)),
        table(attempt=attempt(50, 50, 300, completeness=9), number=2),
        table(("exempt", 1), attempt=attempt(9, 0, 9, accuracy=9), number=3),
    )

    assert measure(Metric.FILLED_CELLS, *tables).value == Decimal("0.9333")
    assert measure(Metric.ACCURACY_ERRORS, *tables).value == 4
    assert measure(Metric.CONFORMITY_ERRORS, *tables).value == 8


@pytest.mark.parametrize(
    "metric", [Metric.FILLED_CELLS, Metric.ACCURACY_ERRORS, Metric.CONFORMITY_ERRORS]
)
def test_without_rows_there_is_nothing_to_judge(metric: Metric) -> None:
    assert measure(metric, table(attempt=attempt(0, 0, 0)), REPORTED).value is None


def test_a_row_that_does_not_match_counts_as_one_of_its_cells() -> None:
    of_ten_fields = attempt(10, 10, 10)
    right = replace(table(attempt=of_ten_fields), checked=Checked(20, 0))
    wrong = replace(table(attempt=of_ten_fields, number=2), checked=Checked(5, 3))

    found = measure(Metric.SPOT_CHECK_MISMATCH, right, wrong, REPORTED)

    assert (found.value, found.amounts) == (Decimal("1.2"), [0, 3])
    assert [event.is_fault for event in found.events] == [False, True]
    assert measure(Metric.SPOT_CHECK_MISMATCH, REPORTED).value is None


def test_every_event_can_be_looked_at_and_every_sentence_filled_in() -> None:
    full: Mapping[str, object] = {"stewards": [Stewardship("李静", date(2020, 9, 1), None)]}
    story = table(
        *(("review", 2), ("confirm", 5), ("send_back", 6), ("finish'", 20), ("confirm", 60)),
        attempt=attempt(10, 9, 20, accuracy=1),
    )
    story = replace(story, checked=Checked(5, 1))

    for spec in METRICS.values():
        found = measure(spec.metric, story, **full)
        assert found.summary.english()
        for event in found.events:
            assert event.text.english()
            assert (event.submission_id == 1) != (spec.metric is Metric.STEWARD_STABILITY)


def test_what_is_entered_on_behalf_costs_where_nobody_vouches_for_it() -> None:
    founded, unfounded = Delegated(6, 0), Delegated(2, 2)
    found = measure(
        Metric.UNFOUNDED_DELEGATION,
        replace(REPORTED, delegated=founded),
        replace(REPORTED, submission_id=2, delegated=unfounded),
    )

    assert found.value == Decimal("0.25")
    assert [event.is_fault for event in found.events] == [False, True]


def test_whose_teachers_answered_for_themselves_has_the_full_score() -> None:
    own = replace(REPORTED, delegated=Delegated(0, 0))

    assert measure(Metric.UNFOUNDED_DELEGATION, own).value == 0
    assert measure(Metric.UNFOUNDED_DELEGATION, REPORTED).value is None
