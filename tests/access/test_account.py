"""When no password is looked at, and who helps with a locked account."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.access.account import WHO_HELPS, why_not_try, why_not_unlock
from app.access.person import Actor
from app.models.account import Account, SignInAddress

COLLEGE = timezone(timedelta(hours=8))
NOW = datetime(2026, 9, 15, 10, 30, tzinfo=COLLEGE)
SOON = datetime(2026, 9, 15, 2, 45, tzinfo=UTC)
PAST = datetime(2026, 9, 15, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "address", "words"),
    [
        (None, None, None),
        (PAST, PAST, None),
        (SOON, None, "5 times in a row"),
        (None, SOON, "from this address (100)"),
        (SOON, SOON, "5 times in a row"),
    ],
)
def test_the_reason_names_the_time_on_the_clock_of_the_college(
    name: datetime | None, address: datetime | None, words: str | None
) -> None:
    counted = Account(locked_until=name), SignInAddress(locked_until=address)

    reason = why_not_try(*counted, NOW)

    if words is None:
        assert reason is None
    else:
        assert reason is not None
        assert words in reason.english()
        assert "10:45" in reason.english()


def test_who_is_locked_out_hears_whom_to_ask() -> None:
    reason = why_not_try(Account(locked_until=SOON), None, NOW)

    assert reason is not None
    assert WHO_HELPS.english() in reason.english()


def test_what_was_never_tried_is_not_locked() -> None:
    assert why_not_try(None, None, NOW) is None


def test_unlocking_takes_its_own_right() -> None:
    plain = Actor("1", "李静", "li_jing", permissions=frozenset({("can_read", "account")}))
    helper = Actor("2", "周敏", "zhou_min", permissions=frozenset({("can_unlock", "account")}))

    assert why_not_unlock(plain) is not None
    assert why_not_unlock(helper) is None
