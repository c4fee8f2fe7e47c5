"""The figures that rules compare rows with: taken from the rows of a table, each row's own.

Rules ask the same rows for many figures — every field of a row of last year — so all the figures
of the same groups of the same rows are taken together, and once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from app.catalogue.quality_rule import Measure, Source, Term, Year
from app.domain.period import Period
from app.rules.compiled_rule import NUMBERS, CompiledRule, CompiledTerm
from app.rules.expression.compile import Condition
from app.rules.expression.evaluate import with_period
from app.rules.expression.functions import names_of
from app.rules.reading import AND_OTHERS

# Beside the columns of a table, whatever they are called.
CHOSEN, ROW, NAME, NUMBER = "\ufdd0chosen", "\ufdd0row", "\ufdd0name", "\ufdd0number"


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


class Unlisted(NamedTuple):
    """The first names of a cell that are on no list, and how many different ones there are."""

    first: Sequence[str]
    number: int


class TermFigures:
    """The figures of the terms of ``rules`` for every one of ``rows``, in their order."""

    def __init__(
        self, rules: Sequence[CompiledRule], rows: pl.DataFrame, collected: Collected
    ) -> None:
        self._rows, self._collected = rows, collected
        self._terms: dict[_Groups, dict[_Wanted, CompiledTerm]] = {}
        self._taken: dict[_Groups, pl.DataFrame | None] = {}
        self._missing: dict[tuple[tuple[Source, ...], _Groups], pl.DataFrame] = {}
        for each in rules:
            for term in each.terms.values():
                self._terms.setdefault(_groups(term.term), {})[_wanted(term.term)] = term

    def with_terms(self, frame: pl.DataFrame, terms: Mapping[str, CompiledTerm]) -> pl.DataFrame:
        """``frame`` with a column for every term, named as its condition names it.

        It has the rows, or one row of its own where a table is judged as a whole. Raises
        PolarsError for what cannot be calculated.
        """
        return frame.with_columns(self._figure(term).alias(name) for name, term in terms.items())

    def _source(self, term: Term) -> pl.DataFrame | None:
        """The rows of its table; None where there are none and nothing is compared."""
        frame = self._collected.frames.get((term.table, term.year))
        return None if frame is None or not frame.height else frame

    def _figure(self, compiled: CompiledTerm) -> pl.Series | pl.Expr:
        term = compiled.term
        source = self._source(term)
        if source is None:
            return pl.lit(None, dtype=compiled.type)
        if not term.by:
            figure = self._chosen(source, compiled).select(compiled.figure).item()
            return pl.lit(figure, dtype=compiled.type)
        if term.measure is Measure.UNLISTED:
            return self._unlisted(compiled)
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

    def unlisted(
        self, compiled: CompiledTerm, rows: Sequence[int], most: int
    ) -> Mapping[int, Unlisted]:
        """Of these rows the names that such a term counts, ``most`` of each; of others nothing."""
        if self._source(compiled.term) is None:
            return {}
        asked = pl.Series(ROW, rows, dtype=pl.UInt32).implode()
        told = (
            self._missing_names(compiled)
            .filter(pl.col(ROW).is_in(asked))
            .group_by(ROW)
            .agg(pl.col(NAME).head(most), pl.len().alias(NUMBER))
        )
        return {row: Unlisted(first, number) for row, first, number in told.iter_rows()}

    def _unlisted(self, compiled: CompiledTerm) -> pl.Series:
        """How many of the names in each row's own cell are missing; of an empty cell nothing."""
        own = pl.col(compiled.term.by[compiled.term.column])
        counted = self._missing_names(compiled).group_by(ROW).len(NUMBER)
        is_told = self._rows.select(own.is_not_null().alias(CHOSEN)).with_row_index(ROW)
        joined = is_told.join(counted, on=ROW, how="left", maintain_order="left")
        number = pl.col(NUMBER).fill_null(0).cast(pl.Float64)
        return joined.select(pl.when(CHOSEN).then(number)).to_series()

    def _missing_names(self, compiled: CompiledTerm) -> pl.DataFrame:
        """Row and name, once each: what is listed in the rows' own cells and in no list."""
        term = compiled.term
        key = (term.sources, _groups(term))
        if key not in self._missing:
            listed = pl.concat(list(self._lists(compiled))).implode()
            own = pl.col(term.by[term.column]).str.replace(AND_OTHERS, "")
            names = self._rows.select(names_of(own).alias(NAME)).with_row_index(ROW).explode(NAME)
            missing = names.filter((pl.col(NAME) != "") & ~pl.col(NAME).is_in(listed))
            self._missing[key] = missing.unique(maintain_order=True)
        return self._missing[key]

    def _lists(self, compiled: CompiledTerm) -> Iterator[pl.Series]:
        """The names of every list; nothing is in one that was not collected."""
        term = compiled.term
        figures = (compiled.figure, *compiled.also)
        for source, figure in zip(term.sources, figures, strict=True):
            frame = self._collected.frames.get((source.table, source.year))
            if frame is not None and frame.height:
                rows = self._chosen(frame, compiled) if source == term.sources[0] else frame
                yield rows.select(figure.alias(NAME)).to_series().explode().cast(pl.String)

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
