"""The audit log: what its entries are called, and the chain that shows tampering (第六条).

Every entry names the fingerprint of the entry before it, so that changing, removing or slipping in
one breaks what follows. Entries written at the same moment may name the same one before them.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.domain.message import Message

# Entries that begin the chain together: written while none of them could be seen by the others.
AT_ONCE = timedelta(minutes=1)


@dataclass(frozen=True)
class LoggedDeed:
    """What an entry says; ``at`` has a zone."""

    at: datetime
    person_number: str
    person_name: str
    tag: str
    subject: str
    department_code: str | None
    before: str | None
    after: str | None
    reason: str | None
    content_hash: str | None


def fingerprint(previous: str | None, deed: LoggedDeed) -> str:
    """SHA-256 over the fingerprint before it and everything that the entry says, as JSON."""
    said = [
        previous,
        deed.at.astimezone(UTC).isoformat(timespec="microseconds"),
        deed.person_number,
        deed.person_name,
        deed.tag,
        deed.subject,
        deed.department_code,
        deed.before,
        deed.after,
        deed.reason,
        deed.content_hash,
    ]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class ChainFault(StrEnum):
    """What is wrong at an entry of the chain."""

    CHANGED = "changed"
    MISSING_BEFORE = "missing_before"
    UNCHAINED = "unchained"


FAULTS: Mapping[ChainFault, Message] = {
    ChainFault.CHANGED: Message("This entry is not as it was written."),
    ChainFault.MISSING_BEFORE: Message("The entry before this one is missing."),
    ChainFault.UNCHAINED: Message("This entry was not written by the platform."),
}


@dataclass(frozen=True)
class LoggedEntry:
    """An entry as it is stored, with the links of its chain; older ones have none."""

    number: int
    deed: LoggedDeed
    previous: str | None
    own: str | None


@dataclass(frozen=True)
class FaultyEntry:
    """An entry at which the chain does not hold."""

    number: int
    fault: ChainFault


@dataclass(frozen=True)
class Verified:
    """How many entries were looked at, how many of them are chained, and where it does not hold."""

    entries: int
    chained: int
    faults: Sequence[FaultyEntry]


def verify(entries: Iterable[LoggedEntry], known: Set[str]) -> Verified:
    """Follow the chain; ``known`` are the fingerprints of all entries, in whatever order.

    Entries from before there was a chain stand first and are not judged. That the very last
    entries were cut off cannot be told from what is left: keep the fingerprint of the last one
    elsewhere for that.
    """
    faults: list[FaultyEntry] = []
    count = chained = 0
    first: LoggedEntry | None = None
    for entry in entries:
        count += 1
        if entry.own is None:
            if first is not None:
                faults.append(FaultyEntry(entry.number, ChainFault.UNCHAINED))
            continue
        chained += 1
        first = first or entry
        fault = _fault_of(entry, first, known)
        if fault is not None:
            faults.append(FaultyEntry(entry.number, fault))
    return Verified(count, chained, faults)


def _fault_of(entry: LoggedEntry, first: LoggedEntry, known: Set[str]) -> ChainFault | None:
    if fingerprint(entry.previous, entry.deed) != entry.own:
        return ChainFault.CHANGED
    if entry.previous is None:
        begins = entry.deed.at <= first.deed.at + AT_ONCE
        return None if begins else ChainFault.MISSING_BEFORE
    return None if entry.previous in known else ChainFault.MISSING_BEFORE
