"""How long sessions live and under which name attempts are counted."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.account import SessionLimit, account_name, is_this_machine

BEGUN = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
LIMIT = SessionLimit(idle=timedelta(hours=2), lifetime=timedelta(hours=12))
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("seen_after", "asked_after", "is_over"),
    [
        (timedelta(), timedelta(), False),
        (timedelta(), timedelta(hours=2) - SECOND, False),
        (timedelta(), timedelta(hours=2), True),
        (timedelta(hours=11), timedelta(hours=12) - SECOND, False),
        (timedelta(hours=11), timedelta(hours=12), True),
        (timedelta(hours=1), timedelta(minutes=30), False),  # a clock that was put back
    ],
)
def test_a_session_ends_when_idle_or_at_the_end_of_its_life(
    seen_after: timedelta, asked_after: timedelta, is_over: bool
) -> None:
    assert LIMIT.is_over(BEGUN, BEGUN + seen_after, BEGUN + asked_after) is is_over


@pytest.mark.parametrize(("idle", "grain"), [(120, 5.0), (30, 3.0), (5, 0.5)])
def test_being_seen_is_noted_a_few_times_before_a_session_would_end(
    idle: int, grain: float
) -> None:
    limit = SessionLimit(timedelta(minutes=idle), timedelta(hours=12))

    assert limit.grain == timedelta(minutes=grain)


@pytest.mark.parametrize("name", ["03002", "zhang", "张三", "a" * 64, " zhang "])
def test_a_possible_name_is_counted_as_it_is(name: str) -> None:
    assert account_name(name) == name.strip()


@pytest.mark.parametrize("name", ["", "  ", "a" * 65, "a\x00b", "a\nb", "\ud800", "名" * 10_000])
def test_an_impossible_name_is_counted_under_its_hash(name: str) -> None:
    counted = account_name(name)

    assert len(counted) == 41
    assert counted.startswith("?")
    assert counted != account_name(name + "x" * 65)


@pytest.mark.parametrize(
    ("address", "is_own"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("", True),
        ("unix:", True),
        ("192.0.2.1", False),
        ("10.1.2.3", False),
        ("2001:db8::1", False),
    ],
)
def test_requests_of_this_machine_are_known(address: str, is_own: bool) -> None:
    assert is_this_machine(address) is is_own
