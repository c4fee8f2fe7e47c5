"""What was found out and would be found out again: kept by a digest, the oldest leaves first."""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from hashlib import blake2b
from threading import Lock
from typing import Generic, TypeVar

Found = TypeVar("Found")
DIGEST_BYTES = 16


class Memory(Generic[Found]):
    """Keeps at most ``size`` answers by digest; the least recently asked for leave first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._known: OrderedDict[bytes, Found] = OrderedDict()
        # Threads of one server share the memory.
        self._lock = Lock()

    def __len__(self) -> int:
        """How many answers are kept."""
        return len(self._known)

    def known(self, keys: Collection[bytes]) -> dict[bytes, Found]:
        """The answers that are kept for these digests."""
        with self._lock:
            known = {key: self._known[key] for key in keys if key in self._known}
            for key in known:
                self._known.move_to_end(key)
        return known

    def keep(self, found: Mapping[bytes, Found]) -> None:
        """Keep these answers too."""
        with self._lock:
            self._known.update(found)
            while len(self._known) > self._size:
                self._known.popitem(last=False)


def digest_of(content: object) -> bytes:
    """A digest that no two contents share: what is kept tells nothing of the values."""
    # Half a character, which no database keeps, must not stop a page.
    return blake2b(repr(content).encode("utf-8", "replace"), digest_size=DIGEST_BYTES).digest()
