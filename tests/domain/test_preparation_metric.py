"""What is counted of meetings and training, and what fairness leaves out."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.appraisal import Metric
from app.domain.evidence import Records, Reported, Trainee
from app.domain.measurement import Measurement
from app.domain.metric import METRICS

OPENED = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
DUE = datetime(2026, 10, 15, 15, 59, 59, tzinfo=UTC)
OWED = (Reported(1, "course", DUE),)
DAY = timedelta(days=1)


def measure(metric: Metric, **more: object) -> Measurement:
    told = {"tables": OWED, **more}
    records = Records(OPENED, DUE + 30 * DAY, DUE, 5, **told)  # type: ignore[arg-type]
    return METRICS[metric].measure(records)


@pytest.mark.parametrize(
    ("days", "worth"),
    [
        ([], "0"),
        ([OPENED.date()], "1"),
        ([OPENED.date() - 30 * DAY], "1"),
        ([OPENED.date() + DAY], "0.5"),
        ([DUE.date()], "0.5"),
        ([DUE.date() + DAY], "0"),
        ([date(2026, 9, 9), date(2026, 8, 31)], "1"),
    ],
)
def test_the_earliest_meeting_counts_by_its_day(days: list[date], worth: str) -> None:
    assert measure(Metric.MOBILISATION_MEETING, meetings=days).value == Decimal(worth)


def test_a_department_without_tables_needs_no_meeting() -> None:
    assert measure(Metric.MOBILISATION_MEETING, tables=()).value is None


def test_attendance_is_the_share_of_those_who_had_to_attend() -> None:
    there = Trainee("李静", date(2026, 9, 8))

    found = measure(Metric.TRAINING_ATTENDANCE, trainees=(there, Trainee("赵云", None)))

    assert found.value == Decimal("0.5")
    assert [event.is_fault for event in found.events] == [False, True]


def test_where_nobody_had_to_attend_nothing_is_counted() -> None:
    assert measure(Metric.TRAINING_ATTENDANCE).value is None
