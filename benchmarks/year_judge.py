"""Judging a whole year that is held in memory: every rule of every table, as the platform does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import Year
from app.domain.finding import Finding
from app.domain.period import AcademicYear
from app.rules.base_table import check_rows
from app.rules.coercion import coerce, raw_frame
from app.rules.quality_rule import judge
from app.rules.rule_book import rule_book
from app.rules.term_figures import Collected

Rows = Mapping[str, Sequence[Mapping[str, object]]]


@dataclass(frozen=True)
class JudgedYear:
    """What was found by table, what was tidied as (table, row, field), the rows as typed frames."""

    findings: Mapping[str, Sequence[Finding]]
    tidied: frozenset[tuple[str, int, str]]
    frames: Mapping[tuple[str, Year], pl.DataFrame]


def judge_year(
    catalogue: Catalogue, rows: Rows, before: Mapping[str, pl.DataFrame], year: AcademicYear
) -> JudgedYear:
    """Ask every rule of every table. ``before`` are the typed rows of the year before."""
    raw = {name: raw_frame(catalogue.tables[name], told) for name, told in rows.items()}
    coerced = {name: coerce(catalogue.tables[name], catalogue, raw[name]) for name in raw}
    frames = {(name, Year.THIS): read.frame for name, read in coerced.items()}
    frames |= {(name, Year.PREVIOUS): frame for name, frame in before.items()}
    findings: dict[str, list[Finding]] = {}
    for name in rows:
        spec = catalogue.tables[name]
        period = spec.period_in(year)
        checked = check_rows(
            spec,
            catalogue,
            raw[name],
            references_of(spec, frames),
            coerced=coerced[name],
            period=period,
        )
        rules = rule_book(catalogue).of(name).across
        periods = {Year.THIS: period, Year.PREVIOUS: spec.period_in(year.previous)}
        told = judge(rules, catalogue, name, Collected(periods, frames))
        findings[name] = [*checked.findings, *told.findings]
    tidied = {
        (name, each.row, each.field) for name, read in coerced.items() for each in read.tidied
    }
    return JudgedYear(findings, frozenset(tidied), frames)


def typed(catalogue: Catalogue, rows: Rows) -> dict[str, pl.DataFrame]:
    """The rows of every table as typed frames."""
    return {
        name: coerce(
            catalogue.tables[name], catalogue, raw_frame(catalogue.tables[name], told)
        ).frame
        for name, told in rows.items()
    }


def references_of(
    spec: TableSpec, frames: Mapping[tuple[str, Year], pl.DataFrame]
) -> dict[str, set[object]]:
    """The keys that exist, for every reference of a table to one that was collected."""
    return {
        field.code: set(frames[field.reference.table, Year.THIS][field.reference.field].to_list())
        for field in spec.fields
        if field.reference and (field.reference.table, Year.THIS) in frames
    }
