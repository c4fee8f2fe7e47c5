"""The pages of one rule: in words with its revisions, and the form by which it is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import ndiff

from flask import render_template
from flask_babel import gettext as _

from app.access.rule import why_not_change_rules
from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import Judged, Measure, QualityRule, Source, Term
from app.domain.finding import Dimension, Severity
from app.domain.message import Refused
from app.domain.rule import RevisionState
from app.models.audit_log import LONGEST_REASON
from app.models.rule_revision import RuleRevision, readable_rule
from app.reports.rule import RulePage
from app.reports.rule_trial import Hit, Trial
from app.rules.expression.functions import FUNCTIONS
from app.rules.expression.words import in_words
from app.rules.rule_draft import (
    LONGEST_LABEL,
    LONGEST_MESSAGE,
    DraftFault,
    WrittenRule,
    draft_of,
    write_draft,
)
from app.web.base_table.row_title import row_title
from app.web.current import current_actor, current_catalogue, current_store
from app.web.rule.case_grid import shown_cases
from app.web.rule.form import FURTHER_LISTS, RuleForm
from app.web.rule.labels import JUDGED, MEASURES, OPERATORS, YEARS
from app.web.translation import translated


def render_rule(page: RulePage, refusal: Refused | None = None, reason: str = "") -> str:
    """One rule; after a refused step with the reason and what was typed."""
    catalogue, rule = current_catalogue(), page.line.rule
    known = rule if rule is not None and rule.table in catalogue.tables else None
    return render_template(
        "rule/page.html",
        page=page,
        line=page.line,
        rule=rule,
        title=table_title(catalogue, page.line.table),
        words=None if known is None else condition_words(known, catalogue),
        draft=None if known is None else draft_of(known, catalogue),
        terms=[] if known is None else _terms(known, catalogue),
        fields=[] if known is None else _labels(catalogue, known.table, known.fields),
        once_by=[] if known is None else _labels(catalogue, known.table, known.once_by),
        cases=[] if known is None else shown_cases(draft_of(known, catalogue), known, catalogue),
        changes=_changes(page, catalogue),
        delivered_replaced_by=_replaced_by(page, 0),
        why_not=why_not_change_rules(current_actor()),
        published=RevisionState.PUBLISHED,
        is_retired=page.line.state is RevisionState.RETIRED,
        is_draft=page.line.state is RevisionState.DRAFT,
        is_of_table=rule is not None and rule.judged is Judged.TABLE,
        longest_reason=LONGEST_REASON,
        refusal=refusal,
        reason=reason,
    )


def render_form(
    form: RuleForm,
    *,
    refusal: Refused | None = None,
    trial: Trial | None = None,
    faults: Sequence[DraftFault] = (),
) -> str:
    """The form; with the ``faults`` that stand against what the writer has asked for."""
    catalogue = current_catalogue()
    written = write_draft(form.draft, catalogue, form.identifier)
    return render_template(
        "rule/form.html",
        form=form,
        draft=form.draft,
        spec=catalogue.tables[form.draft.table],
        tables=[(spec.identifier, spec.title) for spec in catalogue.tables.values()],
        cases=shown_cases(form.draft, written.rule, catalogue),
        words=words_of(written, catalogue),
        # The same name may be wrong at several places: it is told once.
        faults=[*dict.fromkeys((fault.place, *told_fault(fault)) for fault in faults)],
        fault_at={fault.place: translated(fault.message) for fault in reversed(faults)},
        severities=list(Severity),
        dimensions=list(Dimension),
        measures=MEASURES,
        years=YEARS,
        further_lists=FURTHER_LISTS,
        judged=JUDGED,
        functions=FUNCTIONS,
        operators=OPERATORS,
        trial=trial,
        trial_title=_title_of_hit,
        refusal=refusal,
        longest_reason=LONGEST_REASON,
        longest_message=LONGEST_MESSAGE,
        longest_label=LONGEST_LABEL,
    )


def _title_of_hit(table: str, hit: Hit) -> str:
    """What the row that was found is called."""
    return row_title(current_actor(), current_store().tables[table], hit.place, hit.values)


def table_title(catalogue: Catalogue, table: str) -> str:
    """What people call the table; its identifier where it is gone."""
    spec = catalogue.tables.get(table)
    return table if spec is None else spec.title


def told_fault(fault: DraftFault) -> tuple[str, str]:
    """The part of the form that a fault is about, and what it says."""
    part, _dash, rest = fault.place.partition("-")
    number, _dash, word = rest.partition("-")
    names = {
        "message": _("What is told"),
        "condition": _("The condition"),
        "once_by": _("Told once"),
        "term": _("Figure %(number)s: %(part)s", number=number, part=_parts().get(word, "")),
    }
    return str(names.get(part, part)), translated(fault.message)


def _parts() -> Mapping[str, str]:
    return {
        "label": str(_("Name of the figure")),
        "table": str(_("Table")),
        "field": str(_("Field")),
        "where": str(_("Only rows where")),
        "by": str(_("Belonging to the row by")),
        "also": str(_("Further lists of names")),
    }


def words_of(written: WrittenRule, catalogue: Catalogue) -> str:
    """The condition in words; empty where it cannot be read yet."""
    if any(fault.place == "condition" for fault in written.faults):
        return ""
    return condition_words(written.rule, catalogue)


def condition_words(rule: QualityRule, catalogue: Catalogue) -> str:
    """The condition of a rule in words."""
    names = _names(rule, catalogue)
    told = in_words(rule.condition, names)
    return "" if told is None else translated(told)


def _names(rule: QualityRule, catalogue: Catalogue) -> Callable[[str], str]:
    labels = {code: field.label for code, field in catalogue.tables[rule.table].by_code.items()}
    labels |= {name: term.label for name, term in rule.terms.items()}
    return lambda name: labels.get(name, name)


def _labels(catalogue: Catalogue, table: str, codes: tuple[str, ...]) -> list[str]:
    known = catalogue.tables[table].by_code
    return [known[code].label if code in known else code for code in codes]


def _terms(rule: QualityRule, catalogue: Catalogue) -> list[tuple[str, str]]:
    return [(term.label, _term_words(term, rule, catalogue)) for term in rule.terms.values()]


def _term_words(term: Term, rule: QualityRule, catalogue: Catalogue) -> str:
    """A figure in words: from which table, what, which rows."""
    target, own = catalogue.tables.get(term.table), catalogue.tables[rule.table]
    theirs = {} if target is None else {c: f.label for c, f in target.by_code.items()}
    title = table_title(catalogue, term.table)
    taken = str(MEASURES[term.measure])
    if term.column:
        label = theirs.get(term.column, term.column)
        taken = str(_("%(measure)s “%(field)s”", measure=taken, field=label))
    parts = [f"{title} · {YEARS[term.year]} · {taken}"]
    parts += [_nor_in(each, catalogue) for each in term.also]
    told = in_words(term.where, lambda name: theirs.get(name, name)) if term.where else None
    if told is not None:
        parts.append(str(_("only rows where %(condition)s", condition=translated(told))))
    for their, mine in term.by.items():
        label = own.by_code[mine].label if mine in own.by_code else mine
        if term.measure is Measure.UNLISTED:
            parts.append(str(_("the names listed in the row's “%(own)s”", own=label)))
            continue
        words = {"their": theirs.get(their, their), "own": label}
        parts.append(str(_("whose “%(their)s” is the row's “%(own)s”", **words)))
    return "；".join(parts)


def _nor_in(source: Source, catalogue: Catalogue) -> str:
    """A further list in words."""
    label = source.column
    if source.table in catalogue.tables:
        [label] = _labels(catalogue, source.table, (source.column,))
    title = table_title(catalogue, source.table)
    words = {"table": title, "year": YEARS[source.year], "field": label}
    return str(_("nor in %(table)s · %(year)s · “%(field)s”", **words))


@dataclass(frozen=True)
class ToldRevision:
    """A revision, what became of its words with it, the number of the one in its place by now."""

    revision: RuleRevision
    change: str
    replaced_by: int | None


def _replaced_by(page: RulePage, number: int) -> int | None:
    """The next revision after the one of this number; a draft takes nobody's place yet."""
    return min(
        (
            each.revision
            for each in page.revisions
            if each.revision > number and each.state is not RevisionState.DRAFT
        ),
        default=None,
    )


def _changes(page: RulePage, catalogue: Catalogue) -> list[ToldRevision]:
    """Every revision with what its condition or words became."""
    told = []
    for position, revision in enumerate(page.revisions):
        older = page.revisions[position + 1 : position + 2]
        before = readable_rule(older[0]) if older else None
        after = readable_rule(revision)
        change = _difference(before, after, catalogue)
        told.append(ToldRevision(revision, change, _replaced_by(page, revision.revision)))
    return told


def _difference(before: QualityRule | None, after: QualityRule | None, catalogue: Catalogue) -> str:
    if before is None or after is None or after.table not in catalogue.tables:
        return ""
    pairs = [(before.message, after.message)]
    drafts = [draft_of(each, catalogue) for each in (before, after)]
    pairs.append((drafts[0].condition, drafts[1].condition))
    lines = [line for pair in pairs if pair[0] != pair[1] for line in ndiff([pair[0]], [pair[1]])]
    return "\n".join(line for line in lines if not line.startswith("?"))
