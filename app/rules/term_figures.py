"""The figures that rules compare rows with: taken from the rows of a table, each row's own.

Rules ask the same rows for many figures — every field of a row of last year — so all the figures
of the same groups of the same rows are taken together, and once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from app.catalogue.quality_rule import Measure, Term, Year
from app.domain.period import Period
from app.rules.compiled_rule import NUMBERS, CompiledRule, CompiledTerm
from app.rules.expression.compile import Condition
from app.rules.expression.evaluate import with_period
from app.rules.expression.functions import names_of
from app.rules.reading import AND_OTHERS

# Beside the columns of a table, whatever they are called.
CHOSEN, ROW, NAME = "\ufdd0chosen", "\ufdd0row", "\ufdd0name"


@dataclass(frozen=True)
class Collected:
    """The rows of a collection year by table and year, typed as ``coerce`` makes them.

    A table that is not there was not collected. ``periods`` are those of the rule's own table.
    """

    periods: Mapping[Year, Period]
    frames: Mapping[tuple[str, Year], pl.DataFrame] = field(default_factory=dict)


class _Groups(NamedTuple):
    """Which rows are taken, and which of them belong to which of the judged rows."""

    table: str
    year: Year
    where: str
    by: tuple[tuple[str, str], ...]


class _Wanted(NamedTuple):
    measure: Measure
    column: str


class TermFigures:
    """The figures of the terms of ``rules`` for every one of ``rows``, in their order."""

    def __init__(
        self, rules: Sequence[CompiledRule], rows: pl.DataFrame, collected: Collected
    ) -> None:
        self._rows, self._collected = rows, collected
        self._terms: dict[_Groups, dict[_Wanted, CompiledTerm]] = {}
        self._taken: dict[_Groups, pl.DataFrame | None] = {}
        for each in rules:
            for term in each.terms.values():
                self._terms.setdefault(_groups(term.term), {})[_wanted(term.term)] = term

    def with_terms(self, frame: pl.DataFrame, terms: Mapping[str, CompiledTerm]) -> pl.DataFrame:
        """``frame`` with a column for every term, named as its condition names it.

        It has the rows, or one row of its own where a table is judged as a whole. Raises
        PolarsError for what cannot be calculated.
        """
        return frame.with_columns(self._figure(term).alias(name) for name, term in terms.items())

    def _figure(self, compiled: CompiledTerm) -> pl.Series | pl.Expr:
        term = compiled.term
        source = self._collected.frames.get((term.table, term.year))
        if source is None or not source.height:
            return pl.lit(None, dtype=compiled.type)
        if not term.by:
            figure = self._chosen(source, compiled).select(compiled.figure).item()
            return pl.lit(figure, dtype=compiled.type)
        if term.measure is Measure.UNLISTED:
            return self._unlisted(self._chosen(source, compiled), compiled)
        groups, wanted = _groups(term), _wanted(term)
        if groups not in self._taken:
            self._taken[groups] = self._all_or_none(source, groups)
        taken = self._taken[groups]
        if taken is None:
            taken = self._take(source, groups, {wanted: compiled})
        return taken[_name(wanted)]

    def _all_or_none(self, source: pl.DataFrame, groups: _Groups) -> pl.DataFrame | None:
        """Every figure of the groups; none where one fails, which then stops no other."""
        try:
            return self._take(source, groups, self._terms[groups])
        except pl.exceptions.PolarsError:
            return None

    def _take(
        self, source: pl.DataFrame, groups: _Groups, wanted: Mapping[_Wanted, CompiledTerm]
    ) -> pl.DataFrame:
        """The figures of each row's own group; of a group without rows nothing was counted."""
        theirs, own = [list(codes) for codes in zip(*groups.by, strict=True)]
        chosen_rows = self._chosen(source, next(iter(wanted.values())))
        figures = chosen_rows.group_by(theirs).agg(
            term.figure.alias(_name(each)) for each, term in wanted.items()
        )
        joined = self._rows.select(*dict.fromkeys(own)).join(
            figures, left_on=own, right_on=theirs, how="left", maintain_order="left", coalesce=True
        )
        known = pl.all_horizontal(pl.col(code).is_not_null() for code in own)
        return joined.select(
            pl.when(known).then(pl.col(_name(each)).fill_null(0.0))
            if each.measure in NUMBERS
            else pl.col(_name(each))
            for each in wanted
        )

    def _unlisted(self, source: pl.DataFrame, compiled: CompiledTerm) -> pl.Series:
        """How many of the names in each row's own cell are not among those of the source."""
        listed = source.select(compiled.figure).to_series().explode()
        own = pl.col(compiled.term.by[compiled.term.column])
        names = self._rows.select(names_of(own.str.replace(AND_OTHERS, "")).alias(NAME))
        missing = (pl.col(NAME) != "") & ~pl.col(NAME).is_in(listed.implode())
        counted = (
            names.with_row_index(ROW)
            .explode(NAME)
            .group_by(ROW, maintain_order=True)
            # Of an empty cell nothing is told.
            .agg(pl.when(pl.col(NAME).is_not_null().any()).then(missing.sum().cast(pl.Float64)))
        )
        return counted[NAME]

    def _chosen(self, source: pl.DataFrame, compiled: CompiledTerm) -> pl.DataFrame:
        if compiled.where is None:
            return source
        period = self._collected.periods[compiled.term.year]
        return source.filter(chosen(source, compiled.where, period))


def chosen(frame: pl.DataFrame, where: Condition, period: Period) -> pl.Series:
    """Row by row whether the condition holds; where it cannot be said, it does not."""
    holds = where.holds.cast(pl.Boolean).fill_null(value=False).alias(CHOSEN)
    asked = with_period(frame.lazy(), period).with_columns(holds).select(CHOSEN)
    return asked.collect().to_series()


def _groups(term: Term) -> _Groups:
    return _Groups(term.table, term.year, term.where, tuple(sorted(term.by.items())))


def _wanted(term: Term) -> _Wanted:
    return _Wanted(term.measure, term.column)


def _name(wanted: _Wanted) -> str:
    """No field is called so."""
    return f"\ufdd0{wanted.measure} {wanted.column}"
