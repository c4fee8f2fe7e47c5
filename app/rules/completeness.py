"""How complete are rows: filled cells of those that can be filled, rows of those expected (V21)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.base_table import FieldSpec, TableSpec

Values = Mapping[str, object]
WHOLE = 100.0


@dataclass(frozen=True)
class Share:
    """So many of so many; nothing of nothing is complete."""

    filled: int = 0
    expected: int = 0

    @property
    def percent(self) -> float:
        """Per cent, to one decimal, rounded down: 100 is said only where nothing is missing."""
        if not self.expected:
            return WHOLE
        return self.filled * 1000 // self.expected / 10

    def __add__(self, other: "Share") -> "Share":
        return Share(self.filled + other.filled, self.expected + other.expected)


@dataclass(frozen=True)
class Completeness:
    """Cells, told apart by whether they have to be filled, and rows.

    A table that was reported as having nothing, with a reason, is complete: it expects nothing.
    """

    required: Share = Share()
    optional: Share = Share()
    rows: Share = Share()

    @property
    def cells(self) -> Share:
        """Required and optional ones together."""
        return self.required + self.optional

    def __add__(self, other: "Completeness") -> "Completeness":
        return Completeness(
            self.required + other.required,
            self.optional + other.optional,
            self.rows + other.rows,
        )


@dataclass(frozen=True)
class Tally:
    """How many rows a place has, and how many of their cells are filled."""

    rows: int = 0
    required: int = 0
    optional: int = 0


def tally(spec: TableSpec, rows: Sequence[Values]) -> Tally:
    """The rows of a place, counted."""
    required, optional = told_apart(spec)
    return Tally(len(rows), _filled(required, rows), _filled(optional, rows))


def told_apart(spec: TableSpec) -> tuple[Sequence[FieldSpec], Sequence[FieldSpec]]:
    """The fields that have to be filled in, and the others."""
    required = [field for field in spec.fields if field.required]
    return required, [field for field in spec.fields if not field.required]


def completeness_of(
    spec: TableSpec, counted: Tally, *, missing: int = 0, is_nil: bool = False
) -> Completeness:
    """Of the rows of a place, of which ``missing`` further ones are expected.

    The required cells of a row that is missing are missing too: leaving rows out makes nothing
    more complete. Of optional cells nobody knows whether they would have been filled.
    """
    if is_nil and not counted.rows:
        return Completeness()
    required, optional = map(len, told_apart(spec))
    expected = counted.rows + missing
    return Completeness(
        Share(counted.required, required * expected),
        Share(counted.optional, optional * counted.rows),
        Share(counted.rows, expected),
    )


def _filled(fields: Sequence[FieldSpec], rows: Sequence[Values]) -> int:
    return sum(row.get(field.code) not in {None, ""} for row in rows for field in fields)
