"""What is counted of co-operation, and what fairness leaves out (第十七条)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.appraisal import Metric
from app.domain.cooperation import CooperationVerb, cooperation_step_for
from app.domain.evidence import Asked, AskedStep, Records
from app.domain.measurement import Measurement
from app.domain.metric import METRICS

OPENED = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
TAKEN = datetime(2026, 12, 1, tzinfo=UTC)
DUE_AFTER = 10


def asked(*steps: tuple[str, float], lead: str = "A03", rating: int | None = None) -> Asked:
    """A request with steps so many days after it was written; due ten days after.

    More time is three days more.
    """
    status, taken, due_after = None, [], DUE_AFTER
    for verb, days in (("request", 0.0), *steps):
        step = cooperation_step_for(status, CooperationVerb(verb))
        assert step is not None, (status, verb)
        status, at = step.target, OPENED + timedelta(days=days)
        due_after += 3 * (verb == "extend")
        given = rating if verb == "confirm" else None
        taken.append(AskedStep(step.verb, status, at, OPENED + timedelta(days=due_after), given))
    return Asked(7, lead, tuple(taken))


def measure(metric: Metric, *requests: Asked) -> Measurement:
    records = Records(OPENED, TAKEN, TAKEN, 5, asked=requests)
    return METRICS[metric].measure(records)


SENT = ("send", 1)
IN_TIME = asked(SENT, ("answer", 10))
LATE = asked(SENT, ("answer", 11.5))
# Every course a request can take, and whether it is in time, a fault, or not counted at all.
COURSES = [
    ((SENT, ("answer", 10)), True),
    ((SENT, ("answer", 11.5)), False),
    ((SENT, ("extend", 9), ("answer", 13)), True),
    ((SENT, ("extend", 11), ("answer", 13)), True),
    ((SENT, ("extend", 9), ("answer", 14.5)), False),
    ((SENT, ("answer", 11.5), ("send_back", 12), ("extend", 13), ("answer", 14)), False),
    ((SENT,), False),
    ((SENT, ("refuse", 3)), False),
    ((SENT, ("refuse", 3), ("appeal", 4), ("order", 5), ("answer", 6)), False),
    ((SENT, ("refuse", 3), ("appeal", 4), ("release", 5)), None),
    ((SENT, ("refuse", 3), ("appeal", 4)), None),
    ((SENT, ("cancel", 40)), None),
    ((SENT, ("refuse", 3), ("cancel", 4)), None),
    ((SENT, ("appeal", 12), ("release", 13)), None),
    ((SENT, ("appeal", 12), ("order", 13), ("answer", 14)), False),
    ((SENT, ("answer", 9), ("send_back", 12), ("answer", 30), ("confirm", 31)), True),
    ((), None),
    ((("cancel", 1),), None),
]


@pytest.mark.parametrize(("steps", "is_good"), COURSES)
def test_what_counts_as_answered_in_time(
    steps: tuple[tuple[str, float], ...], is_good: bool | None
) -> None:
    found = measure(Metric.COOPERATION_IN_TIME, asked(*steps))

    assert found.value == (None if is_good is None else int(is_good))
    assert [event.is_fault for event in found.events] == ([] if is_good is None else [not is_good])


def test_what_is_not_due_yet_is_not_counted() -> None:
    records = Records(OPENED, OPENED + timedelta(days=9), TAKEN, 5, asked=(asked(SENT),))

    assert METRICS[Metric.COOPERATION_IN_TIME].measure(records).value is None


def test_the_share_that_was_answered_in_time() -> None:
    found = measure(Metric.COOPERATION_IN_TIME, IN_TIME, IN_TIME, IN_TIME, LATE)

    assert found.value == Decimal("0.75")
    assert found.amounts == [1, 1, 1, 0]
    assert {event.cooperation_id for event in found.events} == {7}


def rated(lead: str, *ratings: int) -> list[Asked]:
    done = (SENT, ("answer", 2), ("confirm", 3))
    return [asked(*done, lead=lead, rating=rating) for rating in ratings]


def test_every_department_that_rated_counts_once() -> None:
    given = (*rated("A01", 5, 5, 5), *rated("A02", 4), *rated("A03", 1, 2))

    found = measure(Metric.COOPERATION_RATING, *given, IN_TIME)

    assert found.value == Decimal("3.5")
    assert found.amounts == [1, 2, 4, 5, 5, 5]
    assert {event.cooperation_id for event in found.events} == {None}


def test_ratings_of_fewer_than_three_departments_are_settled_by_hand() -> None:
    given = (*rated("A01", 5, 5), *rated("A02", 1))

    found = measure(Metric.COOPERATION_RATING, *given)

    assert (found.value, found.events) == (None, ())


def test_only_what_the_office_has_overruled_is_a_bad_mark() -> None:
    refused = (SENT, ("refuse", 3), ("appeal", 4))
    upheld, overruled = asked(*refused, ("release", 5)), asked(*refused, ("order", 5))

    found = measure(Metric.COOPERATION_OVERRULED, upheld, overruled, IN_TIME, LATE)

    assert found.value == 1
    assert measure(Metric.COOPERATION_OVERRULED, IN_TIME).value == 0
    assert measure(Metric.COOPERATION_OVERRULED, upheld).value is None


@pytest.mark.parametrize(
    "metric",
    [Metric.COOPERATION_IN_TIME, Metric.COOPERATION_RATING, Metric.COOPERATION_OVERRULED],
)
def test_who_was_asked_for_nothing_is_not_measured(metric: Metric) -> None:
    found = measure(metric)

    assert (found.value, found.events) == (None, ())
    assert found.summary.english()
