"""The audit log: what its entries are called, and the chain that shows tampering (第六条).

Every entry names the fingerprint of the latest one that could be seen when it was written, so that
changing or removing one breaks what follows. Entries written at once may follow the same one; one
that follows an older one than that was slipped in. What nothing follows, the very last entries and
one of several written at once, can be cut off unseen: the count and the latest fingerprint, kept
elsewhere, show that.
"""

import hashlib
import json
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.domain.message import Message

# Entries written so near to one another may not have seen each other.
AT_ONCE = timedelta(minutes=10)
# How many entries back the one before is looked for; nothing written at once lies further.
REACH = 50_000


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
    FORKED = "forked"


FAULTS: Mapping[ChainFault, Message] = {
    ChainFault.CHANGED: Message("This entry is not as it was written."),
    ChainFault.MISSING_BEFORE: Message("The entry before this one is missing."),
    ChainFault.FORKED: Message("This entry was slipped in: it follows one that is much older."),
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


def verify(
    entries: Iterable[LoggedEntry], existing: Callable[[Collection[str]], Set[str]]
) -> Verified:
    """Follow the chain through the ``entries``, which come by their numbers.

    ``existing`` says which of the fingerprints it is given are stored; it is asked after the last
    entry. Entries from before there was a chain stand first and are not judged.
    """
    followed = _Followed()
    for entry in entries:
        followed.take(entry)
    there = existing(followed.waiting) if followed.waiting else frozenset()
    for previous, numbers in followed.waiting.items():
        fault = ChainFault.FORKED if previous in there else ChainFault.MISSING_BEFORE
        followed.faults += [FaultyEntry(number, fault) for number in numbers]
    faults = sorted(followed.faults, key=lambda each: each.number)
    return Verified(followed.entries, followed.chained, faults)


class _Followed:
    """The chain as far as it was followed: the latest entries, and what waits for its parent.

    A parent may have the greater number where several servers give numbers out.
    """

    def __init__(self) -> None:
        self.entries = self.chained = 0
        self.faults: list[FaultyEntry] = []
        self.waiting: dict[str, list[int]] = {}
        self._began: datetime | None = None
        self._places: dict[str, int] = {}
        self._latest: deque[tuple[str, datetime]] = deque()

    def take(self, entry: LoggedEntry) -> None:
        """Judge the next entry."""
        self.entries += 1
        if entry.own is None:
            if self.chained:
                self._fault(entry, ChainFault.UNCHAINED)
            return
        self.chained += 1
        self._began = self._began or entry.deed.at
        if fingerprint(entry.previous, entry.deed) != entry.own:
            self._fault(entry, ChainFault.CHANGED)
        elif entry.previous is None:
            if entry.deed.at > self._began + AT_ONCE:
                self._fault(entry, ChainFault.MISSING_BEFORE)
        elif entry.previous not in self._places:
            self.waiting.setdefault(entry.previous, []).append(entry.number)
        elif not self._was_written_at_once(entry.deed.at, self._places[entry.previous]):
            self._fault(entry, ChainFault.FORKED)
        self._keep(entry.own, entry.deed.at)

    def _was_written_at_once(self, at: datetime, parent: int) -> bool:
        """Whether everything since the parent was written while this one was."""
        since = parent + 1 - (self.chained - 1 - len(self._latest))
        if since == len(self._latest):
            return True
        between = (self._latest[since][1], self._latest[-1][1])
        return all(abs(each - at) <= AT_ONCE for each in between)

    def _keep(self, own: str, at: datetime) -> None:
        self.waiting.pop(own, None)
        self._places[own] = self.chained - 1
        self._latest.append((own, at))
        if len(self._latest) > REACH:
            self._places.pop(self._latest.popleft()[0], None)

    def _fault(self, entry: LoggedEntry, fault: ChainFault) -> None:
        self.faults.append(FaultyEntry(entry.number, fault))
