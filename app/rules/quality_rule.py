"""Asking quality rules of what was collected: the one evaluator of rules (decision 7).

Whatever is asked — one row while it is typed, a file, a table, the whole year — the rows come as
typed frames and the answer is findings; nothing here knows a database.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import Judged, Measure, Year
from app.domain.finding import Finding, rule_message
from app.domain.measurement import plain_number
from app.domain.message import Message
from app.rules.coercion import FEW_ROWS
from app.rules.compiled_rule import NUMBERS, CompiledRule, CompiledTerm, has_masked_value
from app.rules.expression.evaluate import Verdict, evaluate
from app.rules.expression.remembered import RememberedVerdicts
from app.rules.finding_messages import COMMA, MOST_NAMES, names_message, names_of_terms
from app.rules.reading import TRUTH_LABELS, text_of
from app.rules.term_figures import Collected, TermFigures

LOG = logging.getLogger(__name__)
NOTHING = "—"
# So many values are told with a finding; the others can be seen in the row.
MOST_VALUES = 8
_REMEMBERED = RememberedVerdicts()


@dataclass(frozen=True)
class Broken:
    """A rule that could not be asked of some rows, such as a division by zero; none: of any."""

    rule: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Judgement:
    """What rules say of one table: findings by row and rule, and where rules themselves failed."""

    findings: tuple[Finding, ...]
    broken: tuple[Broken, ...]


def judge(
    rules: Sequence[CompiledRule], catalogue: Catalogue, table: str, collected: Collected
) -> Judgement:
    """Ask ``rules`` of ``table`` of the rows collected for this period."""
    spec = catalogue.tables[table]
    rows = collected.frames.get((table, Year.THIS))
    if rows is None or not rows.height:
        return Judgement((), ())
    findings: list[Finding] = []
    broken: list[Broken] = []
    figures = TermFigures(rules, rows, collected)
    for group, frame, verdicts in _judged(rules, rows, collected, figures, broken):
        told = _Told(frame, figures)
        for compiled, verdict in zip(group, verdicts, strict=True):
            findings += _findings(compiled, catalogue, spec, told, verdict)
            if verdict.broken:
                broken.append(Broken(compiled.rule.identifier, verdict.broken))
    # Sorting is stable: within a row the order of the rules stays.
    findings.sort(key=lambda finding: -1 if finding.row is None else finding.row)
    return Judgement(tuple(findings), tuple(broken))


def _judged(
    rules: Sequence[CompiledRule],
    rows: pl.DataFrame,
    collected: Collected,
    figures: TermFigures,
    broken: list[Broken],
) -> Iterator[tuple[Sequence[CompiledRule], pl.DataFrame, list[Verdict]]]:
    """Rules with the rows they were asked of; one that fails as a whole stops no other."""
    waiting = list(_groups(rules))
    while waiting:
        group = waiting.pop(0)
        first = group[0]
        whole = first.rule.judged is Judged.TABLE
        try:
            frame = pl.DataFrame({"": [0]}) if whole else rows
            if first.terms:
                frame = figures.with_terms(frame, first.terms)
            conditions = [each.condition for each in group]
            is_few = first.rule.is_about_one_row and frame.height <= FEW_ROWS
            ask = _REMEMBERED.of if is_few else evaluate
            verdicts = ask(conditions, frame, collected.periods[Year.THIS])
        except pl.exceptions.PolarsError:
            LOG.exception("rules could not be asked: %s", [each.rule.identifier for each in group])
            if len(group) == 1:
                broken.append(Broken(group[0].rule.identifier, ()))
            else:
                waiting = [[each] for each in group] + waiting
            continue
        yield group, frame, verdicts


def _groups(rules: Sequence[CompiledRule]) -> Iterator[Sequence[CompiledRule]]:
    """Rules without terms are asked together, the others one by one."""
    plain = [each for each in rules if each.rule.is_about_one_row]
    if plain:
        yield plain
    for each in rules:
        if not each.rule.is_about_one_row:
            yield [each]


@dataclass(frozen=True)
class _Told:
    """The rows that were judged, for what is told of some of them."""

    frame: pl.DataFrame
    figures: TermFigures

    @cached_property
    def _few(self) -> Sequence[Mapping[str, Any]] | None:
        """All of them where there are few: each choice from a frame takes its time."""
        return self.frame.rows(named=True) if self.frame.height <= FEW_ROWS else None

    def values(self, rows: Sequence[int], columns: Sequence[str]) -> Iterable[Mapping[str, Any]]:
        """The values of some rows; of many thousand, no other columns are looked at."""
        if self._few is not None:
            return [self._few[row] for row in rows]
        return self.frame.select(*columns)[rows].iter_rows(named=True)

    def names(
        self, rows: Sequence[int], terms: Iterable[CompiledTerm]
    ) -> Mapping[int, str | Message]:
        """The names on no list of those of the rows that list some in cells of their own."""
        told: dict[int, list[tuple[str, str | Message]]] = {}
        for each in terms:
            for row, found in self.figures.unlisted(each, rows, MOST_NAMES).items():
                said = names_message(found.first, found.number)
                told.setdefault(row, []).append((each.term.label, said))
        return {row: names_of_terms(each) for row, each in told.items()}


def _findings(
    compiled: CompiledRule,
    catalogue: Catalogue,
    spec: TableSpec,
    judged: _Told,
    verdict: Verdict,
) -> Iterator[Finding]:
    rule = compiled.rule
    failing = list(verdict.failing)
    if not failing:
        return
    if rule.once_by:
        first = _first_of(judged.frame[failing], rule.once_by)
        failing = [failing[position] for position in first]
    whole = rule.judged is Judged.TABLE
    field = None if whole or not rule.fields else rule.fields[0]
    told = judged.values(failing, (*compiled.condition.fields, *compiled.terms))
    tells = _teller(compiled, catalogue, spec)
    names = {} if whole else judged.names(failing, _tellable_names(compiled, catalogue, spec))
    for row, values in zip(failing, told, strict=True):
        yield Finding(
            rule.identifier,
            None if whole else row,
            field,
            rule.severity,
            rule.dimension,
            tells(values, names.get(row)),
            storable=True,
            about=compiled.about,
            figures=tuple(f"{name}={_exact(values[name])}" for name in compiled.terms),
            taken_from=compiled.taken_from,
            asked=compiled.asked,
        )


def _first_of(frame: pl.DataFrame, columns: Sequence[str]) -> list[int]:
    """The positions of the first rows with the values they have in these columns."""
    numbered = frame.with_row_index("\ufdd0row")
    first = numbered.unique(list(columns), keep="first", maintain_order=True)
    return first["\ufdd0row"].to_list()


def _teller(
    compiled: CompiledRule, catalogue: Catalogue, spec: TableSpec
) -> Callable[[Mapping[str, object], str | Message | None], Message]:
    """What puts into words by which values a row was judged; masked ones are not told."""
    text = compiled.rule.message
    shown: list[tuple[str, str, Mapping[str, str]]] = []
    for code in compiled.condition.fields:
        field_spec = spec.by_code[code]
        if not field_spec.mask:
            codes = catalogue.code_list_of(field_spec)
            shown.append((code, field_spec.label, codes.labels if codes else {}))
    for name, term in compiled.terms.items():
        if not has_masked_value(term.term, catalogue):
            shown.append((name, term.term.label, _labels(catalogue, term)))
    shown = shown[:MOST_VALUES]

    def tell(row: Mapping[str, object], names: str | Message | None) -> Message:
        told: dict[str, object] = {"text": text}
        if names is not None:
            told["names"] = names
        parts = []
        for name, called, labels in shown:
            value = _shown(row[name])
            parts.append(f"{called} {labels.get(value, value)}")
        if parts:
            told["values"] = COMMA.join(parts)
        return rule_message(told)

    return tell


def _tellable_names(
    compiled: CompiledRule, catalogue: Catalogue, spec: TableSpec
) -> Iterator[CompiledTerm]:
    """The terms whose names are told: neither the cell nor what they are looked for in is masked.

    Which names of a cell are missing tells that the others are among the values of the lists.
    """
    for each in compiled.terms.values():
        term = each.term
        if term.measure is not Measure.UNLISTED or has_masked_value(term, catalogue):
            continue
        if not spec.by_code[term.by[term.column]].mask:
            yield each


def _labels(catalogue: Catalogue, compiled: CompiledTerm) -> Mapping[str, str]:
    """The labels of the codes that the figure may be; none where it is no code."""
    term = compiled.term
    if term.measure in NUMBERS:
        return {}
    field_spec = catalogue.tables[term.table].by_code[term.column]
    codes = catalogue.code_list_of(catalogue.stored_as(field_spec))
    return codes.labels if codes else {}


def _exact(value: object) -> str:
    """The value as it tells two states of the data apart."""
    return repr(value) if isinstance(value, float) else text_of(value) or NOTHING


def _shown(value: object) -> str:
    """The value as people write it: one number is told alike, whatever it is kept as."""
    match value:
        case bool():
            return TRUTH_LABELS[value]
        case Decimal():
            return plain_number(value)
        case float():
            return plain_number(Decimal(f"{value:.4f}"))
        case _:
            return text_of(value) or NOTHING
