"""The chain of the audit log shows what was changed, removed or slipped in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.audit_log import ChainFault, LoggedDeed, LoggedEntry, Verified, fingerprint, verify

BEGAN = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
DEED = LoggedDeed(
    BEGAN, "03002", "李静", "submission.finish", "submission:1", "A03", None, None, None, None
)


def chain(length: int = 4, step: timedelta = timedelta(hours=1)) -> list[LoggedEntry]:
    entries: list[LoggedEntry] = []
    for number in range(length):
        previous = entries[-1].own if entries else None
        deed = replace(DEED, at=BEGAN + number * step, reason=f"第{number}次")
        entries.append(LoggedEntry(number + 1, deed, previous, fingerprint(previous, deed)))
    return entries


def verified(entries: list[LoggedEntry]) -> Verified:
    stored = {each.own for each in entries if each.own}
    return verify(entries, lambda wanted: stored & set(wanted))


def rechained(entries: list[LoggedEntry], place: int, previous: str | None) -> LoggedEntry:
    entry = entries[place]
    return replace(entry, previous=previous, own=fingerprint(previous, entry.deed))


def test_what_was_left_alone_holds() -> None:
    found = verified(chain())

    assert (found.entries, found.chained, found.faults) == (4, 4, [])


@pytest.mark.parametrize(
    "field", ["at", "person_name", "tag", "before", "after", "reason", "content_hash"]
)
def test_a_changed_word_is_found_at_its_entry(field: str) -> None:
    entries = chain()
    value = BEGAN if field == "at" else "改过"
    entries[1] = replace(entries[1], deed=replace(entries[1].deed, **{field: value}))

    [fault] = verified(entries).faults

    assert (fault.number, fault.fault) == (2, ChainFault.CHANGED)


def remove(entries: list[LoggedEntry]) -> None:
    del entries[1]


def replace_and_rechain(entries: list[LoggedEntry]) -> None:
    forged = replace(entries[1], deed=replace(entries[1].deed, reason="改过"))
    entries[1] = replace(forged, own=fingerprint(forged.previous, forged.deed))


def slip_in(entries: list[LoggedEntry]) -> None:
    entries.insert(2, LoggedEntry(99, DEED, None, None))


def slip_in_chained(entries: list[LoggedEntry]) -> None:
    """With a fingerprint of its own, behind an old entry, as if it had been written then."""
    late = replace(DEED, at=BEGAN + timedelta(minutes=1))
    entries.append(LoggedEntry(99, late, entries[0].own, fingerprint(entries[0].own, late)))


def slip_in_later(entries: list[LoggedEntry]) -> None:
    late = replace(DEED, at=BEGAN + timedelta(hours=9))
    entries.append(LoggedEntry(99, late, entries[0].own, fingerprint(entries[0].own, late)))


def begin_anew(entries: list[LoggedEntry]) -> None:
    entries[2] = rechained(entries, 2, None)


@pytest.mark.parametrize(
    ("tampering", "faults"),
    [
        (remove, [(3, ChainFault.MISSING_BEFORE)]),
        (replace_and_rechain, [(3, ChainFault.MISSING_BEFORE)]),
        (slip_in, [(99, ChainFault.UNCHAINED)]),
        (slip_in_chained, [(99, ChainFault.FORKED)]),
        (slip_in_later, [(99, ChainFault.FORKED)]),
        (begin_anew, [(3, ChainFault.MISSING_BEFORE), (4, ChainFault.MISSING_BEFORE)]),
    ],
)
def test_removing_forging_and_slipping_in_are_found(
    tampering: Callable[[list[LoggedEntry]], None], faults: list[tuple[int, ChainFault]]
) -> None:
    entries = chain()
    tampering(entries)

    assert [(each.number, each.fault) for each in verified(entries).faults] == faults


def test_two_written_at_once_may_follow_the_same_one() -> None:
    first, second = chain(2)
    other = replace(second.deed, at=second.deed.at + timedelta(seconds=20), reason="同时")
    sibling = LoggedEntry(3, other, first.own, fingerprint(first.own, other))

    assert verified([first, second, sibling]).faults == []


def test_a_parent_may_have_the_greater_number() -> None:
    """Several servers give numbers out, each its own."""
    first, second, third = chain(3, timedelta(seconds=9))

    assert verified([first, third, second]).faults == []


def test_entries_older_than_the_chain_are_not_judged() -> None:
    old = LoggedEntry(0, replace(DEED, at=BEGAN - timedelta(days=1)), None, None)

    found = verified([old, *chain()])

    assert (found.entries, found.chained, found.faults) == (5, 4, [])
