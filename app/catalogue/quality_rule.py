"""Quality rules (第五条: 规范性、完整性、及时性、准确性): what holds between values, as records.

What a single field says of itself — required, length, range, code, format — are rules that come
from the catalogue's fields. A rule here compares values: of one row, of several rows, of two
tables, of this period and the one before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from app.domain.finding import Dimension, Severity


class Measure(StrEnum):
    """What is taken from the rows of a table."""

    COUNT = "count"
    COUNT_DISTINCT = "count_distinct"
    SUM = "sum"
    LEAST = "least"
    GREATEST = "greatest"
    MEDIAN = "median"
    # The value of the one row there is; the first one that is filled in.
    VALUE = "value"
    # How many different names listed in a cell of the judged row are in no row of the fields.
    UNLISTED = "unlisted"


class Year(StrEnum):
    """Which period the rows are of."""

    THIS = "this"
    PREVIOUS = "previous"


class Judged(StrEnum):
    """What a condition is asked of: every row, or the table of a period as a whole."""

    ROW = "row"
    TABLE = "table"


@dataclass(frozen=True)
class Source:
    """A field of the rows of a table in one of the years, from which a figure is taken."""

    table: str
    column: str
    year: Year = Year.THIS


@dataclass(frozen=True)
class Term:
    """A figure taken from the rows of a table, named in the condition.

    ``label`` is what people call it; ``column`` is the field that is counted or added up, empty
    for counting rows; ``where`` a condition on the rows that are taken; ``by`` maps fields of
    those rows to fields of the judged row whose values they have, none for the figure of all
    rows. Of a table without any row in the period there is no figure: what was not collected is
    not compared. Unlisted names are those of the one field that ``by`` gives for ``column``, and
    of none of ``also``: further lists, in which nothing is found where they were not collected.
    """

    label: str
    table: str
    measure: Measure
    column: str = ""
    where: str = ""
    by: Mapping[str, str] = field(default_factory=dict)
    year: Year = Year.THIS
    also: tuple[Source, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every field it is taken from, ``column`` of ``table`` first."""
        return (Source(self.table, self.column, self.year), *self.also)


@dataclass(frozen=True)
class QualityRule:
    """One rule of one table.

    ``condition`` holds in every correct row (or table); where a value is missing it does not
    apply. ``message`` says in the college's words what is wrong; ``fields`` are the cells it is
    shown at, the first one above all. ``once_by`` tells it at the first of the rows with equal
    values there. ``passing`` and ``failing`` are cases: rows by table and year. ``number`` is
    the one in the printed list of rules, ``note`` tells why a rule is as it is. ``family`` names
    the general rule or the fact it was made from.
    """

    identifier: str
    table: str
    severity: Severity
    dimension: Dimension
    message: str
    condition: str
    fields: tuple[str, ...]
    judged: Judged = Judged.ROW
    terms: Mapping[str, Term] = field(default_factory=dict)
    once_by: tuple[str, ...] = ()
    passing: tuple["RuleCase", ...] = ()
    failing: tuple["RuleCase", ...] = ()
    number: str = ""
    note: str = ""
    family: str = ""

    @property
    def is_about_one_row(self) -> bool:
        """Whether a row tells all that has to be known, so that it is judged while typing.

        A rule that is told of the first of several rows only has to see the others.
        """
        return self.judged is Judged.ROW and not self.terms and not self.once_by

    @cached_property
    def tables(self) -> frozenset[str]:
        """Every table it reads."""
        return frozenset({self.table, *(source.table for source in self._sources)})

    @property
    def needs_previous(self) -> bool:
        """Whether it compares with the period before."""
        return any(source.year is Year.PREVIOUS for source in self._sources)

    @property
    def _sources(self) -> Iterator[Source]:
        return (source for term in self.terms.values() for source in term.sources)


@dataclass(frozen=True)
class RuleCase:
    """An example: rows of the rule's table, and of others by table, some of the period before."""

    rows: tuple[Mapping[str, object], ...]
    others: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)
    previous: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)
