"""How many of the errors in a college's year are found, and how many findings are false alarms.

``python -m benchmarks.planted_errors [SEED] [-v] [--first-year]`` plants errors of many kinds into
the correct year and prints, by kind, how many were found; ``-v`` names what was missed, and
``--first-year`` judges without the year before.

An error counts as found if a finding that the correct year does not have is about its cell, its
row, or a figure that is taken from it.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from app.catalogue.catalogue import Catalogue
from app.catalogue.loader import load_catalogue
from app.catalogue.quality_rule import QualityRule, Term, Year
from app.domain.finding import Finding, Severity
from app.domain.period import AcademicYear
from benchmarks.correct_year import YEAR, correct_year
from benchmarks.planting import CELL_KINDS, Planted, Rows, cells
from benchmarks.planting_rows import ROW_KINDS
from benchmarks.year_judge import JudgedYear, judge_year, typed

ROOT = Path(__file__).resolve().parents[1]
SEED = 20260901
ROUNDS = 8
OF_A_KIND = 3


@dataclass(frozen=True)
class Outcome:
    """What became of the planted errors of all rounds."""

    planted: tuple[Planted, ...]
    missed: tuple[Planted, ...]
    findings: int
    false_alarms: tuple[Finding, ...]
    hard_errors: int


def plant(catalogue: Catalogue, rows: Rows, random: Random) -> list[Planted]:
    """Spoil ``rows``: some cells of every kind, never two in one row."""
    spoilt: set[tuple[str, int]] = set()
    planted: list[Planted] = []
    for kind in CELL_KINDS:
        by_table: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for name, at, each in cells(catalogue, rows, kind):
            by_table[name].append((at, each.code))
        done = 0
        # Tables first: a list of thousands of students would take all the errors.
        for name in random.sample(sorted(by_table), len(by_table)):
            at, code = random.choice(by_table[name])
            row, spec = rows[name][at], catalogue.tables[name]
            if done == OF_A_KIND or (name, at) in spoilt:
                continue
            wrong = kind.spoil(random, catalogue, spec.by_code[code], row[code] or "")
            if wrong is None or wrong == row[code]:
                continue
            spoilt.add((name, at))
            done += 1
            changed = {**row, code: wrong}
            planted.append(Planted(kind.name, name, at, (code,), row, changed))
            rows[name][at] = changed
    for row_kind in ROW_KINDS:
        planted += row_kind(catalogue, rows, random, spoilt)
    return planted


def main(seed: int = SEED) -> Outcome:
    """Plant, judge and print."""
    catalogue = load_catalogue(ROOT / "seed" / "catalogue")
    year = correct_year(ROOT, catalogue)
    before = {} if "--first-year" in sys.argv else typed(catalogue, year.before)
    right = judge_year(catalogue, year.rows, before, AcademicYear(YEAR))
    planted: list[Planted] = []
    missed: list[Planted] = []
    false_alarms: list[Finding] = []
    count = 0
    for number in range(ROUNDS):
        rows = {name: list(told) for name, told in year.rows.items()}
        errors = plant(catalogue, rows, Random(seed + number))
        wrong = judge_year(catalogue, rows, before, AcademicYear(YEAR))
        told = told_of(catalogue, right, wrong, errors)
        planted += errors
        missed += told.missed
        false_alarms += told.false_alarms
        count += told.findings
    hard = sum(f.severity is Severity.ERROR for found in right.findings.values() for f in found)
    outcome = Outcome(tuple(planted), tuple(missed), count, tuple(false_alarms), hard)
    _print(outcome, right)
    return outcome


def told_of(
    catalogue: Catalogue, right: JudgedYear, wrong: JudgedYear, errors: list[Planted]
) -> Outcome:
    """What became of errors: ``right`` was judged without them, ``wrong`` with them."""
    usual = {(f.rule, f.row) for found in right.findings.values() for f in found}
    rules = {rule.identifier: rule for rule in catalogue.rules}
    found: set[int] = set()
    false_alarms: list[Finding] = []
    count = 0
    for name, findings in wrong.findings.items():
        for finding in findings:
            count += 1
            about = set(_concerned(catalogue, rules, wrong, name, finding, errors))
            if (finding.rule, finding.row) in usual or not about:
                false_alarms.append(finding)
            else:
                found |= about
    for at, error in enumerate(errors):
        if any((error.table, error.row, code) in wrong.tidied for code in error.fields):
            found.add(at)
    missed = tuple(error for at, error in enumerate(errors) if at not in found)
    return Outcome(tuple(errors), missed, count, tuple(false_alarms), 0)


def _concerned(
    catalogue: Catalogue,
    rules: Mapping[str, QualityRule],
    wrong: JudgedYear,
    table: str,
    finding: Finding,
    errors: list[Planted],
) -> Iterator[int]:
    """Which of the errors the finding is about."""
    rule = rules.get(finding.rule)
    frame = wrong.frames[table, Year.THIS]
    row = None if finding.row is None else frame.row(finding.row, named=True)
    for at, error in enumerate(errors):
        own = error.table == table and finding.row == error.row
        if rule is None:
            if (own and (not error.fields or finding.field in {None, *error.fields})) or (
                row is not None
                and (
                    _refers_to(catalogue, table, finding, error)
                    or _has_the_key_of(catalogue, table, row, error)
                )
            ):
                yield at
        elif (own and (not error.fields or _asked_of(rule, finding) & set(error.fields))) or any(
            _is_taken_from(term, error, row) for term in rule.terms.values()
        ):
            yield at


def _asked_of(rule: QualityRule, finding: Finding) -> set[str | None]:
    """The fields of its row that the finding is about: also those it is compared by."""
    compared_by = {code for term in rule.terms.values() for code in term.by.values()}
    return {finding.field, *finding.about} | compared_by


def _refers_to(catalogue: Catalogue, table: str, finding: Finding, error: Planted) -> bool:
    """Whether the finding misses a row whose key was spoilt or that is gone."""
    field = catalogue.tables[table].by_code.get(finding.field or "")
    if field is None or field.reference is None or field.reference.table != error.table:
        return False
    return not error.fields or field.reference.field in error.fields


def _has_the_key_of(
    catalogue: Catalogue, table: str, row: Mapping[str, object], error: Planted
) -> bool:
    """Whether the finding is about the row whose key was written into another one."""
    keys = [field.code for field in catalogue.tables[table].key_fields]
    if error.table != table or not error.wrong or not set(error.fields) & set(keys):
        return False
    return all(str(error.wrong[key]) == str(row[key]) for key in keys)


def _is_taken_from(term: Term, error: Planted, row: Mapping[str, object] | None) -> bool:
    """Whether the figure is taken from the row with the error."""
    further = (
        replace(term, table=each.table, column=each.column, year=each.year, where="", also=())
        for each in term.also
    )
    if any(
        _is_taken_from(replace(each, by=dict.fromkeys([each.column], own)), error, row)
        for each in further
        for own in term.by.values()
    ):
        return True
    if term.table != error.table or term.year is not Year.THIS:
        return False
    read = {term.column, *term.by}
    if error.fields and not term.where and not read & set(error.fields):
        return False
    if row is None or not term.by:
        return True
    return any(
        told is not None
        and all(
            theirs not in told or str(told[theirs]) == str(row[own])
            for theirs, own in term.by.items()
        )
        for told in (error.right, error.wrong)
    )


def _print(outcome: Outcome, right: JudgedYear) -> None:
    planted = Counter(error.kind for error in outcome.planted)
    missed = Counter(error.kind for error in outcome.missed)
    for kind, count in planted.items():
        print(f"{kind:　<14}{count - missed[kind]:>5} /{count:>4}")
    total, found = len(outcome.planted), len(outcome.planted) - len(outcome.missed)
    alarms, told = len(outcome.false_alarms), outcome.findings
    usual = sum(len(each) for each in right.findings.values())
    print(f"recall {found / total:.1%} ({found} of {total})")
    print(f"false alarms {alarms / told:.1%} ({alarms} of {told} findings)")
    print(f"findings on the correct year {usual}, hard errors {outcome.hard_errors}")
    if "-v" in sys.argv:
        for error in outcome.missed:
            code = error.fields[0] if error.fields else "-"
            print(
                "missed",
                error.kind,
                error.table,
                code,
                error.right.get(code),
                "→",
                (error.wrong or {}).get(code),
            )
        for finding in outcome.false_alarms:
            print("false", finding.rule, finding.row, finding.message.english()[:140])


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:] if word.isdecimal()))
