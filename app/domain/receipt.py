"""The sheet that a department signs for what it has reported at once (第五条第三款)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class ReceiptEntry:
    """One confirmed table: whose, in which year, and the hash of the content that was confirmed."""

    table: str
    department: str
    year: str
    content_hash: str


def receipt_hash(entries: Iterable[ReceiptEntry]) -> str:
    """What a signed sheet stands for: SHA-256 over the tables and their contents, by table.

    Each is a line of year, department, table and content, parted by spaces and ended by a line
    feed, so that anybody can count it again.
    """
    lines = sorted(
        f"{entry.year} {entry.department} {entry.table} {entry.content_hash}\n" for entry in entries
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()
