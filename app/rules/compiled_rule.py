"""Quality rules made ready to be asked, and every fault in how they are written."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from json import dumps

import polars as pl

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.fault import CatalogueError, placed
from app.catalogue.quality_rule import Judged, Measure, QualityRule, Source, Term
from app.domain.finding import told_field
from app.domain.message import Message
from app.rules.expression.compile import Condition, compile_condition
from app.rules.expression.fault import ExpressionError
from app.rules.expression.grammar import parse
from app.rules.expression.kinds import Kind, Value, column_value, names_of

# As columns of such a kind are when they have been read.
TYPES: Mapping[Kind, pl.DataType] = {
    Kind.NUMBER: pl.Float64(),
    Kind.TEXT: pl.String(),
    Kind.DATE: pl.Date(),
    Kind.MONTH: pl.String(),
    Kind.TRUTH: pl.Boolean(),
}
# Every term is one more look at a table.
MOST_TERMS = 12
# In which one name is looked for.
MOST_LISTS = 4
NUMBERS = frozenset({Measure.COUNT, Measure.COUNT_DISTINCT, Measure.SUM, Measure.UNLISTED})
CALCULATED = frozenset({Measure.SUM, Measure.MEDIAN})
# How many rows there are tells no value of theirs; a sum over one row is its value.
COUNTS = frozenset({Measure.COUNT, Measure.COUNT_DISTINCT})


@dataclass(frozen=True)
class CompiledTerm:
    """A term with the calculation of its figure; ``where`` chooses the rows it is taken from.

    ``type`` is that of the figure, for where there are no rows to take it from. ``also`` are the
    calculations over the further lists of the term.
    """

    term: Term
    figure: pl.Expr
    where: Condition | None
    type: pl.DataType
    also: tuple[pl.Expr, ...] = ()


@dataclass(frozen=True)
class CompiledRule:
    """A rule ready to be asked."""

    rule: QualityRule
    condition: Condition
    terms: Mapping[str, CompiledTerm]

    @cached_property
    def asked(self) -> str:
        """What stands for what the rule asks, in whatever words it is told: a SHA-256 in hex."""
        terms = [
            [
                name,
                term.table,
                term.measure,
                term.column,
                _without_form(term.where),
                sorted(term.by.items()),
                term.year,
                # Nothing where there are none: what was explained before there were stays so.
                *sorted([each.table, each.column, each.year] for each in term.also),
            ]
            for name, term in sorted(self.rule.terms.items())
        ]
        parts = [self.rule.judged, self.rule.once_by, _without_form(self.rule.condition), terms]
        return sha256(dumps(parts).encode()).hexdigest()

    @cached_property
    def taken_from(self) -> tuple[str, ...]:
        """The fields of other rows whose values the figures are made of."""
        sources = (source for each in self.terms.values() for source in each.term.sources)
        return tuple(dict.fromkeys(told_field(each.table, each.column) for each in sources))

    @cached_property
    def about(self) -> tuple[str, ...]:
        """The fields of its row that it is judged by: of the condition, and with listed names."""
        terms = [each.term for each in self.terms.values()]
        listed = (own for term in terms for own in _own_names(term))
        return tuple(dict.fromkeys([*self.condition.fields, *listed]))


def _own_names(term: Term) -> Iterable[str]:
    """The field of the row that lists the names; of other figures none."""
    return term.by.values() if term.measure is Measure.UNLISTED else ()


def _without_form(condition: str) -> str:
    """The condition without spaces and capitals that mean nothing."""
    return parse(condition).sql() if condition else ""


@dataclass(frozen=True)
class RuleFault:
    """What is wrong with a rule: in which of its texts, at which positions."""

    rule: str
    text: str
    message: Message
    start: int = 0
    end: int = 0


class RuleError(CatalogueError):
    """Rules that cannot be used; ``rule_faults`` are everything that is wrong with them."""

    def __init__(self, faults: Iterable[RuleFault]) -> None:
        self.rule_faults = tuple(faults)
        super().__init__([placed(fault.rule, fault.message) for fault in self.rule_faults])


def compile_rule(rule: QualityRule, catalogue: Catalogue) -> CompiledRule:
    """The rule ready to be asked. Raises RuleError with every fault of its texts."""
    faults = list(naming_faults(rule, catalogue))
    if faults:
        raise RuleError(faults)
    spec = catalogue.tables[rule.table]
    values = {
        name: Value(kind_of(term, catalogue), pl.col(name)) for name, term in rule.terms.items()
    }
    condition, wrong = _condition(spec, catalogue, rule, rule.condition, values)
    faults += wrong
    terms = {}
    for name, term in rule.terms.items():
        where = None
        if term.where:
            target = catalogue.tables[term.table]
            where, wrong = _condition(target, catalogue, rule, term.where, {})
            faults += wrong
        (figure, *also) = (_figure(term, each, catalogue) for each in term.sources)
        kind = TYPES[kind_of(term, catalogue)]
        terms[name] = CompiledTerm(term, figure, where, kind, tuple(also))
    if faults or condition is None:
        raise RuleError(faults)
    return CompiledRule(rule, condition, terms)


def _condition(
    spec: TableSpec,
    catalogue: Catalogue,
    rule: QualityRule,
    text: str,
    values: Mapping[str, Value],
) -> tuple[Condition | None, list[RuleFault]]:
    only_terms = rule.judged is Judged.TABLE and bool(values)
    try:
        return compile_condition(spec, catalogue, text, values, only_terms=only_terms), []
    except ExpressionError as error:
        faults = [
            RuleFault(rule.identifier, text, fault.message, fault.start, fault.end)
            for fault in error.faults
        ]
        return None, faults


def naming_faults(rule: QualityRule, catalogue: Catalogue) -> Iterator[RuleFault]:
    """Names of tables and fields that do not exist, and terms that cannot be calculated."""
    if rule.table not in catalogue.tables:
        yield _no_table(rule, rule.table)
        return
    spec = catalogue.tables[rule.table]
    for code in (*rule.fields, *rule.once_by):
        if code not in spec.by_code:
            yield _no_field(rule, spec, code)
    if len(rule.terms) > MOST_TERMS:
        message = Message(
            "A rule takes no more than %(count)s figures. Divide it into several rules.",
            {"count": MOST_TERMS},
        )
        yield RuleFault(rule.identifier, rule.condition, message)
    for name, term in rule.terms.items():
        if name in names_of(spec):
            yield RuleFault(
                rule.identifier,
                name,
                Message(
                    "The term %(name)s has the name of a field. Call it otherwise.", {"name": name}
                ),
            )
        if term.table not in catalogue.tables:
            yield _no_table(rule, term.table)
            continue
        yield from _term_faults(rule, term, catalogue)


def _term_faults(rule: QualityRule, term: Term, catalogue: Catalogue) -> Iterator[RuleFault]:
    spec, target = catalogue.tables[rule.table], catalogue.tables[term.table]
    named = {term.column} - {""} | set(term.by)
    for code in sorted(named - set(target.by_code)):
        yield _no_field(rule, target, code)
    for code in sorted(set(term.by.values()) - set(spec.by_code)):
        yield _no_field(rule, spec, code)
    if not term.column and term.measure is not Measure.COUNT:
        yield RuleFault(
            rule.identifier,
            term.table,
            Message("Name the field of %(table)s that is meant.", {"table": target.title}),
        )
    elif term.measure is Measure.UNLISTED:
        yield from _unlisted_faults(rule, term, catalogue)
    elif term.also:
        message = Message("Only listed names are looked for in several lists.")
        yield RuleFault(rule.identifier, term.column, message)
    elif term.measure in CALCULATED and term.column in target.by_code:
        value = column_value(catalogue, target.by_code[term.column])
        if value.kind is not Kind.NUMBER:
            label = target.by_code[term.column].label
            yield RuleFault(
                rule.identifier,
                term.column,
                Message("“%(field)s” is no number and cannot be added up.", {"field": label}),
            )


def _unlisted_faults(rule: QualityRule, term: Term, catalogue: Catalogue) -> Iterator[RuleFault]:
    spec, target = catalogue.tables[rule.table], catalogue.tables[term.table]
    if list(term.by) != [term.column]:
        yield RuleFault(
            rule.identifier,
            term.column,
            Message(
                "Say in which field of the row the names are listed: “%(field)s” of the other "
                "table equals that field, and nothing else.",
                {"field": term.column},
            ),
        )
        return
    yield from _no_names(rule, target, term.column, catalogue)
    yield from _no_names(rule, spec, term.by[term.column], catalogue)
    for source in term.also:
        if source.table not in catalogue.tables:
            yield _no_table(rule, source.table)
        elif not source.column:
            table = catalogue.tables[source.table].title
            message = Message("Name the field of %(table)s that is meant.", {"table": table})
            yield RuleFault(rule.identifier, source.table, message)
        elif source.column not in (listed := catalogue.tables[source.table]).by_code:
            yield _no_field(rule, listed, source.column)
        else:
            yield from _no_names(rule, listed, source.column, catalogue)
    if len(set(term.sources)) < len(term.sources):
        message = Message("Names are looked for in the same list twice.")
        yield RuleFault(rule.identifier, term.column, message)
    if len(term.sources) > MOST_LISTS:
        limit = {"count": MOST_LISTS}
        message = Message("Names are looked for in at most %(count)s lists.", limit)
        yield RuleFault(rule.identifier, term.column, message)


def _no_names(
    rule: QualityRule, spec: TableSpec, code: str, catalogue: Catalogue
) -> Iterator[RuleFault]:
    field = spec.by_code.get(code)
    if field is not None and column_value(catalogue, field).kind != Kind.TEXT:
        message = Message("“%(field)s” is no text with names in it.", {"field": field.label})
        yield RuleFault(rule.identifier, code, message)


def _no_table(rule: QualityRule, table: str) -> RuleFault:
    message = Message("There is no table %(table)s.", {"table": table})
    return RuleFault(rule.identifier, table, message)


def _no_field(rule: QualityRule, spec: TableSpec, code: str) -> RuleFault:
    message = Message(
        "Table %(table)s has no field %(field)s.", {"table": spec.title, "field": code}
    )
    return RuleFault(rule.identifier, code, message)


def kind_of(term: Term, catalogue: Catalogue) -> Kind:
    """What kind of value a term of sound names has."""
    if term.measure in NUMBERS:
        return Kind.NUMBER
    return column_value(catalogue, catalogue.tables[term.table].by_code[term.column]).kind


def has_masked_value(term: Term, catalogue: Catalogue) -> bool:
    """Whether the figure is, or is made of, values that are masked."""
    if term.measure in COUNTS:
        return False
    return any(catalogue.tables[each.table].by_code[each.column].mask for each in term.sources)


def _figure(term: Term, source: Source, catalogue: Catalogue) -> pl.Expr:
    """The calculation over the rows of one of its sources that were chosen."""
    if not source.column:
        return pl.len().cast(pl.Float64)
    spec = catalogue.tables[source.table]
    return FIGURES[term.measure](column_value(catalogue, spec.by_code[source.column]).built)


FIGURES: Mapping[Measure, Callable[[pl.Expr], pl.Expr]] = {
    Measure.COUNT: lambda value: value.count().cast(pl.Float64),
    Measure.COUNT_DISTINCT: lambda value: value.drop_nulls().n_unique().cast(pl.Float64),
    Measure.SUM: lambda value: value.sum(),
    Measure.LEAST: lambda value: value.min(),
    Measure.GREATEST: lambda value: value.max(),
    Measure.MEDIAN: lambda value: value.median(),
    Measure.VALUE: lambda value: value.drop_nulls().first(),
    # What names are looked for in; which are missing is told row by row.
    Measure.UNLISTED: lambda value: value.drop_nulls().unique().implode(),
}
