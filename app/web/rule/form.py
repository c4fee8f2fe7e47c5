"""The form of a rule: what was typed, read as a draft; what does not fit stays to be seen."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import Judged, Measure, QualityRule, RuleCase, Year
from app.domain.finding import Dimension, Severity
from app.models.rule_revision import NO_MARK
from app.rules.compiled_rule import MOST_LISTS, MOST_TERMS
from app.rules.rule_draft import RuleDraft, SourceDraft, TermDraft
from app.web.formats import whole_number

PASS, FAIL = ("pass", "fail")
LONGEST_TEXT = 4_000
LONGEST_CELL = 400
MOST_CASES = 20
MOST_ROWS = 10
TERM_WORDS = ("name", "label", "table", "measure", "field", "where", "by", "year")
# Places for further lists of names, beside the one that the figure is taken from.
FURTHER_LISTS = range(1, MOST_LISTS)
# A cell of a case: number of the case, table, year, row, field.
CELL = re.compile(r"cell:(\d{1,3}):([a-z0-9_]+):(this|previous):(\d{1,3}):([A-Za-z0-9_]+)")

Word = TypeVar("Word", bound=StrEnum)
Rows = dict[int, dict[str, object]]


@dataclass(frozen=True)
class RuleForm:
    """What stands in the form; ``seen`` is the mark of the revision it began from."""

    draft: RuleDraft
    identifier: str = ""
    seen: str = NO_MARK
    reason: str = ""


def read_form(form: MultiDict[str, str], table: str, identifier: str = "") -> RuleForm:
    """The form as it was sent."""
    passing, failing = _cases(form, table)
    draft = RuleDraft(
        table=table,
        message=_text(form, "message"),
        severity=_word(form.get("severity"), Severity.WARNING),
        dimension=_word(form.get("dimension"), Dimension.ACCURACY),
        condition=_text(form, "condition"),
        shown_at=_text(form, "shown_at"),
        also_at=tuple(form.getlist("also_at")[:MOST_CASES]),
        judged=_word(form.get("judged"), Judged.ROW),
        once_by=tuple(form.getlist("once_by")[:MOST_CASES]),
        terms=_terms(form),
        passing=passing,
        failing=failing,
        number=_text(form, "number")[:20],
        note=_text(form, "note"),
    )
    seen = form.get("seen", NO_MARK)
    return RuleForm(draft, identifier, seen, _text(form, "reason"))


def with_part(form: RuleForm, act: str) -> RuleForm:
    """The form with one more figure or case, or without one of them."""
    draft = form.draft
    if act == "add-term":
        return replace(form, draft=replace(draft, terms=(*draft.terms, TermDraft())))
    if act.startswith("drop-term-"):
        number = whole_number(act.removeprefix("drop-term-"))
        kept = (term for place, term in enumerate(draft.terms, 1) if place != number)
        return replace(form, draft=replace(draft, terms=tuple(kept)))
    blank = (RuleCase(({},)),)
    if act == "add-pass":
        return replace(form, draft=replace(draft, passing=(*draft.passing, *blank)))
    if act == "add-fail":
        return replace(form, draft=replace(draft, failing=(*draft.failing, *blank)))
    return form


def with_written(form: RuleForm, rule: QualityRule) -> RuleForm:
    """The form with the names that the figures were given, so that they stay."""
    terms = tuple(
        replace(term, name=name) for term, name in zip(form.draft.terms, rule.terms, strict=False)
    )
    return replace(form, draft=replace(form.draft, terms=terms))


def fields_looked_at(rule: QualityRule, catalogue: Catalogue) -> set[str]:
    """The fields of the rule's own table that it names."""
    spec = catalogue.tables[rule.table]
    words = re.findall(r"\w+", rule.condition)
    named = {*words, *rule.once_by, *(own for t in rule.terms.values() for own in t.by.values())}
    return named & spec.by_code.keys()


def _text(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n")[:LONGEST_TEXT]


def _word(text: str | None, usual: Word) -> Word:
    kind = type(usual)
    return kind(text) if text in set(kind) else usual


def _terms(form: MultiDict[str, str]) -> tuple[TermDraft, ...]:
    # One more than there may be, so that it is told and not dropped.
    columns = [form.getlist(f"term-{word}")[: MOST_TERMS + 1] for word in TERM_WORDS]
    terms = []
    for place, row in enumerate(zip(*columns, strict=False)):
        words = [each.replace("\r\n", "\n")[:LONGEST_TEXT] for each in row]
        name, label, table, measure, field, where, by, year = words
        term = TermDraft(
            name=name,
            label=label,
            table=table,
            measure=_word(measure, Measure.COUNT),
            column=field,
            where=where,
            by=by,
            year=_word(year, Year.THIS),
            also=_further_lists(form, place),
        )
        if not term.is_blank:
            terms.append(term)
    return tuple(terms)


def _further_lists(form: MultiDict[str, str], place: int) -> tuple[SourceDraft, ...]:
    """The further lists of the figure that stands there among the figures, from 0."""

    def typed(word: str) -> str:
        return "".join(form.getlist(f"term-also-{word}")[place : place + 1])[:LONGEST_TEXT]

    lists = (
        SourceDraft(
            typed(f"{number}-table"),
            typed(f"{number}-field"),
            _word(typed(f"{number}-year"), Year.THIS),
        )
        for number in FURTHER_LISTS
    )
    return tuple(each for each in lists if not each.is_blank)


def _cases(
    form: MultiDict[str, str], table: str
) -> tuple[tuple[RuleCase, ...], tuple[RuleCase, ...]]:
    """The cases that pass and those that fail, in their order."""
    cells: dict[int, dict[tuple[str, Year], Rows]] = {}
    for name, value in form.items():
        matched = CELL.fullmatch(name)
        text = value.strip()[:LONGEST_CELL]
        if matched is None or not text or int(matched[4]) >= MOST_ROWS:
            continue
        place = (matched[2], Year(matched[3]))
        rows = cells.setdefault(int(matched[1]), {}).setdefault(place, {})
        rows.setdefault(int(matched[4]), {})[matched[5]] = text
    passing: list[RuleCase] = []
    failing: list[RuleCase] = []
    for number in sorted(cells)[:MOST_CASES]:
        kind = form.get(f"case-{number}", PASS)
        (failing if kind == FAIL else passing).append(_case(cells[number], table))
    return tuple(passing), tuple(failing)


def _case(cells: Mapping[tuple[str, Year], Rows], table: str) -> RuleCase:
    def rows_of(year: Year) -> Iterable[tuple[str, tuple[dict[str, object], ...]]]:
        for (name, which), rows in cells.items():
            if which is year:
                yield name, tuple(rows[number] for number in sorted(rows))

    this = dict(rows_of(Year.THIS))
    return RuleCase(this.pop(table, ()), this, dict(rows_of(Year.PREVIOUS)))
