"""Which records answer the numbers of the college's printed list of rules (第五条第二款).

Most rules carry their printed number themselves. Those about every field are answered by the
rules that come from a field's description, and those about tidying by reading: they stand in a
list of their own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.catalogue.quality_rule import QualityRule

FIRST, LAST = 1, 129
# The printed list leaves these numbers out.
LEFT_OUT = frozenset({"V010", "V011"})


@dataclass(frozen=True)
class PrintedNumber:
    """A printed number that no record of its own answers.

    ``rules`` are the ends of the identifiers of the field rules, such as ``01`` of
    ``QR.STAFF.NAME.01``, none where reading or finishing a table does it; ``told`` says how, in
    the college's words.
    """

    number: str
    rules: tuple[str, ...]
    told: str


def read_printed(item: Mapping[str, Any]) -> PrintedNumber:
    """A record from ``{number, rules, told}``."""
    return PrintedNumber(item["number"], tuple(item["rules"]), item["told"])


def printed_numbers() -> list[str]:
    """Every number of the printed list."""
    numbers = (f"V{number:03}" for number in range(FIRST, LAST + 1))
    return [number for number in numbers if number not in LEFT_OUT]


def answers(printed: Iterable[PrintedNumber], rules: Iterable[QualityRule]) -> dict[str, list[str]]:
    """Printed number → what answers it: identifiers of rules, or how it is done."""
    found = {each.number: [each.told] for each in printed}
    for rule in rules:
        if rule.number:
            found.setdefault(rule.number, []).append(f"`{rule.identifier}`")
    return found
