"""A rule as somebody types it: with labels for codes, perhaps with faults; nothing typed is lost.

What comes of it is the rule as it is kept, with codes, and every fault with the place it belongs
to, so that a page shows it there while one still types.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import Judged, Measure, QualityRule, RuleCase, Source, Term, Year
from app.domain.finding import Dimension, Severity
from app.domain.message import Message
from app.rules.compiled_rule import RuleError, compile_rule, kind_of, naming_faults
from app.rules.expression.compile import compile_condition
from app.rules.expression.fault import ExpressionError
from app.rules.expression.kinds import Value, names_of
from app.rules.expression.naming import coded, labelled

LONGEST_MESSAGE = 200
LONGEST_LABEL = 60
_TERM_NAME = re.compile(r"[a-z][a-z0-9_]*")
_EQUALS = re.compile("[=＝]")
NEW_NAME = "figure_{}"


@dataclass(frozen=True)
class SourceDraft:
    """A further list of names as it is typed."""

    table: str = ""
    column: str = ""
    year: Year = Year.THIS

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not (self.table or self.column)


@dataclass(frozen=True)
class TermDraft:
    """A figure as it is typed; ``by`` has a line ``their field = own field`` for each pair.

    ``also`` are further lists in which names are looked for.
    """

    name: str = ""
    label: str = ""
    table: str = ""
    measure: Measure = Measure.COUNT
    column: str = ""
    where: str = ""
    by: str = ""
    year: Year = Year.THIS
    also: tuple[SourceDraft, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        typed = (self.label, self.table, self.column, self.where, self.by, self.also)
        return not any(typed)


@dataclass(frozen=True)
class RuleDraft:
    """A rule as it is typed; ``also_at`` are further cells it is shown at, kept as they are."""

    table: str
    message: str = ""
    severity: Severity = Severity.WARNING
    dimension: Dimension = Dimension.ACCURACY
    condition: str = ""
    shown_at: str = ""
    also_at: tuple[str, ...] = ()
    judged: Judged = Judged.ROW
    once_by: tuple[str, ...] = ()
    terms: tuple[TermDraft, ...] = ()
    passing: tuple[RuleCase, ...] = ()
    failing: tuple[RuleCase, ...] = ()
    number: str = ""
    note: str = ""


@dataclass(frozen=True)
class DraftFault:
    """What is wrong where: ``place`` names the part of the form, the positions are in its text."""

    place: str
    message: Message
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class WrittenRule:
    """The rule that a draft means, as far as it can be told, and what is wrong with it."""

    rule: QualityRule
    faults: tuple[DraftFault, ...] = field(default=())


def write_draft(draft: RuleDraft, catalogue: Catalogue, identifier: str) -> WrittenRule:
    """The rule with codes and all its faults; ``draft.table`` is a table of the catalogue."""
    spec = catalogue.tables[draft.table]
    names = _term_names(draft)
    terms = {
        name: _term(spec, catalogue, term) for name, term in zip(names, draft.terms, strict=True)
    }
    rule = QualityRule(
        identifier=identifier,
        table=draft.table,
        severity=draft.severity,
        dimension=draft.dimension,
        message=draft.message.strip(),
        condition=coded(draft.condition.strip(), _codes(spec) | _names_of_terms(draft, names)),
        fields=(),
        judged=draft.judged,
        terms=terms,
        once_by=draft.once_by,
        passing=draft.passing,
        failing=draft.failing,
        number=draft.number.strip(),
        note=draft.note.strip(),
    )
    faults = tuple(_faults(draft, rule, names, catalogue))
    return WrittenRule(replace(rule, fields=_shown_at(draft, rule, spec)), faults)


def draft_of(rule: QualityRule, catalogue: Catalogue) -> RuleDraft:
    """The rule as somebody changes it: with labels."""
    spec = catalogue.tables[rule.table]
    own = {code: each.label for code, each in spec.by_code.items()}
    labels = own | {name: term.label for name, term in rule.terms.items()}
    return RuleDraft(
        table=rule.table,
        message=rule.message,
        severity=rule.severity,
        dimension=rule.dimension,
        condition=labelled(rule.condition, labels),
        shown_at=rule.fields[0] if rule.fields else "",
        also_at=rule.fields[1:],
        judged=rule.judged,
        once_by=rule.once_by,
        terms=tuple(_term_draft(name, term, own, catalogue) for name, term in rule.terms.items()),
        passing=rule.passing,
        failing=rule.failing,
        number=rule.number,
        note=rule.note,
    )


def _term_draft(name: str, term: Term, own: Mapping[str, str], catalogue: Catalogue) -> TermDraft:
    theirs = _labels(catalogue, term.table)
    pairs = (
        f"{theirs.get(their, their)} = {own.get(mine, mine)}" for their, mine in term.by.items()
    )
    return TermDraft(
        name=name,
        label=term.label,
        table=term.table,
        measure=term.measure,
        column=theirs.get(term.column, term.column),
        where=labelled(term.where, theirs),
        by="\n".join(pairs),
        year=term.year,
        also=tuple(
            SourceDraft(
                each.table,
                _labels(catalogue, each.table).get(each.column, each.column),
                each.year,
            )
            for each in term.also
        ),
    )


def _labels(catalogue: Catalogue, table: str) -> dict[str, str]:
    """The labels of a table's fields by code; none of a table that is gone."""
    target = catalogue.tables.get(table)
    return {} if target is None else {code: each.label for code, each in target.by_code.items()}


def _codes(spec: TableSpec | None) -> dict[str, str]:
    return {} if spec is None else {name: each.code for name, each in names_of(spec).items()}


def _term_names(draft: RuleDraft) -> list[str]:
    """What each figure is called in the condition as it is kept: as before, or by its number."""
    taken = {term.name for term in draft.terms if _TERM_NAME.fullmatch(term.name)}
    names: list[str] = []
    for term in draft.terms:
        name, number = term.name, 1
        if name not in taken or name in names:
            while (name := NEW_NAME.format(number)) in {*taken, *names}:
                number += 1
        names.append(name)
    return names


def _names_of_terms(draft: RuleDraft, names: list[str]) -> dict[str, str]:
    pairs = zip(draft.terms, names, strict=True)
    return {term.label.strip(): name for term, name in pairs if term.label.strip()}


def _term(spec: TableSpec, catalogue: Catalogue, draft: TermDraft) -> Term:
    theirs, own = _codes(catalogue.tables.get(draft.table)), _codes(spec)
    typed = draft.column.strip()
    pairs = [_EQUALS.split(line, maxsplit=1) for line in draft.by.splitlines() if line.strip()]
    return Term(
        label=draft.label.strip(),
        table=draft.table,
        measure=draft.measure,
        column=theirs.get(typed, typed),
        where=coded(draft.where.strip(), theirs),
        by={
            theirs.get(their.strip(), their.strip()): own.get(mine.strip(), mine.strip())
            for their, *others in pairs
            for mine in (others or [their])
        },
        year=draft.year,
        also=tuple(_source(each, catalogue) for each in draft.also),
    )


def _source(draft: SourceDraft, catalogue: Catalogue) -> Source:
    typed = draft.column.strip()
    codes = _codes(catalogue.tables.get(draft.table))
    return Source(draft.table, codes.get(typed, typed), draft.year)


def _shown_at(draft: RuleDraft, rule: QualityRule, spec: TableSpec) -> tuple[str, ...]:
    """The chosen cell; else the first field of the condition, else one that terms are found by."""
    if draft.shown_at in spec.by_code:
        others = (code for code in draft.also_at if code in spec.by_code)
        return tuple(dict.fromkeys([draft.shown_at, *others]))
    if rule.judged is Judged.TABLE:
        return ()
    from_terms = (mine for term in rule.terms.values() for mine in term.by.values())
    named = [*_fields_in(rule.condition, spec), *from_terms]
    return tuple(code for code in named if code in spec.by_code)[:1]


def _fields_in(condition: str, spec: TableSpec) -> list[str]:
    return [code for code in spec.by_code if re.search(rf"\b{code}\b", condition)]


def _faults(
    draft: RuleDraft, rule: QualityRule, names: list[str], catalogue: Catalogue
) -> Iterator[DraftFault]:
    if not rule.message:
        yield DraftFault("message", Message("Write what people read where the rule is broken."))
    elif len(rule.message) > LONGEST_MESSAGE:
        limit = {"count": LONGEST_MESSAGE}
        yield DraftFault("message", Message("At most %(count)s characters.", limit))
    bare = replace(rule, terms={})
    yield from (DraftFault("once_by", f.message) for f in naming_faults(bare, catalogue))
    found: list[DraftFault] = []
    for number, (name, term) in enumerate(zip(names, draft.terms, strict=True), 1):
        found += _term_faults(f"term-{number}", name, term, rule, catalogue)
    yield from found
    yield from _twice(draft)
    if found:
        return
    condition = list(_condition_faults(draft, rule, names, catalogue))
    yield from condition
    if not condition:
        yield from _left_over(rule, catalogue)


def _left_over(rule: QualityRule, catalogue: Catalogue) -> Iterator[DraftFault]:
    """What is wrong with the rule as a whole, such as too many figures."""
    try:
        compile_rule(rule, catalogue)
    except RuleError as error:
        yield from (DraftFault("condition", fault.message) for fault in error.rule_faults)


def _twice(draft: RuleDraft) -> Iterator[DraftFault]:
    labels = [term.label.strip() for term in draft.terms]
    for number, label in enumerate(labels, 1):
        if label and label in labels[: number - 1]:
            message = Message("Two figures are called “%(name)s”.", {"name": label})
            yield DraftFault(f"term-{number}-label", message)


def _term_faults(
    place: str, name: str, draft: TermDraft, rule: QualityRule, catalogue: Catalogue
) -> Iterator[DraftFault]:
    term, spec = rule.terms[name], catalogue.tables[rule.table]
    if not term.label or len(term.label) > LONGEST_LABEL:
        limit = {"count": LONGEST_LABEL}
        message = Message("Name the figure in at most %(count)s characters.", limit)
        yield DraftFault(f"{place}-label", message)
    elif term.label in names_of(spec):
        message = Message(
            "The term %(name)s has the name of a field. Call it otherwise.", {"name": term.label}
        )
        yield DraftFault(f"{place}-label", message)
    if draft.table not in catalogue.tables:
        yield DraftFault(f"{place}-table", Message("Choose the table that it is taken from."))
        return
    alone = replace(rule, terms={name: replace(term, also=())}, once_by=())
    known = list(naming_faults(alone, catalogue))
    for fault in known:
        where = "by" if fault.text in {*term.by, *term.by.values()} else "field"
        yield DraftFault(f"{place}-{where}", fault.message)
    for fault in naming_faults(replace(alone, terms={name: term}), catalogue):
        # What is wrong with the further lists.
        if fault not in known:
            yield DraftFault(f"{place}-also", fault.message)
    if draft.where.strip():
        target = catalogue.tables[draft.table]
        try:
            compile_condition(target, catalogue, draft.where)
        except ExpressionError as error:
            for each in error.faults:
                yield DraftFault(f"{place}-where", each.message, each.start, each.end)


def _condition_faults(
    draft: RuleDraft, rule: QualityRule, names: list[str], catalogue: Catalogue
) -> Iterator[DraftFault]:
    """The faults of the condition as it was typed, so that they point at what people see."""
    values: dict[str, Value] = {}
    for name, term in zip(names, draft.terms, strict=True):
        value = Value(kind_of(rule.terms[name], catalogue), pl.col(name))
        values |= {name: value, term.label.strip(): value}
    only_terms = rule.judged is Judged.TABLE and bool(values)
    spec = catalogue.tables[rule.table]
    try:
        compile_condition(spec, catalogue, draft.condition, values, only_terms=only_terms)
    except ExpressionError as error:
        for each in error.faults:
            yield DraftFault("condition", each.message, each.start, each.end)
