"""Which findings of the year are wanted, as it stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from app.domain.finding import Dimension, Severity
from app.domain.finding_state import FindingState
from app.reports.finding import FindingFilter
from app.web.paging import PAGE_LENGTH

LONGEST_CODE = 64
LONGEST_RULE = 120
Member = TypeVar("Member", bound=StrEnum)


@dataclass(frozen=True)
class ListFilter:
    """The wanted findings; empty or None for all that are there."""

    table: str = ""
    department: str = ""
    rule: str = ""
    dimension: Dimension | None = None
    severity: Severity | None = None
    state: FindingState | None = None

    @property
    def is_set(self) -> bool:
        """Whether anything narrows the list."""
        return self != ListFilter()

    def pairs(self, **others: object) -> dict[str, str]:
        """The filter as the query of an address, with other parts if given."""
        other = replace(self, **others)  # type: ignore[arg-type]
        named = {
            "table": other.table,
            "department": other.department,
            "dimension": other.dimension,
            "severity": other.severity,
            "state": other.state,
            "rule": other.rule,
        }
        return {name: str(value) for name, value in named.items() if value}

    def asked(self, page: int = 1) -> FindingFilter:
        """One page of them."""
        return FindingFilter(
            table=self.table or None,
            department=self.department or None,
            dimension=self.dimension,
            severity=self.severity,
            state=self.state,
            rule=self.rule or None,
            offset=(page - 1) * PAGE_LENGTH,
            limit=PAGE_LENGTH,
        )


def read_filter(given: Mapping[str, str]) -> ListFilter:
    """The filter that an address or a form asks for; what there is none of means all."""
    return ListFilter(
        table=given.get("table", "")[:LONGEST_CODE],
        department=given.get("department", "")[:LONGEST_CODE],
        rule=given.get("rule", "")[:LONGEST_RULE],
        dimension=_member(Dimension, given.get("dimension", "")),
        severity=_member(Severity, given.get("severity", "")),
        state=_member(FindingState, given.get("state", "")),
    )


def _member(kind: type[Member], text: str) -> Member | None:
    return kind(text) if text in set(kind) else None
