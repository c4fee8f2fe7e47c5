"""Which rules of the list are wanted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.catalogue.comparison import Comparison
from app.domain.finding import Dimension, Severity
from app.domain.rule import RevisionState
from app.reports.rule import RuleLine

LONGEST_TEXT = 60
OWN, DELIVERED = ("own", "delivered")
# In force but asked of nobody, being written, switched off.
FAULTY, WRITTEN = ("faulty", "written")
STATES = (FAULTY, WRITTEN, RevisionState.RETIRED.value)


@dataclass(frozen=True)
class RuleFilter:
    """The wanted rules; empty words want every rule."""

    text: str = ""
    table: str = ""
    dimension: str = ""
    severity: str = ""
    origin: str = ""
    state: str = ""

    def matches(self, line: RuleLine) -> bool:
        """Whether the rule is wanted, whatever its state."""
        rule = line.rule
        if self.table not in {"", line.table}:
            return False
        if self.dimension and (rule is None or rule.dimension.value != self.dimension):
            return False
        if self.severity and (rule is None or rule.severity.value != self.severity):
            return False
        if self.origin and (self.origin == DELIVERED) != line.is_delivered:
            return False
        words = () if rule is None else (rule.message, rule.number, rule.condition, rule.note)
        return self._said_in(line.identifier, *words)

    def compares(self, comparison: Comparison) -> bool:
        """Whether the comparison is wanted: it came along and warns of accuracy, in no state."""
        own = (self.table, self.dimension, self.severity, self.origin, self.state)
        is_of = (comparison.table, Dimension.ACCURACY, Severity.WARNING, DELIVERED, "")
        if any(wanted not in {"", told} for wanted, told in zip(own, is_of, strict=True)):
            return False
        words = (comparison.label, comparison.history, comparison.peers)
        return self._said_in(comparison.identifier, comparison.peers_identifier, *words)

    def _said_in(self, *words: str) -> bool:
        said = " ".join(words).casefold()
        return all(word in said for word in self.text.casefold().split())

    def selects(self, line: RuleLine) -> bool:
        """Whether the rule stands where the chosen chip says."""
        return self.state == "" or self.state in states_of(line)

    def pairs(self, **other: str) -> dict[str, str]:
        """The filter, with other words, as the query of an address."""
        changed = replace(self, **other)
        named = {
            "q": changed.text,
            "table": changed.table,
            "dimension": changed.dimension,
            "severity": changed.severity,
            "origin": changed.origin,
            "state": changed.state,
        }
        return {name: value for name, value in named.items() if value}


def states_of(line: RuleLine) -> set[str]:
    """The chips under which the rule is found."""
    found = {line.state.value}
    if line.fault is not None:
        found.add(FAULTY)
    if line.has_draft:
        found.add(WRITTEN)
    return found


def read_filter(given: Mapping[str, str]) -> RuleFilter:
    """The filter of an address; unknown words want every rule."""

    def one_of(name: str, known: set[str]) -> str:
        return given.get(name, "") if given.get(name, "") in known else ""

    return RuleFilter(
        text=given.get("q", "").strip()[:LONGEST_TEXT],
        table=given.get("table", "")[:LONGEST_TEXT],
        dimension=one_of("dimension", set(Dimension)),
        severity=one_of("severity", set(Severity)),
        origin=one_of("origin", {OWN, DELIVERED}),
        state=one_of("state", set(STATES)),
    )
